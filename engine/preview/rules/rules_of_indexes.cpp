// Hazards of indexes and materialized views: what is built, dropped or filled while others wait.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>

#include "base/text.h"
#include "preview/rules/rule_words.h"
#include "preview/target/subject.h"

namespace engine::preview {
namespace {

using catalog::Index;
using catalog::Relation;

bool has(const StatementTrace& statement, std::string_view event, std::string_view tag,
         std::string_view type) {
  return std::any_of(statement.nested.begin(), statement.nested.end(), [&](const Nested& nested) {
    return nested.event == event && nested.tag == tag && nested.type == type;
  });
}

/// Their partitions are told of together.
bool of_partitioned(const Scene& scene, const StatementTrace& statement) {
  const Lock* lock = strongest(statement, scene, share);
  return lock != nullptr && scene.before.relation(lock->table)->kind == 'p';
}

void create(const Scene& scene, Findings& findings) {
  for (const StatementTrace& statement : scene.statements) {
    if (!has(statement, "command", "CREATE INDEX", "index") || says(statement, "CONCURRENTLY") ||
        of_partitioned(scene, statement))
      continue;
    const std::vector<std::string> built_on = tables_built_on(scene, statement);
    for (const std::string& table : std::set<std::string>{built_on.begin(), built_on.end()}) {
      findings.add_by_size(
          statement, table,
          fmt::format("Writes to {} ({}) wait while the index is built", table, scene.size(table)));
    }
  }
}

void create_partitioned(const Scene& scene, Findings& findings) {
  for (const StatementTrace& statement : scene.statements) {
    if (!has(statement, "command", "CREATE INDEX", "index") || says(statement, "ONLY")) continue;
    for (const Lock& lock : statement.locks) {
      const Relation* table = scene.before.relation(lock.table);
      if (table == nullptr || table->kind != 'p' || strength(lock.mode) < share) continue;
      findings.add(statement, lock.table,
                   fmt::format("Writes to every partition of {} wait until all of their indexes "
                               "are built",
                               lock.table));
    }
  }
}

void drop(const Scene& scene, Findings& findings) {
  for (const StatementTrace& statement : scene.statements) {
    if (!has(statement, "dropped", "", "index") || says(statement, "CONCURRENTLY")) continue;
    const Lock* lock = strongest(statement, scene, access_exclusive);
    if (lock == nullptr) continue;
    findings.add(statement, lock->table,
                 fmt::format("Every query of {} waits for this drop", lock->table));
  }
}

void reindex(const Scene& scene, Findings& findings) {
  for (const StatementTrace& statement : scene.statements) {
    if (statement.tag != "REINDEX" || says(statement, "CONCURRENTLY")) continue;
    const Lock* lock = strongest(statement, scene, share);
    if (lock == nullptr) continue;
    findings.add_by_size(
        statement, lock->table,
        fmt::format("Writes to {} ({}), and reads by its index, wait while it is built again",
                    lock->table, scene.size(lock->table)));
  }
}

void refresh(const Scene& scene, Findings& findings) {
  for (const StatementTrace& statement : scene.statements) {
    if (!statement.tag.starts_with("REFRESH") || says(statement, "CONCURRENTLY")) continue;
    const Lock* lock = strongest(statement, scene, access_exclusive);
    if (lock == nullptr) continue;
    findings.add_by_size(statement, lock->table,
                         fmt::format("Nobody can read {} while it is filled", lock->table));
  }
}

void refresh_concurrently(const Scene& scene, Findings& findings) {
  for (const StatementTrace& statement : scene.statements) {
    if (!statement.tag.starts_with("REFRESH") || !says(statement, "CONCURRENTLY")) continue;
    const Lock* lock = strongest(statement, scene, exclusive);
    if (lock == nullptr) continue;
    findings.add(statement, lock->table,
                 fmt::format("{} can be read while it is refreshed, and not changed otherwise",
                             lock->table));
  }
}

void invalid(const Scene& scene, Findings& findings) {
  for (const Relation& relation : scene.after.relations) {
    for (const Index& index : relation.indexes) {
      if (index.valid) continue;
      findings.add(relation.name.quoted(),
                   fmt::format("Index {} is left INVALID", index.name.display()), index.name.name);
    }
  }
}

/// Indexes that are new in tables that stood.
template <typename Call>
void each_new_index(const Scene& scene, Call call) {
  each_kept(scene, [&](const Relation& was, const Relation& now) {
    for (const Index& index : now.indexes) {
      if (was.index(index.name.name) == nullptr) call(now, index);
    }
  });
}

void duplicate(const Scene& scene, Findings& findings) {
  for (const Relation& relation : scene.after.relations) {
    const Relation* was = scene.before.relation(relation.name.quoted());
    for (const Index& index : relation.indexes) {
      if (was != nullptr && was->index(index.name.name) != nullptr) continue;
      for (const Index& other : relation.indexes) {
        if (&other == &index || other.columns != index.columns ||
            other.predicate != index.predicate || other.method != index.method ||
            other.included != index.included || (index.unique && !other.unique))
          continue;
        findings.add(relation.name.quoted(),
                     fmt::format("Index {} has the columns of {}, which is there already",
                                 index.name.display(), other.name.display()),
                     index.name.name);
        break;
      }
    }
  }
}

void many_columns(const Scene& scene, Findings& findings) {
  constexpr std::size_t most = 3;
  each_new_index(scene, [&](const Relation& relation, const Index& index) {
    if (index.unique || index.columns.size() <= most) return;
    findings.add(relation.name.quoted(),
                 fmt::format("Index {} has {} columns", index.name.display(), index.columns.size()),
                 index.name.name);
  });
}

/// Indexes that are gone while their table is not, with the statement that dropped them.
template <typename Call>
void each_gone_index(const Scene& scene, Call call) {
  each_kept(scene, [&](const Relation& was, const Relation& now) {
    for (const Index& index : was.indexes) {
      if (now.index(index.name.name) == nullptr && index.constraint.empty()) call(now, index);
    }
  });
}

void drop_used(const Scene& scene, Findings& findings) {
  each_gone_index(scene, [&](const Relation& now, const Index& index) {
    const auto scans = scene.production.index_scans.find(index.name.quoted());
    if (scans == scene.production.index_scans.end() || scans->second == 0) return;
    const bool replaced =
        std::any_of(now.indexes.begin(), now.indexes.end(), [&](const Index& other) {
          return !other.columns.empty() && other.columns.front() == index.columns.front();
        });
    if (replaced) return;
    findings.add(
        now.name.quoted(),
        fmt::format("Index {} was used by {} on the target since its statistics began, and "
                    "no other one begins with its column",
                    index.name.display(), text::counted(scans->second, "scan")),
        index.name.name);
  });
}

void replaced_late(const Scene& scene, Findings& findings) {
  each_gone_index(scene, [&](const Relation& now, const Index& index) {
    bool dropped = false;
    for (const StatementTrace& statement : scene.statements) {
      for (const Nested& nested : statement.nested) {
        if (nested.event == "dropped" && nested.object == index.name.quoted()) dropped = true;
        if (!dropped || nested.tag != "CREATE INDEX") continue;
        const bool serves =
            std::any_of(now.indexes.begin(), now.indexes.end(), [&](const Index& other) {
              return other.name.quoted() == nested.object &&
                     other.columns.front() == index.columns.front();
            });
        if (!serves) continue;
        findings.add(statement, now.name.quoted(),
                     fmt::format("{} was dropped before {}, which takes its place, is built",
                                 index.name.display(), nested.object));
        return;
      }
    }
  });
}

// Fixed in 14.4: rows changed while the index was built could be missing from it.
void corrupt(const Scene& scene, Findings& findings) {
  const int version = scene.production.version;
  if (version < 140000 || version >= 140004) return;
  for (const StatementTrace& statement : scene.statements) {
    if (!says(statement, "CONCURRENTLY") ||
        (statement.tag != "CREATE INDEX" && statement.tag != "REINDEX"))
      continue;
    findings.add(
        statement, "",
        fmt::format("The target is PostgreSQL 14.{}, whose CONCURRENTLY can leave rows out "
                    "of an index without a word",
                    version % 10000));
  }
}

constexpr std::array rules{
    Rule{"index.create-blocking", "danger", "proved",
         "CREATE INDEX holds a SHARE lock until its step commits: reads go on, every write waits.",
         "CREATE INDEX CONCURRENTLY in a step with transaction = \"none\".", create},
    Rule{"index.create-partitioned", "danger", "proved",
         "A partitioned table has no CREATE INDEX CONCURRENTLY.",
         "CREATE INDEX ON ONLY the partitioned table; CREATE INDEX CONCURRENTLY on each partition; "
         "ALTER INDEX … ATTACH PARTITION each.",
         create_partitioned},
    Rule{"index.drop-blocking", "warning", "proved",
         "DROP INDEX takes ACCESS EXCLUSIVE on the table, and waits behind its longest query with "
         "everybody else behind it.",
         "DROP INDEX CONCURRENTLY in a step with transaction = \"none\".", drop},
    Rule{"index.reindex-blocking", "danger", "proved",
         "REINDEX keeps writers out for all of its time.",
         "REINDEX … CONCURRENTLY in a step with transaction = \"none\".", reindex},
    Rule{"index.left-invalid", "danger", "proved", "It costs every write and serves no query.",
         "DROP INDEX CONCURRENTLY, then build it again.", invalid},
    Rule{"index.concurrently-corrupt", "danger", "assumed",
         "Queries by that index then miss rows that are there.",
         "Update the server to 14.4 or later first.", corrupt},
    Rule{"index.duplicate", "warning", "proved",
         "Each write maintains both, and no query needs the second.",
         "Leave it out, or drop the other one CONCURRENTLY.", duplicate},
    Rule{"index.many-columns", "info", "proved",
         "A wide index costs each write, and columns after the third seldom narrow a search.",
         "CREATE INDEX CONCURRENTLY on the columns that narrow most, the rest in INCLUDE.",
         many_columns},
    Rule{"index.drop-used", "warning", "estimated",
         "Queries that it served scan the whole table afterwards.",
         "Keep it, or CREATE INDEX CONCURRENTLY one that serves them before.", drop_used},
    Rule{"index.replaced-late", "warning", "proved",
         "Queries that use the index scan the whole table between the two.",
         "CREATE INDEX CONCURRENTLY the new one under another name; then drop the old one.",
         replaced_late},
    Rule{"matview.refresh-blocking", "warning", "proved",
         "REFRESH takes ACCESS EXCLUSIVE for all of its time.",
         "REFRESH MATERIALIZED VIEW CONCURRENTLY, which wants a unique index on the view.",
         refresh},
    Rule{"matview.refresh-concurrently", "info", "proved",
         "Another refresh waits for all of this one, and so does DDL on the view.",
         "Refresh outside the plan: task \"Refresh\" { run = sql [[ … ]] }.", refresh_concurrently},
};

}  // namespace

std::span<const Rule> index_rules() { return rules; }

}  // namespace engine::preview
