#include "hazard/target/copies.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>
#include <set>

#include "base/text.h"
#include "hazard/target/questions.h"
#include "hazard/target/table_names.h"
#include "sql/row_copies.h"
#include "sql/statement.h"
#include "trace/words.h"

namespace engine::hazard {
namespace {

using catalog::Column;
using catalog::Constraint;
using catalog::Index;
using catalog::Relation;
using Names = std::vector<std::string>;

/// One INSERT … SELECT, and the table that it fills as that is after the plan.
class Copy {
 public:
  Copy(const database_state::DatabaseState& before, const database_state::DatabaseState& after,
       const Relation& into, const Relation& from, const sql::RowCopy& copy, std::string query)
      : before_(before),
        after_(after),
        into_(into),
        from_(from),
        copy_(copy),
        query_(std::move(query)),
        columns_(copy.columns) {
    if (!columns_.empty()) return;
    for (const Column& column : into_.columns) {
      const bool given = copy.plain.empty() || columns_.size() < copy.plain.size();
      if (!column.generated && given) columns_.push_back(column.name);
    }
  }

  std::vector<Probe> questions();

 private:
  bool gives(const std::string& column) const {
    return std::find(columns_.begin(), columns_.end(), column) != columns_.end();
  }
  /// The column of the source that a value is as it stands; nullptr of any other.
  const Column* same(const std::string& column) const;
  std::optional<Names> same(const Names& columns) const;

  void ask(const std::string& demand, const std::string& condition);
  void give_up(const std::string& demand, const std::string& reason);
  Probe& add(const std::string& demand);
  /// The rows as the table would have them, as `v`: the columns that the text names.
  std::string rows(const std::string& text) const;

  void not_null();
  void checks();
  void keys();
  void references(const Constraint& key);
  void bounds();

  const database_state::DatabaseState& before_;
  const database_state::DatabaseState& after_;
  const Relation& into_;
  const Relation& from_;
  const sql::RowCopy& copy_;
  const std::string query_;
  Names columns_;
  std::vector<Probe> made_;
};

const Column* Copy::same(const std::string& column) const {
  if (copy_.reads.size() != 1) return nullptr;
  const auto at = static_cast<std::size_t>(std::find(columns_.begin(), columns_.end(), column) -
                                           columns_.begin());
  if (at >= columns_.size()) return nullptr;
  if (copy_.whole) return at < from_.columns.size() ? &from_.columns[at] : nullptr;
  return at < copy_.plain.size() ? from_.column(copy_.plain[at]) : nullptr;
}

std::optional<Names> Copy::same(const Names& columns) const {
  Names found;
  for (const std::string& column : columns) {
    const Column* source = same(column);
    if (source == nullptr) return std::nullopt;
    found.push_back(source->name);
  }
  return found;
}

std::string Copy::rows(const std::string& text) const {
  Names given, values;
  for (const std::string& name : columns_) {
    const Column* column = into_.column(name);
    given.push_back(quote_identifier(name));
    if (column != nullptr && trace::mentions(text, name))
      values.push_back(fmt::format("(n.{0})::{1} AS {0}", given.back(), column->type));
  }
  return fmt::format("SELECT {} FROM ({}\n) AS n ({})",
                     values.empty() ? "1 AS one" : text::joined(values, ", "), query_,
                     text::joined(given, ", "));
}

Probe& Copy::add(const std::string& demand) {
  Probe probe;
  probe.of = "copied";
  probe.relation = from_.name.quoted();
  probe.object = fmt::format("the INSERT into {} ({})", into_.name.display(), demand);
  probe.named = copy_.into.quoted();
  probe.written = true;
  made_.push_back(std::move(probe));
  return made_.back();
}

void Copy::ask(const std::string& demand, const std::string& condition) {
  add(demand).sql = fmt::format(
      "SELECT pg_catalog.count(*) AS rows, '' AS examples FROM (SELECT FROM ({}) AS v WHERE {} "
      "LIMIT {}) AS f",
      rows(condition), condition, Questions::most_rows + 1);
}

void Copy::give_up(const std::string& demand, const std::string& reason) {
  Probe& probe = add(demand);
  probe.result = "not_probed";
  probe.reason = reason;
}

void Copy::not_null() {
  Names demanded, conditions;
  for (const Column& column : into_.columns) {
    if (!column.not_null || !gives(column.name)) continue;
    const Column* source = same(column.name);
    if (source != nullptr && source->not_null) continue;
    demanded.push_back(column.name);
    conditions.push_back(quote_identifier(column.name) + " IS NULL");
  }
  if (!demanded.empty())
    ask("NOT NULL on " + text::listed(demanded), text::joined(conditions, " OR "));
}

void Copy::checks() {
  for (const Constraint& check : into_.constraints) {
    if (check.type != 'c' || !check.definition.starts_with("CHECK ")) continue;
    std::string condition = check.definition.substr(6);
    for (const char* end : {" NOT VALID", " NO INHERIT"}) {
      if (condition.ends_with(end)) condition.resize(condition.size() - std::string{end}.size());
    }
    const std::optional<Names> sources = same(check.columns);
    const bool stood = sources == check.columns &&
                       std::any_of(from_.constraints.begin(), from_.constraints.end(),
                                   [&](const Constraint& other) {
                                     return other.validated && other.definition == check.definition;
                                   });
    const bool given = std::all_of(check.columns.begin(), check.columns.end(),
                                   [&](const std::string& name) { return gives(name); });
    if (given && !stood) ask("the constraint " + check.name, "(" + condition + ") IS FALSE");
  }
}

// Of a table that is new: what stands in another is not known to have none of these.
void Copy::keys() {
  if (copy_.skips_conflicts) return;
  for (const Index& index : into_.indexes) {
    if (!index.unique || !index.predicate.empty()) continue;
    if (std::any_of(index.columns.begin(), index.columns.end(),
                    [&](const std::string& name) { return !gives(name); }))
      continue;
    const std::optional<Names> sources = same(index.columns);
    const bool unique =
        sources && std::any_of(from_.indexes.begin(), from_.indexes.end(), [&](const Index& other) {
          return other.unique && other.valid && other.predicate.empty() &&
                 std::all_of(
                     other.columns.begin(), other.columns.end(), [&](const std::string& name) {
                       return std::find(sources->begin(), sources->end(), name) != sources->end();
                     });
        });
    if (unique) continue;
    Names columns, filled;
    for (const std::string& name : index.columns) {
      columns.push_back(quote_identifier(name));
      filled.push_back(columns.back() + " IS NOT NULL");
    }
    const std::string list = text::joined(columns, ", ");
    add("the unique index " + index.name.name).sql = fmt::format(
        "SELECT pg_catalog.count(*) AS rows, '' AS examples FROM (SELECT FROM ({}) AS v WHERE {} "
        "GROUP BY {} HAVING pg_catalog.count(*) > 1 LIMIT {}) AS f",
        rows(list), text::joined(filled, " AND "), list, Questions::most_rows + 1);
  }
}

void Copy::references(const Constraint& key) {
  const std::optional<Names> sources = same(key.columns);
  const bool stood =
      sources &&
      std::any_of(from_.constraints.begin(), from_.constraints.end(), [&](const Constraint& other) {
        return other.type == 'f' && other.validated && other.columns == *sources &&
               other.references == key.references &&
               other.referenced_columns == key.referenced_columns;
      });
  if (stood || !std::all_of(key.columns.begin(), key.columns.end(),
                            [&](const std::string& name) { return gives(name); }))
    return;
  const std::string demand = "the foreign key " + key.name;
  const Relation* now = after_.relation(key.references.quoted());
  const Relation* parent = now == nullptr ? nullptr : origin_of(before_, *now);
  if (parent == nullptr)
    return give_up(demand, key.references.display() + " does not exist on the target yet");
  Names filled, equal;
  for (std::size_t i = 0; i < std::min(key.columns.size(), key.referenced_columns.size()); ++i) {
    const std::string column = "v." + quote_identifier(key.columns[i]);
    filled.push_back(column + " IS NOT NULL");
    equal.push_back("p." + quote_identifier(key.referenced_columns[i]) + " = " + column);
  }
  ask(demand,
      fmt::format("{} AND NOT EXISTS (SELECT FROM {} AS p WHERE {})", text::joined(filled, " AND "),
                  parent->name.quoted(), text::joined(equal, " AND ")));
}

// A row goes to the partition whose bounds let it in, which may have partitions of its own. What a
// hash lets in is not the same everywhere, and all that is left of it goes somewhere.
void Copy::bounds() {
  Names found;
  const auto collect = [&](const auto& self, const Relation& table) -> bool {
    const auto bound = after_.types.partitions.find(table.name.quoted());
    const std::string constraint =
        bound == after_.types.partitions.end() ? "" : bound->second.constraint;
    if (table.kind != 'p') {
      if (constraint.empty() || constraint.find("satisfies_hash_partition") != std::string::npos)
        return false;
      found.push_back("(" + constraint + ")");
      return true;
    }
    return std::all_of(table.children.begin(), table.children.end(), [&](const auto& name) {
      const Relation* child = after_.relation(name.quoted());
      return child != nullptr && self(self, *child);
    });
  };
  const bool bounded = collect(collect, into_);
  if (!bounded || found.empty()) return;
  ask(into_.kind == 'p' ? "no partition for them" : "bounds as a partition",
      fmt::format("COALESCE({}, false) IS FALSE", text::joined(found, " OR ")));
}

std::vector<Probe> Copy::questions() {
  not_null();
  checks();
  if (origin_of(before_, into_) == nullptr) keys();
  for (const Constraint& constraint : into_.constraints) {
    if (constraint.type == 'f') references(constraint);
    if (constraint.type == 'x' && !copy_.skips_conflicts)
      give_up("the constraint " + constraint.name,
              "the preview does not evaluate exclusion constraints of copied rows");
  }
  bounds();
  return std::move(made_);
}

/// Demands anything of its rows that other tables may not.
bool is_strict(const Relation& table) {
  return !table.partition_key.empty() || !table.partition_bound.empty() ||
         std::any_of(table.columns.begin(), table.columns.end(),
                     [](const Column& column) { return column.not_null; }) ||
         !table.constraints.empty() ||
         std::any_of(table.indexes.begin(), table.indexes.end(),
                     [](const Index& index) { return index.unique; });
}

/// Of all that the table demands.
Probe not_asked(const Relation& from, const Relation& into, std::string reason) {
  Probe probe;
  probe.of = "copied";
  probe.relation = from.name.quoted();
  probe.object = "the INSERT into " + into.name.display();
  probe.named = into.name.quoted();
  probe.result = "not_probed";
  probe.reason = std::move(reason);
  return probe;
}

/// Why the query cannot be asked of the target; "" where it can.
std::string obstacle(const sql::RowCopy& copy) {
  if (copy.takes_values) return "its query takes parameters from the plan";
  const std::vector<sql::Statement> query = sql::split(copy.query);
  if (query.size() != 1 || query.front().effect != sql::Effect::reads)
    return "its query may do more than read";
  return "";
}

std::vector<Probe> of_copy(const database_state::DatabaseState& before,
                           const database_state::DatabaseState& after, const TableNames& names,
                           std::size_t statement, const sql::RowCopy& copy) {
  const Relation* into = names.afterwards(statement, copy.into);
  if (into == nullptr || !database_state::is_table(*into)) return {};
  std::string query = copy.query, made;
  const Relation* from = nullptr;
  for (auto read = copy.reads.rbegin(); read != copy.reads.rend(); ++read) {
    const Relation* source = names.before(statement, read->name);
    if (source == nullptr) {
      made = read->name.display();
      continue;
    }
    if (database_state::is_table(*source)) from = source;
    query.replace(read->begin, read->end - read->begin,
                  source->name.quoted() +
                      (read->has_alias ? "" : " AS " + quote_identifier(read->name.name)));
  }
  if (from == nullptr) return {};
  std::string reason = obstacle(copy);
  if (reason.empty() && !made.empty()) reason = made + " does not exist on the target yet";
  if (!reason.empty())
    return is_strict(*into) ? std::vector{not_asked(*from, *into, reason)} : std::vector<Probe>{};
  return Copy{before, after, *into, *from, copy, std::move(query)}.questions();
}

/// Rows that came into a new table from one that stood, by a statement whose text does not say how.
std::vector<Probe> of_unread(const database_state::DatabaseState& before, const TableNames& names,
                             std::size_t number, const trace::StatementTrace& statement) {
  std::vector<Probe> made;
  for (const auto& [table, counts] : statement.rows) {
    if (counts.inserted == 0) continue;
    const Relation* into = names.afterwards(number, table);
    if (into == nullptr || origin_of(before, *into) != nullptr || !is_strict(*into)) continue;
    for (const trace::Lock& lock : statement.locks) {
      const Relation* from =
          lock.relation == lock.table ? names.before(number, lock.table) : nullptr;
      if (from == nullptr || !database_state::is_table(*from)) continue;
      made.push_back(not_asked(*from, *into, "the statement does not show which rows it copies"));
    }
  }
  return made;
}

}  // namespace

std::vector<Probe> questions_of_copies(const database_state::DatabaseState& before,
                                       const database_state::DatabaseState& after,
                                       const std::vector<trace::StatementTrace>& statements) {
  std::vector<Probe> probes;
  std::set<std::pair<std::string, std::string>> told;  // what a loop says again
  const TableNames names{before, after, statements};
  for (std::size_t number = 0; number < statements.size(); ++number) {
    const trace::StatementTrace& statement = statements[number];
    if (statement.taken_back || statement.sql.empty()) continue;
    const bool inserts = trace::mentions(statement.sql, "INSERT");
    const std::vector<sql::RowCopy> copies =
        inserts ? sql::row_copies(statement.sql) : std::vector<sql::RowCopy>{};
    std::vector<Probe> made;
    for (const sql::RowCopy& copy : copies) {
      for (Probe& probe : of_copy(before, after, names, number, copy))
        made.push_back(std::move(probe));
    }
    if (copies.empty() && !statement.tag.starts_with("CREATE") &&
        !statement.tag.starts_with("SELECT INTO"))
      made = of_unread(before, names, number, statement);
    for (Probe& probe : made) {
      probe.at = static_cast<int>(number);
      if (told.emplace(probe.object + probe.relation, probe.sql + statement.sql).second)
        probes.push_back(std::move(probe));
    }
  }
  return probes;
}

}  // namespace engine::hazard
