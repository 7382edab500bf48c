#include "shadow/extensions.h"

#include <fmt/format.h>

#include "base/names.h"
#include "base/text.h"
#include "catalog/array.h"
#include "shadow/queries.h"

namespace engine::shadow {
namespace {

constexpr std::size_t most_named = 300;  // characters

constexpr const char* available_query = R"(
SELECT name, default_version FROM pg_catalog.pg_available_extensions
)";

void replace_all(std::string& text, const std::string& from, const std::string& to) {
  for (std::size_t at = text.find(from); at != std::string::npos;
       at = text.find(from, at + to.size()))
    text.replace(at, from.size(), to);
}

}  // namespace

Extensions::Extensions(TargetReader& reader, db::Connection& shadow) {
  std::map<std::string, std::string> available;
  const db::Result here = shadow.query(available_query);
  for (std::size_t row = 0; row < here.size(); ++row)
    available[here.text(row, "name")] = here.at(row, "default_version").value_or("");
  const db::Result there = reader.query(query("extensions"));
  std::vector<std::string> lacking, told, uses, others;
  for (std::size_t row = 0; row < there.size(); ++row) {
    const std::string& name = there.text(row, "extname");
    const std::string& version = there.text(row, "extversion");
    const auto found = available.find(name);
    if (found == available.end()) {
      const std::string& used = there.text(row, "used");
      lacking.push_back(name);
      told.push_back(name + " " + version);
      if (!used.empty())
        uses.push_back(fmt::format("of extension {} the schema uses {}", name,
                                   text::shortened(used, most_named)));
    } else if (found->second != version) {
      others.push_back(fmt::format("{} {} ({} here)", name, version, found->second));
    }
  }
  const bool one = told.size() == 1;
  if (!told.empty()) {
    missing_.push_back(fmt::format(
        "extension{} {}, which this machine does not have: {}", one ? "" : "s", text::listed(told),
        one ? "it cannot be rehearsed, its types are text here and its functions give NULL"
            : "they cannot be rehearsed, their types are text here and their functions give NULL"));
    if (one && !uses.empty()) {
      missing_.back() += "; " + uses.front();
    } else if (!uses.empty()) {
      missing_.back() += "; --json and --report say what the schema uses of them";
      details_ = uses;
    }
  }
  if (!others.empty()) {
    missing_.push_back(fmt::format("extension{} {}: this machine has {}",
                                   others.size() == 1 ? "" : "s", text::listed(others),
                                   others.size() == 1 ? "another version" : "other versions"));
  }
  if (lacking.empty()) return;
  const std::string names = catalog::array_of(lacking);
  const db::Result statements = reader.query(query("stand_ins"), {names});
  for (std::size_t row = 0; row < statements.size(); ++row) {
    stand_ins_[quote_identifier(statements.text(row, "extname"))] +=
        statements.text(row, "statement") + ";\n";
  }
  const db::Result types = reader.query(query("type_modifiers"), {names});
  for (std::size_t row = 0; row < types.size(); ++row)
    types_.emplace_back(types.text(row, "with_modifier"), types.text(row, "without"));
}

std::string Extensions::replaced(std::string script) const {
  for (const auto& [name, statements] : stand_ins_) {
    const std::size_t at = script.find("CREATE EXTENSION IF NOT EXISTS " + name + " ");
    if (at != std::string::npos) script.insert(at, statements);
  }
  for (const auto& [with_modifier, without] : types_) replace_all(script, with_modifier, without);
  return script;
}

}  // namespace engine::shadow
