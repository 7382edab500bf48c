// A database in which somebody planted operators in `public`: one for each operator name of
// PostgreSQL's and each pair of types that the catalogs have, where pg_catalog has none for just
// these. Whoever executes one executes somebody else's code with their own rights.
#include "scenarios/example.h"
#include "support/catch.h"
#include "support/database.h"

using test::Ended;
using test::Example;

namespace {

// Each raises an error: what the engine executed by mistake is no success of the test.
constexpr const char* planted = R"sql(
CREATE FUNCTION public.caught() RETURNS boolean LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'caught: %', pg_catalog.current_query(); END $$;
DO $$
DECLARE
  types text[] := '{text,name,"\"char\"",oid,int2,int4,int8,bool,regclass,regproc,regtype,regnamespace,xid,text[],name[],oid[],'
                  'int2vector,oidvector,"\"char\"[]",numeric,interval,jsonb,json,varchar,aclitem}';
  names text[] := '{=,<>,<,>,<=,>=,||,~,!~,~*,~~,!~~,+,-,@>,&&,->>}';
  l text; r text; o text; n int := 0;
BEGIN
  SET LOCAL search_path = pg_catalog;
  SET LOCAL client_min_messages = error;
  FOREACH l IN ARRAY types LOOP
    FOREACH r IN ARRAY types LOOP
      n := n + 1;
      EXECUTE pg_catalog.format('CREATE FUNCTION public.caught_%s(l %s, r %s) RETURNS boolean LANGUAGE sql AS '
                                '$f$ SELECT public.caught() $f$', n, l, r);
      FOREACH o IN ARRAY names LOOP
        CONTINUE WHEN EXISTS (SELECT FROM pg_catalog.pg_operator
          WHERE oprname = o AND oprleft = l::regtype AND oprright = r::regtype);
        EXECUTE pg_catalog.format('CREATE OPERATOR public.%s (leftarg = %s, rightarg = %s, function = public.caught_%s)',
                                  o, l, r, n);
      END LOOP;
    END LOOP;
  END LOOP;
END $$;
)sql";

void check(const Ended& ended) {
  INFO(ended.all());
  CHECK(ended.status == 0);
  CHECK(ended.all().find("caught") == std::string::npos);
}

Ended without_plan(const Example& example, const std::string& command) {
  return test::run_engine({command, "-d", example.database.conninfo()},
                          {example.folder.path(), {}, std::chrono::seconds{60}});
}

}  // namespace

TEST_CASE("the planted operators are there, and are caught when they are executed") {
  const Example example{"esquisse_multisession", planted};
  CHECK(example.database.value("SET search_path = pg_catalog; SELECT count(*) > 5000 FROM "
                               "pg_operator WHERE oid >= 16384") == "t");
  CHECK_THROWS_WITH(example.database.sql("SELECT 'a'::text || 1::bigint"),
                    ContainsSubstring("caught"));
}

TEST_CASE("no command executes an operator that somebody planted") {
  const std::string plan = GENERATE("esquisse_multisession", "conversation_personas");
  CAPTURE(plan);
  const Example example{plan, planted};
  check(example.run());
  check(example.run());
  check(example.command("verify", example.target()));
  check(without_plan(example, "status"));
  check(without_plan(example, "doctor"));
  check(example.rollback());
}

TEST_CASE("a preview executes none either, on the target and on the shadow") {
  const Example example{"session_tracking", planted};
  const Ended previewed = example.command("preview");
  INFO(previewed.all());
  CHECK((previewed.status == 0 || previewed.status == 8));
  CHECK(previewed.all().find("caught") == std::string::npos);
  CHECK_THAT(previewed.out, ContainsSubstring("rollback"));
}
