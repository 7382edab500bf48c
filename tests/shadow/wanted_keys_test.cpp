// A foreign key that the plan adds holds on the shadow where it holds on the target, although few
// of the rows are here.
#include "preview/previewed.h"
#include "support/catch.h"
#include "support/database.h"

using namespace test;

namespace {

// The first rows of each refer to the last ones of the other.
constexpr const char* rows = R"(
CREATE SCHEMA app;
CREATE SCHEMA other; CREATE TABLE other.people (uid int PRIMARY KEY);
CREATE TABLE app.people (id int PRIMARY KEY, name text);
INSERT INTO app.people SELECT n, 'p' || n FROM generate_series(1, 3000) AS n;
CREATE TABLE app.orders (id int PRIMARY KEY, "Person" int);
INSERT INTO app.orders SELECT n, 3001 - n FROM generate_series(1, 2900) AS n;
ANALYZE;
)";

Previewed preview_of(const Database& target, const std::string& steps) {
  Folder folder;
  folder.write("plan.lua", "return plan \"Keys\" {\n" + steps + "}\n");
  return preview(folder, {"-d", target.conninfo(), "--rows", "50"});
}

std::string step(const std::string& title, const std::string& sql) {
  return "step \"" + title + "\" { run = sql [==[ " + sql + " ]==], rollback = nothing },\n";
}

constexpr const char* added =
    "SET LOCAL search_path = app; ALTER TABLE orders ADD CONSTRAINT who FOREIGN KEY (\"Person\") "
    "REFERENCES people";

}  // namespace

TEST_CASE(
    "a key that the plan adds finds its parents: at once, validated later, and in a DO block") {
  const Database target;
  target.sql(rows);
  for (const std::string& steps :
       {step("Key", added),
        step("Key", std::string{added} + " NOT VALID") +
            step("Check", "ALTER TABLE app.orders VALIDATE CONSTRAINT who"),
        step("Key",
             "DO $$ BEGIN ALTER TABLE app.orders ADD CONSTRAINT who FOREIGN KEY (\"Person\") "
             "REFERENCES app.people (id); EXCEPTION WHEN duplicate_object THEN NULL; END $$")}) {
    const Previewed previewed = preview_of(target, steps);
    INFO(steps << previewed.ended.out << previewed.ended.err);
    const auto finished = previewed.all("step.finished");
    REQUIRE(!finished.empty());
    CHECK(finished.back().at("status") == "done");
    const auto probes = previewed.all("probe");
    REQUIRE(probes.size() == 1);
    CHECK(probes[0].at("of") == "orphans");
    CHECK(probes[0].at("result") == "none");
  }
}

TEST_CASE("a row that refers to nobody on the target fails the key on the shadow") {
  const Database target;
  target.sql(std::string{rows} +
             "UPDATE app.orders SET \"Person\" = 9999 WHERE id = 1; CLUSTER "
             "app.orders USING orders_pkey;");
  const Previewed previewed = preview_of(target, step("Key", added));
  INFO(previewed.ended.out << previewed.ended.err);
  CHECK(previewed.ended.status == 8);
  const auto finished = previewed.all("step.finished");
  REQUIRE(!finished.empty());
  CHECK(finished.back().at("status") == "failed");
  CHECK(finished.back().at("error").at("sqlstate") == "23503");
  CHECK_THAT(previewed.ended.out, ContainsSubstring("the shadow has only some rows of the target"));
}

TEST_CASE(
    "a key from or to a partitioned table finds its parents, and the advice is one that PostgreSQL "
    "takes") {
  const Database target;
  target.sql(R"(
CREATE TABLE parent (id int PRIMARY KEY); INSERT INTO parent SELECT generate_series(1, 3000);
CREATE TABLE p (id int, k text) PARTITION BY LIST (k);
CREATE TABLE pa PARTITION OF p FOR VALUES IN ('a'); CREATE TABLE pb PARTITION OF p FOR VALUES IN ('b');
INSERT INTO p SELECT n, 'a' FROM generate_series(3000, 501, -1) AS n;
CREATE TABLE q (id int PRIMARY KEY) PARTITION BY RANGE (id);
CREATE TABLE q1 PARTITION OF q FOR VALUES FROM (0) TO (2000);
CREATE TABLE q2 PARTITION OF q FOR VALUES FROM (2000) TO (4000);
INSERT INTO q SELECT generate_series(1, 3000);
CREATE TABLE c (id int); INSERT INTO c SELECT generate_series(3000, 1, -1);
ANALYZE;
)");
  for (const char* added : {"ALTER TABLE p ADD CONSTRAINT f FOREIGN KEY (id) REFERENCES parent",
                            "ALTER TABLE c ADD CONSTRAINT f FOREIGN KEY (id) REFERENCES q",
                            "ALTER TABLE p ADD CONSTRAINT f FOREIGN KEY (id) REFERENCES q"}) {
    const Previewed previewed = preview_of(target, step("Key", added));
    INFO(added << previewed.ended.all());
    const auto finished = previewed.all("step.finished");
    REQUIRE(!finished.empty());
    CHECK(finished.back().at("status") == "done");
    for (const json& finding : previewed.all("finding")) {
      if (finding.at("rule") != "constraint.foreign-key-validated") continue;
      const bool parted = finding.at("relation") == "public.p";
      const std::string safer = finding.at("safer");
      CHECK((safer.find("each partition") != std::string::npos) == parted);
    }
  }
}
