#include "sql/statement.h"
#include "support/catch.h"

using namespace engine::sql;

namespace {

Statement only(std::string_view text) {
  const auto statements = split(text);
  CAPTURE(text);
  REQUIRE(statements.size() == 1);
  CHECK(statements.front().problem == "");
  return statements.front();
}

void all_are(Effect effect, std::initializer_list<const char*> texts) {
  for (const char* text : texts) {
    CAPTURE(text);
    CHECK(static_cast<int>(only(text).effect) == static_cast<int>(effect));
  }
}

}  // namespace

TEST_CASE("queries of tables and of PostgreSQL's own functions read") {
  all_are(Effect::reads,
          {"SELECT count(*), max(lower(name)) FROM t", "TABLE t", "VALUES (1), (2)",
           "WITH a AS (SELECT 1) SELECT * FROM a UNION SELECT now()::text::int",
           "SELECT jsonb_build_object('a', a), extract(epoch FROM b), b AT TIME ZONE 'UTC' FROM t",
           "SELECT pg_catalog.pg_get_viewdef('v'::regclass)", "SELECT pg_total_relation_size('t')",
           "SELECT * FROM generate_series(1, 3) AS n, unnest('{1}'::int[])",
           "SELECT row_number() OVER (ORDER BY a) FROM t", "SHOW ALL", "EXPLAIN DELETE FROM t",
           "EXPLAIN (ANALYZE false) DELETE FROM t", "EXPLAIN ANALYZE SELECT 1",
           "DECLARE c CURSOR FOR SELECT 1", "FETCH 3 FROM c", "SET ROLE a", "RESET ALL",
           "SELECT set_config('search_path', '', true)"});
}

TEST_CASE("a query that calls anything else is unknown") {
  all_are(Effect::unknown,
          {"SELECT cron.schedule('a', 'b', 'c')", "SELECT my_function()",
           "SELECT * FROM create_hypertable('t', 'at')", "SELECT count(*) FROM t WHERE odd(a)",
           "SELECT my.lower('A')", "SELECT pg_terminate_backend(1)", "DO $$ BEGIN END $$",
           "CALL p()", "EXECUTE p", "EXPLAIN ANALYZE EXECUTE p"});
}

TEST_CASE("statements that write are told, hidden ones too") {
  all_are(Effect::writes,
          {"INSERT INTO t VALUES (1)",
           "UPDATE t SET a = 1 WHERE a = 2",
           "DELETE FROM t WHERE a = 2",
           "MERGE INTO t USING s ON true WHEN MATCHED THEN DELETE",
           "WITH gone AS (DELETE FROM t WHERE a = 1 RETURNING *) SELECT * FROM gone",
           "SELECT * INTO u FROM t",
           "SELECT * FROM t FOR UPDATE",
           "SELECT * FROM (SELECT * FROM t FOR SHARE) s",
           "SELECT nextval('s')",
           "SELECT setval('s', 3)",
           "SELECT my_function() FROM t FOR UPDATE",
           "EXPLAIN ANALYZE INSERT INTO t VALUES (1)",
           "EXPLAIN (ANALYZE on) UPDATE t SET a=1 WHERE b",
           "CREATE TABLE t AS SELECT 1",
           "COPY t FROM '/tmp/x'",
           "COPY t TO PROGRAM 'rm x'",
           "CREATE INDEX i ON t (a)",
           "ALTER TABLE t ADD COLUMN b int",
           "GRANT SELECT ON t TO a",
           "REVOKE ALL ON t FROM a",
           "COMMENT ON TABLE t IS 'x'",
           "ANALYZE t",
           "LOCK TABLE t",
           "NOTIFY a",
           "REFRESH MATERIALIZED VIEW m",
           "CREATE POLICY p ON t USING (true)"});
}

TEST_CASE("what takes data or definitions away destroys") {
  all_are(Effect::destroys,
          {"DROP TABLE t", "DROP POLICY p ON t", "DROP INDEX CONCURRENTLY i", "TRUNCATE t",
           "DELETE FROM t", "DELETE FROM t WHERE true", "DELETE FROM t USING s",
           "UPDATE t SET a = 1", "ALTER TABLE t ADD COLUMN b int, DROP COLUMN a",
           "ALTER TYPE t DROP ATTRIBUTE a", "DROP OWNED BY a", "DROP ROLE a", "DROP DATABASE a",
           "WITH gone AS (DELETE FROM t RETURNING *) INSERT INTO u SELECT * FROM gone",
           "EXPLAIN ANALYZE DELETE FROM t"});
}

TEST_CASE("settings of the session are told apart") {
  for (const char* text :
       {"SET search_path = a", "SET LOCAL lock_timeout = 1", "RESET ALL", "SET ROLE a",
        "SET SESSION AUTHORIZATION a", "SELECT set_config('a.b', '1', false)"}) {
    CAPTURE(text);
    CHECK(only(text).changes_session);
  }
  CHECK_FALSE(only("SET CONSTRAINTS ALL DEFERRED").changes_session);
  CHECK_FALSE(only("SHOW search_path").changes_session);
  CHECK_FALSE(only("ALTER ROLE a SET search_path = b").changes_session);
}

TEST_CASE("statements that give rows are told") {
  for (const char* text : {"SELECT 1", "TABLE t", "VALUES (1)", "SHOW ALL", "EXPLAIN SELECT 1",
                           "INSERT INTO t VALUES (1) RETURNING *", "FETCH FROM c", "CALL p()"}) {
    CAPTURE(text);
    CHECK(only(text).returns_rows);
  }
  for (const char* text : {"SELECT 1 INTO t", "INSERT INTO t VALUES (1)", "MOVE FROM c",
                           "CREATE TABLE t AS SELECT 1", "DROP TABLE t"}) {
    CAPTURE(text);
    CHECK_FALSE(only(text).returns_rows);
  }
}
