// A small shop: app.sessions has every feature a table can have, and much hangs on it.
#pragma once

#include <algorithm>
#include <iterator>
#include <string>
#include <vector>

#include "backup/backup.h"
#include "base/file.h"
#include "catalog/catalog.h"
#include "catalog/fingerprint.h"
#include "db/connection.h"
#include "db/transaction.h"
#include "journal/journal.h"
#include "support/catch.h"
#include "support/database.h"
#include "support/errors.h"

namespace test {

inline const engine::QualifiedName sessions{"app", "sessions"};

inline engine::db::Connection connect_as(const Database& database, const std::string& role) {
  return engine::db::Connection::open(engine::db::Target::parse(database.conninfo(role)));
}

/// The shop belongs to `role`, which is the engine's too.
class Shop {
 public:
  explicit Shop(const std::string& role = "postgres")
      : database_(), connection_(prepared(database_, role)) {
    connection_.script(engine::file::read(SHOP_FOLDER "/shop.sql"));
  }

  engine::db::Connection& connection() { return connection_; }
  const Database& database() const { return database_; }
  void sql(const std::string& text) { connection_.script(text); }
  std::string value(const std::string& query) {
    return connection_.query(query).at(0, 0).value_or("");
  }

  template <typename Action>
  auto committed(Action action) {
    engine::db::Transaction transaction{connection_};
    auto result = action();
    transaction.commit();
    return result;
  }

  engine::backup::Snapshot snapshot(const engine::backup::SnapshotOptions& options = {"kept",
                                                                                      true}) {
    return committed(
        [&] { return engine::backup::snapshot(connection_, origin, sessions, options); });
  }
  engine::backup::Restored restore(const std::string& name = "kept") {
    return committed([&] { return engine::backup::restore(connection_, origin, name); });
  }

  /// What the schema app is: definitions, rights and rows of everything in it, one fact a line.
  std::vector<std::string> facts() {
    std::vector<std::string> facts;
    for (const auto& relation : engine::catalog::describe_schemas(connection_, {"app"})) {
      if (relation.name.name == "kept") continue;
      const auto lines = engine::catalog::fingerprint(relation).lines;
      for (const auto& line : lines) facts.push_back(relation.name.display() + ": " + line);
      // A snapshot does not take them along: they refer without CASCADE.
      if (relation.name.name == "invoices") continue;
      if (relation.kind == 'r')
        facts.push_back(relation.name.display() + " rows " + rows_of(relation));
    }
    add_rights(facts);
    return facts;
  }

  engine::backup::Origin origin{"", "step", "engine"};

 private:
  static engine::db::Connection prepared(const Database& database, const std::string& role) {
    database.sql(engine::file::read(SHOP_FOLDER "/roles.sql"));
    database.sql("GRANT CREATE ON DATABASE " + database.name() + " TO " + role);
    auto connection = connect_as(database, role);
    engine::journal::Journal::open(connection, "engine");
    return connection;
  }

  std::string rows_of(const engine::catalog::Relation& table) {
    const std::string name = table.name.quoted();
    return value(
        "SELECT count(*) || ' ' || coalesce(md5(string_agg(t::text, '|' ORDER BY t::text)), '') "
        "FROM " +
        name + " t");
  }

  // Straight from the server: who may do what with which column.
  void add_rights(std::vector<std::string>& facts) {
    const auto rights = connection_.query(
        "SELECT format('%s may %s %s.%s', r, p, c.relname, a.attname) FROM pg_class c "
        "JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped "
        "CROSS JOIN unnest(ARRAY['anon', 'authenticated', 'service_role', 'reader']) r "
        "CROSS JOIN unnest(ARRAY['SELECT', 'INSERT', 'UPDATE', 'REFERENCES']) p "
        "WHERE c.relnamespace = 'app'::regnamespace AND c.relkind IN ('r', 'v', 'm') AND c.relname "
        "<> 'kept' "
        "AND has_column_privilege(r, c.oid, a.attnum, p) "
        "UNION ALL SELECT format('%s may call %s', r, p.oid::regprocedure) FROM pg_proc p "
        "CROSS JOIN unnest(ARRAY['anon', 'authenticated']) r "
        "WHERE p.pronamespace = 'app'::regnamespace AND has_function_privilege(r, p.oid, "
        "'EXECUTE') ORDER BY 1");
    for (std::size_t i = 0; i < rights.size(); ++i) facts.push_back(*rights.at(i, 0));
  }

  Database database_;
  engine::db::Connection connection_;
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
