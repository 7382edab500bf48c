// Statements for one part of a relation, as its backup describes it.
#pragma once

#include <string>

#include "backup/columns.h"
#include "catalog/relation.h"

namespace engine::backup {

/// "'it''s'"; NULL for the empty text, as COMMENT wants it.
std::string comment_value(const std::string& comment);

/// It may stand, and only have been cut off from the table.
Statements create_sequence(const catalog::Relation& table, const catalog::Sequence& sequence);
/// "INCREMENT BY 1 MINVALUE 1 …": both CREATE and ALTER SEQUENCE take it.
std::string sequence_parameters(const catalog::Sequence& sequence);
/// "ENABLE", "DISABLE", "ENABLE REPLICA", "ENABLE ALWAYS" by tgenabled.
std::string enabling(char enabled);

/// SET and RESET that turn one list of `name=value` into the other; `prefix` is "toast." or "".
Statements change_options(const std::string& alter, const std::vector<std::string>& want,
                          const std::vector<std::string>& have, const std::string& prefix);

bool same(const catalog::Policy& a, const catalog::Policy& b);
bool same(const catalog::Trigger& a, const catalog::Trigger& b);
bool same(const catalog::Rule& a, const catalog::Rule& b);
bool same(const catalog::ExtendedStatistics& a, const catalog::ExtendedStatistics& b);
bool same(const catalog::Publication& a, const catalog::Publication& b);
bool same(const catalog::Index& a, const catalog::Index& b);

}  // namespace engine::backup
