#include "verify/routine.h"

#include <algorithm>

#include "base/names.h"
#include "base/text.h"
#include "sql/expression.h"
#include "verify/attempt.h"
#include "verify/outcomes.h"
#include "verify/snapshot.h"

namespace engine::verify {
namespace {

// On the session's search_path, which finds the types of a signature too; it holds no operator.
constexpr const char* meant_routine =
    "SELECT pg_catalog.set_config('engine.routine', COALESCE(pg_catalog.to_regprocedure($1)"
    "::pg_catalog.oid::pg_catalog.text, '0'), true)";

std::string routine_query(std::string_view condition) {
  return fmt::format(
      "SELECT p.oid, pg_catalog.concat(CASE WHEN n.nspname = ANY (s.schemas) THEN '' ELSE"
      " pg_catalog.concat(pg_catalog.quote_ident(n.nspname), '.') END,"
      " pg_catalog.quote_ident(p.proname), '(', pg_catalog.replace("
      "pg_catalog.oidvectortypes(p.proargtypes), ', ', ','), ')') AS signature,"
      " COALESCE(pg_catalog.pg_get_function_result(p.oid), '') AS returns, l.lanname AS language,"
      " CASE p.provolatile WHEN 'i' THEN 'immutable' WHEN 's' THEN 'stable' ELSE 'volatile' END AS "
      "volatility,"
      " CASE p.prokind WHEN 'p' THEN 'procedure' WHEN 'a' THEN 'aggregate' WHEN 'w' THEN 'window' "
      "ELSE"
      " 'function' END AS kind, CASE p.proparallel WHEN 's' THEN 'safe' WHEN 'r' THEN 'restricted'"
      " ELSE 'unsafe' END AS parallel, p.proleakproof AS leakproof,"
      " pg_catalog.pg_get_userbyid(p.proowner)::pg_catalog.text AS owner, p.prosrc AS body,"
      " COALESCE(pg_catalog.obj_description(p.oid, 'pg_proc'), '') AS comment,"
      " p.prosecdef AS definer, p.proisstrict AS strict,"
      " COALESCE(pg_catalog.array_to_string(p.proconfig, E'\\n'), '') AS settings"
      " FROM pg_catalog.pg_proc p JOIN pg_catalog.pg_language l ON l.oid = p.prolang"
      " JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace"
      " CROSS JOIN (SELECT pg_catalog.current_setting('engine.schemas')::pg_catalog.name[]) AS s"
      " (schemas) WHERE {} ORDER BY 2",
      condition);
}

std::vector<Routine> routines_in(const db::Result& result) {
  std::vector<Routine> routines;
  for (std::size_t row = 0; row < result.size(); ++row) {
    Routine routine;
    routine.oid = static_cast<std::uint32_t>(result.integer(row, "oid"));
    routine.signature = result.text(row, "signature");
    routine.returns = result.text(row, "returns");
    routine.language = result.text(row, "language");
    routine.volatility = result.text(row, "volatility");
    routine.security_definer = result.boolean(row, "definer");
    routine.strict = result.boolean(row, "strict");
    routine.kind = result.text(row, "kind");
    routine.parallel = result.text(row, "parallel");
    routine.leakproof = result.boolean(row, "leakproof");
    routine.owner = result.text(row, "owner");
    routine.body = result.text(row, "body");
    routine.comment = result.text(row, "comment");
    const std::string& settings = result.text(row, "settings");
    if (!settings.empty()) routine.settings = text::lines(settings);
    routines.push_back(std::move(routine));
  }
  return routines;
}

std::vector<Routine> named(db::Connection& connection, const QualifiedName& name) {
  return routines_in(connection.query(
      routine_query("p.proname = $1 AND CASE WHEN $2 <> '' THEN n.nspname = $2 ELSE n.nspname = ANY"
                    " (s.schemas) AND NOT EXISTS (SELECT FROM pg_catalog.pg_proc o"
                    " JOIN pg_catalog.pg_namespace m ON m.oid = o.pronamespace"
                    " WHERE o.proname = p.proname AND o.proargtypes = p.proargtypes"
                    " AND pg_catalog.array_position(s.schemas, m.nspname)"
                    " < pg_catalog.array_position(s.schemas, n.nspname)) END"),
      {name.name, name.schema}));
}

std::string signatures(const std::vector<Routine>& routines) {
  std::vector<std::string> names;
  for (const auto& routine : routines) names.push_back(routine.signature);
  return text::joined(names, ", ");
}

/// Other routines of the name, or names like it in the schemas of people.
std::string nothing_found(db::Connection& connection, const QualifiedName& name) {
  const auto others = named(connection, name);
  if (!others.empty()) return fmt::format("no such routine; there is {}", signatures(others));
  const auto result = connection.query(
      "SELECT DISTINCT CASE WHEN n.nspname = ANY"
      " (pg_catalog.current_setting('engine.schemas')::pg_catalog.name[]) THEN "
      "p.proname::pg_catalog.text"
      " ELSE n.nspname || '.' || p.proname END AS name"
      " FROM pg_catalog.pg_proc p JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace"
      " WHERE n.nspname NOT IN ('pg_catalog', 'information_schema') ORDER BY 1 LIMIT 10000");
  std::vector<std::string> names;
  for (std::size_t row = 0; row < result.size(); ++row) names.push_back(result.text(row, "name"));
  return nothing_like("routine", name.display(), names);
}

}  // namespace

RoutineSubject RoutineSubject::read(db::Connection& connection, const std::string& written) {
  return Snapshot::of(connection).kept<RoutineSubject>("routine " + written, [&] {
    return read_now(connection, written);
  });
}

RoutineSubject RoutineSubject::read_now(db::Connection& connection, const std::string& written) {
  RoutineSubject subject;
  subject.written_ = written;
  const auto open = written.find('(');
  const QualifiedName name = QualifiedName::parse(text::trimmed(written.substr(0, open)));
  if (open == std::string::npos) {
    subject.found_ = named(connection, name);
  } else {
    // Up to PostgreSQL 15 to_regprocedure raises an error for a type that does not exist.
    const auto read = attempt(
        connection, Keep::nothing,
        {{meant_routine, {written}, db::Lookup::session},
         {routine_query("p.oid = pg_catalog.current_setting('engine.routine')::pg_catalog.oid"),
          {}}});
    if (read.error && worth_retrying(*read.error)) throw Error{*read.error};
    if (!read.error) subject.found_ = routines_in(read.results.back());
  }
  if (subject.found_.empty()) {
    subject.absence_ = nothing_found(connection, name);
  } else if (subject.found_.size() > 1) {
    subject.absence_ = fmt::format("more than one: {}", signatures(subject.found_));
  }
  return subject;
}

event::Outcome exists(const RoutineSubject& subject) {
  const std::string name = subject.label() + " exists";
  return subject.found().empty() ? failed(name, subject.label(), subject.absence())
                                 : held(name, subject.label());
}

event::Outcome does_not_exist(const RoutineSubject& subject) {
  const std::string name = fmt::format("there is no {}", subject.label());
  const std::string expected = fmt::format("no {}", subject.label());
  return subject.found().empty() ? held(name, expected)
                                 : failed(name, expected, "routine " + signatures(subject.found()));
}

event::Outcome owned_by(const RoutineSubject& subject, const std::string& role) {
  const std::string name = fmt::format("{} is owned by {}", subject.label(), role);
  if (subject.only() == nullptr) return failed(name, role, subject.absence());
  return compared(name, role, subject.only()->owner);
}

event::Outcome has_comment(const RoutineSubject& subject, const std::string& comment) {
  const std::string name = subject.label() + " has its comment";
  if (subject.only() == nullptr) return failed(name, comment, subject.absence());
  const std::string& actual = subject.only()->comment;
  return compared(name, comment, actual.empty() ? "no comment" : actual);
}

event::Outcome routine_is(const RoutineSubject& subject, const RoutineSpec& spec) {
  const std::string name = subject.label() + " is as expected";
  std::vector<std::string> expected, actual;
  const Routine* routine = subject.only();
  const auto compare = [&](const std::string& word, const std::string& written,
                           const std::string& found) {
    if (written.empty()) return;
    expected.push_back(word + written);
    actual.push_back(word + found);
  };
  const Routine none;
  const Routine& found = routine != nullptr ? *routine : none;
  const bool same_returns = text::lower(spec.returns) == text::lower(found.returns) ||
                            sql::same_type(spec.returns, found.returns);
  compare("returns ", spec.returns, same_returns ? spec.returns : found.returns);
  compare("language ", spec.language, found.language);
  compare("", text::lower(spec.volatility), found.volatility);
  compare("security ", text::lower(spec.security), found.security_definer ? "definer" : "invoker");
  if (spec.strict) {
    compare("", *spec.strict ? "strict" : "called on null input",
            found.strict ? "strict" : "called on null input");
  }
  compare("", text::lower(spec.kind), found.kind);
  compare("parallel ", text::lower(spec.parallel), found.parallel);
  if (spec.leakproof) {
    compare("", *spec.leakproof ? "leakproof" : "not leakproof",
            found.leakproof ? "leakproof" : "not leakproof");
  }
  if (spec.body) {
    const bool same = text::trimmed(*spec.body) == text::trimmed(found.body);
    compare("body ", one_line(*spec.body), one_line(same ? *spec.body : found.body));
  }
  const std::string wanted = text::joined(expected, ", ");
  if (routine == nullptr) return failed(name, wanted, subject.absence());
  return compared(name, wanted, text::joined(actual, ", "));
}

event::Outcome routine_is_not(const RoutineSubject& subject, const RoutineSpec& spec) {
  return opposite(routine_is(subject, spec), subject.only() == nullptr ? subject.absence() : "");
}

event::Outcome has_no_comment(const RoutineSubject& subject) {
  return no_comment(subject.label(), subject.only() == nullptr ? subject.absence() : "",
                    subject.only() == nullptr ? "" : subject.only()->comment);
}

}  // namespace engine::verify
