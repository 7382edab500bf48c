#include "preview/stage.h"

#include <fmt/format.h>

#include <utility>

#include "base/names.h"
#include "preview/queries.h"
#include "preview/tracer.h"
#include "runner/runner.h"

namespace engine::preview {
namespace {

constexpr const char* bare = "bare";
constexpr int most_passes = 12;  // until no new table is touched
// Faster than through the log where a database has thousands of small files and nothing is synced.
constexpr const char* by_files = " STRATEGY file_copy";

}  // namespace

std::set<std::string> tables_of(const std::vector<StatementTrace>& statements) {
  std::set<std::string> tables;
  for (const StatementTrace& statement : statements) {
    for (const Lock& lock : statement.locks) tables.insert(lock.table);
  }
  return tables;
}

Stage::Stage(const runner::Plan& plan, const cluster::Installation& installation, Source& source,
             const runner::RunOptions& options, const runner::Host& host)
    : plan_(plan), source_(source), options_(options), host_(host), shadow_(installation) {
  options_.assume_yes = true;
  source_.make(shadow_, bare);
  Tracer::install(shadow_.target(bare));
  db::Connection connection = db::Connection::open(shadow_.target("postgres"));
  roles_ = Roles::of(connection);
}

db::Target Stage::as_role(const std::string& database) const {
  db::Target target = shadow_.target(database);
  if (!source_.role().empty()) target.set("user", source_.role());
  return target;
}

void Stage::make(const std::string& database) {
  db::Connection connection = db::Connection::open(shadow_.target("postgres"));
  connection.execute(fmt::format("CREATE DATABASE {} TEMPLATE {}{}", quote_identifier(database),
                                 bare, connection.server_version() >= 150000 ? by_files : ""));
  std::vector<std::string> told_before;
  copy_database_rights(
      db::Connection::open(shadow_.target(bare)).query(query("database"), {database}), connection,
      told_before);
  Tracer::make_talk(connection, database);
  db::Connection made = db::Connection::open(shadow_.target(database));
  source_.adopt(made);
  database_ = database;
}

Pass Stage::perform(Command command) {
  Pass pass;
  const db::Target target = as_role(database_);
  db::Connection works = db::Connection::open(target);
  Tracer tracer{shadow_.target(database_), works, options_.schema};
  runner::Host host = host_;
  host.connect = [target] { return db::Connection::open(target); };
  host.listener = [&](const runner::Event& event) {
    if (!tracer.hear(event)) pass.events.push_back(event);
  };
  host.traced = [&](db::Connection& connection) { tracer.look(connection); };
  pass.finished = command(plan_, std::move(works), options_, host);
  pass.statements = tracer.finish();
  return pass;
}

// What the plan touches is known once it has run. Each pass begins anew with the rows that the one
// before asked for; the last one is what the preview tells. The picture of where it began is taken
// before it: roles that the plan makes are there in every database of the server.
Pass Stage::run_with_rows() {
  std::set<std::string> known;
  for (int number = 1;; ++number) {
    const bool last = source_.has_all_rows() || number == most_passes;
    if (last || number > 1) before_ = picture(bare);
    make(fmt::format("pass_{}", number));
    Pass pass = perform(runner::run);
    std::set<std::string> touched = tables_of(pass.statements);
    std::erase_if(touched, [&](const std::string& table) { return !known.insert(table).second; });
    db::Connection connection = db::Connection::open(shadow_.target("postgres"));
    if (last || (touched.empty() && (before_ || Roles::of(connection) == roles_))) {
      source_.release();
      return pass;
    }
    connection.execute("DROP DATABASE " + quote_identifier(database_));
    roles_.restore(connection);
    source_.add_rows(shadow_.target(bare), touched);
  }
}

// Nothing but rows came there after it was made: no plan has run in it.
Picture Stage::picture_before() {
  if (!before_) before_ = picture(bare);
  return *before_;
}

Picture Stage::picture(const std::string& database) const {
  db::Connection connection = db::Connection::open(shadow_.target(database));
  return take_picture(connection, options_.schema);
}

}  // namespace engine::preview
