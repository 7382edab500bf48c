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

/// Is a column that it adds a generated one, stored?
bool computes(const Scene& scene, const StatementTrace& statement, const std::string& table) {
  const Relation* now = scene.after.relation(table);
  const Relation* was = scene.before.relation(table);
  return now != nullptr && was != nullptr &&
         std::any_of(now->columns.begin(), now->columns.end(), [&](const Column& column) {
           return column.generated && !column.generated_virtual &&
                  was->column(column.name) == nullptr && says(statement, column.name);
         });
}

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
      if (kind == by_default && computes(scene, statement, nested.object)) {
        findings.last().safer =
            "ADD COLUMN without it, which cannot become GENERATED later: a trigger that works it "
            "out "
            "for rows that are written, and batches for the old ones (rows.every-row has the "
            "loop); "
            "or a view that works it out when it is read.";
      }
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
      const Column* before = scene.origin(was, now, column);
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

/// Names that mean something else afterwards, of tables and of columns: "public.t.id".
struct Moved {
  std::string was, is;  // of what had the name, and how it is called now
};

std::vector<Moved> moved_tables(const Scene& scene) {
  std::vector<Moved> found;
  for (const Relation& now : scene.after.relations) {
    const Relation* was = is_table(now) ? scene.origin(now) : nullptr;
    if (was == nullptr || was->name == now.name) continue;
    const Relation* const heir = scene.after.relation(was->name.quoted());
    // A view of the old name shows the same rows, as `rename` advises.
    if (heir != nullptr && !mentions(heir->view_definition, now.name.name))
      found.push_back({was->name.quoted(), now.name.quoted()});
  }
  return found;
}

std::vector<Moved> moved_columns(const Scene& scene) {
  std::vector<Moved> found;
  for (const Relation& now : scene.after.relations) {
    const Relation* was = is_table(now) ? scene.origin(now) : nullptr;
    if (was == nullptr) continue;
    for (const Column& column : now.columns) {
      const Column* before = scene.origin(*was, now, column);
      if (before != nullptr && before->name != column.name && now.column(before->name) != nullptr)
        found.push_back({was->name.quoted() + "." + quote_identifier(before->name),
                         now.name.quoted() + "." + quote_identifier(column.name)});
    }
  }
  return found;
}

/// A view keeps to what it was made of, whatever the names are: it says the new one from then on.
void view_reads_old(const Scene& scene, Findings& findings) {
  std::vector<Moved> moved = moved_tables(scene);
  for (Moved& column : moved_columns(scene)) moved.push_back(std::move(column));
  for (const Relation& view : scene.after.relations) {
    const Relation* was = view.kind == 'v' || view.kind == 'm' ? scene.origin(view) : nullptr;
    if (was == nullptr || was->view_definition == view.view_definition) continue;
    for (const Moved& each : moved) {
      if (!mentions(view.view_definition, bare_name(each.is)) ||
          mentions(was->view_definition, bare_name(each.is)))
        continue;
      findings.add(view.name.quoted(),
                   fmt::format("{} {} reads {}, which was {}; what has that name now it does not "
                               "read",
                               view.kind == 'v' ? "View" : "Materialized view", view.name.display(),
                               each.is, each.was));
      for (const StatementTrace& statement : scene.statements) {
        if (!says(statement, "RENAME") || !says(statement, bare_name(each.is))) continue;
        findings.last().step = statement.step;
        findings.last().file = statement.file;
        findings.last().line = statement.line;
        findings.last().sql = statement.sql;
      }
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
    Rule{"view.reads-old", "warning", "proved",
         "A view knows tables and columns by what they are, not by their names.",
         "CREATE OR REPLACE VIEW, or DROP and CREATE of a materialized one, in the step that "
         "renames.",
         view_reads_old},
    Rule{"drop.column", "danger", "proved",
         "Only a backup brings values back, and the running application may still name it.",
         "Deploy code that no longer names the column first; backup.snapshot the table.", dropped},
};

}  // namespace

std::span<const Rule> column_rules() { return rules; }

}  // namespace engine::preview
