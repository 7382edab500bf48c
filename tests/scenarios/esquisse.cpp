#include "scenarios/esquisse.h"

#include <regex>

#include "base/file.h"

using namespace engine;

namespace test {
namespace {

std::string with_owner(const std::string& text) {
  static const std::regex role{"\\bpostgres\\b"};
  return std::regex_replace(text, role, Esquisse::owner);
}

// Loaded once a process; CREATE DATABASE … TEMPLATE copies it in a moment.
struct Prototype {
  explicit Prototype(const std::string& more) {
    database.sql(with_owner(file::read(source("lib-lua/supabase.sql"))) +
                 with_owner(file::read(source("examples/esquisse_multisession/before.sql"))) +
                 more);
  }
  Database database;
};

const Database& prototype(Esquisse::Start start) {
  if (start == Esquisse::Start::without_sessions) {
    static const Prototype empty{
        "DROP TABLE esquisse_exports; DROP TABLE esquisse_sessions CASCADE"};
    return empty.database;
  }
  if (start == Esquisse::Start::with_few_sessions) {
    static const Prototype few{
        "DELETE FROM auth.users WHERE id NOT IN"
        " (SELECT md5('user ' || n)::uuid FROM generate_series(1, 100) n)"};
    return few.database;
  }
  static const Prototype whole{""};
  return whole.database;
}

}  // namespace

Esquisse::Esquisse(Start start)
    : database(prototype(start).name()), plan(source("plans/esquisse_multisession.lua")) {
  // What belongs to the database itself is not copied with it.
  const std::string& name = database.name();
  database.sql("GRANT ALL ON DATABASE " + name + " TO " + owner + "; ALTER DATABASE " + name +
               " SET search_path TO \"$user\", public, extensions");
}

Words Esquisse::unattended(const std::string& user) const {
  return target(user) +
         Words{"--answers", source("examples/esquisse_multisession/answers.json"), "--yes"};
}

Ended Esquisse::command(const std::string& name, const Words& flags) const {
  Surroundings surroundings;
  surroundings.folder = folder.path();
  return run_engine(Words{name, plan} + (flags.empty() ? unattended() : flags), surroundings);
}

Picture Esquisse::picture() const { return test::picture(db::Target::parse(database.conninfo())); }

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
