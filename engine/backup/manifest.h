// Everything that makes a table that table, besides the copy of its rows.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/names.h"
#include "catalog/relation.h"

namespace engine::backup {

/// A column of a key with the operator that compares it: the type's own may lie in an extension's
/// schema.
struct KeyColumn {
  std::string column;
  std::string op;  // "OPERATOR(pg_catalog.=)"
};

struct RowColumn {
  std::string name;
  std::string type;
  bool generated = false;        // is computed, cannot be written
  bool identity_always = false;  // can be inserted, cannot be updated
};

/// How the rows of one table refer to those of another that is in the same backup.
struct Link {
  std::size_t parent = 0;  // index among the backup's row sets
  struct Pair {
    std::string column, parent_column, op;  // parent_column op column
  };
  std::vector<Pair> pairs;
};

/// The rows of one table: the table itself, or those of another that refer to it and would be
/// deleted or emptied with it.
struct RowSet {
  QualifiedName table, copy;
  std::uint32_t oid = 0, copy_oid = 0;
  std::vector<KeyColumn> key;  // the primary key; empty: rows are told apart by their whole content
  std::vector<RowColumn> columns;
  std::vector<Link> links;  // of the table itself: none, all its rows are meant
  std::int64_t rows = 0;
  std::string checksum;
};

/// A function or procedure that falls with the table: its signature or its SQL body names it.
struct Routine {
  std::string kind;       // "function", "procedure"
  std::string signature;  // public.f(integer)
  std::string definition, owner, comment;
  std::vector<catalog::Grant> grants;
};

enum class AttachedKind { view, routine, policy };

/// What falls with the table by DROP … CASCADE, besides foreign keys.
struct Attached {
  AttachedKind kind = AttachedKind::view;
  int depth = 0;               // what stands on it is deeper
  catalog::Relation relation;  // a view; for a policy: its table's name, and the policy
  Routine routine;
  std::string name() const;  // "view public.v"
};

struct Manifest {
  catalog::Relation table;
  std::map<std::string, int>
      numbers;  // attribute numbers by column: a renamed column keeps its number
  std::map<std::string, std::uint32_t>
      referrers;                   // OIDs of tables with a key to it, by quoted name
  std::vector<RowSet> rows;        // the table first, each before those that refer to it
  std::vector<Attached> attached;  // each before what stands on it
  std::vector<std::string>
      unsupported;  // dependents that cannot be made again, in the server's words
};

std::string to_json(const Manifest& manifest);
/// Throws Error{backup} where the text is no manifest of this version.
Manifest manifest_from_json(std::string_view json);

}  // namespace engine::backup
