#include "sql/expression.h"

#include "support/catch.h"

using namespace engine;

TEST_CASE("an expression equals what the server makes of it") {
  CHECK(sql::same_expression("'[]'", "'[]'::jsonb"));
  CHECK(sql::same_expression("NOW()", "now()"));
  CHECK(sql::same_expression("-1", "'-1'::integer"));
  CHECK(sql::same_expression("0", "0"));
  CHECK(sql::same_expression("FALSE", "false"));
  CHECK(sql::same_expression("approach IN ('forward', 'backward')",
                             "(approach = ANY (ARRAY['forward'::text, 'backward'::text]))"));
  CHECK(sql::same_expression("kind NOT IN ('a', 'b')",
                             "((kind)::text <> ALL (ARRAY['a'::text, 'b'::text]))"));
  CHECK(sql::same_expression("kind IN ('a')", "(kind = 'a'::text)"));
  CHECK(sql::same_expression("n BETWEEN 1 AND 9", "((n >= 1) AND (n <= 9))"));
  CHECK(sql::same_expression("name LIKE 'a%'", "(name ~~ 'a%'::text)"));
  CHECK(sql::same_expression("status = 'open'", "((status)::text = 'open'::text)"));
  CHECK(sql::same_expression("auth.uid() = user_id", "(auth.uid() = user_id)"));
  CHECK(sql::same_expression("(select auth.uid()) = user_id",
                             "(( SELECT auth.uid() AS uid) = user_id)"));
  CHECK(sql::same_expression(
      "EXISTS (SELECT 1 FROM members WHERE members.user_id = auth.uid())",
      "(EXISTS ( SELECT 1\n   FROM public.members\n  WHERE (members.user_id = auth.uid())))"));
}

TEST_CASE("different expressions differ") {
  CHECK_FALSE(sql::same_expression("-1", "'-2'::integer"));
  CHECK_FALSE(sql::same_expression("0", "1"));
  CHECK_FALSE(sql::same_expression("true", "false"));
  CHECK_FALSE(sql::same_expression("'a'", "'b'::text"));
  CHECK_FALSE(sql::same_expression("auth.uid() = user_id", "(auth.uid() = owner_id)"));
  CHECK_FALSE(sql::same_expression("auth.uid() = user_id", "(auth.role() = user_id)"));
  CHECK_FALSE(sql::same_expression("a.x = 1", "(b.x = 1)"));
  CHECK_FALSE(sql::same_expression("created_at::date = now()", "(created_at = now())"));
  CHECK_FALSE(sql::same_expression("x IN ('a', 'b')", "(x <> ALL (ARRAY['a'::text, 'b'::text]))"));
  CHECK_FALSE(sql::same_expression("x IN ('a', 'b')",
                                   "(x = ANY (ARRAY['a'::text, 'b'::text, 'c'::text]))"));
  CHECK_FALSE(sql::same_expression("x", "(x AND y)"));
  CHECK_FALSE(sql::same_expression("x AND y", "(x OR y)"));
}

TEST_CASE("types are compared as PostgreSQL understands them") {
  CHECK(sql::same_type("timestamptz", "timestamp with time zone"));
  CHECK(sql::same_type("timestamptz(3)", "timestamp(3) with time zone"));
  CHECK(sql::same_type("int", "integer"));
  CHECK(sql::same_type("int8", "bigint"));
  CHECK(sql::same_type("VARCHAR(20)", "character varying(20)"));
  CHECK(sql::same_type("char", "character(1)"));
  CHECK(sql::same_type("decimal(10)", "numeric(10,0)"));
  CHECK(sql::same_type("text[]", "text[]"));
  CHECK(sql::same_type("int[3]", "integer[]"));
  CHECK(sql::same_type("mood", "public.mood"));
  CHECK_FALSE(sql::same_type("timestamp", "timestamp with time zone"));
  CHECK_FALSE(sql::same_type("varchar(20)", "character varying(30)"));
  CHECK_FALSE(sql::same_type("varchar", "character varying(30)"));
  CHECK_FALSE(sql::same_type("text", "text[]"));
  CHECK_FALSE(sql::same_type("other.mood", "public.mood"));
}

TEST_CASE("queries are compared with what pg_get_viewdef prints") {
  CHECK(sql::same_query(
      "select id, name from t where n in (1, 2)",
      " SELECT t.id,\n    t.name\n   FROM public.t\n  WHERE (t.n = ANY (ARRAY[1, 2]));"));
  CHECK_FALSE(sql::same_query("select id from t", " SELECT id\n   FROM u;"));
}

TEST_CASE("only one expression or one type is one") {
  CHECK(sql::is_expression("a = 1 -- with a comment"));
  CHECK_FALSE(sql::is_expression("1), (2"));
  CHECK_FALSE(sql::is_expression("a ="));
  CHECK_FALSE(sql::is_expression(""));
  CHECK(sql::is_type("double precision"));
  CHECK_FALSE(sql::is_type("text, 1"));
  CHECK_FALSE(sql::is_type("text = 'a'"));
  CHECK_FALSE(sql::is_type("text FROM t"));
  CHECK_FALSE(sql::is_type("no such type"));
}
