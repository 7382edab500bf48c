#include "backup/session_guards.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "db/pipeline.h"

namespace engine::backup {
namespace {

// check_function_bodies: a function is rebuilt before what its body names.
constexpr std::array<std::pair<const char*, const char*>, 11> pinned{{
    {"search_path", "pg_catalog, pg_temp"},
    {"row_security", "off"},
    {"check_function_bodies", "off"},
    {"default_tablespace", ""},
    {"DateStyle", "ISO, MDY"},
    {"IntervalStyle", "postgres"},
    {"TimeZone", "UTC"},
    {"extra_float_digits", "1"},
    {"bytea_output", "hex"},
    {"xmlbinary", "base64"},
    {"lc_monetary", "C"},
}};

void set_local(db::Connection& connection,
               const std::vector<std::pair<std::string, std::string>>& values) {
  std::string calls;
  db::Params params;
  for (const auto& [name, value] : values) {
    calls += fmt::format("{}pg_catalog.set_config(${}, ${}, true)", calls.empty() ? "" : ", ",
                         params.size() + 1, params.size() + 2);
    params.emplace_back(name);
    params.emplace_back(value);
  }
  connection.execute("SELECT " + calls, params);
}

bool usable(const db::Connection& connection) {
  return connection.status() == db::TransactionStatus::in_transaction;
}

}  // namespace

void require_transaction(db::Connection& connection, const char* what) {
  if (usable(connection)) return;
  throw Error{Code::backup, "{} needs a transaction: its locks are held until the commit", what}
      .hint(
          "Remove `transaction = \"none\"` from the step, or move this call into a separate step.");
}

Pinned::Pinned(db::Connection& connection) : connection_(connection) {
  std::string reads;
  for (const auto& [name, value] : pinned) {
    reads += fmt::format("{}pg_catalog.current_setting('{}')", reads.empty() ? "" : ", ", name);
  }
  const auto now = connection.execute("SELECT " + reads);
  std::vector<std::pair<std::string, std::string>> wanted;
  for (std::size_t i = 0; i < pinned.size(); ++i) {
    former_.emplace_back(pinned[i].first, now.at(0, i).value_or(""));
    wanted.emplace_back(pinned[i].first, pinned[i].second);
  }
  set_local(connection, wanted);
}

Pinned::~Pinned() {
  if (!usable(connection_)) return;
  try {
    set_local(connection_, former_);
  } catch (const std::exception&) {
    // A connection lost here is met again by whoever uses it next.
  }
}

ReplicaRole::ReplicaRole(db::Connection& connection) : connection_(connection) {
  // has_parameter_privilege came with PostgreSQL 15; before, only a superuser could.
  const bool grantable = connection.server_version() >= 150000;
  const auto may = connection.query(fmt::format(
      "SELECT r.rolsuper{} AS allowed, pg_catalog.current_setting('session_replication_role') AS "
      "now "
      "FROM pg_catalog.pg_roles r WHERE r.rolname = current_user",
      grantable ? " OR pg_catalog.has_parameter_privilege('session_replication_role', 'SET')"
                : ""));
  if (!may.boolean(0, "allowed")) return;
  set_local(connection, {{"session_replication_role", "replica"}});
  former_ = may.text(0, "now");
}

ReplicaRole::~ReplicaRole() {
  if (!active() || !usable(connection_)) return;
  try {
    set_local(connection_, {{"session_replication_role", former_}});
  } catch (const std::exception&) {
    // As above.
  }
}

void run_all(db::Connection& connection, const std::vector<std::string>& statements) {
  if (statements.empty()) return;
  db::Pipeline pipeline{connection};
  for (const auto& statement : statements) pipeline.add({statement, {}, db::Lookup::session});
  try {
    pipeline.run();
  } catch (Error& error) {
    throw error.statement(statements[std::min(pipeline.failed(), statements.size() - 1)]);
  }
}

}  // namespace engine::backup
