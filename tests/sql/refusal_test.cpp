#include "sql/statement.h"
#include "support/catch.h"

using namespace engine::sql;

namespace {

Statement only(std::string_view text) {
  const auto statements = split(text);
  CAPTURE(text);
  REQUIRE(statements.size() == 1);
  return statements.front();
}

void refuses(Refusal refusal, std::initializer_list<const char*> texts) {
  for (const char* text : texts) {
    CAPTURE(text);
    const Statement statement = only(text);
    CHECK(statement.refusal == refusal);
    CHECK_FALSE(statement.instead.empty());
  }
}

}  // namespace

TEST_CASE("transaction control is refused in every form") {
  refuses(Refusal::transaction_control,
          {"BEGIN", "START TRANSACTION READ ONLY", "COMMIT", "END", "ROLLBACK", "ABORT",
           "SAVEPOINT a", "RELEASE a", "ROLLBACK TO a", "PREPARE TRANSACTION 'a'",
           "COMMIT PREPARED 'a'", "ROLLBACK PREPARED 'a'", "SET TRANSACTION READ ONLY",
           "SET transaction_isolation = serializable", "RESET transaction_read_only"});
  CHECK(only("BEGIN").tag == "BEGIN");
  CHECK_THAT(only("SAVEPOINT a").instead, ContainsSubstring("db.savepoint"));
}

TEST_CASE("settings that last are not transaction control") {
  CHECK(only("SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY").refusal == Refusal::none);
  CHECK(only("SET LOCAL statement_timeout = 5").refusal == Refusal::none);
  CHECK(only("SET CONSTRAINTS ALL IMMEDIATE").refusal == Refusal::none);
  CHECK(only("PREPARE p AS SELECT 1").refusal == Refusal::none);
}

TEST_CASE("what would release the run lock is refused") {
  refuses(Refusal::discard_all, {"DISCARD ALL"});
  refuses(Refusal::unlock_all,
          {"SELECT pg_advisory_unlock_all()", "SELECT pg_catalog.pg_advisory_unlock_all()",
           "INSERT INTO t SELECT 1 FROM (SELECT pg_advisory_unlock_all()) s",
           "EXPLAIN ANALYZE SELECT pg_advisory_unlock_all()",
           "CREATE TABLE t AS SELECT pg_advisory_unlock_all()"});
  CHECK(only("DISCARD PLANS").refusal == Refusal::none);
  CHECK(only("SELECT pg_advisory_unlock(1)").refusal == Refusal::none);
  CHECK(only("SELECT my.pg_advisory_unlock_all()").refusal == Refusal::none);
  CHECK(only("EXPLAIN SELECT pg_advisory_unlock_all()").refusal == Refusal::none);
}

TEST_CASE("COPY to and from the client is refused, a server's file is not") {
  refuses(Refusal::copy_from_client,
          {"COPY t FROM STDIN", "COPY t (a) FROM STDIN WITH (FORMAT csv)", "COPY t TO STDOUT",
           "COPY (SELECT 1) TO STDOUT"});
  CHECK(only("COPY t FROM '/tmp/t.csv'").refusal == Refusal::none);
  CHECK(only("COPY t FROM PROGRAM 'cat'").refusal == Refusal::none);
}

TEST_CASE("a dump's COPY is one statement with its rows") {
  const auto statements = split(
      "CREATE TABLE t (a int);\nCOPY public.t (a) FROM stdin;\n1\tit's; \"odd\n\\N\n\\.\n\nSELECT "
      "1;");
  REQUIRE(statements.size() == 3);
  CHECK(statements[1].refusal == Refusal::copy_from_client);
  CHECK(statements[1].text == "COPY public.t (a) FROM stdin;\n1\tit's; \"odd\n\\N\n\\.");
  CHECK(statements[2].text == "SELECT 1");
  CHECK(statements[2].line == 7);
}

TEST_CASE("commands of psql are found at any place, to the end of their line") {
  const auto statements = split(
      "\\set ON_ERROR_STOP on\nSELECT 1;\n  \\i more.sql\nSELECT 'x' \\gexec\n\\d t -- "
      "what\nSELECT 2");
  REQUIRE(statements.size() == 6);
  CHECK(statements[0].refusal == Refusal::psql_meta_command);
  CHECK(statements[0].text == "\\set ON_ERROR_STOP on");
  CHECK(statements[1].refusal == Refusal::none);
  CHECK(statements[1].known());
  CHECK(statements[2].text == "\\i more.sql");
  CHECK_THAT(statements[2].instead, ContainsSubstring("sql.file"));
  CHECK(statements[3].text == "SELECT 'x' \\gexec");
  CHECK_THAT(statements[3].instead, ContainsSubstring("db.each"));
  CHECK_THAT(statements[4].instead, ContainsSubstring("expect.table"));
  CHECK(statements[4].line == 5);
  CHECK(statements[5].known());
}

TEST_CASE("a backslash in a string is no command of psql") {
  CHECK(only("SELECT '\\d', E'\\\\i', $$\\copy$$").refusal == Refusal::none);
}
