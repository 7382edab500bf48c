#include "catalog/definition.h"

#include "base/error.h"

namespace engine::catalog {
namespace {

void append(Statements& to, Statements from) {
  for (auto& statement : from) to.push_back(std::move(statement));
}

}  // namespace

Definition define(const Relation& relation) {
  if (relation.kind == 'f') {
    throw Error{Code::backup, "the foreign table {} cannot be made again", relation.name.display()}
        .hint("Its rows lie on another server: leave it out.");
  }
  Definition definition;
  if (relation.kind == 'S' && !relation.sequences.at(0).owned_by_column.empty()) return definition;
  append(definition.before_rows, print::sequences(relation));
  append(definition.before_rows, print::create(relation));
  for (const auto part :
       {print::sequence_values, print::constraints, print::indexes, print::marks, print::statistics,
        print::triggers, print::rules, print::policies, print::row_security, print::comments,
        print::owner, print::grants, print::publications}) {
    append(definition.after_rows, part(relation));
  }
  append(definition.at_last, print::foreign_keys(relation));
  append(definition.at_last, print::attachments(relation));
  append(definition.inbound, print::inbound_foreign_keys(relation));
  return definition;
}

}  // namespace engine::catalog
