#include "preview/shadow/reader.h"

#include "db/pipeline.h"

namespace engine::preview {
namespace {

// The first query fixes the mode: SET TRANSACTION READ WRITE is refused from then on. Names are
// qualified in what the server prints, and nobody's functions take the place of its own.
constexpr const char* begin = R"(
BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY;
SET LOCAL lock_timeout = '2s';
SET LOCAL row_security = off;
SET LOCAL search_path = pg_catalog;
)";

db::Connection open_read_only(const db::Target& target) {
  db::Settings settings;
  settings.read_only = true;
  return db::Connection::open(target, settings);
}

}  // namespace

Reader::Reader(const db::Target& target) : target_(target), connection_(open_read_only(target)) {
  connection_.script(begin);
  const db::Result now =
      query("SELECT pg_catalog.pg_export_snapshot() AS snapshot, current_user AS role");
  snapshot_ = now.text(0, "snapshot");
  role_ = now.text(0, "role");
}

std::optional<db::Result> Reader::attempt(const std::string& sql, const db::Params& params,
                                          std::optional<Error>& refused) {
  db::Pipeline pipeline{connection_};
  pipeline.add({"SAVEPOINT engine_attempt", {}});
  const std::size_t asked = pipeline.add({sql, params});
  pipeline.add({"RELEASE SAVEPOINT engine_attempt", {}});
  try {
    return pipeline.run()[asked].result;
  } catch (const Error& error) {
    if (error.sqlstate().empty() || error.code() == Code::interrupted) throw;
    refused = error;
  }
  connection_.script("ROLLBACK TO SAVEPOINT engine_attempt; RELEASE SAVEPOINT engine_attempt");
  return std::nullopt;
}

void Reader::release() { connection_.rollback(); }

}  // namespace engine::preview
