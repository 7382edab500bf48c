#include "scenarios/example.h"

#include <map>
#include <memory>
#include <regex>
#include <tuple>

#include "base/file.h"

using namespace engine;

namespace test {
namespace {

std::string with_owner(const std::string& path) {
  static const std::regex role{"\\bpostgres\\b"};
  return std::regex_replace(file::read(source(path)), role, Example::owner);
}

// Loaded once a process and server; CREATE DATABASE … TEMPLATE copies it in a moment.
const Database& prototype(const std::string& name, const std::string& changes,
                          const std::string& server) {
  static std::map<std::tuple<std::string, std::string, std::string>, std::unique_ptr<Database>>
      prototypes;
  std::unique_ptr<Database>& found = prototypes[{name, changes, server}];
  if (found == nullptr) {
    auto made = std::make_unique<Database>("template0", server);
    made->sql(with_owner("lib-lua/supabase.sql") + with_owner("examples/" + name + "/before.sql") +
              changes);
    found = std::move(made);
  }
  return *found;
}

}  // namespace

Example::Example(const std::string& name, const std::string& changes, const std::string& server)
    : database(prototype(name, changes, server).name(), server),
      plan(source("plans/" + name + ".lua")),
      answers(source("examples/" + name + "/answers.json")) {
  // What belongs to the database itself is not copied with it.
  database.sql("GRANT ALL ON DATABASE " + database.name() + " TO " + owner + "; ALTER DATABASE " +
               database.name() + " SET search_path TO \"$user\", public, extensions");
}

Words Example::unattended(const std::string& user) const {
  return target(user) + Words{"--answers", answers, "--yes"};
}

Ended Example::command(const std::string& name, const Words& flags) const {
  Surroundings surroundings;
  surroundings.folder = folder.path();
  return run_engine(Words{name, plan} + (flags.empty() ? unattended() : flags), surroundings);
}

Picture Example::picture() const { return test::picture(db::Target::parse(database.conninfo())); }

bool server_is_at_least(int major) {
  static const int version = std::stoi(Database{}.value("SHOW server_version_num")) / 10000;
  return version >= major;
}

Words operator+(Words left, const Words& right) {
  left.insert(left.end(), right.begin(), right.end());
  return left;
}

bool has(const std::string& text, const std::string& part) {
  static const std::regex wrap{"\\s*\\n\\s*"};
  return std::regex_replace(text, wrap, " ").find(part) != std::string::npos;
}

std::string source(const std::string& path) { return SOURCE_FOLDER "/" + path; }

}  // namespace test
