// Hazards of tables: what goes, what goes along, what is found under another name, and partitions.
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/text.h"
#include "preview/rules/rule_words.h"
#include "preview/target/subject.h"

namespace engine::preview {
namespace {

using catalog::Relation;

/// Of something that the statement drops or takes along itself: a column's default, a trigger.
bool is_part(const Nested& nested, const StatementTrace& statement) {
  return std::any_of(statement.nested.begin(), statement.nested.end(), [&](const Nested& other) {
    return other.event != "command" && &other != &nested &&
           (nested.object.ends_with(" on " + other.object) ||
            nested.object == "for " + other.object ||
            nested.object.starts_with("for " + other.object + "."));
  });
}

/// What only functions and blocks leave open: they may say it where nobody reads it.
bool may_cascade(const StatementTrace& statement) {
  return says(statement, "CASCADE") ||
         !(statement.tag.starts_with("DROP") || statement.tag.starts_with("ALTER"));
}

void cascade(const Scene& scene, Findings& findings) {
  for (const StatementTrace& statement : scene.statements) {
    if (!may_cascade(statement)) continue;
    std::vector<std::string> taken;
    for (const Nested& nested : statement.nested) {
      // A view consists of its rule.
      if (nested.event == "taken" && nested.cascade && nested.type != "rule" &&
          !is_part(nested, statement))
        taken.push_back(nested.type + " " + nested.object);
    }
    if (taken.empty()) continue;
    findings.add(statement, taken.front(),
                 fmt::format("CASCADE takes along {}", text::joined(taken, ", ")));
  }
}

template <typename Call>
void each_dropped_table(const Scene& scene, Call call) {
  for (const StatementTrace& statement : scene.statements) {
    for (const Nested& nested : statement.nested) {
      if (nested.event == "dropped" && nested.type == "table" && scene.stood(nested.object))
        call(statement, *scene.before.relation(nested.object));
    }
  }
}

void drop_table(const Scene& scene, Findings& findings) {
  each_dropped_table(scene, [&](const StatementTrace& statement, const Relation& table) {
    const std::string name = table.name.quoted();
    const auto rows = scene.before.counts.find(name);
    if (rows != scene.before.counts.end() && rows->second == 0) return;
    findings.add(statement, name,
                 fmt::format("{} ({}) is dropped with its rows", name, scene.size(name)));
  });
}

void drop_schema(const Scene& scene, Findings& findings) {
  for (const StatementTrace& statement : scene.statements) {
    for (const Nested& nested : statement.nested) {
      if (nested.event != "dropped" || nested.type != "schema" ||
          !scene.before.objects.contains("schema " + nested.object))
        continue;
      findings.add(statement, nested.object, fmt::format("Schema {} is dropped", nested.object));
    }
  }
}

/// Of TRUNCATE: its sequences (RESTART IDENTITY) and indexes have no rows.
bool empties(const Scene& scene, const Lock& lock) {
  return (lock.kind == 'r' || lock.kind == 'p') && strength(lock.mode) == access_exclusive &&
         scene.stood(lock.table);
}

void truncate(const Scene& scene, Findings& findings) {
  for (const StatementTrace& statement : scene.statements) {
    if (!statement.tag.starts_with("TRUNCATE")) continue;
    for (const Lock& lock : statement.locks) {
      if (!empties(scene, lock)) continue;
      findings.add(statement, lock.table,
                   fmt::format("All rows of {} ({}) go at once, past row security and row triggers",
                               lock.table, scene.size(lock.table)));
    }
  }
}

void truncate_cascade(const Scene& scene, Findings& findings) {
  for (const StatementTrace& statement : scene.statements) {
    if (!statement.tag.starts_with("TRUNCATE") || !says(statement, "CASCADE")) continue;
    std::vector<std::string> taken;
    for (const Lock& lock : statement.locks) {
      if (!empties(scene, lock) || says(statement, bare_name(lock.table))) continue;
      taken.push_back(lock.table);
    }
    if (taken.empty()) continue;
    findings.add(statement, taken.front(),
                 fmt::format("CASCADE empties {} too", text::listed(taken)));
  }
}

/// VACUUM FULL is alone and may be over before anybody saw its locks.
void on_purpose(const Scene& scene, Findings& findings) {
  for (const StatementTrace& statement : scene.statements) {
    const bool full = statement.tag == "VACUUM" && says(statement, "FULL");
    if (!full && statement.tag != "CLUSTER") continue;
    for (const Relation& table : scene.before.relations) {
      const std::string name = table.name.quoted();
      if ((!is_table(table) && table.kind != 'm') || !says(statement, table.name.name)) continue;
      findings.add_by_size(statement, name,
                           fmt::format("All of {} ({}) is written anew, with nobody reading or "
                                       "writing it meanwhile",
                                       name, scene.size(name)));
    }
  }
}

void unlogged(const Scene& scene, Findings& findings) {
  each_kept(scene, [&](const Relation& was, const Relation& now) {
    if (!is_table(now) || was.persistence != 'p' || now.persistence != 'u') return;
    findings.add(now.name.quoted(), fmt::format("{} is UNLOGGED afterwards", now.name.display()),
                 "UNLOGGED");
  });
}

bool is_of(const Relation& partition, const std::string& parent) {
  return std::any_of(partition.parents.begin(), partition.parents.end(),
                     [&](const QualifiedName& name) { return name.quoted() == parent; });
}

/// The partition for rows that no other one takes; nullptr where there is none.
const Relation* default_of(const Scene& scene, const std::string& parent) {
  const Relation* table = scene.before.relation(parent);
  if (table == nullptr) return nullptr;
  for (const QualifiedName& child : table->children) {
    const Relation* partition = scene.before.relation(child.quoted());
    if (partition != nullptr && partition->partition_bound == "DEFAULT") return partition;
  }
  return nullptr;
}

void attach(const Scene& scene, Findings& findings) {
  for (const StatementTrace& statement : scene.statements) {
    if (!says(statement, "ATTACH PARTITION")) continue;
    for (const std::string& table : tables_verified(scene, statement)) {
      const Relation* partition = scene.before.relation(table);
      const bool rest = partition != nullptr && partition->partition_bound == "DEFAULT";
      findings.add_by_size(
          statement, table,
          fmt::format("Every row of {} ({}) is read to prove that {}, with nobody reading or "
                      "writing it meanwhile",
                      table, scene.size(table),
                      rest ? "none belongs to the new partition" : "it belongs there"));
      if (rest) {
        findings.last().safer =
            "On the default partition, ADD CONSTRAINT … CHECK (NOT (the new partition's bound)) "
            "NOT VALID, VALIDATE CONSTRAINT, then ATTACH PARTITION: it reads nothing.";
      }
    }
  }
}

constexpr const char* no_concurrent_detach =
    "CONCURRENTLY is refused while there is a default partition: a step of its own at a quiet "
    "time, "
    "with the engine's lock_timeout of 3 s, which gives way and tries again.";

void detach(const Scene& scene, Findings& findings) {
  for (const StatementTrace& statement : scene.statements) {
    if (!says(statement, "DETACH PARTITION") || says(statement, "CONCURRENTLY")) continue;
    for (const Lock& lock : statement.locks) {
      if (lock.kind != 'p' || strength(lock.mode) < access_exclusive || !scene.stood(lock))
        continue;
      findings.add(
          statement, lock.table,
          fmt::format("Every query of {}, whatever its partition, waits for this", lock.table));
      if (default_of(scene, lock.table) != nullptr) findings.last().safer = no_concurrent_detach;
      break;
    }
  }
}

void created_in_place(const Scene& scene, Findings& findings) {
  each_new_table(scene, [&](const Relation& table) {
    for (const StatementTrace& statement : scene.statements) {
      if (!says(statement, "PARTITION OF")) continue;
      for (const Lock& lock : statement.locks) {
        if (!is_of(table, lock.relation) || strength(lock.mode) < access_exclusive ||
            !scene.stood(lock.relation) || !says(statement, table.name.name))
          continue;
        findings.add(statement, lock.relation,
                     fmt::format("Every query of {} waits for the new partition {}", lock.relation,
                                 table.name.display()));
        const Relation* rest = default_of(scene, lock.relation);
        if (rest == nullptr) continue;
        findings.last().message += fmt::format(
            " {} ({}) is read meanwhile, unless its constraints prove that it has none of the "
            "rows.",
            rest->name.display(), scene.size(rest->name.quoted()));
        findings.last().safer = fmt::format(
            "On {}, ADD CONSTRAINT … CHECK (NOT (the new partition's bound)) NOT VALID and "
            "VALIDATE "
            "CONSTRAINT; CREATE TABLE … (LIKE … INCLUDING ALL); then ATTACH PARTITION, which locks "
            "that one alone, in ACCESS EXCLUSIVE mode, and reads nothing.",
            rest->name.display());
      }
    }
  });
}

void partition_dropped(const Scene& scene, Findings& findings) {
  each_dropped_table(scene, [&](const StatementTrace& statement, const Relation& table) {
    if (table.partition_bound.empty()) return;
    for (const Lock& lock : statement.locks) {
      if (!is_of(table, lock.relation) || strength(lock.mode) < access_exclusive) continue;
      findings.add(statement, lock.relation,
                   fmt::format("Every query of {} waits until {} is dropped", lock.relation,
                               table.name.display()));
      if (default_of(scene, lock.relation) != nullptr) findings.last().safer = no_concurrent_detach;
    }
  });
}

void no_primary_key(const Scene& scene, Findings& findings) {
  each_new_table(scene, [&](const Relation& table) {
    if (!table.parents.empty() || table.primary_key() != nullptr) return;
    findings.add(table.name.quoted(),
                 fmt::format("The new table {} has no primary key", table.name.display()));
  });
}

constexpr std::array rules{
    Rule{"drop.cascade", "danger", "proved", "Nothing of the plan names what goes with it.",
         "DROP or change each of them by name first, so that the rollback can bring it back.",
         cascade},
    Rule{"drop.table", "danger", "proved", "Only a backup brings rows back.",
         "backup.retire \"table\": it moves out of sight and can be brought back.", drop_table},
    Rule{"drop.schema", "danger", "proved",
         "Whatever names it, a search_path or an application's settings, finds nothing.",
         "Empty it by backup.retire of each table; DROP SCHEMA once nobody has missed it.",
         drop_schema},
    Rule{"rows.truncate", "danger", "proved", "Only a backup brings rows back.",
         "backup.snapshot the table in a step before, and DELETE in batches where others work.",
         truncate},
    Rule{"rows.truncate-cascade", "danger", "proved",
         "Tables that the statement does not name lose all of their rows.",
         "TRUNCATE a, b with every table named, after backup.snapshot of each.", truncate_cascade},
    Rule{"table.rewrite-on-purpose", "danger", "proved", "It also needs room for a second copy.",
         "VACUUM without FULL, or an online tool: pg_repack; REPACK (CONCURRENTLY) from PostgreSQL "
         "19 on.",
         on_purpose},
    Rule{"table.unlogged", "danger", "proved",
         "A crash empties it, and replicas and backups of the server have none of its rows.",
         "Leave it LOGGED; for a load, fill a new UNLOGGED table and SET LOGGED before it is used.",
         unlogged},
    Rule{
        "partition.attach-scan", "danger", "proved",
        "ATTACH PARTITION holds ACCESS EXCLUSIVE on the table that it attaches, and on a default "
        "partition.",
        "ADD CONSTRAINT … CHECK of the bound NOT VALID on the table to attach, and CHECK (NOT (the "
        "bound)) NOT VALID on a default partition; VALIDATE CONSTRAINT; then ATTACH PARTITION: it "
        "reads nothing.",
        attach},
    Rule{"partition.detach-blocking", "warning", "proved",
         "DETACH PARTITION takes ACCESS EXCLUSIVE on the partitioned table.",
         "DETACH PARTITION … CONCURRENTLY in a step with transaction = \"none\", where there is no "
         "default partition.",
         detach},
    Rule{"partition.created-in-place", "warning", "proved",
         "CREATE TABLE … PARTITION OF takes ACCESS EXCLUSIVE on the partitioned table.",
         "CREATE TABLE … (LIKE … INCLUDING ALL), then ATTACH PARTITION, which takes SHARE UPDATE "
         "EXCLUSIVE on it, and ACCESS EXCLUSIVE on a default partition alone.",
         created_in_place},
    Rule{"partition.dropped", "warning", "proved",
         "DROP TABLE of a partition takes ACCESS EXCLUSIVE on the partitioned table.",
         "DETACH PARTITION … CONCURRENTLY first, then drop what is a table of its own.",
         partition_dropped},
    Rule{"table.no-primary-key", "info", "proved",
         "Logical replication cannot update it, and no row can be named.",
         "PRIMARY KEY in CREATE TABLE: id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY.",
         no_primary_key},
};

}  // namespace

std::span<const Rule> table_rules() { return rules; }

}  // namespace engine::preview
