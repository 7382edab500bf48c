// Hidden: writes what is made from the records of primitives and rules into the source tree.
#include <map>

#include "base/file.h"
#include "bindings/pgtap.h"
#include "bindings/registry.h"
#include "bindings/registry_print.h"
#include "cli/command.h"
#include "hazard/rules/hazards_page.h"

namespace engine::cli {
namespace {

void write_all(const std::string& folder, const std::map<std::string, std::string>& files) {
  if (folder.empty()) return;
  file::make_folder(folder);
  for (const auto& [name, text] : files) file::write(folder + "/" + name, text);
}

}  // namespace

void declare_reference(CLI::App& root, std::vector<Subcommand>& commands) {
  CLI::App* parser =
      root.add_subcommand("reference", "print annotations and reference pages of the primitives");
  parser->fallthrough();
  parser->group("");
  const auto meta = std::make_shared<std::string>();
  const auto pages = std::make_shared<std::string>();
  parser->add_option("--meta", *meta, "write LuaCATS annotations there")->type_name("DIR");
  parser->add_option("--pages", *pages, "write the reference pages to this folder")
      ->type_name("DIR");
  commands.push_back({parser, [=](Context&) {
                        write_all(*meta, bindings::annotations(bindings::primitives()));
                        auto written = bindings::reference_pages(bindings::primitives());
                        written.emplace("pgtap.gen.md", bindings::pgtap_page());
                        write_all(*pages, written);
                        write_all(*pages, {{"hazards.gen.md", hazard::hazards_page()}});
                        return 0;
                      }});
}

}  // namespace engine::cli
