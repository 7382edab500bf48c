#include "shadow/target_reader.h"

#include <fmt/format.h>

#include <vector>

#include "base/text.h"
#include "db/pipeline.h"
#include "shadow/queries.h"

namespace engine::shadow {
namespace {

// The first query fixes the mode: SET TRANSACTION READ WRITE is refused from then on.
constexpr const char* begin = R"(
BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY;
SET LOCAL lock_timeout = '2s';
SET LOCAL row_security = off;
)";

constexpr const char* lock_not_available = "55P03";
constexpr std::size_t query_columns = 60;

db::Connection open_read_only(const db::Target& target) {
  db::Settings settings;
  settings.read_only = true;
  settings.lookup = db::Lookup::catalog;
  return db::Connection::open(target, settings);
}

}  // namespace

TargetReader::TargetReader(const db::Target& target)
    : target_(target), connection_(open_read_only(target)) {
  connection_.script(begin);
  const db::Result now = query(
      "SELECT pg_catalog.pg_export_snapshot() AS snapshot, current_user AS role, "
      "pg_catalog.current_database() AS database");
  snapshot_ = now.text(0, "snapshot");
  role_ = now.text(0, "role");
  database_ = now.text(0, "database");
}

db::Result TargetReader::query(std::string_view sql, const db::Params& params) {
  try {
    return connection_.query(sql, params);
  } catch (const Error& error) {
    throw explained(error);
  }
}

Error TargetReader::explained(const Error& error) const {
  if (error.sqlstate() != lock_not_available) return error;
  const std::string who = in_the_way();
  return Error{Code::lock_timeout, "the target cannot be read: {}",
               who.empty() ? "another session held a lock for longer than 2 s" : who}
      .sqlstate(error.sqlstate())
      .hint(
          "Let it end, or end it: SELECT pg_terminate_backend(its pid); then preview again. "
          "Nothing of the target was changed.");
}

// In a session of its own: the reader's transaction has failed.
std::string TargetReader::in_the_way() const {
  std::vector<std::string> found;
  try {
    db::Connection connection = open_read_only(target_);
    const db::Result locks = connection.query(shadow::query("in_the_way"));
    for (std::size_t row = 0; row < locks.size(); ++row) {
      const std::string& pid = locks.text(row, "pid");
      found.push_back(fmt::format(
          "{} is locked by {}", locks.text(row, "relation"),
          pid == "0" ? "a prepared transaction"
                     : fmt::format("pid {} ({}, user {}): {}", pid, locks.text(row, "application"),
                                   locks.text(row, "role"),
                                   text::shortened(text::printable(locks.text(row, "query")),
                                                   query_columns))));
    }
  } catch (const Error& error) {
    if (error.code() == Code::interrupted) throw;
    // To name it is a courtesy.
  }
  return text::joined(found, "; ");
}

std::optional<db::Result> TargetReader::attempt(const std::string& sql, const db::Params& params,
                                                std::optional<Error>& refused) {
  db::Pipeline pipeline{connection_};
  pipeline.add({"SAVEPOINT engine_attempt", {}, db::Lookup::session});
  const std::size_t asked = pipeline.add({sql, params});
  pipeline.add({"RELEASE SAVEPOINT engine_attempt", {}, db::Lookup::session});
  try {
    return pipeline.run()[asked].result;
  } catch (const Error& error) {
    if (error.sqlstate().empty() || error.code() == Code::interrupted) throw;
    refused = error;
  }
  connection_.script("ROLLBACK TO SAVEPOINT engine_attempt; RELEASE SAVEPOINT engine_attempt");
  return std::nullopt;
}

void TargetReader::release() { connection_.rollback(); }

}  // namespace engine::shadow
