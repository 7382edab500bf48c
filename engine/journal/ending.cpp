#include "journal/ending.h"

#include "db/transaction.h"
#include "journal/host.h"

namespace engine::journal {

// An event, since a change of the run's own row would wait for the step that holds it FOR SHARE.
// Whose session it is says the row, not application_name: a plan may have set that.
bool mark_ended(db::Connection& connection, const std::string& schema, const LockHolder& holder) {
  db::Transaction transaction{connection};
  connection.query("SET LOCAL lock_timeout = '3s'");
  const db::Result marked = connection.query(
      fmt::format("INSERT INTO {0}.event (run, step, event, data)"
                  " SELECT id, '', 'ended', pg_catalog.jsonb_build_object('epoch', epoch, 'role', "
                  "session_user, 'host', $3::text)"
                  " FROM {0}.run WHERE backend_pid = $1"
                  " AND backend_start = COALESCE(NULLIF($2, '')::timestamptz, backend_start)"
                  " ORDER BY sequence DESC LIMIT 1 RETURNING run",
                  schema),
      {std::to_string(holder.pid), holder.since, host_name()});
  transaction.commit();
  return !marked.empty();
}

db::Command find_ending(const std::string& schema, const std::string& run, std::int64_t epoch) {
  return {
      fmt::format("SELECT e.data->>'role' AS role, e.data->>'host' AS host,"
                  " pg_catalog.to_char(e.recorded_at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS') "
                  "AS at"
                  " FROM {0}.event AS e JOIN {0}.run AS r ON r.id = e.run"
                  " WHERE r.id = $1 AND r.epoch = $2 AND e.event = 'ended'"
                  " AND (e.data->>'epoch')::bigint = r.epoch ORDER BY e.sequence DESC LIMIT 1",
                  schema),
      {run, std::to_string(epoch)}};
}

}  // namespace engine::journal
