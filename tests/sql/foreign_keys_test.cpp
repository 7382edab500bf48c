#include "sql/foreign_keys.h"

#include "support/catch.h"

using engine::sql::added_foreign_keys;
using Words = std::vector<std::string>;

TEST_CASE("the foreign keys that a statement adds are told with both sides") {
  const auto found = added_foreign_keys(
      "ALTER TABLE ONLY app.\"Orders\" ADD COLUMN n int, ADD CONSTRAINT fk FOREIGN KEY (a, \"B\") "
      "REFERENCES people (x, y) ON DELETE CASCADE NOT VALID, ADD FOREIGN KEY (c) REFERENCES s.t");
  REQUIRE(found.size() == 2);
  CHECK(found[0].child.quoted() == "app.\"Orders\"");
  CHECK(found[0].parent.quoted() == "people");
  CHECK(found[0].columns == Words{"a", "B"});
  CHECK(found[0].keys == Words{"x", "y"});
  CHECK(found[1].parent.quoted() == "s.t");
  CHECK(found[1].keys.empty());
}

TEST_CASE("no other statement adds a foreign key to rows that are there") {
  for (const char* statement :
       {"CREATE TABLE t (a int REFERENCES s)", "ALTER TABLE t ADD COLUMN a int REFERENCES s",
        "ALTER TABLE t ADD CONSTRAINT c CHECK (a > 0)", "ALTER TABLE t VALIDATE CONSTRAINT fk",
        "ALTER TABLE t ADD FOREIGN KEY", "", "no SQL"})
    CHECK(added_foreign_keys(statement).empty());
}
