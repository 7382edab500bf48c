// Which columns a table must lose, get or rename to have those of its backup again, in their order.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "backup/rows.h"
#include "catalog/relation.h"

namespace engine::backup {

using Statements = std::vector<std::string>;
using Numbers = std::map<std::string, int>;

/// Each column of the backup that the table still has, under whatever name: a renamed column keeps
/// its attribute number. One that was dropped and added again under its name counts as that one.
std::vector<Pairing> pair_columns(const catalog::Relation& want, const Numbers& want_numbers,
                                  const catalog::Relation& have, const Numbers& have_numbers);

/// Gives every paired column its former name.
Statements rename_columns(const catalog::Relation& have, const std::vector<Pairing>& pairings);

struct ColumnPlan {
  std::vector<std::string>
      drop;  // not in the backup, or of another type, or in the way of one that is missing
  std::size_t keep = 0;  // the backup's columns before this one stand; it and those after are added
  bool deep = false;     // columns that the backup has go away: their data comes from the copy
};

/// After the renaming. A column can only be added at the end, so that what follows a missing one is
/// added again too.
ColumnPlan plan_columns(const catalog::Relation& want, const catalog::Relation& have);

/// "a integer", "b text COLLATE …", "c numeric GENERATED ALWAYS AS (…) STORED": neither NOT NULL
/// nor a default yet.
std::string bare_column(const catalog::Column& column);

}  // namespace engine::backup
