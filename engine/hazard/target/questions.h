// What a plan asks of the rows of a table that was there before it.
#pragma once

#include <string>
#include <vector>

#include "database_state/database_state.h"
#include "hazard/target/probe.h"
#include "sql/column_changes.h"

namespace engine::hazard {

/// Makes questions about one table as it was before the plan, of what it is after it. Each counts
/// rows that break something, up to a limit, and gives the primary keys of some; none asks yet.
class Questions {
 public:
  /// `changes`: what statements of the plan say of its columns.
  Questions(const database_state::DatabaseState& before, const database_state::DatabaseState& after,
            const catalog::Relation& was, const catalog::Relation& now,
            std::vector<sql::ColumnChange> changes)
      : before_(before), after_(after), was_(was), now_(now), changes_(std::move(changes)) {}

  static constexpr int most_rows = 1000;  // that are counted

  std::vector<Probe> made;

  void columns();
  void domains();  // that the plan changed, of columns that it did not
  void indexes();
  void constraints();
  void bounds();  // as a partition

 private:
  /// The primary key of a row of the target's table, as text.
  std::string key(const std::string& alias) const;
  std::string count(const std::string& rows) const;
  std::string where(const std::string& condition) const;
  /// Evaluates the expression for each row: where that fails, so does the plan.
  std::string trial(const std::string& expression) const;
  /// As an assignment: too long is an error, and nothing is cut off.
  std::string assigned(const std::string& expression, const std::string& type) const;
  /// Those of the columns that the target does not have.
  std::string unknown(const std::vector<std::string>& names, const catalog::Relation& table) const;
  Probe& ask(const std::string& of, const std::string& object, std::string sql);
  void give_up(const std::string& of, const std::string& object, std::string reason);

  void new_column(const catalog::Column& column);
  void convert(const catalog::Column& old, const catalog::Column& now);
  void convert_by(const std::string& written, const catalog::Column& old,
                  const catalog::Column& now);
  void domain(const catalog::Column& column, const std::string& name,
              const database_state::Domain& was, const database_state::Domain& is);
  /// Rows whose value, an expression over the table, breaks one of the conditions over VALUE.
  std::string breaking(const std::string& value, const std::vector<std::string>& conditions) const;
  void unique(const catalog::Index& index);
  void exclusion(const catalog::Constraint& constraint);
  void foreign_key(const catalog::Constraint& constraint);
  void check(const catalog::Constraint& constraint);

  const database_state::DatabaseState& before_;
  const database_state::DatabaseState& after_;
  const catalog::Relation& was_;
  const catalog::Relation& now_;
  const std::vector<sql::ColumnChange> changes_;
};

}  // namespace engine::hazard
