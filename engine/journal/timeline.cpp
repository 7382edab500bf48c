#include "journal/timeline.h"

#include <fmt/format.h>

namespace engine::journal {

db::Command record_timeline(const std::string& schema, const std::string& run) {
  return {
      fmt::format(
          // By the file that WAL is written to: the control file has the former timeline until the
          // first checkpoint after a promotion.
          "WITH now AS (SELECT ('x' || pg_catalog.left(pg_catalog.pg_walfile_name("
          "pg_catalog.pg_current_wal_lsn()), 8))::bit(32)::integer::text AS timeline,"
          "                    s.system_identifier::text AS system"
          "               FROM pg_catalog.pg_control_system() AS s),"
          " worked AS (SELECT COALESCE(NULLIF($1, ''),"
          " (SELECT r.id FROM {0}.run AS r ORDER BY r.sequence DESC LIMIT 1)) AS id),"
          " before AS (SELECT e.data ->> 'timeline' AS timeline"
          "              FROM {0}.event AS e JOIN worked ON e.run = worked.id"
          "              JOIN now ON e.data ->> 'system' = now.system"
          "             WHERE e.event = 'timeline' ORDER BY e.sequence DESC LIMIT 1),"
          " kept AS (INSERT INTO {0}.event (run, step, event, data)"
          " SELECT worked.id, '', 'timeline',"
          "        pg_catalog.jsonb_build_object('timeline', now.timeline, 'system', now.system)"
          "   FROM now CROSS JOIN worked"
          "  WHERE now.timeline IS DISTINCT FROM (SELECT before.timeline FROM before))"
          " SELECT now.timeline AS now, (SELECT before.timeline FROM before) AS before FROM now",
          schema),
      {run}};
}

}  // namespace engine::journal
