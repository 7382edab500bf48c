#include "backup/dependents.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "backup/alter.h"
#include "backup/closure.h"
#include "backup/ddl.h"
#include "backup/grants.h"
#include "backup/scope.h"
#include "catalog/catalog.h"
#include "catalog/definition.h"
#include "catalog/fingerprint.h"

namespace engine::backup {
namespace {

using catalog::Policy;
using catalog::Relation;

enum class State { same, different, missing };

// A view's row type is part of it: a column more or of another type is another view.
bool same_view(const Relation& want, const Relation& have) {
  return want.kind == have.kind && want.view_definition == have.view_definition &&
         std::equal(
             want.columns.begin(), want.columns.end(), have.columns.begin(), have.columns.end(),
             [](const auto& a, const auto& b) { return a.name == b.name && a.type == b.type; });
}

State of(bool same) { return same ? State::same : State::different; }

State state_of(db::Connection& connection, const Attached& item) {
  switch (item.kind) {
    case AttachedKind::view: {
      const auto have = catalog::describe(connection, item.relation.name);
      return have ? of(same_view(item.relation, *have)) : State::missing;
    }
    case AttachedKind::routine: {
      const auto have = read_routine(connection, item.routine.signature);
      return have ? of(have->definition == item.routine.definition) : State::missing;
    }
    case AttachedKind::policy: {
      const auto table = catalog::describe(connection, item.relation.name);
      const Policy& wanted = item.relation.policies.front();
      const Policy* have = table ? table->policy(wanted.name) : nullptr;
      return have ? of(same(wanted, *have)) : State::missing;
    }
  }
  return State::missing;
}

std::string drop(const Attached& item) {
  switch (item.kind) {
    case AttachedKind::view:
      return fmt::format("DROP {} {}", item.relation.kind_name(), item.relation.name.quoted());
    case AttachedKind::routine:
      return fmt::format("DROP {} {}", item.routine.kind, item.routine.signature);
    case AttachedKind::policy:
      return fmt::format("DROP POLICY {} ON {}",
                         quote_identifier(item.relation.policies.front().name),
                         item.relation.name.quoted());
  }
  return {};
}

void restore_view(db::Connection& connection, const Relation& want, bool missing) {
  if (missing) run_all(connection, catalog::print::create(want));
  const auto have = catalog::describe(connection, want.name);
  if (!have) throw Error{Code::backup, "view {} is not there", want.name.display()};
  run_all(connection, tighten(want, *have));
}

void restore_routine(db::Connection& connection, const Routine& want, bool missing) {
  Statements statements;
  if (missing) statements.push_back(want.definition);
  const std::string object = want.kind + " " + want.signature;
  statements.push_back(fmt::format("ALTER {} OWNER TO {}", object, quote_identifier(want.owner)));
  statements.push_back(fmt::format("COMMENT ON {} IS {}", object, comment_value(want.comment)));
  const auto have = missing ? std::nullopt : read_routine(connection, want.signature);
  if (have && have->owner == want.owner && have->comment == want.comment) return;
  run_all(connection, statements);
}

void restore_policy(db::Connection& connection, const QualifiedName& table, const Policy& policy,
                    bool missing) {
  Statements statements;
  if (missing) statements.push_back(catalog::print::policy(table, policy));
  if (missing && !policy.comment.empty()) {
    statements.push_back(fmt::format("COMMENT ON POLICY {} ON {} IS {}",
                                     quote_identifier(policy.name), table.quoted(),
                                     comment_value(policy.comment)));
  }
  run_all(connection, statements);
}

}  // namespace

void drop_attached(db::Connection& connection, const Manifest& manifest, bool all) {
  constexpr int nowhere = 1000;
  std::vector<State> states;
  int lowest = nowhere;
  for (const auto& item : manifest.attached) {
    states.push_back(state_of(connection, item));
    if (states.back() == State::different) lowest = std::min(lowest, item.depth);
  }
  Statements statements;
  for (std::size_t i = manifest.attached.size(); i-- > 0;) {
    const bool stands_on_another = manifest.attached[i].depth > lowest;
    const bool goes = all || states[i] == State::different || stands_on_another;
    if (goes && states[i] != State::missing) statements.push_back(drop(manifest.attached[i]));
  }
  run_all(connection, statements);
}

void create_attached(db::Connection& connection, const Manifest& manifest) {
  for (const auto& item : manifest.attached) {
    const bool missing = state_of(connection, item) == State::missing;
    switch (item.kind) {
      case AttachedKind::view:
        restore_view(connection, item.relation, missing);
        break;
      case AttachedKind::routine:
        restore_routine(connection, item.routine, missing);
        break;
      case AttachedKind::policy:
        restore_policy(connection, item.relation.name, item.relation.policies.front(), missing);
        break;
    }
  }
}

void grant_attached(db::Connection& connection, const Manifest& manifest) {
  for (const auto& item : manifest.attached) {
    if (item.kind == AttachedKind::view) {
      if (const auto have = catalog::describe(connection, item.relation.name)) {
        run_all(connection, change_grants(item.relation, *have));
      }
    } else if (item.kind == AttachedKind::routine) {
      if (const auto have = read_routine(connection, item.routine.signature)) {
        run_all(connection, change_grants(item.routine, *have));
      }
    }
  }
}

std::vector<std::string> attached_differences(db::Connection& connection,
                                              const Manifest& manifest) {
  std::vector<std::string> sentences;
  for (const auto& item : manifest.attached) {
    if (item.kind == AttachedKind::view) {
      const auto have = catalog::describe(connection, item.relation.name);
      if (!have) {
        sentences.push_back(item.name() + " is missing");
        continue;
      }
      for (const auto& sentence : catalog::differences(item.relation, *have)) {
        sentences.push_back(item.name() + ": " + sentence);
      }
      continue;
    }
    const State state = state_of(connection, item);
    if (state == State::missing) sentences.push_back(item.name() + " is missing");
    if (state == State::different) sentences.push_back(item.name() + " is another one");
  }
  return sentences;
}

}  // namespace engine::backup
