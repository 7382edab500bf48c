#include "catalog/objects.h"

#include "base/error.h"
#include "catalog/rich.h"
#include "support/catch.h"

using namespace engine;
using namespace engine::catalog;

TEST_CASE("a function is found by its signature, by its name, and not by another's types") {
  const test::Database database;
  database.sql(R"(CREATE FUNCTION f(integer, text[]) RETURNS text LANGUAGE plpgsql IMMUTABLE STRICT
      SECURITY DEFINER SET search_path = public AS 'BEGIN RETURN 1; END';
    CREATE FUNCTION f() RETURNS void LANGUAGE sql AS 'SELECT';
    CREATE FUNCTION public."Odd F"(numeric) RETURNS integer LANGUAGE sql AS 'SELECT 1';
    CREATE PROCEDURE p() LANGUAGE sql AS 'SELECT';
    COMMENT ON FUNCTION f() IS 'nothing'; REVOKE ALL ON FUNCTION f() FROM PUBLIC)");
  auto connection = test::connect_to(database);
  CHECK(functions(connection, "f").size() == 2);
  REQUIRE(functions(connection, "f()").size() == 1);
  CHECK(functions(connection, "f()")[0].comment == "nothing");
  CHECK(functions(connection, "f()")[0].grants.size() == 1);
  const auto found = functions(connection, "public.f(int, text[])");
  REQUIRE(found.size() == 1);
  CHECK(found[0].signature() == "public.f(integer, text[])");
  CHECK(found[0].language == "plpgsql");
  CHECK(found[0].volatility == "immutable");
  CHECK(found[0].security_definer);
  CHECK(found[0].strict);
  CHECK(found[0].returns == "text");
  CHECK(found[0].config == std::vector<std::string>{"search_path=public"});
  CHECK(found[0].definition.starts_with("CREATE OR REPLACE FUNCTION public.f(integer, text[])"));
  CHECK(functions(connection, "\"Odd F\"(numeric)").size() == 1);
  CHECK(functions(connection, "p")[0].kind == "procedure");
  CHECK(functions(connection, "f(integer)").empty());
  CHECK(functions(connection, "f(no_such_type, text[])").empty());
  CHECK(functions(connection, "nowhere.f()").empty());
  CHECK(functions(connection, "count")[0].kind == "aggregate");
}

TEST_CASE("what is no signature is refused as an argument") {
  const test::Database database;
  auto connection = test::connect_to(database);
  for (const char* wrong : {"f(", "f(integer", "f()x", "", "()", "a.b.c()"}) {
    CAPTURE(wrong);
    CHECK_THROWS_AS(functions(connection, wrong), Error);
  }
}

TEST_CASE("types, roles, extensions and schemas are there or they are not") {
  const test::Rich rich;
  auto connection = test::connect_to(rich.database);
  CHECK(type(connection, {"app", "mood"})->labels == std::vector<std::string>{"calm", "busy"});
  CHECK(type(connection, {"app", "percent"})->base == "integer");
  CHECK(type(connection, {"", "int4"})->kind == "base");
  CHECK_FALSE(type(connection, {"", "mood"}));
  CHECK(role(connection, "postgres")->superuser);
  CHECK_FALSE(role(connection, "Odd \"Role\"")->login);
  CHECK_FALSE(role(connection, "nobody_of_this_name"));
  CHECK(extension(connection, "plpgsql")->schema == "pg_catalog");
  CHECK_FALSE(extension(connection, "no_such_extension"));
  CHECK(schema(connection, "app")->grants.size() == 3);
  CHECK_FALSE(schema(connection, "App"));
}
