#include "hazard/rules/access_words.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"

namespace engine::hazard {

std::string object_of(const catalog::Relation& relation) {
  return fmt::format("{} {}", relation.kind_name(), relation.name.display());
}

void each_right(const database_state::Access& access, const std::string& object,
                const HeldRight& call) {
  for (auto one = access.lower_bound({object, "", ""});
       one != access.end() && one->first.object == object; ++one)
    call(one->first, one->second);
}

const database_state::Extent& extent_of(const database_state::Access& access,
                                        const database_state::Right& right) {
  static const database_state::Extent none;
  const auto found = access.find(right);
  return found == access.end() ? none : found->second;
}

std::string Held::told(std::string_view may) const {
  constexpr std::size_t roles_at_most = 6;
  std::map<std::vector<std::string>, std::vector<std::string>> roles;
  for (const auto& [role, privileges] : by_role_) roles[privileges].push_back(role);
  std::vector<std::string> parts;
  for (const auto& [privileges, names] : roles)
    parts.push_back(fmt::format("{} {} {}", Alike::listed(names, roles_at_most), may,
                                text::listed(privileges)));
  return text::joined(parts, "; ");
}

void Alike::add(const std::string& words, event::Severity severity, const std::string& quoted,
                const std::string& name, const trace::StatementTrace* statement) {
  Objects& objects = all_[{severity, words, statement}];
  if (objects.names.empty()) objects.first = quoted;
  objects.statement = statement;
  objects.names.push_back(name);
}

std::string Alike::listed(const std::vector<std::string>& names, std::size_t at_most) {
  if (names.size() <= at_most) return text::listed(names);
  const std::vector<std::string> first{names.begin(),
                                       names.begin() + static_cast<std::ptrdiff_t>(at_most) - 1};
  return fmt::format("{} and {} more", text::joined(first, ", "), names.size() - first.size());
}

const trace::StatementTrace* with_word(const RuleContext& context, const std::string& object,
                                       const std::vector<std::string>& words) {
  const std::string name = trace::bare_name(object);
  const trace::StatementTrace* named = nullptr;
  const trace::StatementTrace* of_schema = nullptr;
  for (const trace::StatementTrace& statement : context.statements) {
    if (std::none_of(words.begin(), words.end(),
                     [&](const std::string& word) { return trace::says(statement, word); }))
      continue;
    if (trace::says(statement, name)) named = &statement;
    if (trace::says(statement, "IN SCHEMA") || trace::says(statement, "ON SCHEMA"))
      of_schema = &statement;
  }
  if (named == nullptr) named = of_schema;
  return named == nullptr ? context.about(object, words.front()) : named;
}

}  // namespace engine::hazard
