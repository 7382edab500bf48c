#include "backup/dependents.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "backup/alter.h"
#include "backup/closure.h"
#include "backup/ddl.h"
#include "backup/grants.h"
#include "backup/session_guards.h"
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

// What of a backup's dependents stands, read at once.
class Standing {
 public:
  Standing(db::Connection& connection, const Manifest& manifest) : connection_(connection) {
    std::vector<QualifiedName> names;
    for (const auto& item : manifest.attached) {
      if (item.kind != AttachedKind::routine) names.push_back(item.relation.name);
    }
    std::sort(names.begin(), names.end());
    names.erase(std::unique(names.begin(), names.end()), names.end());
    relations_ = catalog::describe(connection, names);
  }

  const Relation* relation(const QualifiedName& name) const {
    const auto found = std::find_if(relations_.begin(), relations_.end(),
                                    [&](const Relation& each) { return each.name == name; });
    return found == relations_.end() ? nullptr : &*found;
  }

  State state(const Attached& item) const {
    const auto of = [](bool same) { return same ? State::same : State::different; };
    if (item.kind == AttachedKind::routine) {
      const auto have = read_routine(connection_, item.routine.signature);
      return have ? of(have->definition == item.routine.definition) : State::missing;
    }
    const Relation* have = relation(item.relation.name);
    if (!have) return State::missing;
    if (item.kind == AttachedKind::view) return of(same_view(item.relation, *have));
    const Policy& wanted = item.relation.policies.front();
    const Policy* policy = have->policy(wanted.name);
    return policy ? of(same(wanted, *policy)) : State::missing;
  }

 private:
  db::Connection& connection_;
  std::vector<Relation> relations_;
};

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

void restore_view(db::Connection& connection, const Relation& want, const Relation* have) {
  if (have) {
    run_all(connection, tighten(want, *have));
    run_all(connection, change_grants(want, *have));
    return;
  }
  const auto definition = catalog::define(want);
  run_all(connection, definition.before_rows);
  run_all(connection, definition.after_rows);
}

void restore_routine(db::Connection& connection, const Routine& want) {
  auto have = read_routine(connection, want.signature);
  Statements statements;
  if (!have) statements.push_back(want.definition);
  const std::string object = want.kind + " " + want.signature;
  if (!have || have->owner != want.owner) {
    statements.push_back(fmt::format("ALTER {} OWNER TO {}", object, quote_identifier(want.owner)));
  }
  if ((have ? have->comment : "") != want.comment) {
    statements.push_back(fmt::format("COMMENT ON {} IS {}", object, comment_value(want.comment)));
  }
  run_all(connection, statements);
  if (!have) have = read_routine(connection, want.signature);
  run_all(connection, change_grants(want, *have));
}

void restore_policy(db::Connection& connection, const Relation& want, const Relation* table) {
  const Policy& policy = want.policies.front();
  const Policy* have = table ? table->policy(policy.name) : nullptr;
  Statements statements;
  if (!have) statements.push_back(catalog::print::policy(want.name, policy));
  if ((have ? have->comment : "") != policy.comment) {
    statements.push_back(fmt::format("COMMENT ON POLICY {} ON {} IS {}",
                                     quote_identifier(policy.name), want.name.quoted(),
                                     comment_value(policy.comment)));
  }
  run_all(connection, statements);
}

}  // namespace

void drop_attached(db::Connection& connection, const Manifest& manifest, bool all) {
  constexpr int nowhere = 1000;
  const Standing standing{connection, manifest};
  std::vector<State> states;
  int lowest = nowhere;
  for (const auto& item : manifest.attached) {
    states.push_back(standing.state(item));
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

void restore_attached(db::Connection& connection, const Manifest& manifest) {
  const Standing standing{connection, manifest};
  for (const auto& item : manifest.attached) {
    switch (item.kind) {
      case AttachedKind::view:
        restore_view(connection, item.relation, standing.relation(item.relation.name));
        break;
      case AttachedKind::routine:
        restore_routine(connection, item.routine);
        break;
      case AttachedKind::policy:
        restore_policy(connection, item.relation, standing.relation(item.relation.name));
        break;
    }
  }
}

std::vector<std::string> attached_differences(db::Connection& connection,
                                              const Manifest& manifest) {
  const Standing standing{connection, manifest};
  std::vector<std::string> sentences;
  for (const auto& item : manifest.attached) {
    const State state = standing.state(item);
    if (state == State::missing) {
      sentences.push_back(item.name() + " is missing");
    } else if (item.kind == AttachedKind::view) {
      const Relation* have = standing.relation(item.relation.name);
      for (const auto& sentence : catalog::differences(item.relation, *have)) {
        sentences.push_back(item.name() + ": " + sentence);
      }
    } else if (state == State::different) {
      sentences.push_back(item.name() + " is a different object");
    }
  }
  return sentences;
}

}  // namespace engine::backup
