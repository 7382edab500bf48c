#include "backup/grants.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "base/names.h"
#include "catalog/definition.h"

namespace engine::backup {
namespace {

using catalog::Grant;
using catalog::Relation;

std::string role(const std::string& name) {
  return name == "PUBLIC" ? name : quote_identifier(name);
}

std::vector<Grant> sorted(std::vector<Grant> grants) {
  std::sort(grants.begin(), grants.end());
  return grants;
}

bool equal(const Relation& want, const Relation& have) {
  const bool columns =
      std::all_of(want.columns.begin(), want.columns.end(), [&](const auto& column) {
        const auto* there = have.column(column.name);
        return there && sorted(column.grants) == sorted(there->grants);
      });
  const bool sequences =
      std::all_of(want.sequences.begin(), want.sequences.end(), [&](const auto& sequence) {
        return std::any_of(have.sequences.begin(), have.sequences.end(), [&](const auto& each) {
          return each.name == sequence.name && sorted(each.grants) == sorted(sequence.grants);
        });
      });
  return columns && sequences && sorted(want.grants) == sorted(have.grants);
}

}  // namespace

Statements change_grants(const Relation& want, const Relation& have) {
  return equal(want, have) ? Statements{} : catalog::print::grants(want);
}

Statements change_grants(const Routine& want, const Routine& have) {
  Statements statements;
  if (sorted(want.grants) == sorted(have.grants)) return statements;
  const std::string object = want.kind + " " + want.signature;
  std::set<std::string> grantees;
  for (const auto& grant : have.grants) grantees.insert(role(grant.grantee));
  for (const auto& grantee : grantees) {
    statements.push_back(fmt::format("REVOKE ALL ON {} FROM {} CASCADE", object, grantee));
  }
  for (const auto& grant : want.grants) {
    statements.push_back(fmt::format("GRANT {} ON {} TO {}{}", grant.privilege, object,
                                     role(grant.grantee),
                                     grant.grantable ? " WITH GRANT OPTION" : ""));
  }
  return statements;
}

}  // namespace engine::backup
