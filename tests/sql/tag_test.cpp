#include "db/connection.h"
#include "db/transaction.h"
#include "sql/statement.h"
#include "support/catch.h"
#include "support/database.h"

using namespace engine;

namespace {

// Run in this order; the server's answer is compared with the tag from the text.
const std::vector<std::string> statements{
    "CREATE ROLE engine_tag_role",
    "ALTER ROLE engine_tag_role NOLOGIN",
    "ALTER ROLE engine_tag_role SET work_mem = '4MB'",
    "CREATE SCHEMA s",
    "CREATE TABLE t (a int CONSTRAINT positive CHECK (a > 0), b text)",
    "CREATE INDEX i ON t (a)",
    "ALTER INDEX i RENAME TO j",
    "ALTER TABLE t ADD COLUMN c int",
    "ALTER TABLE t RENAME COLUMN c TO d",
    "ALTER TABLE t RENAME CONSTRAINT positive TO above",
    "ALTER TABLE t ENABLE ROW LEVEL SECURITY",
    "ALTER TABLE t OWNER TO postgres",
    "CREATE POLICY p ON t USING (true)",
    "ALTER POLICY p ON t USING (false)",
    "ALTER POLICY p ON t RENAME TO q",
    "DROP POLICY q ON t",
    "CREATE VIEW v AS SELECT a FROM t",
    "ALTER VIEW v RENAME TO w",
    "ALTER VIEW w RENAME COLUMN a TO z",
    "DROP VIEW w",
    "CREATE MATERIALIZED VIEW m AS SELECT a FROM t WITH NO DATA",
    "REFRESH MATERIALIZED VIEW m",
    "ALTER MATERIALIZED VIEW m SET SCHEMA s",
    "DROP MATERIALIZED VIEW s.m",
    "CREATE SEQUENCE q",
    "ALTER SEQUENCE q RESTART",
    "DROP SEQUENCE q",
    "CREATE FUNCTION f() RETURNS int LANGUAGE sql RETURN 1",
    "ALTER FUNCTION f() STABLE",
    "ALTER FUNCTION f() OWNER TO postgres",
    "ALTER FUNCTION f() RENAME TO g",
    "DROP FUNCTION g()",
    "CREATE PROCEDURE pr() LANGUAGE sql AS 'SELECT 1'",
    "CALL pr()",
    "DROP PROCEDURE pr()",
    "CREATE FUNCTION tf() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'",
    "CREATE TRIGGER tr BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION tf()",
    "ALTER TRIGGER tr ON t RENAME TO ts",
    "DROP TRIGGER ts ON t",
    "CREATE TYPE mood AS ENUM ('sad')",
    "ALTER TYPE mood ADD VALUE 'calm'",
    "CREATE TYPE pair AS (a int)",
    "ALTER TYPE pair ADD ATTRIBUTE b int",
    "CREATE TYPE span AS RANGE (subtype = int)",
    "DROP TYPE span",
    "CREATE DOMAIN dom AS int",
    "ALTER DOMAIN dom SET DEFAULT 1",
    "DROP DOMAIN dom",
    "CREATE AGGREGATE agg (int) (sfunc = int4pl, stype = int)",
    "DROP AGGREGATE agg (int)",
    "CREATE OPERATOR === (function = int4eq, leftarg = int, rightarg = int)",
    "DROP OPERATOR === (int, int)",
    "CREATE COLLATION coll FROM \"C\"",
    "CREATE TEXT SEARCH CONFIGURATION ts (copy = simple)",
    "DROP TEXT SEARCH CONFIGURATION ts",
    "CREATE STATISTICS st ON a, b FROM t",
    "ALTER STATISTICS st SET STATISTICS 10",
    "DROP STATISTICS st",
    "CREATE RULE r AS ON UPDATE TO t DO ALSO NOTHING",
    "DROP RULE r ON t",
    "CREATE FOREIGN DATA WRAPPER fdw",
    "CREATE SERVER srv FOREIGN DATA WRAPPER fdw",
    "ALTER SERVER srv OPTIONS (a 'b')",
    "CREATE USER MAPPING FOR postgres SERVER srv",
    "DROP USER MAPPING FOR postgres SERVER srv",
    "CREATE FOREIGN TABLE ft (a int) SERVER srv",
    "ALTER FOREIGN TABLE ft ADD COLUMN b int",
    "DROP FOREIGN TABLE ft",
    "DROP SERVER srv",
    "DROP FOREIGN DATA WRAPPER fdw",
    "CREATE PUBLICATION pub FOR TABLE t",
    "ALTER PUBLICATION pub DROP TABLE t",
    "DROP PUBLICATION pub",
    "GRANT SELECT ON t TO engine_tag_role",
    "REVOKE SELECT ON t FROM engine_tag_role",
    "GRANT engine_tag_role TO postgres",
    "REVOKE engine_tag_role FROM postgres",
    "ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO engine_tag_role",
    "DROP OWNED BY engine_tag_role",
    "REASSIGN OWNED BY engine_tag_role TO postgres",
    "COMMENT ON TABLE t IS 'x'",
    "INSERT INTO t VALUES (1)",
    "UPDATE t SET a = 2",
    "DELETE FROM t",
    "SELECT 1",
    "VALUES (1), (2)",
    "TRUNCATE t",
    "LOCK TABLE t",
    "ANALYZE t",
    "REINDEX TABLE t",
    "EXPLAIN SELECT 1",
    "SHOW work_mem",
    "SET work_mem = '4MB'",
    "RESET work_mem",
    "SET CONSTRAINTS ALL IMMEDIATE",
    "DISCARD PLANS",
    "PREPARE p AS SELECT 1",
    "DEALLOCATE p",
    "DEALLOCATE ALL",
    "DECLARE c CURSOR FOR SELECT 1",
    "FETCH FROM c",
    "MOVE FROM c",
    "CLOSE c",
    "CLOSE ALL",
    "LISTEN a",
    "NOTIFY a",
    "UNLISTEN a",
    "DO 'BEGIN END'",
    "DROP TABLE t",
    "DROP SCHEMA s",
    "DROP ROLE engine_tag_role",
};

// "INSERT 0 3" → "INSERT"
std::string without_counts(std::string tag) {
  while (!tag.empty() && (tag.back() == ' ' || (tag.back() >= '0' && tag.back() <= '9'))) {
    tag.pop_back();
  }
  return tag;
}

}  // namespace

TEST_CASE("tags are those that the server answers") {
  const test::Database database;
  auto connection = db::Connection::open(db::Target::parse(database.conninfo()));
  const db::Transaction transaction{connection};
  for (const std::string& text : statements) {
    CAPTURE(text);
    const auto pieces = sql::split(text);
    REQUIRE(pieces.size() == 1);
    CHECK(pieces.front().known());
    CHECK(pieces.front().tag == without_counts(connection.execute(text).tag()));
  }
}
