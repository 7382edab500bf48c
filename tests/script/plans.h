// A project of its own for a test: plan files, loaded with a few primitives that do nothing.
#pragma once

#include <unistd.h>

#include <filesystem>
#include <string>

#include "base/file.h"
#include "base/text.h"
#include "script/call.h"
#include "script/fake_session.h"
#include "script/plan_loader.h"

namespace test {

/// "backup.drop", "db.count" … : each notes its name and gives true.
inline std::vector<engine::script::Primitive> quiet_primitives() {
  using engine::script::Effect;
  const auto quiet = [](engine::script::Call& call) {
    call.session().note(call.primitive().name);
    return call.push(true);
  };
  std::vector<engine::script::Primitive> all;
  for (const char* name :
       {"backup.snapshot", "backup.drop", "backup.retire", "db.as_role", "db.exec", "db.count",
        "catalog.has_table", "expect.table", "expect.value", "note", "ask.choice", "ask.text"})
    all.push_back({name, Effect::writes, {}, {}, "Does nothing.", "", quiet});
  all.push_back(
      {"expect.relation", Effect::reads, {"name string"}, {"expect.relation"}, "", "", quiet});
  const auto method = [&](const char* name, std::vector<const char*> parameters) {
    all.push_back({name, Effect::reads, std::move(parameters), {"self"}, "", "", quiet});
  };
  method("expect.relation:has_column",
         {"column string|{ [1]: string, type: string, null: boolean }",
          "options? { type: string, null: boolean } what is said"});
  method("expect.relation:has_rows", {"count integer|{ at_least: integer, where: string }"});
  method("expect.relation:named", {"title string"});
  return all;
}

class Plans {
 public:
  Plans() {
    std::string pattern = "/tmp/engine-plans-XXXXXX";
    root_ = mkdtemp(pattern.data());
    engine::file::make_folder(root_ + "/plans");
    engine::file::write(root_ + "/engine.toml", "");
  }
  Plans(const Plans&) = delete;
  Plans& operator=(const Plans&) = delete;
  ~Plans() { std::filesystem::remove_all(root_); }

  const std::string& root() const { return root_; }

  void write(const std::string& path, const std::string& text) const {
    engine::file::make_folder(engine::file::folder_of(root_ + "/" + path));
    engine::file::write(root_ + "/" + path, text);
  }

  engine::script::LoadedPlan load(const std::string& text) const {
    write("plans/p.lua", text);
    engine::script::LoadOptions options;
    options.primitives = quiet_primitives();
    options.hazards = {"index.create-blocking", "rename"};
    return engine::script::load_plan(root_ + "/plans/p.lua", options);
  }

  /// What is wrong with a plan, a problem a line, as a person would read it.
  std::string problems(const std::string& text) const {
    try {
      load(text);
      return "";
    } catch (const engine::Error& error) {
      std::string told = error.detail();
      if (told.empty()) {
        told =
            error.source() ? fmt::format("{}:{}: ", error.source().file, error.source().line) : "";
        told += error.message();
        if (!error.hint().empty()) told += fmt::format(" ({})", error.hint());
      }
      const std::string folder = root_ + "/plans/";
      for (std::size_t at = told.find(folder); at != std::string::npos; at = told.find(folder))
        told.erase(at, folder.size());
      return told;
    }
  }

  /// The same of the body of one step.
  std::string step_problems(const std::string& body) const {
    return problems("return plan \"P\" {\n  step \"S\" {\n" + body + "\n  },\n}\n");
  }

 private:
  std::string root_;
};

}  // namespace test
