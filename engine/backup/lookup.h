// The journal's list of backups, searched by the names that people use.
#pragma once

#include <string>

#include "backup/naming.h"
#include "catalog/relation.h"
#include "journal/snapshots.h"

namespace engine::backup {

/// The newest backup of that kind (snapshot, retired) which still is there: by its name, the copy's
/// or, retired, the table's, with or without schema. Throws Error{missing_object} naming the
/// nearest.
journal::SnapshotRow find(db::Connection& connection, const Origin& origin, const std::string& kind,
                          const std::string& name);

/// Whether the role acts as the owner of each table. Throws Error{refused} naming the owner and the
/// grant.
void require_owner(db::Connection& connection, const std::vector<QualifiedName>& tables,
                   const char* what);

/// What a plain table must not be to be backed up. Throws Error{backup}.
void require_plain(const catalog::Relation& table, const char* what);

/// The server's error as one of this layer, with what was being done; lock waits, conflicts and
/// lost connections stay what they are.
[[noreturn]] void rethrow(const Error& error, const std::string& doing);

}  // namespace engine::backup
