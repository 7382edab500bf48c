// A hazard: what it looks like in a trace, whom it hurts, and the safer way.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "preview/clone.h"
#include "preview/picture.h"
#include "preview/trace.h"
#include "runner/event.h"

namespace engine::preview {

/// What rules look at.
struct Scene {
  const std::vector<StatementTrace>& statements;
  const Facts& facts;  // of the target, by quoted name
  const Picture& before;
  const Picture& after;  // the plan

  /// Did it stand before the plan, so that somebody may be using it?
  bool stood(const std::string& relation) const { return before.relation(relation) != nullptr; }
  /// "about 12,000 rows, 3.4 MB"
  std::string size(const std::string& table) const;
  /// So few rows that a scan or a rewrite is over before anybody waits.
  bool is_small(const std::string& table) const;
};

struct Rule;

/// Where a rule puts what it found.
class Findings {
 public:
  explicit Findings(const Scene& scene) : scene_(scene) {}

  void rule_is(const Rule& rule) { rule_ = &rule; }
  /// In a statement.
  void add(const StatementTrace& statement, const std::string& relation, std::string message);
  /// The same, where only a large table makes it worth a decision.
  void add_by_size(const StatementTrace& statement, const std::string& relation,
                   std::string message);
  /// In what the plan leaves.
  void add(const std::string& relation, std::string message);

  std::vector<runner::Finding>& all() { return found_; }

 private:
  const Scene& scene_;
  const Rule* rule_ = nullptr;
  std::vector<runner::Finding> found_;
};

struct Rule {
  const char* id;        // "index.create-blocking"
  const char* severity;  // info, warning, danger
  const char* what;      // it does, and to whom: a sentence
  const char* safer;     // the way around it, as SQL or plan code; a sentence
  void (*find)(const Scene& scene, Findings& findings);
};

std::span<const Rule> lock_rules();    // rules_of_locks.cpp
std::span<const Rule> data_rules();    // rules_of_data.cpp
std::span<const Rule> access_rules();  // rules_of_access.cpp

/// What all rules find.
std::vector<runner::Finding> examine(const Scene& scene);

}  // namespace engine::preview
