#include "trace/outside_locks.h"

#include <algorithm>
#include <string_view>

#include "base/names.h"
#include "sql/named_relations.h"
#include "trace/lock_facts.h"

namespace engine::trace {
namespace {

constexpr std::string_view reads = "SELECT * FROM t", writes = "UPDATE t SET e = 1 WHERE id = 1";

/// The statement of lock_facts() that does the same to a table, or to an index.
std::string_view executed_as(const std::string& done, bool index) {
  if (done == "INSERT" || done == "UPDATE" || done == "DELETE" || done == "MERGE") return writes;
  if (done == "TRUNCATE") return "TRUNCATE t";
  if (done == "CLUSTER") return "CLUSTER t USING i";
  if (done == "ANALYZE") return "ANALYZE t";
  if (done == "VACUUM") return "VACUUM t";
  if (done == "VACUUM FULL") return "VACUUM FULL t";
  if (done == "REINDEX") return index ? "REINDEX INDEX i" : "REINDEX TABLE t";
  if (done == "REINDEX CONCURRENTLY")
    return index ? "REINDEX INDEX CONCURRENTLY i" : "REINDEX TABLE CONCURRENTLY t";
  if (done == "CREATE INDEX CONCURRENTLY") return "CREATE INDEX CONCURRENTLY n ON t (e)";
  if (done == "DROP INDEX CONCURRENTLY") return "DROP INDEX CONCURRENTLY i";
  if (done == "DETACH CONCURRENTLY") return "ALTER TABLE q DETACH PARTITION q1 CONCURRENTLY";
  return reads;
}

std::string_view mode_of(std::string_view statement, bool index) {
  for (const LockFact& fact : lock_facts()) {
    const std::string_view on = fact.on;
    if (fact.statement == statement &&
        (index ? on == "index" : on == "table" || on == "partitioned table"))
      return fact.mode;
  }
  return "";
}

class Locks {
 public:
  Locks(StatementTrace& statement, const std::map<std::uint32_t, VisibleRelation>& relations)
      : statement_(statement) {
    for (const auto& [oid, relation] : relations) by_name_[relation.name] = &relation;
  }

  const VisibleRelation* find(const QualifiedName& name,
                              const std::vector<std::string>& search_path) const {
    if (!name.schema.empty()) return find(name.quoted());
    for (const std::string& schema : search_path) {
      const VisibleRelation* relation = find(QualifiedName{schema, name.name}.quoted());
      if (relation != nullptr) return relation;
    }
    return nullptr;
  }

  const VisibleRelation* find(const std::string& quoted) const {
    const auto found = by_name_.find(quoted);
    return found == by_name_.end() ? nullptr : found->second;
  }

  void add(const VisibleRelation& relation, std::string_view mode) {
    const bool known =
        std::any_of(statement_.locks.begin(), statement_.locks.end(), [&](const Lock& lock) {
          return lock.relation == relation.name &&
                 strength(lock.mode) >= strength(std::string{mode});
        });
    if (mode.empty() || known) return;
    Lock lock;
    lock.relation = relation.name;
    lock.table = relation.table;
    lock.kind = relation.kind;
    lock.mode = mode;
    lock.held_ms = statement_.ms;
    statement_.locks.push_back(std::move(lock));
  }

 private:
  StatementTrace& statement_;
  std::map<std::string, const VisibleRelation*> by_name_;
};

bool is_index(const VisibleRelation& relation) {
  return relation.kind == 'i' || relation.kind == 'I';
}

}  // namespace

void add_outside_locks(StatementTrace& statement, const std::vector<std::string>& search_path,
                       const std::map<std::uint32_t, VisibleRelation>& relations) {
  Locks locks{statement, relations};
  for (const sql::NamedRelation& named : sql::named_relations(statement.sql)) {
    const VisibleRelation* relation = locks.find(named.name, search_path);
    if (relation == nullptr) continue;
    const bool index = is_index(*relation);
    const std::string_view as = executed_as(named.done, index);
    locks.add(*relation, mode_of(as, index));
    if (!index) continue;
    if (const VisibleRelation* table = locks.find(relation->table))
      locks.add(*table, mode_of(as, false));
  }
  // Functions and procedures too.
  for (const auto& [table, rows] : statement.rows) {
    const bool wrote = rows.inserted + rows.updated + rows.deleted > 0;
    if (const VisibleRelation* relation = locks.find(table))
      locks.add(*relation, mode_of(wrote ? writes : reads, false));
  }
}

}  // namespace engine::trace
