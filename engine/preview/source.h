// Where the shadow's contents come from: a fixture, or a target that is only read.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "cluster/fixture.h"
#include "cluster/shadow.h"
#include "preview/clone.h"

namespace engine::preview {

class Source {
 public:
  virtual ~Source() = default;
  /// Makes a database of that name: schema and roles, and the rows too where they come with it.
  virtual void make(const cluster::Shadow& shadow, const std::string& database) = 0;
  /// Adds the rows of these tables; only where has_all_rows() is false.
  virtual void add_rows(const db::Target& shadow, const std::set<std::string>& tables) = 0;
  virtual bool has_all_rows() const = 0;
  /// Whom the plan runs as; "" : the shadow's superuser.
  virtual std::string role() const = 0;
  /// What the target's statistics say; none of a fixture.
  virtual Facts facts() const = 0;
  /// What could not be made: phrases.
  virtual std::vector<std::string> missing() const = 0;
};

class FixtureSource : public Source {
 public:
  explicit FixtureSource(cluster::Fixture fixture) : fixture_(std::move(fixture)) {}

  void make(const cluster::Shadow& shadow, const std::string& database) override;
  void add_rows(const db::Target&, const std::set<std::string>&) override {}
  bool has_all_rows() const override { return true; }
  std::string role() const override { return fixture_.role(); }
  Facts facts() const override { return {}; }
  std::vector<std::string> missing() const override { return {}; }

 private:
  cluster::Fixture fixture_;
};

class TargetSource : public Source {
 public:
  /// `rows`: at most so many of each table that the plan touches, and those that they refer to.
  TargetSource(const db::Target& target, const std::string& journal, std::int64_t rows)
      : clone_(target, journal), rows_(rows) {}

  void make(const cluster::Shadow& shadow, const std::string& database) override {
    clone_.schema(shadow, database);
  }
  void add_rows(const db::Target& shadow, const std::set<std::string>& tables) override {
    clone_.rows(shadow, tables, rows_);
  }
  bool has_all_rows() const override { return false; }
  std::string role() const override { return clone_.role(); }
  Facts facts() const override { return clone_.facts(); }
  std::vector<std::string> missing() const override { return clone_.missing(); }

  int major() const { return clone_.major(); }

 private:
  Clone clone_;
  std::int64_t rows_;
};

}  // namespace engine::preview
