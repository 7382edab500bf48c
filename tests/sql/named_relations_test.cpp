#include "sql/named_relations.h"

#include "support/catch.h"

using engine::sql::named_relations;

namespace {

std::string told(const std::string& statement) {
  std::string words;
  for (const auto& one : named_relations(statement)) {
    words += (words.empty() ? "" : ", ") + one.name.quoted();
    if (!one.done.empty()) words += " " + one.done;
  }
  return words;
}

}  // namespace

TEST_CASE("what a statement reads and writes is told apart, also within WITH") {
  CHECK(told("SELECT * FROM a JOIN s.\"B\" USING (id) WHERE x IN (SELECT x FROM c)") ==
        "a, s.\"B\", c");
  CHECK(told("INSERT INTO a SELECT * FROM b ON CONFLICT DO NOTHING") == "a INSERT, b");
  CHECK(told("DELETE FROM a USING b WHERE a.id = b.id") == "a DELETE, b");
  CHECK(told("MERGE INTO a USING b ON a.id = b.id WHEN MATCHED THEN DELETE") == "a MERGE, b");
  const std::string batch = told(
      "WITH b AS (SELECT id FROM lines WHERE id > $1 LIMIT 5), u AS (UPDATE lines l SET p = 1 FROM "
      "b WHERE l.id = b.id RETURNING l.id) SELECT max(id) FROM u");
  CHECK_THAT(batch, ContainsSubstring("lines UPDATE"));
}

TEST_CASE("what maintains tables and indexes names its command") {
  CHECK(told("TRUNCATE a, s.b") == "a TRUNCATE, s.b TRUNCATE");
  CHECK(told("VACUUM a, b") == "a VACUUM, b VACUUM");
  CHECK(told("VACUUM FULL a") == "a VACUUM FULL");
  CHECK(told("VACUUM (FULL off) a") == "a VACUUM");
  CHECK(told("ANALYZE a (x)") == "a ANALYZE");
  CHECK(told("CLUSTER a USING i") == "a CLUSTER");
  CHECK(told("REINDEX INDEX s.i") == "s.i REINDEX");
  CHECK(told("REINDEX (CONCURRENTLY) TABLE a") == "a REINDEX CONCURRENTLY");
  CHECK(told("CREATE INDEX CONCURRENTLY n ON a (x)") == "a CREATE INDEX CONCURRENTLY");
  CHECK(told("CREATE INDEX n ON a (x)") == "a");
  CHECK(told("DROP INDEX CONCURRENTLY s.\"I\"") == "s.\"I\" DROP INDEX CONCURRENTLY");
  CHECK(told("ALTER TABLE q DETACH PARTITION q1 CONCURRENTLY") ==
        "q1 DETACH CONCURRENTLY, q DETACH CONCURRENTLY");
}

TEST_CASE("a text that names nothing, or is no SQL, names nothing") {
  for (const char* text :
       {"", "no SQL", "SELECT 1", "VACUUM", "DO $$ BEGIN END $$", "DROP TABLE a"})
    CHECK(told(text).empty());
}
