// A small shop: app.sessions has every feature a table can have, and much hangs on it.
#pragma once

#include <algorithm>
#include <iterator>
#include <string>
#include <vector>

#include "backup/backup_fixture.h"
#include "catalog/catalog.h"
#include "catalog/fingerprint.h"

namespace test {

class Shop : public BackupFixture {
 public:
  explicit Shop(const std::string& role = "postgres")
      : BackupFixture(engine::file::read(SHOP_FOLDER "/shop.sql"), role) {}

  /// What the schema app is: definitions, rights and rows of everything in it, one fact a line.
  std::vector<std::string> facts() {
    std::vector<std::string> facts;
    for (const auto& relation : engine::catalog::describe_schemas(connection(), {"app"})) {
      if (relation.name.name == "kept") continue;
      for (const auto& line : engine::catalog::fingerprint(relation).lines) {
        facts.push_back(relation.name.display() + ": " + line);
      }
      // A snapshot does not take them along: they refer without CASCADE.
      if (relation.name.name == "invoices") continue;
      if (relation.kind == 'r') {
        facts.push_back(relation.name.display() + " rows " + rows_of(relation));
      }
    }
    add_rights(facts);
    return facts;
  }

 private:
  std::string rows_of(const engine::catalog::Relation& table) {
    return value(
        "SELECT count(*) || ' ' || coalesce(md5(string_agg(t::text, '|' ORDER BY t::text)), '') "
        "FROM " +
        table.name.quoted() + " t");
  }

  // Straight from the server: who may do what with which column.
  void add_rights(std::vector<std::string>& facts) {
    const auto rights = connection().execute(
        "SELECT format('%s may %s %s.%s', r, p, c.relname, a.attname) FROM pg_class c "
        "JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped "
        "CROSS JOIN unnest(ARRAY['anon', 'authenticated', 'service_role', 'reader']) r "
        "CROSS JOIN unnest(ARRAY['SELECT', 'INSERT', 'UPDATE', 'REFERENCES']) p "
        "WHERE c.relnamespace = 'app'::regnamespace AND c.relkind IN ('r', 'v', 'm') "
        "AND c.relname <> 'kept' AND has_column_privilege(r, c.oid, a.attnum, p) "
        "UNION ALL SELECT format('%s may call %s', r, p.oid::regprocedure) FROM pg_proc p "
        "CROSS JOIN unnest(ARRAY['anon', 'authenticated']) r "
        "WHERE p.pronamespace = 'app'::regnamespace AND has_function_privilege(r, p.oid, "
        "'EXECUTE') "
        "ORDER BY 1");
    for (std::size_t i = 0; i < rights.size(); ++i) facts.push_back(*rights.at(i, 0));
  }
};

/// Lines of one that the other lacks, with a mark: empty where they are equal.
inline std::string difference(std::vector<std::string> before, std::vector<std::string> after) {
  std::sort(before.begin(), before.end());
  std::sort(after.begin(), after.end());
  std::vector<std::string> lost, added;
  std::set_difference(before.begin(), before.end(), after.begin(), after.end(),
                      std::back_inserter(lost));
  std::set_difference(after.begin(), after.end(), before.begin(), before.end(),
                      std::back_inserter(added));
  std::string text;
  for (const auto& line : lost) text += "- " + line + "\n";
  for (const auto& line : added) text += "+ " + line + "\n";
  return text;
}

}  // namespace test
