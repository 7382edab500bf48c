#include "catalog/definition.h"

#include <algorithm>
#include <string_view>

#include "catalog/printing.h"

namespace engine::catalog {
namespace {

/// Primary key, unique ones, exclusions, checks, foreign keys; by name among themselves.
std::vector<Constraint> in_reading_order(std::vector<Constraint> constraints) {
  constexpr std::string_view order = "puxcfn";
  std::stable_sort(constraints.begin(), constraints.end(),
                   [&](const Constraint& a, const Constraint& b) {
                     return order.find(a.type) < order.find(b.type);
                   });
  return constraints;
}

// Since 18 NOT NULL has a name, which says nothing where the server chose it.
bool is_plain_not_null(const Relation& relation, const Constraint& constraint) {
  return constraint.type == 'n' && constraint.validated && constraint.columns.size() == 1 &&
         constraint.name == relation.name.name + "_" + constraint.columns.front() + "_not_null" &&
         !constraint.definition.ends_with(" NO INHERIT");
}

/// Without the access method that tables have unless told.
Relation without_heap(Relation relation) {
  if (relation.access_method == "heap") relation.access_method.clear();
  return relation;
}

Statements created_table(const Relation& relation) {
  Relation plain = without_heap(relation);
  // Without them identity is told by its kind, and defaults by the sequence's name.
  plain.sequences.clear();
  std::erase_if(plain.constraints, [&](const Constraint& constraint) {
    return is_plain_not_null(relation, constraint);
  });
  std::vector<std::string> clauses;
  for (const auto& each : in_reading_order(plain.constraints)) {
    // A valid NOT NULL stands in its column's clause.
    if (each.type == 'n' && each.validated) continue;
    clauses.push_back("CONSTRAINT " + quote_identifier(each.name) + " " + each.definition);
  }
  return print::create(plain, clauses);
}

Statements created_view(const Relation& relation) {
  Relation plain = without_heap(relation);
  // The query names its columns itself.
  plain.columns.clear();
  Statements statements = print::create(relation);
  statements.front() = print::create(plain).front();
  return statements;
}

Statements created_sequence(const Relation& relation) {
  Relation plain = relation;
  Statements owned;
  for (Sequence& sequence : plain.sequences) {
    sequence.identity = false;
    if (sequence.owned_by_column.empty()) continue;
    owned.push_back("ALTER SEQUENCE " + sequence.name.quoted() + " OWNED BY " +
                    sequence.owned_by_table.quoted() + "." +
                    quote_identifier(sequence.owned_by_column));
  }
  Statements statements = print::sequences(plain);
  statements.insert(statements.end(), owned.begin(), owned.end());
  return statements;
}

Statements created(const Relation& relation) {
  switch (relation.kind) {
    case 'S':
      return created_sequence(relation);
    case 'v':
    case 'm':
      return created_view(relation);
    default:
      return created_table(relation);
  }
}

void add(std::string& text, std::string_view statement) {
  while (statement.ends_with('\n') || statement.ends_with(';')) statement.remove_suffix(1);
  text += statement;
  text += ";\n";
}

std::string remarks(const Relation& relation) {
  std::string text;
  for (const auto& index : relation.indexes) {
    if (!index.valid || !index.ready) text += "-- invalid: " + index.name.quoted() + "\n";
  }
  for (const auto& child : relation.children) {
    text +=
        (relation.partition_key.empty() ? "-- child: " : "-- partition: ") + child.quoted() + "\n";
  }
  for (const auto& key : relation.referenced_by) {
    text += "-- referenced by " + key.table.quoted() + ": CONSTRAINT " +
            quote_identifier(key.name) + " " + key.definition + "\n";
  }
  return text;
}

}  // namespace

std::string definition_text(const Relation& relation) {
  std::string text;
  for (const std::string& statement : created(relation)) add(text, statement);
  for (const auto part : {print::attachments, print::indexes, print::marks, print::statistics,
                          print::triggers, print::rules, print::row_security, print::policies,
                          print::owner, print::privileges, print::publications, print::comments}) {
    for (const std::string& statement : part(relation)) add(text, statement);
  }
  return text + remarks(relation);
}

}  // namespace engine::catalog
