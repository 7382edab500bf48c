// A real PgBouncer between the session and the server.
#include "support/pgbouncer.h"

#include "db/connection.h"
#include "db/pipeline.h"

using namespace engine;
using namespace engine::db;

namespace {

Connection open(const test::PgBouncer& pooler, const test::Database& database) {
  return Connection::open(Target::parse(database.conninfo()).set("host", pooler.folder()));
}

}  // namespace

TEST_CASE("a pooler is found in every pool mode") {
  const test::Database database;
  for (const char* mode : {"session", "transaction", "statement"}) {
    CAPTURE(mode);
    const test::PgBouncer pooler{mode};
    Connection connection = open(pooler, database);
    CHECK(connection.behind_pooler());
    CHECK(connection.query("SELECT 1 AS n").integer(0, "n") == 1);
  }
}

TEST_CASE("a session pool carries settings, pipelines and transactions") {
  const test::Database database;
  const test::PgBouncer pooler{"session"};
  Connection connection = open(pooler, database);
  Pipeline pipeline{connection};
  for (const char* sql : {"BEGIN", "CREATE TABLE t ()", "COMMIT"})
    pipeline.add({sql, {}, Lookup::session});
  CHECK(pipeline.run().size() == 3);
  CHECK(connection.query("SHOW TimeZone").text(0, "TimeZone") == "UTC");
}
