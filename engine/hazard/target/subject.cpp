#include "hazard/target/subject.h"

#include <algorithm>

#include "sql/foreign_keys.h"
#include "trace/words.h"

namespace engine::hazard {
namespace {

using catalog::Relation;

/// Did the plan make a table of that name until the end of the statement?
bool made(const RuleContext& context, const trace::StatementTrace& until, const std::string& bare) {
  if (bare.empty()) return false;  // it has a quotation mark in it
  const std::string quoted = quote_identifier(bare);
  for (const trace::StatementTrace& statement : context.statements) {
    for (const trace::Nested& nested : statement.nested) {
      if (nested.event == "command" && nested.type == "table" &&
          (nested.tag.starts_with("CREATE TABLE") || nested.tag == "SELECT INTO") &&
          trace::bare_name(nested.object) == quoted)
        return true;
    }
    if (&statement == &until) break;
  }
  return false;
}

/// Of a name that is quoted as SQL wants it, without its schema.
std::string plain_name(const std::string& quoted) { return QualifiedName::parse(quoted).name; }

bool locked(const trace::StatementTrace& statement, const Relation& table) {
  return std::any_of(statement.locks.begin(), statement.locks.end(),
                     [&](const trace::Lock& lock) { return lock.table == table.name.quoted(); });
}

const Relation* named(const std::vector<Relation>& relations,
                      const trace::StatementTrace& statement, const std::string& bare) {
  const Relation* found = nullptr;
  for (const Relation& relation : relations) {
    if (relation.name.name != bare) continue;
    if (found == nullptr || locked(statement, relation)) found = &relation;
  }
  return found;
}

/// As it stood before the plan; nullptr where the plan made it.
const Relation* stood_as(const RuleContext& context, const trace::StatementTrace& statement,
                         const std::string& bare) {
  if (made(context, statement, bare)) return nullptr;
  if (const Relation* was = named(context.before.relations, statement, bare)) return was;
  const Relation* now = named(context.after.relations, statement, bare);
  return now == nullptr ? nullptr : context.origin(*now);
}

/// Schemas may have tables and indexes of the same names: the one whose index the statement made,
/// or else the one that it locked.
const Relation* with_index(const RuleContext& context, const trace::StatementTrace& statement,
                           const std::string& index, const std::string& bare) {
  const Relation* found = nullptr;
  int best = 0;
  for (const Relation& relation : context.after.relations) {
    const catalog::Index* one = relation.index(index);
    if (one == nullptr) continue;
    const bool made = std::any_of(
        statement.nested.begin(), statement.nested.end(),
        [&](const trace::Nested& nested) { return nested.object == one->name.quoted(); });
    const int points = 1 + (relation.name.name == bare ? 1 : 0) +
                       (locked(statement, relation) ? 2 : 0) + (made ? 4 : 0);
    if (points <= best) continue;
    best = points;
    found = &relation;
  }
  return found;
}

/// The table that has a foreign key of that name; a statement that tells of it first.
const Relation* with_key(const std::vector<Relation>& relations,
                         const trace::StatementTrace& statement, const std::string& key) {
  const Relation* found = nullptr;
  for (const Relation& relation : relations) {
    const catalog::Constraint* constraint = relation.constraint(key);
    if (constraint == nullptr || constraint->type != 'f') continue;
    if (found == nullptr || locked(statement, relation) ||
        trace::says(statement, relation.name.name))
      found = &relation;
  }
  return found;
}

}  // namespace

std::vector<std::string> tables_built_on(const RuleContext& context,
                                         const trace::StatementTrace& statement) {
  std::vector<std::string> tables;
  // TRUNCATE builds the indexes of what is empty then.
  if (statement.tag.starts_with("TRUNCATE")) return tables;
  for (std::size_t number = 0; number < statement.built_on.size(); ++number) {
    const std::string& bare = statement.built_on[number];
    const Relation* now = with_index(context, statement, statement.built[number], bare);
    const Relation* was =
        now == nullptr ? stood_as(context, statement, bare) : context.origin(*now);
    if (was != nullptr) tables.push_back(was->name.quoted());
  }
  return tables;
}

std::vector<std::string> tables_rewritten(const RuleContext& context,
                                          const trace::StatementTrace& statement) {
  std::vector<std::string> tables;
  for (const trace::Nested& nested : statement.nested) {
    if (nested.event != "rewrite") continue;
    const Relation* was = stood_as(context, statement, plain_name(nested.object));
    if (was != nullptr) tables.push_back(was->name.quoted());
  }
  return tables;
}

std::vector<std::string> tables_verified(const RuleContext& context,
                                         const trace::StatementTrace& statement) {
  std::vector<std::string> tables;
  for (const std::string& bare : statement.verified) {
    if (const Relation* was = stood_as(context, statement, bare))
      tables.push_back(was->name.quoted());
  }
  return tables;
}

std::vector<std::string> tables_validated(const RuleContext& context,
                                          const trace::StatementTrace& statement) {
  std::vector<std::string> tables;
  std::vector<sql::ForeignKey> written;
  for (const std::string& key : statement.validated) {
    const Relation* was = nullptr;
    if (const Relation* now = with_key(context.after.relations, statement, key)) {
      was = context.origin(*now);
    } else if (const Relation* standing = with_key(context.before.relations, statement, key)) {
      was = standing;
    } else {
      // It failed, or what it made has gone again: its text is what is left.
      if (written.empty()) written = sql::added_foreign_keys(statement.sql);
      if (!written.empty()) was = stood_as(context, statement, written.front().child.name);
    }
    if (was != nullptr &&
        std::find(tables.begin(), tables.end(), was->name.quoted()) == tables.end())
      tables.push_back(was->name.quoted());
  }
  return tables;
}

}  // namespace engine::hazard
