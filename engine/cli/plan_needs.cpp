#include "cli/plan_needs.h"

#include <fmt/format.h>

#include <set>
#include <string>
#include <vector>

#include "base/names.h"
#include "base/text.h"
#include "runner/step/missing_rights.h"

namespace engine::cli {
namespace {

// A bare name is looked for in the search_path that role and database give a session.
constexpr const char* rights_query = R"(
WITH path AS (
  SELECT CASE p.name WHEN '$user' THEN current_user ELSE p.name END AS schema, p.place
    FROM pg_catalog.pg_settings AS s,
         LATERAL ROWS FROM (pg_catalog.unnest(pg_catalog.string_to_array(
           pg_catalog.replace(COALESCE(NULLIF($4, ''), s.reset_val), '"', ''), ', ')))
           WITH ORDINALITY AS p (name, place)
   WHERE s.name = 'search_path')
SELECT pg_catalog.quote_ident(n.nspname) || '.' || pg_catalog.quote_ident(c.relname) AS name,
       pg_catalog.quote_ident(n.nspname) AS schema,
       pg_catalog.quote_ident(current_user) AS role,
       pg_catalog.has_schema_privilege(n.oid, 'USAGE') AS usable,
       pg_catalog.has_table_privilege(c.oid, $3) AS granted
  FROM pg_catalog.pg_class AS c
  JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
  LEFT JOIN path AS p ON p.schema = n.nspname
 WHERE c.relname = $2
   AND c.relkind IN ('r', 'p', 'v', 'm', 'f')
   AND CASE $1 WHEN '' THEN p.place IS NOT NULL ELSE n.nspname = $1 END
 ORDER BY p.place
 LIMIT 1
)";

constexpr const char* present_query = R"(
SELECT EXISTS (SELECT FROM pg_catalog.pg_roles AS r WHERE r.rolname = $1) AS role,
       EXISTS (SELECT FROM pg_catalog.pg_extension AS e WHERE e.extname = $1) AS extension,
       EXISTS (SELECT FROM pg_catalog.pg_available_extensions AS a WHERE a.name = $1) AS available
)";

/// Of the plan's SQL; what its functions execute is not seen.
std::set<runner::Right> rights_of(const std::vector<plan::Action>& actions) {
  std::set<runner::Right> rights;
  for (const plan::Action& action : actions) {
    const auto* block = std::get_if<plan::SqlBlock>(&action);
    if (block == nullptr) continue;
    for (const sql::Statement& statement : block->statements)
      rights.merge(runner::wanted_rights(statement));
  }
  return rights;
}

}  // namespace

void examine_plan(db::Connection& connection, const plan::Plan& plan, Diagnosis& diagnosis) {
  const std::string subject = "plan " + plan.id;
  const std::size_t before = diagnosis.findings().size();
  const int major = connection.server_version() / 10000;
  if (plan.needs.postgres > major) {
    diagnosis.fail(
        subject, fmt::format("needs PostgreSQL {}, the server is {}", plan.needs.postgres, major),
        "Upgrade the server, or lower `needs` in the plan if the plan also works on this version.");
  }
  for (const std::string& role : plan.needs.roles) {
    if (connection.query(present_query, {role}).boolean(0, "role")) continue;
    diagnosis.fail(subject, "needs role " + role,
                   fmt::format("CREATE ROLE {};", quote_identifier(role)));
  }
  for (const std::string& extension : plan.needs.extensions) {
    const db::Result found = connection.query(present_query, {extension});
    if (found.boolean(0, "extension")) continue;
    diagnosis.fail(subject, "needs extension " + extension,
                   found.boolean(0, "available")
                       ? fmt::format("CREATE EXTENSION {};", quote_identifier(extension))
                       : "Install its files on the server first.");
  }
  std::vector<plan::Action> actions;
  for (const plan::Step& step : plan.steps) {
    actions.insert(actions.end(), step.run.begin(), step.run.end());
    if (const auto* undo = std::get_if<plan::Undo>(&step.rollback))
      actions.insert(actions.end(), undo->run.begin(), undo->run.end());
  }
  std::set<std::string> grants;
  for (const runner::Right& right : rights_of(actions)) {
    const db::Result rights = connection.query(
        rights_query, {right.table.schema, right.table.name, right.privilege, plan.search_path});
    if (rights.empty()) continue;  // a table that the plan makes, or a name of a WITH
    const std::string& role = rights.text(0, "role");
    if (!rights.boolean(0, "usable"))
      grants.insert(fmt::format("GRANT USAGE ON SCHEMA {} TO {};", rights.text(0, "schema"), role));
    if (!rights.boolean(0, "granted")) {
      grants.insert(
          fmt::format("GRANT {} ON {} TO {};", right.privilege, rights.text(0, "name"), role));
    }
  }
  if (!grants.empty()) {
    diagnosis.fail(subject, "the role lacks privileges on tables that the plan's SQL names",
                   text::joined({grants.begin(), grants.end()}, " "));
  }
  if (diagnosis.findings().size() == before)
    diagnosis.ok(subject,
                 "the target has what it needs, and the role has privileges on the tables that its "
                 "SQL names");
}

}  // namespace engine::cli
