#include "sql/column_changes.h"

#include "support/catch.h"

using engine::sql::column_changes;
using Kind = engine::sql::ColumnChange::Kind;

TEST_CASE("the expression of a conversion ends where its command does") {
  const auto found = column_changes(
      "ALTER TABLE IF EXISTS ONLY \"a b\".people * ALTER COLUMN \"Big\"\"One\" SET DATA TYPE "
      "numeric(10, 2) USING coalesce(x, 'a, b')::numeric /* so, */ , ALTER n TYPE int, ALTER m "
      "TYPE "
      "int USING (m[1, 2])::int;");
  REQUIRE(found.size() == 3);
  CHECK(found[0].kind == Kind::converted);
  CHECK(found[0].column == "Big\"One");
  CHECK(found[0].using_expression == "coalesce(x, 'a, b')::numeric /* so, */");
  CHECK(found[1].column == "n");
  CHECK(found[1].using_expression.empty());
  CHECK(found[2].using_expression == "(m[1, 2])::int");
}

TEST_CASE("a column that is added wants values where it is NOT NULL and nothing gives it one") {
  const auto wants = [](const std::string& command) {
    const auto found = column_changes("ALTER TABLE people " + command);
    return found.size() == 1 && found[0].kind == Kind::added && found[0].column == "n" &&
           found[0].wants_values;
  };
  CHECK(wants("ADD n int NOT NULL"));
  CHECK(wants("ADD COLUMN IF NOT EXISTS N int CHECK (n > 0) NOT NULL"));
  CHECK(wants("ADD COLUMN n int PRIMARY KEY"));
  CHECK_FALSE(wants("ADD COLUMN n int"));
  CHECK_FALSE(wants("ADD COLUMN n int NOT NULL DEFAULT 1"));
  CHECK_FALSE(wants("ADD COLUMN n bigserial NOT NULL"));
  CHECK_FALSE(wants("ADD COLUMN n int NOT NULL GENERATED ALWAYS AS IDENTITY"));
  CHECK_FALSE(wants("ADD COLUMN n int CHECK (n IS NOT NULL)"));
}

TEST_CASE("other commands and other statements change no column here") {
  CHECK(
      column_changes("ALTER TABLE t ADD CONSTRAINT c CHECK (n > 0), ALTER n SET NOT NULL").empty());
  CHECK(column_changes("ALTER TYPE t ADD ATTRIBUTE n int").empty());
  CHECK(column_changes("SELECT 1").empty());
  CHECK(column_changes("ALTER TABLE").empty());
  CHECK(column_changes("").empty());
}
