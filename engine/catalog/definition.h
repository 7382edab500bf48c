// A relation as the statements that make it again. Every name in them is qualified or a role's, so
// they mean the same whatever the search_path; they want one transaction, since the ones for grants
// set the role locally.
#pragma once

#include <string>
#include <vector>

#include "catalog/relation.h"

namespace engine::catalog {

using Statements = std::vector<std::string>;

struct Definition {
  Statements before_rows;  // sequences and the relation itself, without keys
  Statements after_rows;   // sequence values, keys, indexes, triggers, rules, policies, comments,
                           // owner, grants
  Statements at_last;      // once every other relation stands: its foreign keys; as a partition or
                           // child, attached
  Statements
      inbound;  // foreign keys of other tables to it, where those are not made again themselves
};

/// In the order in which they must run. A sequence that a column owns comes with its table: its own
/// definition is empty. Throws Error{backup} for a foreign table.
Definition define(const Relation& relation);

/// For people: all of it, each statement with its semicolon, in an order that other changes leave
/// as it is. A table's constraints stand within it and its sequences are relations of their own;
/// what statements do not say is a comment: partitions, an invalid index, keys of others to it.
/// Where a sequence stands is no part of it.
std::string definition_text(const Relation& relation);

namespace print {

// The parts of define(), for those who put back only what is missing.
Statements sequences(
    const Relation& relation);  // but those of identity columns, which come with the table
/// Table, view, materialized view. `clauses` stand behind a table's columns.
Statements create(const Relation& relation, const Statements& clauses = {});
Statements sequence_values(const Relation& relation);
Statements constraints(const Relation& relation);  // without foreign keys
Statements foreign_keys(const Relation& relation);
Statements inbound_foreign_keys(const Relation& relation);
Statements indexes(
    const Relation& relation);  // those of constraints: only what the constraint does not say
Statements marks(const Relation& relation);  // replica identity and the index it is clustered on
Statements statistics(const Relation& relation);
Statements triggers(const Relation& relation);
Statements rules(const Relation& relation);
Statements row_security(const Relation& relation);
Statements policies(const Relation& relation);
Statements comments(const Relation& relation);
Statements owner(const Relation& relation);
Statements publications(const Relation& relation);
Statements attachments(const Relation& relation);  // as a partition or a child, to its parents

/// Takes every privilege from everyone, those that default privileges gave included, and grants
/// exactly what is recorded; what another role than the owner granted is granted in that role.
Statements grants(const Relation& relation);
/// The grants alone, for people: those of other roles than the owner as GRANTED BY, and without
/// what an owner has anyway.
Statements privileges(const Relation& relation);

std::string constraint(const QualifiedName& table, const Constraint& constraint);
Statements trigger(const QualifiedName& table, const Trigger& trigger);
std::string policy(const QualifiedName& table, const Policy& policy);

}  // namespace print
}  // namespace engine::catalog
