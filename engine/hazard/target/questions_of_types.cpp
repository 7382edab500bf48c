// Questions about columns that get another type, and about domains.
#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <map>

#include "base/names.h"
#include "base/text.h"
#include "db/connection.h"
#include "hazard/target/questions.h"
#include "hazard/target/type_conversion.h"
#include "sql/statement.h"

namespace engine::hazard {
namespace {

using catalog::Column;

/// "status::mood" and its like: nothing but a cast of the column.
bool is_plain_cast(const std::string& written, const std::string& column, const std::string& type) {
  std::string bare;
  for (const char c : text::lower(written)) {
    if (std::string_view{" \t\r\n()\""}.find(c) == std::string_view::npos) bare += c;
  }
  const std::string own = text::lower(column), name = text::lower(type);
  const std::string last = name.substr(name.rfind('.') + 1);
  for (const std::string& from : {own, own + "::text", own + "::varchar"}) {
    for (const std::string& to : {name, last}) {
      if (bare == from + "::" + to || bare == "cast" + from + "as" + to) return true;
    }
  }
  return false;
}

/// The conditions over VALUE that a domain adds to its base, and that base: a domain may stand on
/// another.
std::vector<std::string> conditions_of(const database_state::ValueTypes& types, std::string& type) {
  std::vector<std::string> conditions;
  for (auto found = types.domains.find(type); found != types.domains.end();
       found = types.domains.find(type)) {
    if (found->second.not_null) conditions.emplace_back("CHECK (VALUE IS NOT NULL)");
    for (const auto& [name, check] : found->second.checks) conditions.push_back(check);
    type = found->second.base;
  }
  return conditions;
}

/// Checks that the other does not have yet, by name.
std::map<std::string, std::string> added_to(const database_state::Domain& was,
                                            const database_state::Domain& now) {
  std::map<std::string, std::string> added = now.checks;
  std::erase_if(added, [&](const auto& check) {
    return std::any_of(was.checks.begin(), was.checks.end(),
                       [&](const auto& other) { return other.second == check.second; });
  });
  return added;
}

std::string labels(const std::vector<std::string>& names) {
  std::vector<std::string> quoted;
  for (const std::string& name : names) quoted.push_back(db::Connection::quote_literal(name));
  return text::joined(quoted, ", ");
}

}  // namespace

// VALUE becomes a column of that name, which no column of the table stands beside.
std::string Questions::breaking(const std::string& value,
                                const std::vector<std::string>& conditions) const {
  std::vector<std::string> broken;
  for (const std::string& condition : conditions) {
    const std::string word = condition.starts_with("CHECK ") ? condition.substr(6) : condition;
    broken.push_back("(" + word + ") IS FALSE");
  }
  return count(
      fmt::format("SELECT v.key FROM (SELECT {} AS key, {} AS value FROM {} AS t) AS v "
                  "WHERE {}",
                  key("t"), value, was_.name.quoted(), text::joined(broken, " OR ")));
}

// A cast that is written out cuts off what is too long for varchar(n) and char(n), and an
// assignment does not: their own functions tell them apart.
std::string Questions::assigned(const std::string& expression, const std::string& type) const {
  constexpr int header = 4;  // that a length is stored with
  int length = 0;
  for (const auto& [name, base] :
       {std::pair{"character varying(%d)", "varchar"}, std::pair{"character(%d)", "bpchar"}}) {
    if (std::sscanf(type.c_str(), name, &length) == 1 && !type.ends_with("]"))
      return fmt::format("pg_catalog.{0}(({1})::pg_catalog.{0}, {2}, false)", base, expression,
                         length + header);
  }
  return fmt::format("({})::{}", expression, type);
}

void Questions::convert(const Column& old, const Column& now) {
  const auto change =
      std::find_if(changes_.begin(), changes_.end(), [&](const sql::ColumnChange& other) {
        return other.kind == sql::ColumnChange::Kind::converted &&
               (other.column == now.name || other.column == old.name);
      });
  const std::string column = "t." + quote_identifier(old.name);
  const auto enumeration = after_.types.enums.find(now.type);
  const std::string written = change == changes_.end() ? "" : change->using_expression;
  if (!written.empty() && !is_plain_cast(written, change->column, now.type))
    return convert_by(written, old, now);
  if (enumeration != after_.types.enums.end()) {
    ask("misfits", now.name,
        where(fmt::format("{}::text NOT IN ({})", column, labels(enumeration->second))));
    return;
  }
  std::string base = now.type;
  const std::vector<std::string> conditions = conditions_of(after_.types, base);
  const Fit fit = fits(old.type, base, column);
  if (!fit.misfit.empty()) ask("misfits", now.name, where(fit.misfit));
  if (!conditions.empty()) {
    ask("misfits", now.name, breaking(assigned(column, base), conditions));
  } else if (!fit.unknown.empty()) {
    ask("misfits", now.name, trial(assigned(quote_identifier(old.name), base)));
  }
}

// It is evaluated on the target only where its text says that it does nothing but read.
void Questions::convert_by(const std::string& written, const Column&, const Column& now) {
  const auto was = before_.types.enums.find(now.type), is = after_.types.enums.find(now.type);
  const bool same_type = is == after_.types.enums.end() ||
                         (was != before_.types.enums.end() && was->second == is->second);
  const std::vector<sql::Statement> query = sql::split("SELECT " + written);
  std::string base = now.type;
  const std::vector<std::string> conditions = conditions_of(after_.types, base);
  if (!same_type)
    return give_up("misfits", now.name,
                   "the plan converts it by an expression (USING) to a new type");
  if (query.size() != 1 || query.front().effect != sql::Effect::reads)
    return give_up("misfits", now.name,
                   "the plan converts it by an expression (USING) that may do more than read");
  Probe& probe = conditions.empty()
                     ? ask("misfits", now.name, trial(assigned(written, base)))
                     : ask("misfits", now.name, breaking(assigned(written, base), conditions));
  probe.written = true;
}

void Questions::domain(const Column& column, const std::string& name,
                       const database_state::Domain& was, const database_state::Domain& is) {
  std::string within = column.type;
  while (within != name && after_.types.domains.contains(within))
    within = after_.types.domains.at(within).base;
  const bool listed = within == name + "[]";
  if (within != name && !listed) return;
  const std::string value = "t." + quote_identifier(column.name);
  const auto ask_of = [&](const std::string& of, const std::string& object, auto sql) {
    if (listed) {
      give_up(of, object, fmt::format("column {} is an array of {}", column.name, name));
    } else {
      ask(of, object, sql());
    }
    made.back().named = name;
  };
  if (is.not_null && !was.not_null)
    ask_of("nulls", column.name, [&] { return where(value + " IS NULL"); });
  for (const auto& [constraint, check] : added_to(was, is))
    ask_of("violations", constraint, [&, &broken = check] { return breaking(value, {broken}); });
}

// A partition's rows are asked for with those of its parent.
void Questions::domains() {
  if (!was_.partition_bound.empty()) return;
  for (const Column& column : was_.columns) {
    const Column* now = now_.column(column.name);
    if (now == nullptr || now->type != column.type) continue;
    for (const auto& [name, is] : after_.types.domains) {
      const auto was = before_.types.domains.find(name);
      if (was != before_.types.domains.end()) domain(column, name, was->second, is);
    }
  }
}

}  // namespace engine::hazard
