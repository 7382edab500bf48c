// What the server's catalog says of a relation, as data. Everything a manifest needs is here.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/names.h"

namespace engine::catalog {

/// One privilege of one grantee, as aclexplode gives it; NULL acls are filled with the defaults.
struct Grant {
  std::string grantee;  // "PUBLIC" for everyone
  std::string grantor;
  std::string privilege;  // "SELECT"
  bool grantable = false;
  auto operator<=>(const Grant&) const = default;
};

struct Column {
  std::string name;
  std::string type;  // format_type: "character varying(20)"
  bool not_null = false;
  std::optional<std::string> default_expression;  // pg_get_expr
  std::string identity;                           // "", "always", "by default"
  bool generated = false;                         // default_expression is the generation expression
  bool generated_virtual = false;                 // computed when read (PostgreSQL 18), not stored
  bool local = true;                              // false: only inherited from a parent
  std::string collation;                          // "" where it is the type's own
  std::string storage;  // "plain", "external", "main", "extended"; "" where it is the type's own
  std::string compression;  // "", "pglz", "lz4"
  int statistics_target = -1;
  std::vector<std::string> options;  // n_distinct, n_distinct_inherited
  std::vector<Grant> grants;         // of the column itself, not the table's
  std::string comment;
  std::string type_schema, type_name;  // of the base type, to find what a column depends on
};

struct Constraint {
  std::string name;
  char type = 'c';         // p, u, f, c, x, n as in pg_constraint
  std::string definition;  // pg_get_constraintdef
  std::vector<std::string> columns;
  bool validated = true;
  bool local = true;  // false: only inherited from a parent
  bool deferrable = false;
  bool deferred = false;
  std::string index;    // of p, u, x
  QualifiedName table;  // that carries it
  // foreign keys only
  QualifiedName references;
  std::vector<std::string> referenced_columns;
  std::string on_delete;  // "NO ACTION", "RESTRICT", "CASCADE", "SET NULL", "SET DEFAULT"
  std::string on_update;
  std::string comment;
};

struct Index {
  QualifiedName name;
  std::string definition;            // pg_get_indexdef
  std::string method;                // "btree"
  std::vector<std::string> columns;  // key columns or expressions, in order
  std::vector<std::string> orders;   // of each column: "", "DESC", "DESC NULLS LAST", "NULLS FIRST"
  std::vector<std::string> included;
  std::string predicate;  // "" where it is not partial
  bool unique = false;
  bool primary = false;
  bool valid = true;
  bool ready = true;
  bool clustered = false;
  bool replica_identity = false;
  std::string constraint;  // that owns it, "" where none does
  std::vector<int> statistics_targets;
  std::vector<std::string> options;  // "fillfactor=70"; also in the definition
  std::string tablespace;
  std::string comment;
};

struct Trigger {
  std::string name;
  std::string definition;  // pg_get_triggerdef
  QualifiedName function;
  std::string timing;               // "BEFORE", "AFTER", "INSTEAD OF"
  std::vector<std::string> events;  // "INSERT", "UPDATE", "DELETE", "TRUNCATE"
  bool for_each_row = true;
  bool of_parent = false;  // the copy that a partition has of its parent's
  char enabled = 'O';      // as in tgenabled: O, D, R, A
  std::string comment;
};

struct Policy {
  std::string name;
  std::string command;  // "ALL", "SELECT", "INSERT", "UPDATE", "DELETE"
  bool permissive = true;
  std::vector<std::string> roles;  // "PUBLIC" for everyone
  std::string using_expression;    // "" where it has none
  std::string check_expression;
  std::string comment;
};

struct Rule {
  std::string name;
  std::string definition;
  char enabled = 'O';
  std::string comment;
};

struct ExtendedStatistics {
  QualifiedName name;
  std::string definition;
  int target = -1;
  std::string owner;
  std::string comment;
};

struct Sequence {
  QualifiedName name;
  std::string owner;
  std::string type;
  std::string start, increment, minimum, maximum, cache;
  bool cycle = false;
  QualifiedName owned_by_table;
  std::string owned_by_column;  // "" where no column owns it
  bool identity = false;        // owned by an identity column
  std::optional<std::string> last_value;
  bool is_called = false;
  std::vector<Grant> grants;
  std::string comment;
};

struct Publication {
  std::string name;
  std::string filter;
  std::vector<std::string> columns;
};

/// Something else that would stop working without the relation: a view, a materialized view, a
/// function, a foreign key, a policy of another table, an inheritance child, a column default.
struct Dependent {
  std::string kind;  // "view", "materialized view", "function", "policy", "constraint", "table" …
  QualifiedName name;
  std::string of_table;     // policies, constraints, rules: the table that carries it
  std::string description;  // pg_describe_object
  std::uint32_t oid = 0;
};

struct Relation {
  std::uint32_t oid = 0;
  QualifiedName name;
  char kind = 'r';  // as in relkind: r, p, v, m, S, f
  char persistence = 'p';
  std::string owner;
  std::string comment;
  std::string access_method;
  std::string tablespace;
  std::vector<std::string> options;
  std::vector<std::string> toast_options;
  char replica_identity = 'd';
  bool row_security = false;
  bool force_row_security = false;
  std::string partition_key;
  std::string partition_bound;
  std::vector<QualifiedName> parents;
  std::vector<QualifiedName> children;
  std::string view_definition;  // views and materialized views: pg_get_viewdef
  bool populated = true;        // materialized views
  std::int64_t estimated_rows = -1;
  std::int64_t bytes = 0;

  std::vector<Column> columns;            // live ones, in order
  std::vector<Constraint> constraints;    // of the relation, by name
  std::vector<Constraint> referenced_by;  // foreign keys of other tables to it
  std::vector<Index> indexes;
  std::vector<Trigger> triggers;  // not internal ones
  std::vector<Policy> policies;
  std::vector<Rule> rules;  // not _RETURN
  std::vector<ExtendedStatistics> statistics;
  std::vector<Sequence> sequences;  // owned, and others named by defaults
  std::vector<Publication> publications;
  std::vector<Grant> grants;

  /// "table", "view", "materialized view", "sequence", "partitioned table", "foreign table".
  std::string_view kind_name() const;

  const Column* column(std::string_view column_name) const;
  const Index* index(std::string_view index_name) const;
  const Constraint* constraint(std::string_view constraint_name) const;
  const Policy* policy(std::string_view policy_name) const;
  const Trigger* trigger(std::string_view trigger_name) const;
  const Constraint* primary_key() const;
};

}  // namespace engine::catalog
