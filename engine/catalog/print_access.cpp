// Who owns a relation, and who may do what with it.
#include <algorithm>
#include <map>
#include <set>
#include <tuple>

#include "catalog/printing.h"

namespace engine::catalog::print {
namespace {

// What default privileges gave is not known when this is printed, so the server finds it when it
// runs. REVOKE of a table takes the privileges on its columns along; CASCADE, what others granted
// on.
std::string revoke_everything(const QualifiedName& name, bool sequence) {
  const std::string body = fmt::format(
      R"(DECLARE grantee text;
BEGIN
  FOR grantee IN
    SELECT DISTINCT CASE a.grantee WHEN 0 THEN 'PUBLIC'
                    ELSE pg_catalog.quote_ident(pg_catalog.pg_get_userbyid(a.grantee)) END
    FROM pg_catalog.pg_class c
    CROSS JOIN LATERAL (
      SELECT x.grantee
      FROM pg_catalog.aclexplode(coalesce(c.relacl, pg_catalog.acldefault({0}, c.relowner))) x
      UNION ALL
      SELECT x.grantee
      FROM pg_catalog.pg_attribute t CROSS JOIN LATERAL pg_catalog.aclexplode(t.attacl) x
      WHERE t.attrelid = c.oid) a
    WHERE c.oid = {1}::pg_catalog.regclass
  LOOP
    EXECUTE {2} || grantee || ' CASCADE';
  END LOOP;
END)",
      sequence ? "'s'" : "'r'", literal(name.quoted()),
      literal("REVOKE ALL ON " + std::string{sequence ? "SEQUENCE " : "TABLE "} + name.quoted() +
              " FROM "));
  return "DO LANGUAGE plpgsql " + literal(body);
}

struct Gift {
  std::string grantor, grantee, what;  // what: "SELECT, UPDATE (a)"
  bool grantable = false;
  std::size_t count = 0;  // of privileges
};

class Gifts {
 public:
  void add(const std::vector<Grant>& grants, const std::string& column = "") {
    for (const auto& grant : grants) {
      auto& what = what_[{grant.grantor, grant.grantee, grant.grantable}];
      what.push_back(grant.privilege +
                     (column.empty() ? "" : " (" + quote_identifier(column) + ")"));
    }
  }

  // A role can grant once it was granted to: the owner's first, then those of who got theirs with
  // grant option.
  std::vector<Gift> in_order(const std::string& owner) const {
    std::vector<Gift> ordered, waiting;
    for (const auto& [key, what] : what_) {
      const auto& [grantor, grantee, grantable] = key;
      waiting.push_back({grantor, grantee, text::joined(what, ", "), grantable, what.size()});
    }
    std::set<std::string> able{owner};
    while (!waiting.empty()) {
      auto next = std::find_if(waiting.begin(), waiting.end(),
                               [&](const Gift& gift) { return able.contains(gift.grantor); });
      if (next == waiting.end()) next = waiting.begin();
      if (next->grantable) able.insert(next->grantee);
      ordered.push_back(std::move(*next));
      waiting.erase(next);
    }
    return ordered;
  }

 private:
  std::map<std::tuple<std::string, std::string, bool>, std::vector<std::string>> what_;
};

void grant(Statements& statements, const Gifts& gifts, const std::string& owner,
           const std::string& object) {
  for (const auto& gift : gifts.in_order(owner)) {
    const std::string statement = "GRANT " + gift.what + " ON " + object + " TO " +
                                  role(gift.grantee) + (gift.grantable ? " WITH GRANT OPTION" : "");
    if (gift.grantor == owner) {
      statements.push_back(statement);
      continue;
    }
    // GRANTED BY accepts nobody but the current role. The role before is kept in a setting, since
    // RESET ROLE would undo a SET ROLE of the session's as well.
    statements.push_back(
        "SELECT pg_catalog.set_config('engine.role', pg_catalog.current_setting('role'), true)");
    statements.push_back("SET LOCAL ROLE " + quote_identifier(gift.grantor));
    statements.push_back(statement);
    statements.push_back(
        "SELECT pg_catalog.set_config('role', pg_catalog.current_setting('engine.role'), true)");
  }
}

}  // namespace

Statements owner(const Relation& relation) {
  // Sequences that a column owns follow their table.
  Statements statements{"ALTER " + std::string{keyword(relation)} + " " + relation.name.quoted() +
                        " OWNER TO " + quote_identifier(relation.owner)};
  for (const auto& each : relation.statistics) {
    statements.push_back("ALTER STATISTICS " + each.name.quoted() + " OWNER TO " +
                         quote_identifier(each.owner));
  }
  return statements;
}

Statements privileges(const Relation& relation) {
  Gifts gifts;
  gifts.add(relation.grants);
  for (const auto& column : relation.columns) gifts.add(column.grants, column.name);
  // All there are for a table up to PostgreSQL 16; MAINTAIN comes after that.
  const std::size_t all = relation.kind == 'S' ? 3 : 7;
  const std::string on = (relation.kind == 'S' ? " ON SEQUENCE " : " ON TABLE ");
  Statements statements;
  for (const auto& gift : gifts.in_order(relation.owner)) {
    const bool of_owner = gift.grantor == relation.owner;
    if (of_owner && gift.grantee == relation.owner && gift.count >= all) continue;
    statements.push_back("GRANT " + gift.what + on + relation.name.quoted() + " TO " +
                         role(gift.grantee) + (gift.grantable ? " WITH GRANT OPTION" : "") +
                         (of_owner ? "" : " GRANTED BY " + quote_identifier(gift.grantor)));
  }
  return statements;
}

Statements grants(const Relation& relation) {
  Statements statements;
  if (relation.kind != 'S') {
    statements.push_back(revoke_everything(relation.name, false));
    Gifts gifts;
    gifts.add(relation.grants);
    for (const auto& column : relation.columns) gifts.add(column.grants, column.name);
    grant(statements, gifts, relation.owner, "TABLE " + relation.name.quoted());
  }
  for (const auto& sequence : relation.sequences) {
    if (sequence.owned_by_table != relation.name && sequence.name != relation.name) continue;
    statements.push_back(revoke_everything(sequence.name, true));
    Gifts gifts;
    gifts.add(sequence.grants);
    grant(statements, gifts, sequence.owner, "SEQUENCE " + sequence.name.quoted());
  }
  return statements;
}

}  // namespace engine::catalog::print
