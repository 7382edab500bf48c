// A hazard: what it looks like in a trace, whom it hurts, and the safer way.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "event/event.h"
#include "hazard/target/rule_context.h"

namespace engine::hazard {

using event::Evidence;
using event::Severity;

struct Rule;

/// Where a rule puts what it found.
class Findings {
 public:
  explicit Findings(const RuleContext& context) : context_(context) {}

  void rule_is(const Rule& rule) { rule_ = &rule; }
  /// In a statement.
  void add(const trace::StatementTrace& statement, const std::string& relation,
           std::string message);
  /// The same, where only a large table makes it worth a decision.
  void add_by_size(const trace::StatementTrace& statement, const std::string& relation,
                   std::string message);
  /// In what the plan leaves: of the statement that is about it and has that word, if any.
  void add(const std::string& object, std::string message, std::string_view word = {});
  /// The same, of that statement, if any.
  void add_at(const trace::StatementTrace* statement, const std::string& object,
              std::string message);

  std::vector<event::Finding>& all() { return found_; }
  event::Finding& last() { return found_.back(); }

 private:
  void add_bare(const std::string& object, std::string message);

  const RuleContext& context_;
  const Rule* rule_ = nullptr;
  std::vector<event::Finding> found_;
};

struct Rule {
  const char* id;  // "index.create-blocking"
  Severity severity;
  Evidence evidence;
  const char* what;   // it does, and to whom: a sentence
  const char* safer;  // the way around it, as SQL or plan code; a sentence
  void (*find)(const RuleContext& context, Findings& findings);
};

std::span<const Rule> index_rules();
std::span<const Rule> constraint_rules();
std::span<const Rule> column_rules();
std::span<const Rule> table_rules();
std::span<const Rule> row_rules();
std::span<const Rule> type_rules();
std::span<const Rule> code_rules();
std::span<const Rule> name_rules();
std::span<const Rule> publication_rules();
std::span<const Rule> lock_rules();
std::span<const Rule> access_rules();
std::span<const Rule> opening_rules();
std::span<const Rule> loss_rules();
std::span<const Rule> policy_rules();
std::span<const Rule> condition_rules();
std::span<const Rule> policy_function_rules();
std::span<const Rule> outside_rules();
std::span<const Rule> sampling_rules();
std::span<const Rule> data_rules();

struct RuleGroup {
  const char* title;
  std::span<const Rule> rules;
};

/// All of them, in the order in which they are documented: rules_of_*.cpp.
const std::vector<RuleGroup>& rule_groups();
std::vector<std::string> rule_ids();

/// What all rules find.
std::vector<event::Finding> examine(const RuleContext& context);

}  // namespace engine::hazard
