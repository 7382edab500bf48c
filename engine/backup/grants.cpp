#include "backup/grants.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "base/names.h"

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

// CASCADE takes what a grantee with grant option gave on.
void revoke_all(Statements& statements, const std::string& object,
                const std::vector<Grant>& grants) {
  std::set<std::string> grantees;
  for (const auto& grant : grants) grantees.insert(role(grant.grantee));
  for (const auto& grantee : grantees) {
    statements.push_back(fmt::format("REVOKE ALL ON {} FROM {} CASCADE", object, grantee));
  }
}

// What another than the owner gave must be given by that role, after the owner gave it the grant option.
void grant_all(Statements& statements, const std::string& object, const std::string& owner,
               const std::vector<Grant>& grants, const std::string& column = "") {
  for (const bool by_owner : {true, false}) {
    for (const auto& grant : grants) {
      if ((grant.grantor == owner) != by_owner) continue;
      if (!by_owner) statements.push_back("SET LOCAL ROLE " + quote_identifier(grant.grantor));
      statements.push_back(fmt::format(
          "GRANT {}{} ON {} TO {}{}", grant.privilege,
          column.empty() ? "" : " (" + quote_identifier(column) + ")", object, role(grant.grantee),
          grant.grantable ? " WITH GRANT OPTION" : ""));
      if (!by_owner) statements.push_back("RESET ROLE");
    }
  }
}

bool equal(const Relation& want, const Relation& have) {
  if (sorted(want.grants) != sorted(have.grants)) return false;
  return std::all_of(want.columns.begin(), want.columns.end(), [&](const auto& column) {
    const auto* there = have.column(column.name);
    return there && sorted(column.grants) == sorted(there->grants);
  });
}

}  // namespace

Statements change_grants(const Relation& want, const Relation& have) {
  Statements statements;
  if (!equal(want, have)) {
    // REVOKE ALL on the table takes the columns' privileges of that role too.
    std::vector<Grant> standing = have.grants;
    for (const auto& column : have.columns) {
      standing.insert(standing.end(), column.grants.begin(), column.grants.end());
    }
    const std::string object = "TABLE " + want.name.quoted();
    revoke_all(statements, object, standing);
    grant_all(statements, object, want.owner, want.grants);
    for (const auto& column : want.columns) {
      grant_all(statements, object, want.owner, column.grants, column.name);
    }
  }
  for (const auto& sequence : want.sequences) {
    const auto standing = std::find_if(have.sequences.begin(), have.sequences.end(),
                                       [&](const auto& each) { return each.name == sequence.name; });
    if (standing == have.sequences.end() ||
        sorted(sequence.grants) == sorted(standing->grants)) {
      continue;
    }
    const std::string object = "SEQUENCE " + sequence.name.quoted();
    revoke_all(statements, object, standing->grants);
    grant_all(statements, object, sequence.owner, sequence.grants);
  }
  return statements;
}

Statements change_grants(const Routine& want, const Routine& have) {
  Statements statements;
  if (sorted(want.grants) == sorted(have.grants)) return statements;
  const std::string object = want.kind + " " + want.signature;
  revoke_all(statements, object, have.grants);
  grant_all(statements, object, want.owner, want.grants);
  return statements;
}

}  // namespace engine::backup
