// Hazards of types, enumerations and domains, and choices of a type that are regretted later.
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/text.h"
#include "hazard/rules/rule_words.h"

namespace engine::hazard {
namespace {

using catalog::Column;
using catalog::Relation;

void value_added(const RuleContext& context, Findings& findings) {
  for (const trace::StatementTrace& statement : context.statements) {
    for (const trace::Nested& nested : statement.nested) {
      if (nested.tag != "ALTER TYPE" || !trace::says(statement, "ADD VALUE")) continue;
      findings.add(statement, nested.object,
                   fmt::format("The plan adds a value to enum {}", nested.object));
    }
  }
}

void value_unordered(const RuleContext& context, Findings& findings) {
  for (const trace::StatementTrace& statement : context.statements) {
    if (!trace::says(statement, "ADD VALUE") || trace::says(statement, "BEFORE") ||
        trace::says(statement, "AFTER"))
      continue;
    for (const trace::Nested& nested : statement.nested) {
      if (nested.tag != "ALTER TYPE") continue;
      findings.add(statement, nested.object,
                   fmt::format("The new value of enum {} sorts last", nested.object));
    }
  }
}

void value_renamed(const RuleContext& context, Findings& findings) {
  for (const trace::StatementTrace& statement : context.statements) {
    if (!trace::says(statement, "RENAME VALUE")) continue;
    for (const trace::Nested& nested : statement.nested) {
      if (nested.tag != "ALTER TYPE") continue;
      findings.add(statement, nested.object,
                   fmt::format("The plan renames a value of enum {}", nested.object));
    }
  }
}

/// Types that are new, by how the picture prints them.
template <typename Call>
void each_new_type(const RuleContext& context, Call call) {
  for (const auto& [object, definition] : context.after.objects) {
    if (object.starts_with("type ") && !context.before.objects.contains(object))
      call(object.substr(5), definition);
  }
}

void enum_created(const RuleContext& context, Findings& findings) {
  each_new_type(context, [&](const std::string& type, const std::string& definition) {
    if (definition.substr(0, definition.find('\n')).ends_with(" AS ENUM ("))
      findings.add(type, fmt::format("The plan creates enum {}", type), "ENUM");
  });
}

void domain_created(const RuleContext& context, Findings& findings) {
  each_new_type(context, [&](const std::string& type, const std::string& definition) {
    if (definition.starts_with("CREATE DOMAIN ") && definition.find(" CHECK ") != std::string::npos)
      findings.add(type, fmt::format("The plan creates domain {} with a constraint", type),
                   "DOMAIN");
  });
}

void domain_constraint(const RuleContext& context, Findings& findings) {
  for (const trace::StatementTrace& statement : context.statements) {
    if (!trace::says(statement, "ALTER DOMAIN")) continue;
    for (const trace::Lock& lock : statement.locks) {
      if (lock.kind == 'i' || trace::strength(lock.mode) < trace::share ||
          !context.stood(lock.table))
        continue;
      findings.add_by_size(
          statement, lock.table,
          fmt::format("Writes to {} ({}) wait while ALTER DOMAIN scans the whole table", lock.table,
                      context.size(lock.table)));
    }
  }
}

/// New columns of a type that begins so.
void of_type(const RuleContext& context, Findings& findings, std::string_view type,
             bool limited = false) {
  each_new_column(context, [&](const Relation& table, const Column& column) {
    const bool fits = limited ? column.type.starts_with(type)
                              : column.type == type || column.type == std::string{type} + "[]";
    if (!fits) return;
    findings.add(
        table.name.quoted(),
        fmt::format("The new column {}.{} is {}", table.name.display(), column.name, column.type),
        column.name);
  });
}

void json(const RuleContext& context, Findings& findings) { of_type(context, findings, "json"); }
void characters(const RuleContext& context, Findings& findings) {
  of_type(context, findings, "character(", true);
}
void limited_text(const RuleContext& context, Findings& findings) {
  of_type(context, findings, "character varying(", true);
}

void zoneless(const RuleContext& context, Findings& findings) {
  of_type(context, findings, "timestamp without time zone");
}

void serial(const RuleContext& context, Findings& findings) {
  each_new_column(context, [&](const Relation& table, const Column& column) {
    if (!column.default_expression || !column.default_expression->starts_with("nextval(") ||
        std::none_of(table.sequences.begin(), table.sequences.end(), [&](const auto& sequence) {
          return sequence.owned_by_column == column.name &&
                 sequence.owned_by_table.quoted() == table.name.quoted();
        }))
      return;
    findings.add(table.name.quoted(),
                 fmt::format("The new column {}.{} is serial", table.name.display(), column.name),
                 column.name);
  });
}

void short_key(const RuleContext& context, Findings& findings) {
  each_new_column(context, [&](const Relation& table, const Column& column) {
    if (column.type != "integer" && column.type != "smallint") return;
    const catalog::Constraint* key = table.primary_key();
    if (key == nullptr || key->columns != std::vector<std::string>{column.name}) return;
    findings.add(table.name.quoted(),
                 fmt::format("The new primary key {}.{} is {}", table.name.display(), column.name,
                             column.type),
                 column.name);
  });
}

void truncated_name(const RuleContext& context, Findings& findings) {
  for (const trace::StatementTrace& statement : context.statements) {
    for (const trace::ServerNotice& notice : statement.notices) {
      if (notice.sqlstate == "42622") findings.add(statement, "", notice.message);
    }
  }
}

constexpr std::array rules{
    Rule{"enum.value-added", Severity::info, Evidence::proved,
         "A new enum value cannot be used before its step has committed, and cannot be removed "
         "later.",
         "Use the value in a later step, and say in the rollback that it stays.", value_added},
    Rule{"enum.value-unordered", Severity::info, Evidence::proved,
         "Comparisons and ORDER BY follow the order of the enum's values, which cannot be changed "
         "later.",
         "Use ALTER TYPE … ADD VALUE … BEFORE or AFTER another value.", value_unordered},
    Rule{"enum.value-renamed", Severity::warning, Evidence::assumed,
         "The running application still writes and expects the old name of the value.",
         "ADD VALUE beside the old one, and change the rows once the application knows both.",
         value_renamed},
    Rule{"enum.created", Severity::info, Evidence::proved,
         "Values of an enum can be added but not removed, and have no columns of their own.",
         "Use a table of the values and a foreign key if the values may change.", enum_created},
    Rule{"domain.constrained", Severity::info, Evidence::proved,
         "Every change of a domain's constraint locks and scans all tables that have a column of "
         "the domain.",
         "Use a CHECK on the column: ADD CONSTRAINT … NOT VALID, then VALIDATE CONSTRAINT.",
         domain_created},
    Rule{"domain.constraint-added", Severity::danger, Evidence::proved,
         "ALTER DOMAIN … ADD or VALIDATE CONSTRAINT holds SHARE on every table with a column of "
         "the domain while it scans them.",
         "Use ADD CONSTRAINT … CHECK on the columns, NOT VALID, and VALIDATE CONSTRAINT, a step "
         "for each table; or ALTER DOMAIN … NOT VALID for new values only, and VALIDATE CONSTRAINT "
         "at a quiet time.",
         domain_constraint},
    Rule{"type.json", Severity::info, Evidence::proved,
         "json has no equality operator: DISTINCT and GROUP BY over the table's rows fail.",
         "Use jsonb.", json},
    Rule{"type.char", Severity::info, Evidence::proved,
         "char(n) pads values with blanks, and comparisons ignore the trailing blanks.",
         "Use text, with a CHECK of the length if one is needed.", characters},
    Rule{"type.varchar", Severity::info, Evidence::proved,
         "Lowering the limit of varchar(n) later scans or rewrites the whole table.",
         "Use text, with CHECK (length(column) <= n) NOT VALID and VALIDATE CONSTRAINT.",
         limited_text},
    Rule{"type.timestamp", Severity::info, Evidence::proved,
         "timestamp without time zone does not identify a moment: its meaning depends on the "
         "reader's time zone.",
         "Use timestamptz.", zoneless},
    Rule{"type.serial", Severity::info, Evidence::proved,
         "The sequence of a serial column has its own owner and privileges: GRANT on the table "
         "does not cover it.",
         "Use bigint GENERATED BY DEFAULT AS IDENTITY.", serial},
    Rule{"type.short-key", Severity::info, Evidence::proved,
         "integer ends at 2,147,483,647 and smallint at 32,767; widening the key later rewrites "
         "its table and every table that references it.",
         "Use bigint or uuid.", short_key},
    Rule{"name.truncated", Severity::warning, Evidence::proved,
         "PostgreSQL cuts names at 63 bytes: names with the same beginning collide, and code that "
         "looks for the full name finds nothing.",
         "Use names of at most 63 bytes, generated names included.", truncated_name},
};

}  // namespace

std::span<const Rule> type_rules() { return rules; }

}  // namespace engine::hazard
