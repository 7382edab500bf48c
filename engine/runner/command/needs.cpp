#include "runner/command/needs.h"

#include "base/text.h"

namespace engine::runner {
namespace {

struct Lack {
  std::string what;
  std::string sqlstate;
};

std::string array_of(const std::vector<std::string>& texts) {
  std::string array = "{";
  for (const std::string& each : texts) {
    if (array.size() > 1) array += ',';
    array += '"';
    for (const char c : each) {
      if (c == '"' || c == '\\') array += '\\';
      array += c;
    }
    array += '"';
  }
  return array + "}";
}

// to_regproc() gives NULL for a name with several functions too, so a name without arguments is
// looked up by hand. It runs on the plan's search_path, so operators and types are qualified.
constexpr const char* lacking = R"(
SELECT 'table' AS kind, n AS name FROM pg_catalog.unnest($1::pg_catalog.text[]) n
 WHERE pg_catalog.to_regclass(n) IS NULL
UNION ALL
SELECT 'column', n FROM pg_catalog.unnest($2::pg_catalog.text[]) n
 WHERE NOT EXISTS (SELECT FROM pg_catalog.pg_attribute a
                    WHERE a.attrelid OPERATOR(pg_catalog.=)
                          pg_catalog.to_regclass(pg_catalog.regexp_replace(n, '\.[^.]*$', ''))::pg_catalog.oid
                      AND a.attname OPERATOR(pg_catalog.=)
                          (pg_catalog.parse_ident(pg_catalog.regexp_replace(n, '^.*\.', '')))[1]::pg_catalog.name
                      AND a.attnum OPERATOR(pg_catalog.>) 0::pg_catalog.int2 AND NOT a.attisdropped)
UNION ALL
SELECT 'function', n FROM pg_catalog.unnest($3::pg_catalog.text[]) n
 WHERE CASE WHEN pg_catalog.strpos(n, '(') OPERATOR(pg_catalog.>) 0 THEN pg_catalog.to_regprocedure(n) IS NULL
            ELSE NOT EXISTS (SELECT FROM pg_catalog.pg_proc p
                               JOIN pg_catalog.pg_namespace s ON s.oid OPERATOR(pg_catalog.=) p.pronamespace
                              WHERE CASE WHEN pg_catalog.cardinality(pg_catalog.parse_ident(n)) OPERATOR(pg_catalog.=) 2
                                         THEN ARRAY[s.nspname, p.proname]::pg_catalog.text[]
                                              OPERATOR(pg_catalog.=) pg_catalog.parse_ident(n)
                                         ELSE p.proname OPERATOR(pg_catalog.=)
                                              (pg_catalog.parse_ident(n))[1]::pg_catalog.name
                                              AND pg_catalog.pg_function_is_visible(p.oid) END) END
UNION ALL
SELECT 'role', n FROM pg_catalog.unnest($4::pg_catalog.text[]) n
 WHERE NOT EXISTS (SELECT FROM pg_catalog.pg_roles r
                    WHERE r.rolname OPERATOR(pg_catalog.=) n::pg_catalog.name)
UNION ALL
SELECT 'extension', n FROM pg_catalog.unnest($5::pg_catalog.text[]) n
 WHERE NOT EXISTS (SELECT FROM pg_catalog.pg_extension e
                    WHERE e.extname OPERATOR(pg_catalog.=) n::pg_catalog.name)
)";

std::string sqlstate_of(const std::string& kind) {
  if (kind == "table") return "42P01";
  if (kind == "column") return "42703";
  if (kind == "function") return "42883";
  return "42704";  // roles and extensions: undefined object
}

void find_objects(Context& context, std::vector<Lack>& lacks) {
  const plan::Needs& needs = context.plan.needs;
  if (needs.tables.empty() && needs.columns.empty() && needs.functions.empty() &&
      needs.roles.empty() && needs.extensions.empty()) {
    return;
  }
  StatementBatch& queue = context.link.queue();
  queue.add_control("BEGIN TRANSACTION READ ONLY");
  queue.add(context.settings(Job{}, true));  // bare names mean the plan's search_path
  queue.add({lacking,
             {array_of(needs.tables), array_of(needs.columns), array_of(needs.functions),
              array_of(needs.roles), array_of(needs.extensions)},
             db::Lookup::session},
            [&](const db::Answer& answer) {
              for (std::size_t row = 0; row < answer.result.size(); ++row) {
                const std::string& kind = answer.result.text(row, "kind");
                lacks.push_back({kind + " " + answer.result.text(row, "name"), sqlstate_of(kind)});
              }
            });
  queue.add_control("ROLLBACK");
  context.flush();
}

void find_plans(Context& context, std::vector<Lack>& lacks) {
  for (const std::string& plan : context.plan.needs.plans) {
    const std::optional<journal::RunRow> run = context.link.journal().latest(plan);
    if (!run || run->status != event::RunState::done)
      lacks.push_back({"a finished run of plan " + plan, ""});
  }
}

}  // namespace

void check_needs(Context& context) {
  const plan::Needs& needs = context.plan.needs;
  std::vector<Lack> lacks;
  const int version = context.link.connection().server_version() / 10000;
  if (needs.postgres > version) {
    lacks.push_back({fmt::format("PostgreSQL {} (it is {})", needs.postgres, version), "0A000"});
  }
  find_objects(context, lacks);
  find_plans(context, lacks);
  if (lacks.empty()) return;

  std::vector<std::string> names;
  std::vector<std::string> hints;
  for (const Lack& lack : lacks) {
    names.push_back(lack.what);
    const auto hint = context.plan.hints.find(lack.sqlstate);
    if (hint != context.plan.hints.end() &&
        std::find(hints.begin(), hints.end(), hint->second) == hints.end()) {
      hints.push_back(hint->second);
    }
  }
  Error error{Code::needs, "the target lacks {}", text::listed(names)};
  error.sqlstate(lacks.front().sqlstate).at(needs.at);
  if (hints.empty()) hints.emplace_back("Create what is missing, then run again.");
  throw error.hint(text::joined(hints, " "));
}

void check_condition(Context& context) {
  const plan::Needs& needs = context.plan.needs;
  if (!needs.custom) return;
  const Job none;
  Reading reading{context, none};
  const plan::Condition met = reading.ask(Moment::needs, needs.custom);
  reading.end();
  if (met.holds) return;
  throw Error{Code::needs, "the target does not meet the plan's needs: {}",
              met.reason.empty() ? "its needs function returned false" : met.reason}
      .hint("Correct that, or answer the plan's questions differently. Then run again.")
      .at(needs.at);
}

}  // namespace engine::runner
