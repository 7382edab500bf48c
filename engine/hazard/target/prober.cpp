#include "hazard/target/prober.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "base/text.h"
#include "base/time.h"
#include "hazard/target/copies.h"
#include "hazard/target/questions.h"
#include "hazard/target/table_names.h"
#include "trace/words.h"

namespace engine::hazard {
namespace {

using catalog::Relation;

/// What statements that name the table say of its columns.
std::vector<sql::ColumnChange> changes_of(const std::vector<trace::StatementTrace>& statements,
                                          const Relation& was, const Relation& now) {
  std::vector<sql::ColumnChange> changes;
  for (const trace::StatementTrace& statement : statements) {
    if (!trace::says(statement, was.name.name) && !trace::says(statement, now.name.name)) continue;
    for (sql::ColumnChange& change : sql::column_changes(statement.sql))
      changes.push_back(std::move(change));
  }
  return changes;
}

// What fails by its data here fails the plan as well: class 22, and a domain or a NULL of class 23.
// Its words may have values in them.
bool is_of_data(const Error& error) {
  return error.sqlstate().starts_with("22") || error.sqlstate().starts_with("23");
}

// Names in SQL of the plan are those of its search_path, as far as that is the session's own.
constexpr const char* own_path = R"(
SELECT pg_catalog.set_config('search_path', s.reset_val, true)
  FROM pg_catalog.pg_settings AS s
 WHERE s.name = 'search_path' AND $1::bool
UNION ALL
SELECT pg_catalog.set_config('search_path', 'pg_catalog', true)
 WHERE NOT $1::bool
)";

}  // namespace

std::vector<Probe> questions(const database_state::DatabaseState& before,
                             const database_state::DatabaseState& after,
                             const std::vector<trace::StatementTrace>& statements) {
  std::vector<Probe> probes;
  for (const Relation& now : after.relations) {
    const Relation* was = database_state::is_table(now) ? origin_of(before, now) : nullptr;
    if (was == nullptr) continue;
    Questions questions{before, after, *was, now, changes_of(statements, *was, now)};
    questions.columns();
    questions.domains();
    questions.indexes();
    questions.constraints();
    questions.bounds();
    probes.insert(probes.end(), questions.made.begin(), questions.made.end());
  }
  for (Probe& probe : questions_of_copies(before, after, statements))
    probes.push_back(std::move(probe));
  return probes;
}

void ask(shadow::TargetReader& target, std::vector<Probe>& probes) {
  std::optional<Error> refused;
  if (probes.empty() ||
      !target.attempt("SELECT pg_catalog.set_config('statement_timeout', '5s', true)", {}, refused))
    return;
  for (Probe& probe : probes) {
    if (!probe.result.empty()) continue;
    const time::Stopwatch watch;
    refused.reset();
    if (probe.written) target.attempt(own_path, {"true"}, refused);
    const auto answer = target.attempt(probe.sql, {}, refused);
    probe.ms = watch.elapsed().count();
    if (probe.written) {
      std::optional<Error> ignored;
      target.attempt(own_path, {"false"}, ignored);
    }
    if (!answer && is_of_data(*refused)) {
      probe.result = "found";
      probe.rows = 1;
      probe.more = true;
      continue;
    }
    if (!answer) {
      probe.result = "not_probed";
      probe.reason = refused->sqlstate() == "57014" ? "no answer within 5 s" : refused->message();
      continue;
    }
    probe.rows = answer->integer(0, "rows");
    probe.more = probe.rows > Questions::most_rows;
    probe.rows = std::min<std::int64_t>(probe.rows, Questions::most_rows);
    probe.result = probe.rows == 0 ? "none" : "found";
    for (const std::string& example : text::lines(answer->text(0, "examples"))) {
      if (!example.empty()) probe.examples.push_back(example);
    }
  }
}

}  // namespace engine::hazard
