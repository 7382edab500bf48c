// Hazards of columns: what is written anew for them, and what the running application no longer
// gets.
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/text.h"
#include "preview/rules/rule_words.h"

namespace engine::preview {
namespace {

using catalog::Column;
using catalog::Relation;

constexpr int by_type = 4, by_default = 2;  // bits of the reason

void rewrites(const Scene& scene, Findings& findings, int wanted) {
  for (const StatementTrace& statement : scene.statements) {
    for (const Nested& nested : statement.nested) {
      if (nested.event != "rewrite" || !scene.stood(nested.object)) continue;
      const int kind = nested.reason & (by_type | by_default);
      if (wanted == 0 ? kind != 0
                      : (kind & wanted) == 0 || (wanted == by_default && kind != wanted))
        continue;
      findings.add_by_size(
          statement, nested.object,
          fmt::format("All of {} ({}) and its indexes are written anew ({}), with "
                      "nobody reading or writing it meanwhile",
                      nested.object, scene.size(nested.object), reason_of_rewrite(nested.reason)));
    }
  }
}

void type_rewrite(const Scene& scene, Findings& findings) { rewrites(scene, findings, by_type); }
void default_rewrite(const Scene& scene, Findings& findings) {
  rewrites(scene, findings, by_default);
}
void other_rewrite(const Scene& scene, Findings& findings) { rewrites(scene, findings, 0); }

void required(const Scene& scene, Findings& findings) {
  each_new_column(scene, [&](const Relation& table, const Column& column) {
    if (!scene.stood(table.name.quoted()) || !column.not_null || column.default_expression ||
        !column.identity.empty())
      return;
    findings.add(table.name.quoted(),
                 fmt::format("An INSERT into {} that does not know the new column {} fails",
                             table.name.display(), column.name),
                 column.name);
  });
}

/// Columns that stood and still stand.
template <typename Call>
void each_kept_column(const Scene& scene, Call call) {
  each_kept(scene, [&](const Relation& was, const Relation& now) {
    if (!is_table(now)) return;
    for (const Column& column : now.columns) {
      const Column* before = was.column(column.name);
      if (before != nullptr) call(now, *before, column);
    }
  });
}

void not_null_dropped(const Scene& scene, Findings& findings) {
  each_kept_column(scene, [&](const Relation& table, const Column& was, const Column& now) {
    if (!was.not_null || now.not_null) return;
    findings.add(table.name.quoted(),
                 fmt::format("{}.{} may be NULL from now on", table.name.display(), now.name),
                 now.name);
  });
}

void default_changed(const Scene& scene, Findings& findings) {
  each_kept_column(scene, [&](const Relation& table, const Column& was, const Column& now) {
    if (!was.default_expression || was.default_expression == now.default_expression ||
        was.generated || was.type != now.type)
      return;
    findings.add(
        table.name.quoted(),
        fmt::format("The default of {}.{} was {} and is {}", table.name.display(), now.name,
                    *was.default_expression, now.default_expression.value_or("none")),
        now.name);
  });
}

void inline_foreign_key(const Scene& scene, Findings& findings) {
  each_new_constraint(scene, [&](const Relation& table, const catalog::Constraint& key) {
    const Relation* was = scene.before.relation(table.name.quoted());
    if (key.type != 'f' || was == nullptr || !scene.stood(key.references.quoted())) return;
    for (const StatementTrace& statement : scene.statements) {
      if (!says(statement, "ADD COLUMN") || !says(statement, "REFERENCES") ||
          !says(statement, key.columns.front()) || was->column(key.columns.front()) != nullptr)
        continue;
      findings.add(statement, table.name.quoted(),
                   fmt::format("Writes to {} wait together with all of {} for this column",
                               key.references.display(), table.name.display()));
    }
  });
}

void dropped(const Scene& scene, Findings& findings) {
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

constexpr std::array rules{
    Rule{"column.type-rewrite", "danger", "proved",
         "A rewrite takes ACCESS EXCLUSIVE, room for a second copy, and writes as much WAL.",
         "ADD COLUMN of the new type; a trigger that keeps it up; fill it in batches "
         "(rows.every-row "
         "has the loop); then let it take the old one's place.",
         type_rewrite},
    Rule{"column.default-rewrite", "danger", "proved",
         "A volatile default, serial, identity or a stored generated column is worked out for "
         "every row under ACCESS EXCLUSIVE, with room for a second copy and as much WAL.",
         "ADD COLUMN without it; ALTER COLUMN … SET DEFAULT, which is for new rows; fill the old "
         "ones in batches (rows.every-row has the loop).",
         default_rewrite},
    Rule{"table.rewrite", "danger", "proved",
         "A rewrite takes ACCESS EXCLUSIVE, room for a second copy, and writes as much WAL.",
         "Make a new table as it should be, fill it in batches, and rename; or announce the time "
         "that it takes.",
         other_rewrite},
    Rule{"column.required", "warning", "assumed", "The application that runs now does not know it.",
         "ADD COLUMN … DEFAULT …, or leave it nullable until the application fills it.", required},
    Rule{"column.not-null-dropped", "info", "assumed",
         "Code that reads it may not expect NULL, and SET NOT NULL again needs a proof.",
         "Deploy readers that expect NULL first.", not_null_dropped},
    Rule{"column.default-changed", "info", "assumed",
         "Rows that the running application inserts get the new one at once; those that are there "
         "keep the old one.",
         "Deploy code that gives the value itself before the default changes.", default_changed},
    Rule{"column.inline-foreign-key", "warning", "proved",
         "ADD COLUMN … REFERENCES holds ACCESS EXCLUSIVE on its table and SHARE ROW EXCLUSIVE on "
         "the other.",
         "ADD COLUMN; then ADD CONSTRAINT … FOREIGN KEY … NOT VALID and VALIDATE CONSTRAINT in "
         "steps of their own.",
         inline_foreign_key},
    Rule{"drop.column", "danger", "proved",
         "Only a backup brings values back, and the running application may still name it.",
         "Deploy code that no longer names the column first; backup.snapshot the table.", dropped},
};

}  // namespace

std::span<const Rule> column_rules() { return rules; }

}  // namespace engine::preview
