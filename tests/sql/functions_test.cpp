#include "sql/functions.h"

#include <algorithm>

#include "support/catch.h"
#include "support/database.h"

using namespace engine::sql;

TEST_CASE("the list of functions that only read is sorted") {
  const auto names = reading_functions();
  CHECK(std::is_sorted(names.begin(), names.end()));
  CHECK(std::adjacent_find(names.begin(), names.end()) == names.end());
}

TEST_CASE("every function in it is PostgreSQL's own and volatile only where it just looks") {
  std::string array = "'{";
  for (const auto name : reading_functions()) array += std::string{name} + ",";
  array.back() = '}';
  array += "'";
  const test::Database database;
  const std::string volatile_ones = database.value(
      "SELECT string_agg(DISTINCT p.proname, ' ' ORDER BY p.proname) FROM pg_proc p"
      " WHERE p.pronamespace = 'pg_catalog'::regnamespace AND p.provolatile = 'v'"
      " AND p.proname = ANY (" +
      array + ")");
  const std::string only_look =
      " array_sample array_shuffle clock_timestamp currval gen_random_uuid lastval pg_blocking_pids"
      " pg_current_wal_lsn pg_database_size pg_indexes_size pg_is_in_recovery"
      " pg_last_wal_receive_lsn pg_last_wal_replay_lsn pg_lock_status pg_partition_tree"
      " pg_partition_ancestors pg_relation_size pg_safe_snapshot_blocking_pids pg_sleep"
      " pg_table_size pg_tablespace_size pg_total_relation_size random random_normal timeofday "
      "timezone"
      " uuidv4 uuidv7 ";
  std::string name;
  for (const char c : volatile_ones + " ") {
    if (c != ' ') {
      name += c;
      continue;
    }
    CAPTURE(name);
    CHECK(only_look.find(" " + name + " ") != std::string::npos);
    name.clear();
  }
  const std::string known = database.value(
      "SELECT count(DISTINCT p.proname) FROM pg_proc p"
      " WHERE p.pronamespace = 'pg_catalog'::regnamespace AND p.proname = ANY (" +
      array + ")");
  CHECK(std::stoul(known) + 40 > reading_functions().size());  // newer versions have some more
}

TEST_CASE("functions that change something are not in it") {
  for (const char* name : {"nextval", "setval", "pg_notify", "lo_unlink", "set_config",
                           "pg_terminate_backend", "query_to_xml", "pg_advisory_lock", "dblink"}) {
    CAPTURE(name);
    CHECK_FALSE(only_reads(name));
  }
}
