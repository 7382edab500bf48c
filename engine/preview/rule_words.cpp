#include "preview/rule_words.h"

#include <algorithm>
#include <array>
#include <cctype>

namespace engine::preview {
namespace {

using catalog::Relation;

bool is_word(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; }

char lower(char c) { return static_cast<char>(std::tolower(static_cast<unsigned char>(c))); }

}  // namespace

const Lock* strongest(const StatementTrace& statement, const Scene& scene, int at_least) {
  const Lock* found = nullptr;
  const auto weigh = [&](const Lock& lock) {
    if (!scene.stood(lock) || strength(lock.mode) < at_least) return;
    if (found == nullptr || strength(lock.mode) > strength(found->mode)) found = &lock;
  };
  for (const Lock& lock : statement.locks) weigh(lock);
  if (found != nullptr || statement.alone) return found;
  for (const StatementTrace& earlier : scene.statements) {
    if (&earlier == &statement) break;
    if (earlier.alone || earlier.transaction != statement.transaction) continue;
    for (const Lock& lock : earlier.locks) {
      if (!lock.transient && mentions(statement.sql, bare_name(lock.table))) weigh(lock);
    }
  }
  return found;
}

std::string bare_name(const std::string& qualified) {
  return qualified.substr(qualified.rfind('.') + 1);
}

bool mentions(std::string_view text, std::string_view word) {
  if (word.empty()) return false;
  const auto same = [](char a, char b) { return lower(a) == lower(b); };
  for (auto at = text.begin();; ++at) {
    at = std::search(at, text.end(), word.begin(), word.end(), same);
    if (at == text.end()) return false;
    const auto end = at + static_cast<std::ptrdiff_t>(word.size());
    if ((at == text.begin() || !is_word(*(at - 1)) || !is_word(word.front())) &&
        (end == text.end() || !is_word(*end) || !is_word(word.back())))
      return true;
  }
}

bool rewrote(const StatementTrace& statement) {
  return std::any_of(statement.nested.begin(), statement.nested.end(),
                     [](const Nested& nested) { return nested.event == "rewrite"; });
}

void each_kept(const Scene& scene, const Changed& call) {
  for (const Relation& now : scene.after.relations) {
    const Relation* was = scene.before.relation(now.name.quoted());
    if (was != nullptr) call(*was, now);
  }
}

void each_new_table(const Scene& scene, const std::function<void(const Relation&)>& call) {
  for (const Relation& now : scene.after.relations) {
    if (is_table(now) && !scene.stood(now.name.quoted())) call(now);
  }
}

void each_new_column(const Scene& scene,
                     const std::function<void(const Relation&, const catalog::Column&)>& call) {
  for (const Relation& now : scene.after.relations) {
    if (!is_table(now)) continue;
    const Relation* was = scene.before.relation(now.name.quoted());
    for (const catalog::Column& column : now.columns) {
      if (was == nullptr || was->column(column.name) == nullptr) call(now, column);
    }
  }
}

void each_new_constraint(
    const Scene& scene,
    const std::function<void(const Relation&, const catalog::Constraint&)>& call) {
  for (const Relation& now : scene.after.relations) {
    const Relation* was = scene.before.relation(now.name.quoted());
    for (const catalog::Constraint& constraint : now.constraints) {
      if (was == nullptr || was->constraint(constraint.name) == nullptr) call(now, constraint);
    }
  }
}

bool is_public(const std::string& role) {
  constexpr std::array<std::string_view, 3> names{"PUBLIC", "anon", "authenticated"};
  return std::find(names.begin(), names.end(), role) != names.end();
}

std::vector<std::string> open_to(const Relation& relation) {
  std::vector<std::string> roles;
  for (const catalog::Grant& grant : relation.grants) {
    if (is_public(grant.grantee) &&
        std::find(roles.begin(), roles.end(), grant.grantee) == roles.end())
      roles.push_back(grant.grantee);
  }
  return roles;
}

bool is_table(const Relation& relation) { return relation.kind == 'r' || relation.kind == 'p'; }

bool is_function(const std::string& object) {
  return object.starts_with("function ") || object.starts_with("procedure ");
}

}  // namespace engine::preview
