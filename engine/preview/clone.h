// The target's schema, roles and, table by table, rows on the shadow. The target is only read.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "cluster/shadow.h"
#include "db/connection.h"

namespace engine::preview {

/// What the target knows of a table.
struct TableFacts {
  std::int64_t rows = -1;  // as ANALYZE last saw them; -1: never
  std::int64_t bytes = 0;
  std::int64_t uses = 0;  // scans and rows written since its statistics were reset
};
using Facts = std::map<std::string, TableFacts>;  // by quoted name

class Clone {
 public:
  /// One READ ONLY, REPEATABLE READ transaction with a short lock timeout on the target: schema and
  /// rows are of one moment. `journal` is the schema of the target's journal.
  Clone(const db::Target& target, std::string journal);

  /// Roles, and the schema in a database of that name. Needs pg_dump no older than the target;
  /// throws Error{refused} where there is none. What could not be made is in missing().
  void schema(const cluster::Shadow& shadow, const std::string& database);
  /// Copies at most `limit` rows of each table, and the rows that they refer to, into a database of
  /// the shadow that has none of them.
  void rows(const db::Target& shadow, const std::set<std::string>& tables, std::int64_t limit);

  const std::vector<std::string>& missing() const { return missing_; }
  const Facts& facts() const { return facts_; }
  int major() const { return connection_.server_version() / 10000; }
  /// Whom the plan runs as.
  const std::string& role() const { return role_; }

 private:
  void read_facts();
  void make_roles(db::Connection& shadow);
  std::string dump() const;
  void load(db::Connection& shadow, const std::string& script);
  void copy(db::Connection& shadow, const std::string& table, const std::string& columns,
            const std::string& from, const db::Params& parameters);
  bool add_parents(db::Connection& shadow, const std::set<std::string>& tables);
  void sequences(db::Connection& shadow);

  db::Target target_;
  db::Connection connection_;
  std::string journal_, snapshot_, role_;
  std::vector<std::string> missing_;
  Facts facts_;
};

/// Gives a database what CREATE DATABASE and pg_dump leave behind of the one that `from` is
/// connected with: owner, privileges, settings. What cannot be given is added to `missing`.
void copy_database_rights(db::Connection& from, db::Connection& shadow, const std::string& database,
                          std::vector<std::string>& missing);

}  // namespace engine::preview
