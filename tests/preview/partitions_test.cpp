// Partitioned tables: what is told of them, and whether rows let their partitions be.
#include "previewed.h"
#include "support/catch.h"
#include "support/database.h"

using namespace test;

namespace {

const std::string events = R"(
CREATE TABLE events (id bigint PRIMARY KEY, at date) PARTITION BY RANGE (id);
CREATE TABLE events_low PARTITION OF events FOR VALUES FROM (0) TO (1000);
CREATE TABLE events_high PARTITION OF events FOR VALUES FROM (1000) TO (20000) PARTITION BY RANGE (id);
CREATE TABLE events_high_one PARTITION OF events_high FOR VALUES FROM (1000) TO (20000);
INSERT INTO events SELECT n, '2026-01-01' FROM generate_series(1, 12000) n;
ANALYZE;
)";

}  // namespace

TEST_CASE("a partitioned table is as large and as busy as its partitions, and named once") {
  const Database database;
  database.sql(events);
  Folder folder;
  folder.write("plan.lua", R"lua(
return plan "Events" {
  step "Fill" {
    run      = sql [[ ALTER TABLE events ALTER at SET NOT NULL;
                      CREATE TABLE events_next PARTITION OF events FOR VALUES FROM (20000) TO (30000) ]],
    rollback = sql [[ DROP TABLE events_next; ALTER TABLE events ALTER at DROP NOT NULL ]],
  },
}
)lua");
  const Previewed previewed = preview(folder, {"-d", database.conninfo(), "--fail-on", "never"});
  INFO(previewed.ended.all());
  bool sized = false;
  for (const json& impact : previewed.all("impact")) {
    if (impact.at("relation") != "public.events") continue;
    sized = true;
    CHECK_THAT(impact.at("basis").get<std::string>(), ContainsSubstring("about 12,000 rows, "));
    CHECK_THAT(impact.at("basis").get<std::string>(), !ContainsSubstring(" 0 kB"));
  }
  CHECK(sized);
  CHECK(previewed.ended.out.find("unknown size") == std::string::npos);
  bool told = false;
  for (const json& difference : previewed.all("difference")) {
    if (difference.at("object") != "partitioned table public.events") continue;
    for (const std::string words : difference.at("words")) {
      CHECK_THAT(words, !ContainsSubstring("partitioned table"));
      told = told || words.starts_with("children are public.events_high, public.events_low, ");
    }
  }
  CHECK(told);
}
