// What a role may do with single columns, however it came by it: a privilege on the whole table is
// one on each of its columns.
#pragma once

#include <string>
#include <vector>

#include "verify/subject.h"

namespace engine::verify {

/// Of each of the columns. Privileges are SELECT, INSERT, UPDATE and REFERENCES; ALL is all of
/// them. Throws Error{argument} for one that no column has.
struct ColumnPrivileges {
  std::string role;
  std::vector<std::string> columns;
  std::vector<std::string> privileges;
};

event::Outcome has_column_privileges(db::Connection& connection, const Subject& subject,
                                     const ColumnPrivileges& wanted);
/// No privileges given: none at all.
event::Outcome has_no_column_privileges(db::Connection& connection, const Subject& subject,
                                        const ColumnPrivileges& wanted);
event::Outcome column_privileges_are(db::Connection& connection, const Subject& subject,
                                     const ColumnPrivileges& wanted);
/// What the role may do with at least one column of the table; `columns` is empty.
event::Outcome any_column_privileges_are(db::Connection& connection, const Subject& subject,
                                         const ColumnPrivileges& wanted);

}  // namespace engine::verify
