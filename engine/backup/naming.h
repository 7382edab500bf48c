// Where copies and moved tables live, and that nobody else can read them.
#pragma once

#include <string>
#include <string_view>

#include "base/names.h"
#include "db/connection.h"

namespace engine::backup {

/// Who takes or uses a backup, and the journal's schema in this database.
struct Origin {
  std::string run, step;  // empty outside of a run
  std::string journal_schema = "engine";
};

/// The schema of copies: the journal's name and `_backup`. Made where missing; only its owner may
/// use it. Throws Error{refused} naming the grant where the role may not make it.
std::string copies_schema(db::Connection& connection, const Origin& origin);

/// A new schema that only its owner may use, named after the table that moves there.
std::string own_schema(db::Connection& connection, const Origin& origin, std::string_view purpose,
                       std::string_view table);

/// `stem` + `suffix`, cut to what a name can hold, and numbered where the schema has one of that
/// name already.
QualifiedName free_name(db::Connection& connection, const std::string& schema,
                        std::string_view stem, std::string_view suffix);

/// "_20261120_231502_4f7a": the run's id as the end of a name; the date where there is no run.
std::string run_suffix(db::Connection& connection, const Origin& origin);

/// Takes every right from everyone but the owner, whatever default privileges gave, and turns row
/// security on without a policy: a role that may read all data (pg_read_all_data) sees no row
/// either.
void make_private(db::Connection& connection, const QualifiedName& table,
                  const std::string& comment);

}  // namespace engine::backup
