#include "journal/activity.h"

#include "journal/instant.h"

namespace engine::journal {

std::optional<Activity> activity_of(db::Connection& connection, int pid) {
  const db::Result rows = connection.query(
      fmt::format("SELECT COALESCE(a.application_name, '') AS application_name,"
                  " COALESCE(a.usename::text, '') AS usename,"
                  " COALESCE(pg_catalog.host(a.client_addr), 'a local socket') AS client,"
                  " COALESCE({}, '') AS session_since, COALESCE({}, '') AS transaction_since,"
                  " COALESCE({}, '') AS statement_since, COALESCE(a.state, '') AS state,"
                  " COALESCE(a.query, '') AS query, a.backend_start IS NULL AS hidden,"
                  " COALESCE(a.wait_event_type || ': ' || a.wait_event, '') AS waits_for,"
                  " COALESCE((SELECT pg_catalog.string_agg('pid ' || b.pid::text || ' (' ||"
                  "   COALESCE(NULLIF(b.application_name, ''), 'unnamed') || ' of ' ||"
                  "   COALESCE(b.usename::text, '?') || COALESCE(', ' || b.state, '') || ')' ||"
                  "   COALESCE(': ' || b.query, ''), '; ')"
                  "   FROM pg_catalog.pg_stat_activity AS b"
                  "   WHERE b.pid = ANY (pg_catalog.pg_blocking_pids(a.pid))), '') AS blocked_by"
                  " FROM pg_catalog.pg_stat_activity AS a WHERE a.pid = $1::pg_catalog.int4",
                  utc("a.backend_start"), utc("a.xact_start"), utc("a.query_start")),
      {std::to_string(pid)});
  if (rows.empty()) return std::nullopt;
  Activity activity;
  activity.pid = pid;
  activity.application_name = rows.text(0, "application_name");
  activity.user = rows.text(0, "usename");
  activity.client = rows.text(0, "client");
  activity.session_since = rows.text(0, "session_since");
  activity.transaction_since = rows.text(0, "transaction_since");
  activity.statement_since = rows.text(0, "statement_since");
  activity.state = rows.text(0, "state");
  activity.query = rows.text(0, "query");
  activity.waits_for = rows.text(0, "waits_for");
  activity.blocked_by = rows.text(0, "blocked_by");
  activity.hidden = rows.boolean(0, "hidden");
  return activity;
}

}  // namespace engine::journal
