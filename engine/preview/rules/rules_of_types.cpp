// Hazards of types, enumerations and domains, and choices of a type that are regretted later.
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/text.h"
#include "preview/rules/rule_words.h"

namespace engine::preview {
namespace {

using catalog::Column;
using catalog::Relation;

void value_added(const Scene& scene, Findings& findings) {
  for (const StatementTrace& statement : scene.statements) {
    for (const Nested& nested : statement.nested) {
      if (nested.tag != "ALTER TYPE" || !says(statement, "ADD VALUE")) continue;
      findings.add(statement, nested.object, fmt::format("Enum {} gets a value", nested.object));
    }
  }
}

void value_unordered(const Scene& scene, Findings& findings) {
  for (const StatementTrace& statement : scene.statements) {
    if (!says(statement, "ADD VALUE") || says(statement, "BEFORE") || says(statement, "AFTER"))
      continue;
    for (const Nested& nested : statement.nested) {
      if (nested.tag != "ALTER TYPE") continue;
      findings.add(statement, nested.object,
                   fmt::format("The new value of {} sorts last", nested.object));
    }
  }
}

void value_renamed(const Scene& scene, Findings& findings) {
  for (const StatementTrace& statement : scene.statements) {
    if (!says(statement, "RENAME VALUE")) continue;
    for (const Nested& nested : statement.nested) {
      if (nested.tag != "ALTER TYPE") continue;
      findings.add(statement, nested.object,
                   fmt::format("A value of enum {} has another name", nested.object));
    }
  }
}

/// Types that are new, by how the picture prints them.
template <typename Call>
void each_new_type(const Scene& scene, Call call) {
  for (const auto& [object, definition] : scene.after.objects) {
    if (object.starts_with("type ") && !scene.before.objects.contains(object))
      call(object.substr(5), definition);
  }
}

void enum_created(const Scene& scene, Findings& findings) {
  each_new_type(scene, [&](const std::string& type, const std::string& definition) {
    if (definition.substr(0, definition.find('\n')).ends_with(" AS ENUM ("))
      findings.add(type, fmt::format("{} is a new enum", type), "ENUM");
  });
}

void domain_created(const Scene& scene, Findings& findings) {
  each_new_type(scene, [&](const std::string& type, const std::string& definition) {
    if (definition.starts_with("CREATE DOMAIN ") && definition.find(" CHECK ") != std::string::npos)
      findings.add(type, fmt::format("{} is a new domain with a constraint", type), "DOMAIN");
  });
}

void domain_constraint(const Scene& scene, Findings& findings) {
  for (const StatementTrace& statement : scene.statements) {
    if (!says(statement, "ALTER DOMAIN")) continue;
    for (const Lock& lock : statement.locks) {
      if (lock.kind == 'i' || strength(lock.mode) < share || !scene.stood(lock.table)) continue;
      findings.add_by_size(statement, lock.table,
                           fmt::format("Writes to {} ({}) wait while all of it is read", lock.table,
                                       scene.size(lock.table)));
    }
  }
}

/// New columns of a type that begins so.
void of_type(const Scene& scene, Findings& findings, std::string_view type, bool limited = false) {
  each_new_column(scene, [&](const Relation& table, const Column& column) {
    const bool fits = limited ? column.type.starts_with(type)
                              : column.type == type || column.type == std::string{type} + "[]";
    if (!fits) return;
    findings.add(table.name.quoted(),
                 fmt::format("{}.{} is {}", table.name.display(), column.name, column.type),
                 column.name);
  });
}

void json(const Scene& scene, Findings& findings) { of_type(scene, findings, "json"); }
void characters(const Scene& scene, Findings& findings) {
  of_type(scene, findings, "character(", true);
}
void limited_text(const Scene& scene, Findings& findings) {
  of_type(scene, findings, "character varying(", true);
}

void zoneless(const Scene& scene, Findings& findings) {
  of_type(scene, findings, "timestamp without time zone");
}

void serial(const Scene& scene, Findings& findings) {
  each_new_column(scene, [&](const Relation& table, const Column& column) {
    if (!column.default_expression || !column.default_expression->starts_with("nextval(") ||
        std::none_of(table.sequences.begin(), table.sequences.end(), [&](const auto& sequence) {
          return sequence.owned_by_column == column.name &&
                 sequence.owned_by_table.quoted() == table.name.quoted();
        }))
      return;
    findings.add(table.name.quoted(),
                 fmt::format("{}.{} is serial", table.name.display(), column.name), column.name);
  });
}

void short_key(const Scene& scene, Findings& findings) {
  each_new_column(scene, [&](const Relation& table, const Column& column) {
    if (column.type != "integer" && column.type != "smallint") return;
    const catalog::Constraint* key = table.primary_key();
    if (key == nullptr || key->columns != std::vector<std::string>{column.name}) return;
    findings.add(table.name.quoted(),
                 fmt::format("The key {}.{} is {}", table.name.display(), column.name, column.type),
                 column.name);
  });
}

void truncated_name(const Scene& scene, Findings& findings) {
  for (const StatementTrace& statement : scene.statements) {
    for (const ServerNotice& notice : statement.notices) {
      if (notice.sqlstate == "42622") findings.add(statement, "", notice.message);
    }
  }
}

constexpr std::array rules{
    Rule{"enum.value-added", "info", "proved",
         "It cannot be used before this step has committed, and nothing removes it again.",
         "Use it in a later step, and say in the rollback that it stays.", value_added},
    Rule{"enum.value-unordered", "info", "proved",
         "Comparisons and ORDER BY go by the order of the values, and it cannot be changed later.",
         "ALTER TYPE … ADD VALUE … BEFORE or AFTER another.", value_unordered},
    Rule{"enum.value-renamed", "warning", "assumed",
         "The running application writes and expects the old one.",
         "ADD VALUE beside the old one; move the rows once the application knows both.",
         value_renamed},
    Rule{"enum.created", "info", "proved",
         "Values can be added but not removed, and carry nothing with them.",
         "CREATE TABLE of the values and a foreign key, where they may ever change.", enum_created},
    Rule{"domain.constrained", "info", "proved",
         "Each change of its constraint reads every table that has a column of it, all locked.",
         "CHECK on the column, NOT VALID and VALIDATE CONSTRAINT.", domain_created},
    Rule{"domain.constraint-added", "danger", "proved",
         "ALTER DOMAIN holds SHARE on every table with a column of it, and reads them all; so does "
         "its VALIDATE CONSTRAINT.",
         "ADD CONSTRAINT … CHECK on the columns, NOT VALID, and VALIDATE CONSTRAINT, a step for "
         "each table; else ALTER DOMAIN … NOT VALID for new values alone, and VALIDATE CONSTRAINT "
         "at a quiet time.",
         domain_constraint},
    Rule{"type.json", "info", "proved",
         "json has no equality: DISTINCT and GROUP BY over its table's rows fail.", "jsonb", json},
    Rule{"type.char", "info", "proved", "char(n) is padded with blanks, and compares without them.",
         "text, with a CHECK of the length where one is meant.", characters},
    Rule{"type.varchar", "info", "proved",
         "A narrower limit later reads or writes the whole table.",
         "text, with CHECK (length(column) <= n) NOT VALID and VALIDATE CONSTRAINT.", limited_text},
    Rule{"type.timestamp", "info", "proved",
         "Which moment it means depends on who reads it, and where.", "timestamptz", zoneless},
    Rule{"type.serial", "info", "proved",
         "Its sequence has owner and privileges of its own, which grants on the table leave out.",
         "bigint GENERATED BY DEFAULT AS IDENTITY", serial},
    Rule{
        "type.short-key", "info", "proved",
        "integer ends at 2,147,483,647, smallint at 32,767, and widening it rewrites the table and "
        "all that refers to it.",
        "bigint or uuid", short_key},
    Rule{"name.truncated", "warning", "proved",
         "Two names with the same beginning become one, and code that compares names finds none.",
         "A name of at most 63 bytes, generated ones included.", truncated_name},
};

}  // namespace

std::span<const Rule> type_rules() { return rules; }

}  // namespace engine::preview
