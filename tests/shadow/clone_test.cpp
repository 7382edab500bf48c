#include "db/connection.h"
#include "preview/previewed.h"
#include "support/catch.h"
#include "support/database.h"

using namespace test;

namespace {

const std::string plan = R"lua(
return plan "Two" {
  accept = { ["drop.column"] = "only in the rollback" },
  step "Add" {
    run      = sql [[ ALTER TABLE orders ADD COLUMN note text; UPDATE orders SET note = 'x' WHERE id = (SELECT min(id) FROM orders) ]],
    verify   = function() expect.query "SELECT count(*) FROM orders WHERE note = 'x'" :equals(1) end,
    rollback = sql [[ ALTER TABLE orders DROP COLUMN note ]],
  },
}
)lua";

void fill(const Database& database) {
  database.sql(R"(
CREATE TABLE customers (id int PRIMARY KEY, name text);
INSERT INTO customers SELECT n, 'c' || n FROM generate_series(1, 3000) n;
CREATE TABLE orders (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, customer int NOT NULL REFERENCES customers);
INSERT INTO orders (customer) SELECT 3001 - n FROM generate_series(1, 3000) n;
CREATE TABLE aside (id int);
INSERT INTO aside SELECT generate_series(1, 10);
CREATE FUNCTION shout() RETURNS text LANGUAGE sql AS $$ SELECT 'oi' $$;
)");
}

Previewed preview_of(const Database& database, const std::vector<std::string>& more = {}) {
  Folder folder;
  folder.write("plan.lua", plan);
  std::vector<std::string> words{"-d", database.conninfo()};
  words.insert(words.end(), more.begin(), more.end());
  return preview(folder, words);
}

}  // namespace

TEST_CASE("a plan is previewed with the target's schema and rows, and the target is as before") {
  const Database database;
  fill(database);
  const Previewed previewed = preview_of(database, {"--rows", "100"});
  INFO(previewed.ended.all());
  CHECK(previewed.ended.status == 0);
  CHECK(previewed.verdict() != "blocked");
  CHECK(database.value("SELECT count(*) FROM pg_attribute WHERE attrelid = 'orders'::regclass AND "
                       "attname = 'note'") == "0");
  CHECK(database.value("SELECT to_regnamespace('engine') IS NULL") == "t");
  bool seen = false;
  for (const json& difference : previewed.all("difference"))
    seen = seen || (difference.at("kind") == "rows" && difference.at("object") == "public.orders");
  CHECK(seen);
}

TEST_CASE(
    "a role that may only read previews, and lacks on the shadow what it lacks on the target") {
  const Database database;
  fill(database);
  const std::string role = "reader_" + database.name();
  database.sql("CREATE ROLE " + role + " LOGIN; GRANT SELECT ON ALL TABLES IN SCHEMA public TO " +
               role);
  Folder folder;
  folder.write("plan.lua", plan);
  const Previewed previewed =
      preview(folder, {"-d", database.conninfo() + " user=" + role, "--rows", "50"});
  database.sql("DROP OWNED BY " + role + "; DROP ROLE " + role);
  INFO(previewed.ended.all());
  // It may not make the journal, and the shadow says so as the target would.
  CHECK(previewed.ended.status == 5);
  CHECK_THAT(previewed.ended.all(), ContainsSubstring("42501"));
}

TEST_CASE("a target that cannot be reached is exit 7") {
  Folder folder;
  folder.write("plan.lua", plan);
  CHECK(preview(folder, {"-d", "host=/nowhere dbname=x"}).ended.status == 7);
}

TEST_CASE("a half-finished run is previewed from where it stands, with the backups that it made") {
  const Database database;
  fill(database);
  Folder folder;
  folder.write("plan.lua", R"lua(
return plan "Half" {
  step "Keep" { run = function() backup.snapshot("aside", { as = "aside_before" }) end,
                rollback = function() backup.restore "aside_before"; backup.drop "aside_before" end },
  step "Change" { run = sql [[ UPDATE aside SET id = id + 100 ]], rollback = nothing },
  step "Needs" { run = sql [[ INSERT INTO later VALUES (1) ]], rollback = sql [[ DELETE FROM later ]] },
}
)lua");
  const Ended half = run_engine({"run", "plan.lua", "-d", database.conninfo(), "--yes"},
                                {folder.path(), {}, std::chrono::seconds{120}});
  CHECK(half.status == 3);
  database.sql("CREATE TABLE later (id int PRIMARY KEY)");
  const Previewed previewed = preview(folder, {"-d", database.conninfo(), "--fail-on", "never"});
  INFO(previewed.ended.all());
  CHECK(previewed.ended.status == 0);
  std::set<std::string> ran;
  for (const json& statement : previewed.all("statement")) ran.insert(statement.at("step"));
  CHECK(ran == std::set<std::string>{"Needs"});
  CHECK(previewed.proof("rollback").at("ok") == true);
  CHECK(database.value("SELECT min(id) > 100 FROM aside") == "t");
}

TEST_CASE("masks of engine.toml replace values before they leave the target") {
  const Database database;
  database.sql(
      "CREATE TABLE people (id int PRIMARY KEY, email text); INSERT INTO people VALUES (1, "
      "'a@b.c')");
  Folder folder;
  folder.write("engine.toml", "mask = { \"public.people.email\" = \"hash\" }\n");
  folder.write("plan.lua", R"lua(
return plan "Masked" {
  step "Look" { run = sql [[ UPDATE people SET email = upper(email) WHERE email ~ '^[0-9a-f]{32}$' ]], rollback = nothing,
    verify = function() expect.query "SELECT email ~ '^[0-9A-F]{32}$' FROM people" :equals(true) end },
}
)lua");
  const Previewed previewed = preview(folder, {"-d", database.conninfo(), "--fail-on", "never"});
  INFO(previewed.ended.all());
  CHECK(previewed.all("check").back().at("ok") == true);
  folder.write("engine.toml", "mask = { \"email\" = \"hash\" }\n");
  CHECK(preview(folder, {"-d", database.conninfo()}).ended.status == 2);
}

TEST_CASE(
    "a mask that would protect nothing refuses the preview, also where the plan is elsewhere") {
  const Database database;
  database.sql("CREATE TABLE people (id int PRIMARY KEY, name text); CREATE TABLE other (id int)");
  Folder folder;
  folder.write("plan.lua", R"lua(
return plan "Other" { step "Change" { run = sql [[ ALTER TABLE other ADD COLUMN n int ]], rollback = nothing } }
)lua");
  const auto refused = [&](const std::string& mask, const std::string& words) {
    INFO(mask);
    folder.write("engine.toml", "mask = { " + mask + " }\n");
    const Ended ended = run_engine({"preview", "plan.lua", "-d", database.conninfo()},
                                   {folder.path(), {}, std::chrono::seconds{120}});
    INFO(ended.all());
    CHECK(ended.status == 2);
    CHECK_THAT(ended.all(), ContainsSubstring(words));
  };
  refused("\"public.people.nmae\" = \"text\"", "\"name\"?");
  refused("\"public.peopel.name\" = \"text\"", "\"public.people\"?");
  refused("\"public.people.name\" = \"hsah\"", "\"hash\"?");
  refused("\"public.people.name\" = \"lower(\"", "mask of \"public.people.name\"");
}

TEST_CASE("what is masked of a partitioned table is masked of the partitions that have its rows") {
  const Database database;
  database.sql(R"(
CREATE TABLE visits (id int, name text) PARTITION BY RANGE (id);
CREATE TABLE visits_low PARTITION OF visits FOR VALUES FROM (0) TO (10) PARTITION BY RANGE (id);
CREATE TABLE visits_low_one PARTITION OF visits_low DEFAULT;
INSERT INTO visits VALUES (1, 'Anne');
)");
  Folder folder;
  folder.write("engine.toml", "mask = { \"public.visits.name\" = \"text\" }\n");
  folder.write("plan.lua", R"lua(
return plan "Visits" {
  step "Look" { run = sql [[ UPDATE visits SET id = 2 ]], rollback = nothing,
    verify = function() expect.query "SELECT name FROM visits" :equals("xxxx") end },
}
)lua");
  const Previewed previewed = preview(folder, {"-d", database.conninfo(), "--fail-on", "never"});
  INFO(previewed.ended.all());
  REQUIRE(!previewed.all("check").empty());
  CHECK(previewed.all("check").back().at("ok") == true);
}

TEST_CASE("what pg_dump may not read does not keep a role from previewing what it may run") {
  const Database database;
  const std::string role = database.name() + "_deploy";
  database.sql("CREATE ROLE " + role +
               " LOGIN; CREATE SCHEMA app; CREATE SCHEMA closed;"
               "CREATE TABLE app.t (id int PRIMARY KEY); ALTER TABLE app.t OWNER TO " +
               role +
               "; CREATE TABLE app.secret (id serial); CREATE TABLE closed.more (id int);"
               "GRANT CREATE ON DATABASE " +
               database.name() + " TO " + role + "; GRANT USAGE, CREATE ON SCHEMA app TO " + role);
  Folder folder;
  folder.write("plan.lua", R"lua(
return plan "Mine" {
  step "Change" { run = sql [[ ALTER TABLE app.t ADD COLUMN n int ]], rollback = sql [[ ALTER TABLE app.t DROP COLUMN n ]] },
}
)lua");
  const Previewed previewed =
      preview(folder, {"-d", database.conninfo(role), "--fail-on", "never"});
  INFO(previewed.ended.all());
  CHECK(previewed.ended.status == 0);
  CHECK_THAT(previewed.ended.out, ContainsSubstring("it may not read app.secret"));
  CHECK(!previewed.all("difference").empty());
  database.sql("DROP OWNED BY " + role + "; DROP ROLE " + role);
}

TEST_CASE("tables that the role may not read are left out, and what fails is the plan's own") {
  const Database database;
  const std::string role = database.name() + "_deploy";
  database.sql(
      "CREATE ROLE " + role +
      " LOGIN; CREATE SCHEMA app; CREATE SCHEMA closed;"
      "CREATE TABLE app.t (id int PRIMARY KEY); INSERT INTO app.t SELECT generate_series(1, 9);"
      "ALTER TABLE app.t OWNER TO " +
      role +
      "; CREATE TABLE closed.job (id int PRIMARY KEY); CREATE TABLE closed.more (id int);"
      "INSERT INTO closed.job VALUES (1); GRANT CREATE ON DATABASE " +
      database.name() + " TO " + role + "; GRANT USAGE, CREATE ON SCHEMA app TO " + role);
  Folder folder;
  // Fails without rows, and the first time there are none.
  folder.write("plan.lua", R"lua(
return plan "Mine" {
  step "Needs rows" { run = sql [[ ALTER TABLE app.t ADD COLUMN n int; DO $$ BEGIN
      IF (SELECT count(*) FROM app.t) <> 9 THEN RAISE 'no rows'; END IF; END $$ ]],
    rollback = sql [[ ALTER TABLE app.t DROP COLUMN n ]] },
}
)lua");
  const Previewed runs = preview(folder, {"-d", database.conninfo(role), "--fail-on", "never"});
  {
    INFO(runs.ended.all());
    CHECK(runs.ended.status == 0);
    CHECK_THAT(runs.ended.out,
               ContainsSubstring("rows of closed.job and closed.more: no USAGE on the schema"));
  }
  folder.write("plan.lua", R"lua(
return plan "Mine" { step "Fails" { run = sql [[ SELECT 1 / 0 ]], rollback = nothing } }
)lua");
  const Previewed fails = preview(folder, {"-d", database.conninfo(role)});
  INFO(fails.ended.all());
  CHECK(fails.verdict() == "blocked");
  CHECK_THAT(fails.ended.out, ContainsSubstring("division by zero"));
  database.sql("DROP OWNED BY " + role + "; DROP ROLE " + role);
}

TEST_CASE("a target that somebody has locked is not waited for long, and who it is is told") {
  const Database database;
  database.sql("CREATE TABLE orders (id int PRIMARY KEY)");
  engine::db::Connection other =
      engine::db::Connection::open(engine::db::Target::parse(database.conninfo()));
  other.script("BEGIN; LOCK TABLE orders");
  Folder folder;
  folder.write("plan.lua", R"lua(
return plan "Orders" { step "Add" { run = sql [[ ALTER TABLE orders ADD COLUMN n int ]], rollback = nothing } }
)lua");
  const Ended ended = run_engine({"preview", "plan.lua", "-d", database.conninfo()},
                                 {folder.path(), {}, std::chrono::seconds{120}});
  INFO(ended.all());
  CHECK(ended.status != 0);
  CHECK_THAT(ended.all(), ContainsSubstring("public.orders is locked by pid " +
                                            std::to_string(other.backend_pid())));
  CHECK_THAT(ended.all(), ContainsSubstring("pg_terminate_backend"));
  CHECK(ended.all().find("pg_catalog") == std::string::npos);
}

TEST_CASE("what a right is missing on is the target's database, not one of the preview's") {
  const Database database;
  const std::string role = database.name() + "_app";
  database.sql("CREATE ROLE " + role + " LOGIN; CREATE TABLE t (id int); ALTER TABLE t OWNER TO " +
               role);
  Folder folder;
  folder.write("plan.lua", R"lua(
return plan "Mine" { step "Change" { run = sql [[ ALTER TABLE t ADD COLUMN n int ]], rollback = nothing } }
)lua");
  const Ended ended = run_engine({"preview", "plan.lua", "-d", database.conninfo(role)},
                                 {folder.path(), {}, std::chrono::seconds{120}});
  INFO(ended.all());
  CHECK(ended.status != 0);
  CHECK_THAT(ended.all(), ContainsSubstring("GRANT CREATE ON DATABASE " + database.name()));
  CHECK(ended.all().find("pass_") == std::string::npos);
  database.sql("DROP OWNED BY " + role + "; DROP ROLE " + role);
}
