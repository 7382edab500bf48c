// Hazards of tables: what goes, what goes along, what is found under another name, and partitions.
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/text.h"
#include "hazard/rules/rule_words.h"
#include "hazard/target/subject.h"

namespace engine::hazard {
namespace {

using catalog::Relation;

/// Of something that the statement drops or takes along itself: a column's default, a trigger.
bool is_part(const trace::Nested& nested, const trace::StatementTrace& statement) {
  return std::any_of(statement.nested.begin(), statement.nested.end(),
                     [&](const trace::Nested& other) {
                       return other.event != "command" && &other != &nested &&
                              (nested.object.ends_with(" on " + other.object) ||
                               nested.object == "for " + other.object ||
                               nested.object.starts_with("for " + other.object + "."));
                     });
}

/// What only functions and blocks leave open: they may say it where nobody reads it.
bool may_cascade(const trace::StatementTrace& statement) {
  return trace::says(statement, "CASCADE") ||
         !(statement.tag.starts_with("DROP") || statement.tag.starts_with("ALTER"));
}

void cascade(const RuleContext& context, Findings& findings) {
  for (const trace::StatementTrace& statement : context.statements) {
    if (!may_cascade(statement)) continue;
    std::vector<std::string> taken;
    for (const trace::Nested& nested : statement.nested) {
      // A view consists of its rule.
      if (nested.event == "taken" && nested.cascade && nested.type != "rule" &&
          !is_part(nested, statement))
        taken.push_back(nested.type + " " + nested.object);
    }
    if (taken.empty()) continue;
    findings.add(statement, taken.front(),
                 fmt::format("CASCADE also drops {}", text::joined(taken, ", ")));
  }
}

template <typename Call>
void each_dropped_table(const RuleContext& context, Call call) {
  for (const trace::StatementTrace& statement : context.statements) {
    for (const trace::Nested& nested : statement.nested) {
      if (nested.event == "dropped" && nested.type == "table" && context.stood(nested.object))
        call(statement, *context.before.relation(nested.object));
    }
  }
}

void drop_table(const RuleContext& context, Findings& findings) {
  each_dropped_table(context, [&](const trace::StatementTrace& statement, const Relation& table) {
    const std::string name = table.name.quoted();
    const auto rows = context.before.counts.find(name);
    if (rows != context.before.counts.end() && rows->second == 0) return;
    findings.add(
        statement, name,
        fmt::format("The plan drops table {} ({}) and its rows", name, context.size(name)));
  });
}

void drop_schema(const RuleContext& context, Findings& findings) {
  for (const trace::StatementTrace& statement : context.statements) {
    for (const trace::Nested& nested : statement.nested) {
      if (nested.event != "dropped" || nested.type != "schema" ||
          !context.before.objects.contains("schema " + nested.object))
        continue;
      findings.add(statement, nested.object,
                   fmt::format("The plan drops schema {}", nested.object));
    }
  }
}

/// Of TRUNCATE: its sequences (RESTART IDENTITY) and indexes have no rows.
bool empties(const RuleContext& context, const trace::Lock& lock) {
  return (lock.kind == 'r' || lock.kind == 'p') &&
         trace::strength(lock.mode) == trace::access_exclusive && context.stood(lock.table);
}

void truncate(const RuleContext& context, Findings& findings) {
  for (const trace::StatementTrace& statement : context.statements) {
    if (!statement.tag.starts_with("TRUNCATE")) continue;
    for (const trace::Lock& lock : statement.locks) {
      if (!empties(context, lock)) continue;
      findings.add(statement, lock.table,
                   fmt::format("TRUNCATE deletes all rows of {} ({}), and neither row security nor "
                               "row triggers apply",
                               lock.table, context.size(lock.table)));
    }
  }
}

void truncate_cascade(const RuleContext& context, Findings& findings) {
  for (const trace::StatementTrace& statement : context.statements) {
    if (!statement.tag.starts_with("TRUNCATE") || !trace::says(statement, "CASCADE")) continue;
    std::vector<std::string> taken;
    for (const trace::Lock& lock : statement.locks) {
      if (!empties(context, lock) || trace::says(statement, trace::bare_name(lock.table))) continue;
      taken.push_back(lock.table);
    }
    if (taken.empty()) continue;
    findings.add(statement, taken.front(),
                 fmt::format("TRUNCATE … CASCADE also empties {}", text::listed(taken)));
  }
}

/// VACUUM FULL is alone and may be over before anybody saw its locks.
void on_purpose(const RuleContext& context, Findings& findings) {
  for (const trace::StatementTrace& statement : context.statements) {
    const bool full = statement.tag == "VACUUM" && trace::says(statement, "FULL");
    if (!full && statement.tag != "CLUSTER") continue;
    for (const Relation& table : context.before.relations) {
      const std::string name = table.name.quoted();
      if ((!database_state::is_table(table) && table.kind != 'm') ||
          !trace::says(statement, table.name.name))
        continue;
      findings.add_by_size(
          statement, name,
          fmt::format("Reads and writes of {} ({}) wait while the whole table is rewritten", name,
                      context.size(name)));
    }
  }
}

void unlogged(const RuleContext& context, Findings& findings) {
  each_kept(context, [&](const Relation& was, const Relation& now) {
    if (!database_state::is_table(now) || was.persistence != 'p' || now.persistence != 'u') return;
    findings.add(now.name.quoted(), fmt::format("The plan makes {} UNLOGGED", now.name.display()),
                 "UNLOGGED");
  });
}

bool is_of(const Relation& partition, const std::string& parent) {
  return std::any_of(partition.parents.begin(), partition.parents.end(),
                     [&](const QualifiedName& name) { return name.quoted() == parent; });
}

/// The partition for rows that no other one takes; nullptr where there is none.
const Relation* default_of(const RuleContext& context, const std::string& parent) {
  const Relation* table = context.before.relation(parent);
  if (table == nullptr) return nullptr;
  for (const QualifiedName& child : table->children) {
    const Relation* partition = context.before.relation(child.quoted());
    if (partition != nullptr && partition->partition_bound == "DEFAULT") return partition;
  }
  return nullptr;
}

void attach(const RuleContext& context, Findings& findings) {
  for (const trace::StatementTrace& statement : context.statements) {
    if (!trace::says(statement, "ATTACH PARTITION")) continue;
    for (const std::string& table : tables_verified(context, statement)) {
      const Relation* partition = context.before.relation(table);
      const bool rest = partition != nullptr && partition->partition_bound == "DEFAULT";
      findings.add_by_size(
          statement, table,
          fmt::format("Reads and writes of {} ({}) wait while ATTACH PARTITION scans every row to "
                      "prove that {}",
                      table, context.size(table),
                      rest ? "none belongs to the new partition" : "it fits the bound"));
      if (rest) {
        findings.last().safer =
            "On the default partition, ADD CONSTRAINT … CHECK (NOT (the new partition's bound)) "
            "NOT VALID, VALIDATE CONSTRAINT, then ATTACH PARTITION, which skips the scan.";
      }
    }
  }
}

constexpr const char* no_concurrent_detach =
    "PostgreSQL refuses DETACH … CONCURRENTLY while there is a default partition. Use a step of "
    "its own at a quiet time, with the engine's lock_timeout of 3 s: the statement gives up, and "
    "the engine tries again.";

void detach(const RuleContext& context, Findings& findings) {
  for (const trace::StatementTrace& statement : context.statements) {
    if (!trace::says(statement, "DETACH PARTITION") || trace::says(statement, "CONCURRENTLY"))
      continue;
    for (const trace::Lock& lock : statement.locks) {
      if (lock.kind != 'p' || trace::strength(lock.mode) < trace::access_exclusive ||
          !context.stood(lock))
        continue;
      findings.add(statement, lock.table,
                   fmt::format("Reads and writes of {}, in all partitions, wait until the step "
                               "that detaches the partition commits",
                               lock.table));
      if (default_of(context, lock.table) != nullptr) findings.last().safer = no_concurrent_detach;
      break;
    }
  }
}

void created_in_place(const RuleContext& context, Findings& findings) {
  each_new_table(context, [&](const Relation& table) {
    for (const trace::StatementTrace& statement : context.statements) {
      if (!trace::says(statement, "PARTITION OF")) continue;
      for (const trace::Lock& lock : statement.locks) {
        if (!is_of(table, lock.relation) || trace::strength(lock.mode) < trace::access_exclusive ||
            !context.stood(lock.relation) || !trace::says(statement, table.name.name))
          continue;
        findings.add(
            statement, lock.relation,
            fmt::format(
                "Reads and writes of {} wait until the step that creates partition {} commits",
                lock.relation, table.name.display()));
        const Relation* rest = default_of(context, lock.relation);
        if (rest == nullptr) continue;
        findings.last().message += fmt::format(
            " The default partition {} ({}) is scanned meanwhile, unless its constraints prove "
            "that none of its rows belong to the new partition.",
            rest->name.display(), context.size(rest->name.quoted()));
        findings.last().safer = fmt::format(
            "On {}, ADD CONSTRAINT … CHECK (NOT (the new partition's bound)) NOT VALID and "
            "VALIDATE CONSTRAINT; CREATE TABLE … (LIKE … INCLUDING ALL); then ATTACH PARTITION, "
            "which takes ACCESS EXCLUSIVE only on the default partition, and skips its scan.",
            rest->name.display());
      }
    }
  });
}

void partition_dropped(const RuleContext& context, Findings& findings) {
  each_dropped_table(context, [&](const trace::StatementTrace& statement, const Relation& table) {
    if (table.partition_bound.empty()) return;
    for (const trace::Lock& lock : statement.locks) {
      if (!is_of(table, lock.relation) || trace::strength(lock.mode) < trace::access_exclusive)
        continue;
      findings.add(
          statement, lock.relation,
          fmt::format("Reads and writes of {} wait until the step that drops partition {} commits",
                      lock.relation, table.name.display()));
      if (default_of(context, lock.relation) != nullptr)
        findings.last().safer = no_concurrent_detach;
    }
  });
}

void no_primary_key(const RuleContext& context, Findings& findings) {
  each_new_table(context, [&](const Relation& table) {
    if (!table.parents.empty() || table.primary_key() != nullptr) return;
    findings.add(table.name.quoted(),
                 fmt::format("The new table {} has no primary key", table.name.display()));
  });
}

constexpr std::array rules{
    Rule{"drop.cascade", Severity::danger, Evidence::proved,
         "CASCADE drops objects that no statement of the plan names, so a rollback may not "
         "recreate them.",
         "DROP or change each object by name first, so that the rollback can recreate it.",
         cascade},
    Rule{"drop.table", Severity::danger, Evidence::proved,
         "Rows of a dropped table come back only from a backup.",
         "Use backup.retire \"table\" instead of DROP TABLE: it moves the table out of sight, and "
         "can bring it back.",
         drop_table},
    Rule{
        "drop.schema", Severity::danger, Evidence::proved,
        "A search_path or an application setting that names a dropped schema finds nothing there.",
        "Move each table out with backup.retire, and DROP SCHEMA later, when nobody has missed it.",
        drop_schema},
    Rule{"rows.truncate", Severity::danger, Evidence::proved,
         "Truncated rows come back only from a backup.",
         "Save the table with backup.snapshot in an earlier step; where others use the table, "
         "DELETE in batches.",
         truncate},
    Rule{"rows.truncate-cascade", Severity::danger, Evidence::proved,
         "TRUNCATE … CASCADE deletes all rows of tables that the statement does not name.",
         "Use TRUNCATE a, b with every table named, after backup.snapshot of each.",
         truncate_cascade},
    Rule{"table.rewrite-on-purpose", Severity::danger, Evidence::proved,
         "VACUUM FULL and CLUSTER hold ACCESS EXCLUSIVE for the whole rewrite, and need disk space "
         "for a second copy of the table.",
         "Use VACUUM without FULL, or an online tool: pg_repack, or REPACK (CONCURRENTLY) from "
         "PostgreSQL 19 on.",
         on_purpose},
    Rule{"table.unlogged", Severity::danger, Evidence::proved,
         "A crash empties an UNLOGGED table, and replicas and physical backups have none of its "
         "rows.",
         "Leave the table LOGGED; for a load, fill a new UNLOGGED table and SET LOGGED before it "
         "is used.",
         unlogged},
    Rule{"partition.attach-scan", Severity::danger, Evidence::proved,
         "ATTACH PARTITION holds ACCESS EXCLUSIVE on the table that it attaches and on the default "
         "partition while it scans them.",
         "ADD CONSTRAINT … CHECK (the bound) NOT VALID on the table to attach, and CHECK (NOT (the "
         "bound)) NOT VALID on a default partition; VALIDATE CONSTRAINT; then ATTACH PARTITION, "
         "which skips the scan.",
         attach},
    Rule{"partition.detach-blocking", Severity::warning, Evidence::proved,
         "DETACH PARTITION takes ACCESS EXCLUSIVE on the partitioned table: it waits for the "
         "queries that run there, and every later query waits behind it.",
         "Use DETACH PARTITION … CONCURRENTLY in a step with transaction = \"none\", if there is "
         "no default partition.",
         detach},
    Rule{"partition.created-in-place", Severity::warning, Evidence::proved,
         "CREATE TABLE … PARTITION OF takes ACCESS EXCLUSIVE on the partitioned table.",
         "Use CREATE TABLE … (LIKE … INCLUDING ALL), then ATTACH PARTITION: it takes SHARE UPDATE "
         "EXCLUSIVE on the partitioned table, and ACCESS EXCLUSIVE only on a default partition.",
         created_in_place},
    Rule{"partition.dropped", Severity::warning, Evidence::proved,
         "DROP TABLE of a partition takes ACCESS EXCLUSIVE on the partitioned table.",
         "Use DETACH PARTITION … CONCURRENTLY first, then drop the detached table.",
         partition_dropped},
    Rule{"table.no-primary-key", Severity::info, Evidence::proved,
         "Without a primary key, logical replication cannot apply UPDATE and DELETE, and no "
         "statement can name a single row.",
         "Add one in CREATE TABLE: id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY.",
         no_primary_key},
};

}  // namespace

std::span<const Rule> table_rules() { return rules; }

}  // namespace engine::hazard
