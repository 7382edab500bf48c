// Hazards of columns: what is written anew for them, and what the running application no longer
// gets.
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/text.h"
#include "hazard/rules/rule_words.h"

namespace engine::hazard {
namespace {

using catalog::Column;
using catalog::Relation;

constexpr int by_type = 4, by_default = 2;  // bits of the reason

/// Is a column that it adds a generated one, stored?
bool computes(const RuleContext& context, const trace::StatementTrace& statement,
              const std::string& table) {
  const Relation* now = context.after.relation(table);
  const Relation* was = context.before.relation(table);
  return now != nullptr && was != nullptr &&
         std::any_of(now->columns.begin(), now->columns.end(), [&](const Column& column) {
           return column.generated && !column.generated_virtual &&
                  was->column(column.name) == nullptr && trace::says(statement, column.name);
         });
}

void rewrites(const RuleContext& context, Findings& findings, int wanted) {
  for (const trace::StatementTrace& statement : context.statements) {
    for (const trace::Nested& nested : statement.nested) {
      if (nested.event != "rewrite" || !context.stood(nested.object)) continue;
      const int kind = nested.reason & (by_type | by_default);
      if (wanted == 0 ? kind != 0
                      : (kind & wanted) == 0 || (wanted == by_default && kind != wanted))
        continue;
      findings.add_by_size(
          statement, nested.object,
          fmt::format("Reads and writes of {} ({}) wait while ALTER TABLE rewrites the table and "
                      "its indexes ({})",
                      nested.object, context.size(nested.object),
                      trace::reason_of_rewrite(nested.reason)));
      if (kind == by_default && computes(context, statement, nested.object)) {
        findings.last().safer =
            "ADD COLUMN without GENERATED, which cannot be added later: compute the value in a "
            "trigger for new rows and in batches for old ones (rows.every-row has the loop), or in "
            "a view when it is read.";
      }
    }
  }
}

void type_rewrite(const RuleContext& context, Findings& findings) {
  rewrites(context, findings, by_type);
}
void default_rewrite(const RuleContext& context, Findings& findings) {
  rewrites(context, findings, by_default);
}
void other_rewrite(const RuleContext& context, Findings& findings) {
  rewrites(context, findings, 0);
}

void required(const RuleContext& context, Findings& findings) {
  each_new_column(context, [&](const Relation& table, const Column& column) {
    if (!context.stood(table.name.quoted()) || !column.not_null || column.default_expression ||
        !column.identity.empty())
      return;
    findings.add(table.name.quoted(),
                 fmt::format("Every INSERT into {} that does not set the new column {} fails",
                             table.name.display(), column.name),
                 column.name);
  });
}

/// Columns that stood and still stand.
template <typename Call>
void each_kept_column(const RuleContext& context, Call call) {
  each_kept(context, [&](const Relation& was, const Relation& now) {
    if (!database_state::is_table(now)) return;
    for (const Column& column : now.columns) {
      const Column* before = context.origin(was, now, column);
      if (before != nullptr) call(now, *before, column);
    }
  });
}

void not_null_dropped(const RuleContext& context, Findings& findings) {
  each_kept_column(context, [&](const Relation& table, const Column& was, const Column& now) {
    if (!was.not_null || now.not_null) return;
    findings.add(table.name.quoted(),
                 fmt::format("The plan lets {}.{} be NULL", table.name.display(), now.name),
                 now.name);
  });
}

void default_changed(const RuleContext& context, Findings& findings) {
  each_kept_column(context, [&](const Relation& table, const Column& was, const Column& now) {
    if (!was.default_expression || was.default_expression == now.default_expression ||
        was.generated || was.type != now.type)
      return;
    findings.add(
        table.name.quoted(),
        fmt::format("The plan changes the default of {}.{} from {} to {}", table.name.display(),
                    now.name, *was.default_expression, now.default_expression.value_or("none")),
        now.name);
  });
}

void inline_foreign_key(const RuleContext& context, Findings& findings) {
  each_new_constraint(context, [&](const Relation& table, const catalog::Constraint& key) {
    const Relation* was = context.before.relation(table.name.quoted());
    if (key.type != 'f' || was == nullptr || !context.stood(key.references.quoted())) return;
    for (const trace::StatementTrace& statement : context.statements) {
      if (!trace::says(statement, "ADD COLUMN") || !trace::says(statement, "REFERENCES") ||
          !trace::says(statement, key.columns.front()) ||
          was->column(key.columns.front()) != nullptr)
        continue;
      findings.add(statement, table.name.quoted(),
                   fmt::format("Writes to {}, and reads and writes of {}, wait until the step that "
                               "adds this column commits",
                               key.references.display(), table.name.display()));
    }
  });
}

void dropped(const RuleContext& context, Findings& findings) {
  for (const trace::StatementTrace& statement : context.statements) {
    for (const trace::Nested& nested : statement.nested) {
      if (nested.event != "dropped" || nested.type != "table column") continue;
      const std::string table = nested.object.substr(0, nested.object.rfind('.'));
      if (!context.stood(table)) continue;
      findings.add(statement, table,
                   fmt::format("The plan drops column {} and its values", nested.object));
    }
  }
}

/// Names that mean something else afterwards, of tables and of columns: "public.t.id".
struct Moved {
  std::string was, is;  // of what had the name, and how it is called now
};

std::vector<Moved> moved_tables(const RuleContext& context) {
  std::vector<Moved> found;
  for (const Relation& now : context.after.relations) {
    const Relation* was = database_state::is_table(now) ? context.origin(now) : nullptr;
    if (was == nullptr || was->name == now.name) continue;
    const Relation* const heir = context.after.relation(was->name.quoted());
    // A view of the old name shows the same rows, as `rename` advises.
    if (heir != nullptr && !trace::mentions(heir->view_definition, now.name.name))
      found.push_back({was->name.quoted(), now.name.quoted()});
  }
  return found;
}

std::vector<Moved> moved_columns(const RuleContext& context) {
  std::vector<Moved> found;
  for (const Relation& now : context.after.relations) {
    const Relation* was = database_state::is_table(now) ? context.origin(now) : nullptr;
    if (was == nullptr) continue;
    for (const Column& column : now.columns) {
      const Column* before = context.origin(*was, now, column);
      if (before != nullptr && before->name != column.name && now.column(before->name) != nullptr)
        found.push_back({was->name.quoted() + "." + quote_identifier(before->name),
                         now.name.quoted() + "." + quote_identifier(column.name)});
    }
  }
  return found;
}

/// A view keeps to what it was made of, whatever the names are: it says the new one from then on.
void view_reads_old(const RuleContext& context, Findings& findings) {
  std::vector<Moved> moved = moved_tables(context);
  for (Moved& column : moved_columns(context)) moved.push_back(std::move(column));
  for (const Relation& view : context.after.relations) {
    const Relation* was = view.kind == 'v' || view.kind == 'm' ? context.origin(view) : nullptr;
    if (was == nullptr || was->view_definition == view.view_definition) continue;
    for (const Moved& each : moved) {
      if (!trace::mentions(view.view_definition, trace::bare_name(each.is)) ||
          trace::mentions(was->view_definition, trace::bare_name(each.is)))
        continue;
      findings.add(view.name.quoted(),
                   fmt::format("{} {} still reads {}, formerly {}, and not what has that name now",
                               view.kind == 'v' ? "View" : "Materialized view", view.name.display(),
                               each.is, each.was));
      for (const trace::StatementTrace& statement : context.statements) {
        if (!trace::says(statement, "RENAME") || !trace::says(statement, trace::bare_name(each.is)))
          continue;
        findings.last().step = statement.step;
        findings.last().file = statement.file;
        findings.last().line = statement.line;
        findings.last().sql = statement.sql;
      }
    }
  }
}

constexpr std::array rules{
    Rule{"column.type-rewrite", Severity::danger, Evidence::proved,
         "A table rewrite holds ACCESS EXCLUSIVE, needs disk space for a second copy of the table, "
         "and writes as much WAL.",
         "ADD COLUMN of the new type; keep it up to date with a trigger; fill it in batches "
         "(rows.every-row has the loop); then rename it to replace the old column.",
         type_rewrite},
    Rule{"column.default-rewrite", Severity::danger, Evidence::proved,
         "ADD COLUMN with a volatile default, serial, identity or a stored generated column "
         "rewrites the table under ACCESS EXCLUSIVE, with disk space for a second copy and as much "
         "WAL.",
         "ADD COLUMN without it; ALTER COLUMN … SET DEFAULT for new rows; fill the old rows in "
         "batches (rows.every-row has the loop).",
         default_rewrite},
    Rule{"table.rewrite", Severity::danger, Evidence::proved,
         "A table rewrite holds ACCESS EXCLUSIVE, needs disk space for a second copy of the table, "
         "and writes as much WAL.",
         "Create a new table as it should be, fill it in batches, and rename it; or announce how "
         "long the table will be locked.",
         other_rewrite},
    Rule{"column.required", Severity::warning, Evidence::assumed,
         "The new column is NOT NULL without a default, and the running application does not set "
         "it yet.",
         "Use ADD COLUMN … DEFAULT …, or leave the column nullable until the application fills it.",
         required},
    Rule{"column.not-null-dropped", Severity::info, Evidence::assumed,
         "Code that reads the column may not expect NULL, and a later SET NOT NULL has to check "
         "every row again.",
         "First deploy code that handles NULL.", not_null_dropped},
    Rule{"column.default-changed", Severity::info, Evidence::assumed,
         "INSERTs of the running application use the new default at once; existing rows keep their "
         "values.",
         "First deploy code that sets the value itself.", default_changed},
    Rule{"column.inline-foreign-key", Severity::warning, Evidence::proved,
         "ADD COLUMN … REFERENCES holds ACCESS EXCLUSIVE on its table and SHARE ROW EXCLUSIVE on "
         "the referenced table.",
         "Use ADD COLUMN, then ADD CONSTRAINT … FOREIGN KEY … NOT VALID and VALIDATE CONSTRAINT, "
         "each in a step of its own.",
         inline_foreign_key},
    Rule{"view.reads-old", Severity::warning, Evidence::proved,
         "A view follows renames: it keeps reading the same table and columns, whatever their "
         "names are.",
         "In the step that renames, use CREATE OR REPLACE VIEW, or DROP and CREATE a materialized "
         "view.",
         view_reads_old},
    Rule{"drop.column", Severity::danger, Evidence::proved,
         "Values of a dropped column come back only from a backup, and queries of the running "
         "application that name it fail.",
         "First deploy code that no longer names the column, and save the table with "
         "backup.snapshot.",
         dropped},
};

}  // namespace

std::span<const Rule> column_rules() { return rules; }

}  // namespace engine::hazard
