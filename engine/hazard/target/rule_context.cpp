#include "hazard/target/rule_context.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/names.h"
#include "base/text.h"
#include "trace/words.h"

namespace engine::hazard {
namespace {

constexpr std::int64_t few_rows = 10'000;
constexpr std::int64_t few_bytes = 8 << 20;

/// 10 where it made or dropped that part of it ("policy on table"), 3 where it made the object (or
/// a function of that name), 2 where it altered or dropped it, 1 where it was about a part of it.
int closeness(const trace::Nested& nested, const std::string& object, std::string_view part) {
  if (!part.empty() && nested.object == quote_identifier(std::string{part}) + " on " + object)
    return 10;
  if (nested.object == object || nested.object.starts_with(object + "("))
    return nested.event == "command" && nested.tag.starts_with("CREATE") ? 3 : 2;
  return nested.object.starts_with(object + ".") || nested.object.ends_with(" on " + object) ? 1
                                                                                             : 0;
}

}  // namespace

bool was_there(const database_state::DatabaseState& before, const trace::Lock& lock) {
  const catalog::Relation* table = before.relation(lock.table);
  if (table == nullptr || lock.relation == lock.table) return table != nullptr;
  return std::any_of(
      table->indexes.begin(), table->indexes.end(),
      [&](const catalog::Index& index) { return index.name.quoted() == lock.relation; });
}

const catalog::Relation* RuleContext::origin(const catalog::Relation& now) const {
  return origin_of(before, now);
}

const catalog::Column* RuleContext::origin(const catalog::Relation& was,
                                           const catalog::Relation& now,
                                           const catalog::Column& column) const {
  return origin_of(before, after, was, now, column);
}

std::string RuleContext::size(const std::string& table) const {
  const auto found = facts.find(table);
  if (found == facts.end()) return "of unknown size";
  if (found->second.rows < 0)
    return fmt::format("{}, never analyzed", text::bytes(found->second.bytes));
  return fmt::format("about {} rows, {}", text::grouped(found->second.rows),
                     text::bytes(found->second.bytes));
}

bool RuleContext::is_small(const std::string& table) const {
  const auto found = facts.find(table);
  return found != facts.end() && found->second.rows >= 0 && found->second.rows < few_rows &&
         found->second.bytes < few_bytes;
}

const trace::StatementTrace* RuleContext::about(const std::string& object,
                                                std::string_view word) const {
  const std::string bare = trace::bare_name(object);
  const trace::StatementTrace* found = nullptr;
  int best = 0;
  for (const trace::StatementTrace& statement : statements) {
    int told = 0;
    for (const trace::Nested& nested : statement.nested)
      told = std::max(told, closeness(nested, object, word));
    const bool named = trace::mentions(statement.sql, bare);
    if (told == 0 && !named) continue;
    const int points = told + (named ? 1 : 0) + (trace::mentions(statement.sql, word) ? 4 : 0);
    if (points < best) continue;
    best = points;
    found = &statement;
  }
  return found;
}

const trace::Lock* strongest(const trace::StatementTrace& statement, const RuleContext& context,
                             int at_least) {
  const trace::Lock* found = nullptr;
  const auto weigh = [&](const trace::Lock& lock) {
    if (!context.stood(lock) || trace::strength(lock.mode) < at_least) return;
    if (found == nullptr || trace::strength(lock.mode) > trace::strength(found->mode))
      found = &lock;
  };
  for (const trace::Lock& lock : statement.locks) weigh(lock);
  if (found != nullptr || statement.alone) return found;
  for (const trace::StatementTrace& earlier : context.statements) {
    if (&earlier == &statement) break;
    if (earlier.alone || earlier.transaction != statement.transaction) continue;
    for (const trace::Lock& lock : earlier.locks) {
      if (!lock.transient && trace::mentions(statement.sql, trace::bare_name(lock.table)))
        weigh(lock);
    }
  }
  return found;
}

}  // namespace engine::hazard
