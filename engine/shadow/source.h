// Where the shadow's contents come from: a fixture, or a target that is only read.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "cluster/fixture.h"
#include "cluster/shadow.h"
#include "database_state/schema_hash.h"
#include "shadow/clone.h"

namespace engine::shadow {

class ShadowSource {
 public:
  virtual ~ShadowSource() = default;
  /// Makes a database of that name: schema and roles, and the rows too where they come with it.
  virtual void make(const cluster::ShadowServer& shadow, const std::string& database) = 0;
  /// Adds the rows of these tables to it; only where has_all_rows() is false.
  virtual void add_rows(const db::Target& shadow, const std::set<std::string>& tables) = 0;
  /// What those refer to by keys that the plan adds; the same.
  virtual void add_parents(const db::Target& shadow, const std::vector<Shape::Key>& keys) = 0;
  virtual bool has_all_rows() const = 0;
  /// Of a copy of that database, connected as superuser, before anything runs there.
  virtual void adopt(db::Connection& shadow) = 0;
  /// The target, to be asked of its rows and activity before release(); nullptr of a fixture.
  virtual TargetReader* reader() = 0;
  /// Nothing is asked of the source's origin any more.
  virtual void release() = 0;
  /// Whom the plan runs as; "" : the shadow's superuser.
  virtual std::string role() const = 0;
  /// Version of PostgreSQL; 0 of a fixture.
  virtual int major() const = 0;
  /// What the target's statistics say; none of a fixture.
  virtual Facts facts() const = 0;
  /// The target's own schema, where there is a target.
  virtual std::optional<database_state::SchemaHashes> schema() = 0;
  /// Of a table with so many rows on the shadow: are those all that there are, and if not, why?
  virtual RowCoverage came(const std::string& table, std::int64_t rows_here) const = 0;
  bool is_whole(const std::string& table, std::int64_t rows_here) const {
    return came(table, rows_here) == RowCoverage::whole;
  }
  /// Has it other values than the target's?
  virtual bool is_masked(const std::string& table) const = 0;
  /// What could not be made: phrases.
  virtual std::vector<std::string> missing() const = 0;
  /// More of it, for those who look closer: clauses.
  virtual std::vector<std::string> details() const = 0;
};

class FixtureSource : public ShadowSource {
 public:
  explicit FixtureSource(cluster::Fixture fixture) : fixture_(std::move(fixture)) {}

  void make(const cluster::ShadowServer& shadow, const std::string& database) override;
  void add_rows(const db::Target&, const std::set<std::string>&) override {}
  void add_parents(const db::Target&, const std::vector<Shape::Key>&) override {}
  bool has_all_rows() const override { return true; }
  void adopt(db::Connection&) override {}
  TargetReader* reader() override { return nullptr; }
  void release() override {}
  std::string role() const override { return fixture_.role(); }
  int major() const override { return 0; }
  Facts facts() const override { return {}; }
  std::optional<database_state::SchemaHashes> schema() override { return std::nullopt; }
  RowCoverage came(const std::string&, std::int64_t) const override { return RowCoverage::whole; }
  bool is_masked(const std::string&) const override { return false; }
  std::vector<std::string> missing() const override { return {}; }
  std::vector<std::string> details() const override { return {}; }

 private:
  cluster::Fixture fixture_;
};

class TargetSource : public ShadowSource {
 public:
  TargetSource(const db::Target& target, const std::string& journal, Bounds bounds, Masks masks)
      : clone_(target, journal, bounds, std::move(masks)) {}

  void make(const cluster::ShadowServer& shadow, const std::string& database) override {
    clone_.schema(shadow, database);
  }
  void add_rows(const db::Target& shadow, const std::set<std::string>& tables) override {
    clone_.rows(shadow, tables);
  }
  void add_parents(const db::Target& shadow, const std::vector<Shape::Key>& keys) override {
    clone_.parents(shadow, keys);
  }
  bool has_all_rows() const override { return false; }
  void adopt(db::Connection& shadow) override { clone_.adopt(shadow); }
  TargetReader* reader() override { return &clone_.reader(); }
  void release() override {
    schema();
    clone_.release();
  }
  std::string role() const override { return clone_.role(); }
  int major() const override { return clone_.major(); }
  Facts facts() const override { return clone_.facts(); }
  std::optional<database_state::SchemaHashes> schema() override {
    if (!schema_) schema_ = clone_.schema_hashes();
    return schema_;
  }
  RowCoverage came(const std::string& table, std::int64_t rows_here) const override;
  bool is_masked(const std::string& table) const override { return clone_.is_masked(table); }
  std::vector<std::string> missing() const override { return clone_.missing(); }
  std::vector<std::string> details() const override { return clone_.details(); }

 private:
  Clone clone_;
  std::optional<database_state::SchemaHashes> schema_;
};

}  // namespace engine::shadow
