#include "sql/recoverable.h"

#include "support/catch.h"

using namespace engine;
using namespace engine::sql;
using Names = std::vector<QualifiedName>;

namespace {

template <typename Kind>
Kind read(const std::string& statement) {
  INFO(statement);
  const std::optional<Recoverable> found = recoverable(statement);
  REQUIRE(found);
  REQUIRE(std::holds_alternative<Kind>(*found));
  return std::get<Kind>(*found);
}

const std::string long_name(70, 'x');

}  // namespace

TEST_CASE("CREATE INDEX is read in every spelling") {
  struct Spelling {
    const char* text;
    const char* name;
    QualifiedName table;
    bool concurrently, if_not_exists;
  };
  for (const Spelling& each : {
           Spelling{"CREATE INDEX i ON t (a)", "i", {"", "t"}, false, false},
           {"create unique INDEX /* on x */ Concurrently if not exists \"My \"\"Idx\" on only "
            "s.\"T\" (a)",
            "My \"Idx",
            {"s", "T"},
            true,
            true},
           {"CREATE INDEX CONCURRENTLY ON t (a)", "", {"", "t"}, true, false},
           {"CREATE INDEX -- IF NOT EXISTS\n CONCURRENTLY T_A ON S.T USING gin (a)",
            "t_a",
            {"s", "t"},
            true,
            false},
           {"CREATE INDEX CONCURRENTLY U&\"d\\0061t\" ON U&\"d!0061t\" UESCAPE '!' . x (a)",
            "dat",
            {"dat", "x"},
            true,
            false},
           {"CREATE INDEX CONCURRENTLY \"concurrently\" ON t (a)",
            "concurrently",
            {"", "t"},
            true,
            false},
           {"CREATE INDEX CONCURRENTLY i ON db.s.t (a) WHERE b = 'on u'",
            "i",
            {"s", "t"},
            true,
            false},
       }) {
    const auto create = read<CreateIndex>(each.text);
    CHECK(create.name == each.name);
    CHECK(create.table == each.table);
    CHECK(create.concurrently == each.concurrently);
    CHECK(create.if_not_exists == each.if_not_exists);
  }
}

TEST_CASE("names are cut where the server cuts them") {
  CHECK(read<CreateIndex>("CREATE INDEX CONCURRENTLY " + long_name + " ON t (a)").name ==
        long_name.substr(0, 63));
  // Never within a character.
  std::string umlauts;
  for (int i = 0; i < 40; ++i) umlauts += "ä";
  CHECK(read<CreateIndex>("CREATE INDEX \"" + umlauts + "\" ON t (a)").name ==
        umlauts.substr(0, 62));
  CHECK(read<DropIndex>("DROP INDEX " + long_name).indexes == Names{{"", long_name.substr(0, 63)}});
}

TEST_CASE("DROP INDEX is read, and written again for other indexes") {
  const auto one = read<DropIndex>("DROP INDEX CONCURRENTLY IF EXISTS s.\"I\" RESTRICT");
  CHECK(one.indexes == Names{{"s", "I"}});
  CHECK(one.concurrently);
  CHECK(one.text({{"", "j"}}) == "DROP INDEX CONCURRENTLY IF EXISTS j");
  const auto several = read<DropIndex>("drop index a, db.s.b, U&\"\\0063\" cascade");
  CHECK(several.indexes == Names{{"", "a"}, {"s", "b"}, {"", "c"}});
  CHECK_FALSE(several.concurrently);
  CHECK(several.text({{"", "a"}, {"s", "B"}}) == "DROP INDEX a, s.\"B\" CASCADE");
}

TEST_CASE("REINDEX is read where it says CONCURRENTLY, on either side") {
  using Of = ReindexConcurrently::Of;
  struct Spelling {
    const char* text;
    Of of;
    QualifiedName name;
  };
  for (const Spelling& each : {
           Spelling{"REINDEX INDEX CONCURRENTLY i", Of::index, {"", "i"}},
           {"REINDEX (CONCURRENTLY) INDEX s.i", Of::index, {"s", "i"}},
           {"reindex (verbose, concurrently true) table \"T\"", Of::table, {"", "T"}},
           {"REINDEX TABLE CONCURRENTLY s.t", Of::table, {"s", "t"}},
           {"REINDEX SCHEMA CONCURRENTLY s", Of::schema, {"", "s"}},
           {"REINDEX (CONCURRENTLY 1) DATABASE d", Of::database, {}},
       }) {
    const auto reindex = read<ReindexConcurrently>(each.text);
    CHECK(reindex.of == each.of);
    CHECK(reindex.name == each.name);
  }
  CHECK_FALSE(recoverable("REINDEX TABLE t"));
  CHECK_FALSE(recoverable("REINDEX (CONCURRENTLY off) TABLE t"));
}

TEST_CASE("DETACH PARTITION is read where it says CONCURRENTLY") {
  const auto detach =
      read<DetachConcurrently>("ALTER TABLE a.p DETACH PARTITION b.\"C\" CONCURRENTLY");
  CHECK(detach.table == QualifiedName{"a", "p"});
  CHECK(detach.partition == QualifiedName{"b", "C"});
  CHECK(detach.finalize() == "ALTER TABLE a.p DETACH PARTITION b.\"C\" FINALIZE");
  CHECK_FALSE(recoverable("ALTER TABLE p DETACH PARTITION c"));
  CHECK_FALSE(recoverable("ALTER TABLE p DETACH PARTITION c FINALIZE"));
}

TEST_CASE("no other text is recoverable") {
  for (const char* text :
       {"", "VACUUM t", "DROP TABLE t", "CREATE TABLE t (a int)", "ALTER TABLE t ADD b int",
        "CREATE INDEX CONCURRENTLY \"unfinished", "CREATE INDEX i ON t (a); DROP INDEX i",
        "SELECT 'CREATE INDEX i ON t (a)'"}) {
    INFO(text);
    CHECK_FALSE(recoverable(text));
  }
}

TEST_CASE("an index is made on another table as it was made on its own") {
  const QualifiedName other{"pg_temp", "T"};
  CHECK(same_index_on("CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS i ON ONLY s . \"T\" -- x\n"
                      "USING btree (lower(a) text_pattern_ops DESC) INCLUDE (b) WITH (fillfactor = "
                      "70) WHERE b > 1",
                      other) ==
        "CREATE UNIQUE INDEX ON pg_temp.\"T\" -- x\n"
        "USING btree (lower(a) text_pattern_ops DESC) INCLUDE (b) WITH (fillfactor = 70) WHERE b > "
        "1");
  CHECK(same_index_on("CREATE INDEX ON U&\"d!0061t\" UESCAPE '!' . x(a)", other) ==
        "CREATE INDEX ON pg_temp.\"T\"(a)");
  CHECK(same_index_on("CREATE INDEX ON db.s.t(a)", other) == "CREATE INDEX ON pg_temp.\"T\"(a)");
  CHECK_FALSE(same_index_on("DROP INDEX i", other));
  CHECK_FALSE(same_index_on("CREATE INDEX ON t (", other));
}
