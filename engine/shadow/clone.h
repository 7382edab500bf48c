// The target's schema, roles and, table by table, rows on the shadow. The target is only read.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "cluster/shadow.h"
#include "database_state/schema_hash.h"
#include "shadow/clone_rows.h"
#include "shadow/extensions.h"
#include "shadow/target_reader.h"

namespace engine::shadow {

/// What the target knows of a table.
struct TableFacts {
  std::int64_t rows = -1;  // as ANALYZE last saw them; -1: never
  std::int64_t bytes = 0;
  std::int64_t uses = 0;  // scans and rows written since its statistics were reset
};
using Facts = std::map<std::string, TableFacts>;  // by quoted name

class Clone {
 public:
  /// `journal` is the schema of the target's journal.
  Clone(const db::Target& target, std::string journal, Bounds bounds = {}, Masks masks = {});

  /// Roles, and a database of that name with the schema and the journal's rows. What could not be
  /// made is in missing().
  void schema(const cluster::ShadowServer& shadow, const std::string& database);
  /// Rows of these tables, of which the database has none yet.
  void rows(const db::Target& shadow, const std::set<std::string>& tables);
  /// What those rows refer to by keys that the plan adds.
  void parents(const db::Target& shadow, const std::vector<Shape::Key>& keys);
  /// The journal in a copy of the database believes that it was always there.
  void adopt(db::Connection& shadow) const;
  /// For what else is to be known of the target, in the same transaction.
  TargetReader& reader() { return reader_; }
  /// Nothing is read from the target any more.
  void release() { reader_.release(); }

  /// Of the target, at the same moment.
  database_state::SchemaHashes schema_hashes() {
    return database_state::read_schema_hashes(reader_.connection(), journal_);
  }

  std::vector<std::string> missing() const;
  /// What the schema uses of extensions that are missing, where missing() does not say it.
  const std::vector<std::string>& details() const { return details_; }
  const Facts& facts() const { return facts_; }
  bool is_masked(const std::string& table) const { return rows_.is_masked(table); }
  RowCoverage came(const std::string& table) const { return rows_.came(table); }
  int major() const { return reader_.major(); }
  /// Whom the plan runs as.
  const std::string& role() const { return reader_.role(); }

 private:
  void make_schema(const cluster::ShadowServer& shadow, const std::string& database);
  void read_facts();
  /// Nothing where no pg_dump is new enough for the target.
  std::optional<std::string> dump() const;
  void print(db::Connection& shadow, const Extensions& extensions);
  void load(db::Connection& shadow, const std::string& script);
  void sequences(db::Connection& shadow);
  void journal(db::Connection& shadow);
  void load_some(db::Connection& shadow, const std::vector<std::string>& statements,
                 std::size_t from, std::size_t to);
  bool become_loader(db::Connection& shadow);  // triggers and keys do not act on what it writes
  void refresh(db::Connection& shadow);
  void miss(const std::string& phrase);

  TargetReader reader_;
  RowClone rows_;
  std::string journal_;
  bool has_journal_ = false;
  std::optional<std::vector<std::string>> views_;  // materialized and populated
  std::vector<std::string> missing_, details_;
  Facts facts_;
};

/// Gives a database what CREATE DATABASE and pg_dump leave behind of another: owner, privileges,
/// settings, as queries/database.sql has them. What cannot be given is added to `missing`.
void copy_database_rights(const db::Result& statements, db::Connection& shadow,
                          std::vector<std::string>& missing);

}  // namespace engine::shadow
