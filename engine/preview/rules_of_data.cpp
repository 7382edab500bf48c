// Hazards of loss and of breakage: what goes, what an application no longer finds, what is left
// half done.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <regex>

#include "base/text.h"
#include "preview/rule.h"

namespace engine::preview {
namespace {

using catalog::Relation;

void cascade(const Scene& scene, Findings& findings) {
  for (const StatementTrace& statement : scene.statements) {
    std::vector<std::string> taken;
    for (const Nested& nested : statement.nested) {
      // A view consists of its rule.
      if (nested.event == "taken" && nested.cascade && nested.type != "rule")
        taken.push_back(nested.type + " " + nested.object);
    }
    if (taken.empty()) continue;
    findings.add(statement, taken.front(),
                 fmt::format("CASCADE takes along {}", text::joined(taken, ", ")));
  }
}

void drop_table(const Scene& scene, Findings& findings) {
  for (const StatementTrace& statement : scene.statements) {
    for (const Nested& nested : statement.nested) {
      if (nested.event != "dropped" || nested.type != "table" || !scene.stood(nested.object))
        continue;
      const auto rows = scene.before.counts.find(nested.object);
      if (rows != scene.before.counts.end() && rows->second == 0) continue;
      findings.add(statement, nested.object,
                   fmt::format("{} ({}) is dropped with its rows", nested.object,
                               scene.size(nested.object)));
    }
  }
}

void drop_column(const Scene& scene, Findings& findings) {
  for (const StatementTrace& statement : scene.statements) {
    for (const Nested& nested : statement.nested) {
      if (nested.event != "dropped" || nested.type != "table column") continue;
      const std::string table = nested.object.substr(0, nested.object.rfind('.'));
      if (!scene.stood(table)) continue;
      findings.add(statement, table,
                   fmt::format("Column {} is dropped with its values", nested.object));
    }
  }
}

/// The column or table is there under another name afterwards: same OID.
void rename(const Scene& scene, Findings& findings) {
  static const std::regex renames{R"(\bRENAME\b)", std::regex::icase};
  for (const StatementTrace& statement : scene.statements) {
    if (!std::regex_search(statement.sql, renames)) continue;
    for (const Lock& lock : statement.locks) {
      if (!scene.stood(lock.table) || lock.kind == 'i' || strength(lock.mode) < 8) continue;
      findings.add(statement, lock.table,
                   fmt::format("The running application knows {} by its old names", lock.table));
      break;
    }
  }
}

void every_row(const Scene& scene, Findings& findings) {
  constexpr std::int64_t many = 10'000;
  for (const StatementTrace& statement : scene.statements) {
    if (!statement.tag.starts_with("UPDATE") && !statement.tag.starts_with("DELETE")) continue;
    for (const auto& [table, counts] : statement.rows) {
      const std::int64_t changed = counts.updated + counts.deleted;
      const auto rows = scene.before.counts.find(table);
      if (rows == scene.before.counts.end() || changed == 0 || changed * 2 < rows->second) continue;
      const auto facts = scene.facts.find(table);
      if (facts == scene.facts.end() || facts->second.rows < many) continue;
      findings.add(statement, table,
                   fmt::format("{} of {} rows of {} were changed in one transaction on the shadow; "
                               "the target has {}",
                               text::grouped(changed), text::grouped(rows->second), table,
                               scene.size(table)));
    }
  }
}

/// As many rows as before, and most of them under another key: they were not kept but made again.
void new_keys(const Scene& scene, Findings& findings) {
  for (const auto& [table, before] : scene.before.keys) {
    const auto after = scene.after.keys.find(table);
    if (after == scene.after.keys.end() || after->second.size() * 2 < before.size()) continue;
    const auto kept = std::count_if(before.begin(), before.end(), [&](const std::string& key) {
      return after->second.contains(key);
    });
    if (before.empty() || static_cast<std::size_t>(kept) * 2 >= before.size()) continue;
    findings.add(table,
                 fmt::format("{} of {} rows of {} have another primary key afterwards",
                             text::grouped(static_cast<std::int64_t>(before.size()) - kept),
                             text::grouped(static_cast<std::int64_t>(before.size())), table));
  }
}

void truncate(const Scene& scene, Findings& findings) {
  for (const StatementTrace& statement : scene.statements) {
    if (statement.tag != "TRUNCATE TABLE" && statement.tag != "TRUNCATE") continue;
    for (const Lock& lock : statement.locks) {
      if (lock.kind == 'i' || strength(lock.mode) < 8 || !scene.stood(lock.table)) continue;
      findings.add(statement, lock.table,
                   fmt::format("All rows of {} ({}) go at once, past row security and row triggers",
                               lock.table, scene.size(lock.table)));
    }
  }
}

void invalid_index(const Scene& scene, Findings& findings) {
  for (const Relation& relation : scene.after.relations) {
    for (const catalog::Index& index : relation.indexes) {
      if (index.valid) continue;
      findings.add(relation.name.quoted(),
                   fmt::format("Index {} is left INVALID", index.name.display()));
    }
  }
}

void not_validated(const Scene& scene, Findings& findings) {
  for (const Relation& relation : scene.after.relations) {
    for (const catalog::Constraint& constraint : relation.constraints) {
      const Relation* was = scene.before.relation(relation.name.quoted());
      if (constraint.validated || (was != nullptr && was->constraint(constraint.name) != nullptr))
        continue;
      findings.add(relation.name.quoted(), fmt::format("Constraint {} of {} is left NOT VALID",
                                                       constraint.name, relation.name.display()));
    }
  }
}

bool leads(const catalog::Index& index, const catalog::Constraint& key) {
  if (index.columns.size() < key.columns.size() || !index.predicate.empty()) return false;
  return std::is_permutation(key.columns.begin(), key.columns.end(), index.columns.begin());
}

void unindexed_foreign_key(const Scene& scene, Findings& findings) {
  for (const Relation& relation : scene.after.relations) {
    const Relation* was = scene.before.relation(relation.name.quoted());
    for (const catalog::Constraint& key : relation.constraints) {
      if (key.type != 'f' || (was != nullptr && was->constraint(key.name) != nullptr)) continue;
      const bool indexed =
          std::any_of(relation.indexes.begin(), relation.indexes.end(),
                      [&](const catalog::Index& index) { return leads(index, key); });
      if (indexed) continue;
      findings.add(relation.name.quoted(),
                   fmt::format("The new foreign key {} ({}) of {} has no index", key.name,
                               text::joined(key.columns, ", "), relation.name.display()));
    }
  }
}

void no_primary_key(const Scene& scene, Findings& findings) {
  for (const Relation& relation : scene.after.relations) {
    if ((relation.kind != 'r' && relation.kind != 'p') || !relation.parents.empty()) continue;
    if (scene.stood(relation.name.quoted()) || relation.primary_key() != nullptr) continue;
    findings.add(relation.name.quoted(),
                 fmt::format("The new table {} has no primary key", relation.name.display()));
  }
}

constexpr std::array rules{
    Rule{"drop.cascade", "danger", "Nothing of the plan names what goes with it.",
         "Drop or change each of them by name first, so that the rollback can bring it back.",
         cascade},
    Rule{"drop.table", "danger", "Only a backup brings rows back.",
         "backup.retire \"table\": it moves out of sight and can be brought back.", drop_table},
    Rule{"drop.column", "danger",
         "Only a backup brings values back, and the running application may still name it.",
         "Deploy code that no longer names the column first; backup.snapshot the table.",
         drop_column},
    Rule{"rename", "warning", "Its queries fail between this commit and its next deployment.",
         "Rename with a view of the old name in the same step, or add the new column beside the "
         "old one.",
         rename},
    Rule{"rows.every-row", "warning",
         "Row locks, dead rows and WAL add up until the commit, and replicas follow in one leap.",
         "Change them in batches of some thousand rows, a transaction each.", every_row},
    Rule{"rows.keys-changed", "danger",
         "What names them elsewhere (links, caches, other systems) no longer finds them.",
         "Alter the table in place, or copy the keys with the rows.", new_keys},
    Rule{"rows.truncate", "danger", "Only a backup brings rows back.",
         "backup.snapshot the table in a step before.", truncate},
    Rule{"index.left-invalid", "danger", "It costs every write and serves no query.",
         "Drop it CONCURRENTLY and build it again.", invalid_index},
    Rule{"constraint.left-not-valid", "info", "Old rows may break it.",
         "VALIDATE CONSTRAINT in a later step: it takes no strong lock.", not_validated},
    Rule{"foreign-key.no-index", "warning",
         "Each delete or key update in the table it refers to scans all of it.",
         "CREATE INDEX CONCURRENTLY on the referencing columns.", unindexed_foreign_key},
    Rule{"table.no-primary-key", "info",
         "Logical replication cannot update it, and no row can be named.", "Give it a primary key.",
         no_primary_key},
};

}  // namespace

std::span<const Rule> data_rules() { return rules; }

}  // namespace engine::preview
