// Hazards of indexes and materialized views: what is built, dropped or filled while others wait.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>

#include "base/text.h"
#include "hazard/rules/rule_words.h"
#include "hazard/target/subject.h"

namespace engine::hazard {
namespace {

using catalog::Index;
using catalog::Relation;

bool has(const trace::StatementTrace& statement, std::string_view event, std::string_view tag,
         std::string_view type) {
  return std::any_of(statement.nested.begin(), statement.nested.end(),
                     [&](const trace::Nested& nested) {
                       return nested.event == event && nested.tag == tag && nested.type == type;
                     });
}

/// Their partitions are told of together.
bool of_partitioned(const RuleContext& context, const trace::StatementTrace& statement) {
  const trace::Lock* lock = strongest(statement, context, trace::share);
  return lock != nullptr && context.before.relation(lock->table)->kind == 'p';
}

void create(const RuleContext& context, Findings& findings) {
  for (const trace::StatementTrace& statement : context.statements) {
    if (!has(statement, "command", "CREATE INDEX", "index") ||
        trace::says(statement, "CONCURRENTLY") || of_partitioned(context, statement))
      continue;
    const std::vector<std::string> built_on = tables_built_on(context, statement);
    for (const std::string& table : std::set<std::string>{built_on.begin(), built_on.end()}) {
      findings.add_by_size(statement, table,
                           fmt::format("Writes to {} ({}) wait while CREATE INDEX builds the index",
                                       table, context.size(table)));
    }
  }
}

void create_partitioned(const RuleContext& context, Findings& findings) {
  for (const trace::StatementTrace& statement : context.statements) {
    if (!has(statement, "command", "CREATE INDEX", "index") || trace::says(statement, "ONLY"))
      continue;
    for (const trace::Lock& lock : statement.locks) {
      const Relation* table = context.before.relation(lock.table);
      if (table == nullptr || table->kind != 'p' || trace::strength(lock.mode) < trace::share)
        continue;
      findings.add(statement, lock.table,
                   fmt::format("Writes to every partition of {} wait until CREATE INDEX has built "
                               "all of their indexes",
                               lock.table));
    }
  }
}

void drop(const RuleContext& context, Findings& findings) {
  for (const trace::StatementTrace& statement : context.statements) {
    if (!has(statement, "dropped", "", "index") || trace::says(statement, "CONCURRENTLY")) continue;
    const trace::Lock* lock = strongest(statement, context, trace::access_exclusive);
    if (lock == nullptr) continue;
    findings.add(statement, lock->table,
                 fmt::format("Reads and writes of {} wait for DROP INDEX, until its step commits",
                             lock->table));
  }
}

void reindex(const RuleContext& context, Findings& findings) {
  for (const trace::StatementTrace& statement : context.statements) {
    if (statement.tag != "REINDEX" || trace::says(statement, "CONCURRENTLY")) continue;
    const trace::Lock* lock = strongest(statement, context, trace::share);
    if (lock == nullptr) continue;
    findings.add_by_size(statement, lock->table,
                         fmt::format("Writes to {} ({}), and reads that use its index, wait while "
                                     "REINDEX rebuilds the index",
                                     lock->table, context.size(lock->table)));
  }
}

void refresh(const RuleContext& context, Findings& findings) {
  for (const trace::StatementTrace& statement : context.statements) {
    if (!statement.tag.starts_with("REFRESH") || trace::says(statement, "CONCURRENTLY")) continue;
    const trace::Lock* lock = strongest(statement, context, trace::access_exclusive);
    if (lock == nullptr) continue;
    findings.add_by_size(
        statement, lock->table,
        fmt::format("Reads of {} wait while REFRESH MATERIALIZED VIEW fills it", lock->table));
  }
}

void refresh_concurrently(const RuleContext& context, Findings& findings) {
  for (const trace::StatementTrace& statement : context.statements) {
    if (!statement.tag.starts_with("REFRESH") || !trace::says(statement, "CONCURRENTLY")) continue;
    const trace::Lock* lock = strongest(statement, context, trace::exclusive);
    if (lock == nullptr) continue;
    findings.add(
        statement, lock->table,
        fmt::format(
            "Reads of {} continue during REFRESH … CONCURRENTLY, and other changes of it wait",
            lock->table));
  }
}

void invalid(const RuleContext& context, Findings& findings) {
  for (const Relation& relation : context.after.relations) {
    for (const Index& index : relation.indexes) {
      if (index.valid) continue;
      findings.add(relation.name.quoted(),
                   fmt::format("The plan leaves index {} INVALID", index.name.display()),
                   index.name.name);
    }
  }
}

/// Indexes that are new in tables that stood.
template <typename Call>
void each_new_index(const RuleContext& context, Call call) {
  each_kept(context, [&](const Relation& was, const Relation& now) {
    for (const Index& index : now.indexes) {
      if (was.index(index.name.name) == nullptr) call(now, index);
    }
  });
}

void duplicate(const RuleContext& context, Findings& findings) {
  for (const Relation& relation : context.after.relations) {
    const Relation* was = context.before.relation(relation.name.quoted());
    for (const Index& index : relation.indexes) {
      if (was != nullptr && was->index(index.name.name) != nullptr) continue;
      for (const Index& other : relation.indexes) {
        if (&other == &index || other.columns != index.columns ||
            other.predicate != index.predicate || other.method != index.method ||
            other.included != index.included || (index.unique && !other.unique))
          continue;
        findings.add(relation.name.quoted(),
                     fmt::format("Index {} has the same columns as index {}", index.name.display(),
                                 other.name.display()),
                     index.name.name);
        break;
      }
    }
  }
}

void many_columns(const RuleContext& context, Findings& findings) {
  constexpr std::size_t most = 3;
  each_new_index(context, [&](const Relation& relation, const Index& index) {
    if (index.unique || index.columns.size() <= most) return;
    findings.add(relation.name.quoted(),
                 fmt::format("Index {} has {} columns", index.name.display(), index.columns.size()),
                 index.name.name);
  });
}

/// Indexes that are gone while their table is not, with the statement that dropped them.
template <typename Call>
void each_gone_index(const RuleContext& context, Call call) {
  each_kept(context, [&](const Relation& was, const Relation& now) {
    for (const Index& index : was.indexes) {
      if (now.index(index.name.name) == nullptr && index.constraint.empty()) call(now, index);
    }
  });
}

void drop_used(const RuleContext& context, Findings& findings) {
  each_gone_index(context, [&](const Relation& now, const Index& index) {
    const auto scans = context.production.index_scans.find(index.name.quoted());
    if (scans == context.production.index_scans.end() || scans->second == 0) return;
    const bool replaced =
        std::any_of(now.indexes.begin(), now.indexes.end(), [&](const Index& other) {
          return !other.columns.empty() && other.columns.front() == index.columns.front();
        });
    if (replaced) return;
    findings.add(now.name.quoted(),
                 fmt::format("The plan drops index {}, which served {} on the target since "
                             "statistics began, and no other index begins with its first column",
                             index.name.display(), text::counted(scans->second, "scan")),
                 index.name.name);
  });
}

void replaced_late(const RuleContext& context, Findings& findings) {
  each_gone_index(context, [&](const Relation& now, const Index& index) {
    bool dropped = false;
    for (const trace::StatementTrace& statement : context.statements) {
      for (const trace::Nested& nested : statement.nested) {
        if (nested.event == "dropped" && nested.object == index.name.quoted()) dropped = true;
        if (!dropped || nested.tag != "CREATE INDEX") continue;
        const bool serves =
            std::any_of(now.indexes.begin(), now.indexes.end(), [&](const Index& other) {
              return other.name.quoted() == nested.object &&
                     other.columns.front() == index.columns.front();
            });
        if (!serves) continue;
        findings.add(statement, now.name.quoted(),
                     fmt::format("The plan drops index {} before it builds {}, which replaces it",
                                 index.name.display(), nested.object));
        return;
      }
    }
  });
}

// Fixed in 14.4: rows changed while the index was built could be missing from it.
void corrupt(const RuleContext& context, Findings& findings) {
  const int version = context.production.version;
  if (version < 140000 || version >= 140004) return;
  for (const trace::StatementTrace& statement : context.statements) {
    if (!trace::says(statement, "CONCURRENTLY") ||
        (statement.tag != "CREATE INDEX" && statement.tag != "REINDEX"))
      continue;
    findings.add(statement, "",
                 fmt::format("The target is PostgreSQL 14.{}, where CONCURRENTLY can leave rows "
                             "out of the index without an error",
                             version % 10000));
  }
}

constexpr std::array rules{
    Rule{"index.create-blocking", Severity::danger, Evidence::proved,
         "CREATE INDEX holds SHARE on the table until its step commits: reads continue, writes "
         "wait.",
         "Use CREATE INDEX CONCURRENTLY in a step with transaction = \"none\".", create},
    Rule{"index.create-partitioned", Severity::danger, Evidence::proved,
         "CREATE INDEX on a partitioned table holds SHARE on every partition until its step "
         "commits, and cannot run CONCURRENTLY.",
         "Use CREATE INDEX ON ONLY the partitioned table, CREATE INDEX CONCURRENTLY on each "
         "partition, then ALTER INDEX … ATTACH PARTITION for each.",
         create_partitioned},
    Rule{"index.drop-blocking", Severity::warning, Evidence::proved,
         "DROP INDEX takes ACCESS EXCLUSIVE on the table: it waits for the queries that run there, "
         "and every later query waits behind it.",
         "Use DROP INDEX CONCURRENTLY in a step with transaction = \"none\".", drop},
    Rule{"index.reindex-blocking", Severity::danger, Evidence::proved,
         "REINDEX holds SHARE on the table and ACCESS EXCLUSIVE on the index until it ends.",
         "Use REINDEX … CONCURRENTLY in a step with transaction = \"none\".", reindex},
    Rule{"index.left-invalid", Severity::danger, Evidence::proved,
         "An INVALID index slows every write and serves no query.",
         "Use DROP INDEX CONCURRENTLY, then build the index again.", invalid},
    Rule{"index.concurrently-corrupt", Severity::danger, Evidence::assumed,
         "Before 14.4, CREATE INDEX CONCURRENTLY and REINDEX CONCURRENTLY can miss rows, which "
         "queries by that index then do not find.",
         "Update the server to PostgreSQL 14.4 or later first.", corrupt},
    Rule{"index.duplicate", Severity::warning, Evidence::proved,
         "Every write maintains both of two indexes with the same columns, and no query needs the "
         "second.",
         "Do not create it, or drop the other index with DROP INDEX CONCURRENTLY.", duplicate},
    Rule{"index.many-columns", Severity::info, Evidence::proved,
         "Every column of an index adds cost to each write, and columns after the third seldom "
         "narrow a search.",
         "Use CREATE INDEX CONCURRENTLY on the most selective columns, with the rest in INCLUDE.",
         many_columns},
    Rule{"index.drop-used", Severity::warning, Evidence::estimated,
         "Queries that used a dropped index scan the whole table instead.",
         "Keep the index, or build its replacement with CREATE INDEX CONCURRENTLY first.",
         drop_used},
    Rule{"index.replaced-late", Severity::warning, Evidence::proved,
         "Queries that used the old index scan the whole table until the new one is built.",
         "Build the new index under another name with CREATE INDEX CONCURRENTLY, then drop the old "
         "one.",
         replaced_late},
    Rule{"matview.refresh-blocking", Severity::warning, Evidence::proved,
         "REFRESH MATERIALIZED VIEW holds ACCESS EXCLUSIVE on the view until its step commits: "
         "every query of it waits.",
         "Use REFRESH MATERIALIZED VIEW CONCURRENTLY, which needs a unique index on the view.",
         refresh},
    Rule{"matview.refresh-concurrently", Severity::info, Evidence::proved,
         "REFRESH MATERIALIZED VIEW CONCURRENTLY holds EXCLUSIVE on the view: reads continue, "
         "while other refreshes and DDL wait.",
         "Refresh the view outside the plan: task \"Refresh\" { run = sql [[ … ]] }.",
         refresh_concurrently},
};

}  // namespace

std::span<const Rule> index_rules() { return rules; }

}  // namespace engine::hazard
