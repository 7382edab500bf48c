// What rows must agree on: keys and their rows, sequences and the numbers that they gave, contents
// and their checksum.
#pragma once

#include <string>
#include <vector>

#include "db/connection.h"
#include "verify/subject.h"

namespace engine::verify {

/// No row refers to a row that is not there: by the foreign key of this name, or by every one of
/// the table, validated or not.
event::Outcome has_no_orphans(db::Connection& connection, const Subject& subject,
                              const std::string& key);

/// The same where no key stands: columns of this table, and what they refer to.
struct Reference {
  std::vector<std::string> columns;
  QualifiedName table;
  std::vector<std::string> referenced;  // none: its primary key
};
event::Outcome has_no_orphans(db::Connection& connection, const Subject& subject,
                              const Reference& reference);

/// Every sequence that a column takes its default from will next give a number that no row has.
event::Outcome has_sequences_ahead(db::Connection& connection, const Subject& subject);

/// The sum over the rows, in whatever order, as `checksum` of the failed check says it.
event::Outcome has_checksum(db::Connection& connection, const Subject& subject,
                            const std::string& checksum, const std::vector<std::string>& columns);

}  // namespace engine::verify
