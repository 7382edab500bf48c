// What the esquisse guide changes, and what it must not touch.
#include "scenarios/esquisse.h"
#include "support/catch.h"

using namespace test;

namespace {

const std::string policies =
    "SELECT string_agg(cmd || ': ' || policyname, '; ' ORDER BY policyname) FROM pg_policies"
    " WHERE tablename = 'esquisse_sessions'";
const std::string columns =
    "SELECT string_agg(attname, ' ' ORDER BY attnum) FROM pg_attribute"
    " WHERE attrelid = 'esquisse_sessions'::regclass AND attnum > 0 AND NOT attisdropped";
const std::string indexes =
    "SELECT string_agg(indexrelid::regclass::text, ' ' ORDER BY indexrelid::regclass::text)"
    " FROM pg_index WHERE indrelid = 'esquisse_sessions'::regclass AND indisvalid AND indisready";
const std::string unique_constraints =
    "SELECT string_agg(pg_get_constraintdef(oid), '; ') FROM pg_constraint"
    " WHERE conrelid = 'esquisse_sessions'::regclass AND contype = 'u'";
const std::string identities =
    "SELECT (SELECT md5(string_agg(id::text, ' ' ORDER BY id)) FROM esquisse_sessions)"
    " || ' table ' || 'esquisse_sessions'::regclass::oid"
    " || ' view ' || 'esquisse_overview'::regclass::oid"
    " || ' key ' || (SELECT oid FROM pg_constraint WHERE conname = "
    "'esquisse_exports_session_id_fkey')"
    " || ' exports ' || (SELECT md5(string_agg(e::text, '|' ORDER BY id)) FROM esquisse_exports e)"
    " || ' seen ' || (SELECT count(*) FROM esquisse_overview)";

}  // namespace

TEST_CASE("a run brings the database where the guide says, and keeps what hangs on the table") {
  const Esquisse esquisse;
  const std::string before = esquisse.database.value(identities);

  const Ended run = esquisse.run();
  INFO(run.all());
  REQUIRE(run.status == 0);
  const Database& database = esquisse.database;
  CHECK(database.value(columns) ==
        "id user_id approach messages current_step completed updated_at created_at session_name"
        " is_active");
  CHECK(database.value(policies) ==
        "DELETE: Users can delete their own esquisse sessions; "
        "INSERT: Users can insert their own esquisse sessions; "
        "UPDATE: Users can update their own esquisse sessions; "
        "SELECT: Users can view their own esquisse sessions");
  CHECK(database.value(indexes) ==
        "esquisse_sessions_pkey esquisse_sessions_user_session_unique"
        " idx_esquisse_sessions_is_active idx_esquisse_sessions_session_name"
        " idx_esquisse_sessions_updated_at idx_esquisse_sessions_user_id");
  CHECK(database.value(unique_constraints) == "UNIQUE (user_id, session_name)");
  CHECK(database.value("SELECT string_agg(DISTINCT session_name || is_active, ' ') FROM"
                       " esquisse_sessions") == "esquissetrue");
  CHECK(database.value("SELECT relrowsecurity FROM pg_class WHERE relname = 'esquisse_sessions'") ==
        "t");
  CHECK(database.value(identities) == before);
}

TEST_CASE("a superuser may run the plan as well, and ownership stays as it was") {
  const Esquisse esquisse;
  const Picture before = esquisse.picture();
  const Ended run = esquisse.run(esquisse.unattended("postgres"));
  INFO(run.all());
  REQUIRE(run.status == 0);
  CHECK(esquisse.database.value("SELECT relowner::regrole FROM pg_class"
                                " WHERE relname = 'esquisse_sessions'") == Esquisse::owner);
  const Ended rollback = esquisse.rollback(esquisse.unattended("postgres"));
  INFO(rollback.all());
  CHECK(rollback.status == 0);
  CHECK(changes(before, esquisse.picture()) == Words{});
}

TEST_CASE("an index of the guide's that was there before is used, and left by the rollback") {
  const Esquisse esquisse;
  esquisse.database.sql(
      "CREATE INDEX idx_esquisse_sessions_updated_at ON esquisse_sessions(updated_at)");
  const Picture before = esquisse.picture();
  const std::string oid = "SELECT 'idx_esquisse_sessions_updated_at'::regclass::oid";
  const std::string index = esquisse.database.value(oid);

  const Ended run = esquisse.run();
  INFO(run.all());
  REQUIRE(run.status == 0);
  CHECK(esquisse.database.value(oid) == index);

  const Ended rollback = esquisse.rollback();
  INFO(rollback.all());
  CHECK(rollback.status == 0);
  CHECK(changes(before, esquisse.picture()) == Words{});
}
