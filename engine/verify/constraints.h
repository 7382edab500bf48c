// Keys and other constraints.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "verify/subject.h"

namespace engine::verify {

/// No columns: any primary key.
event::Outcome has_primary_key(const Subject& subject, const std::vector<std::string>& columns);

/// No columns: none at all; else none on exactly these.
event::Outcome has_no_primary_key(const Subject& subject, const std::vector<std::string>& columns);

/// No columns: anything that is unique besides the primary key; then has_no_unique: nothing.
/// A unique constraint, or a valid unique index on plain columns without a condition: both hold the
/// same promise. The order of the columns does not matter to it.
event::Outcome has_unique(const Subject& subject, const std::vector<std::string>& columns);
event::Outcome has_no_unique(const Subject& subject, const std::vector<std::string>& columns);

/// What is not said is not compared.
struct ForeignKeySpec {
  std::vector<std::string> columns;
  std::optional<QualifiedName> references;
  std::vector<std::string> referenced_columns;
  std::string on_delete;  // "CASCADE", "NO ACTION" …
  std::string on_update;
  std::optional<bool> valid;
};
event::Outcome has_foreign_key(const Subject& subject, const ForeignKeySpec& spec);
/// None like this; where nothing is said, none at all.
event::Outcome has_no_foreign_key(const Subject& subject, const ForeignKeySpec& spec);

/// A CHECK constraint by its condition (see sql/expression.h), by its columns in any order, or any.
struct CheckSpec {
  std::string condition;
  std::vector<std::string> columns;
};
event::Outcome has_check(const Subject& subject, const CheckSpec& spec);
event::Outcome has_no_check(const Subject& subject, const CheckSpec& spec);

struct ConstraintSpec {
  std::string name;
  std::optional<bool> valid;
  std::optional<bool> deferrable;
  std::string definition;  // as pg_get_constraintdef prints it
};
event::Outcome has_constraint(const Subject& subject, const ConstraintSpec& spec);
event::Outcome has_no_constraint(const Subject& subject, const std::string& constraint);
/// By name. NOT NULL constraints, which PostgreSQL 18 names, do not count.
event::Outcome constraints_are(const Subject& subject, const std::vector<std::string>& names);

}  // namespace engine::verify
