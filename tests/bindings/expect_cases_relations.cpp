#include "bindings/expect_cases.h"

namespace test {
namespace {

const std::string setup = R"sql(
  CREATE TABLE rooms (
    id integer PRIMARY KEY,
    name text NOT NULL UNIQUE,
    person integer REFERENCES people ON DELETE CASCADE,
    size integer CONSTRAINT size_positive CHECK (size > 0),
    seen timestamptz) WITH (fillfactor = 80);
  INSERT INTO rooms VALUES (1, 'hall', 1, 10, NULL), (2, 'attic', NULL, 5, NULL);
  CREATE INDEX rooms_seen ON rooms (person, seen DESC NULLS LAST) WHERE size > 1;
  CREATE INDEX rooms_lower ON rooms (lower(name));
  ALTER TABLE rooms ENABLE ROW LEVEL SECURITY;
  CREATE POLICY own ON rooms FOR UPDATE TO family_group USING (size > 1) WITH CHECK (size > 2);
  CREATE TRIGGER noted AFTER INSERT OR UPDATE ON rooms FOR EACH ROW EXECUTE FUNCTION touch();
  CREATE TABLE bare (a integer, b integer);
  CREATE TABLE copy AS TABLE rooms;
  CREATE VIEW all_rooms WITH (security_barrier = true) AS SELECT id, name FROM rooms;
  CREATE RULE kept AS ON DELETE TO all_rooms DO INSTEAD NOTHING;
  CREATE TRIGGER into_rooms INSTEAD OF INSERT ON all_rooms FOR EACH ROW EXECUTE FUNCTION touch();
  CREATE MATERIALIZED VIEW room_names WITH (fillfactor = 70) AS SELECT id, name FROM rooms;
  CREATE UNIQUE INDEX room_names_id ON room_names (id);
  CREATE MATERIALIZED VIEW empty_names AS SELECT name FROM rooms WITH NO DATA;
  CREATE VIEW no_rooms AS SELECT id FROM rooms WHERE false;
  CREATE MATERIALIZED VIEW no_names AS SELECT name FROM rooms WHERE false;
  CREATE VIEW one AS SELECT 1 AS number; CREATE MATERIALIZED VIEW two AS SELECT 1 AS number;
  CREATE TABLE parent (id integer); CREATE TABLE child () INHERITS (parent);
  CREATE TABLE grandchild () INHERITS (child);
  ALTER FUNCTION twice(integer) SET search_path = '';
  GRANT SELECT ON rooms, all_rooms, room_names TO family_alone;
  GRANT UPDATE (name), REFERENCES (name) ON rooms TO family_stranger;
  GRANT UPDATE (name) ON all_rooms, room_names TO family_stranger;
)sql";

/// The same of each class, with its object.
std::vector<Case> of_each(const std::vector<std::string>& subjects, const std::string& holds,
                          const std::string& fails) {
  std::vector<Case> cases;
  for (const std::string& subject : subjects)
    cases.push_back({subject + " " + holds, subject + " " + fails, setup});
  return cases;
}

const std::string table = "expect.table 'rooms'", view = "expect.view 'all_rooms'",
                  matview = "expect.matview 'room_names'";

}  // namespace

// clang-format off
std::vector<Case> cases_of_relations() {
  std::vector<Case> all;
  const auto add = [&](const std::vector<std::string>& subjects, const char* holds, const char* fails) {
    const auto cases = of_each(subjects, holds, fails);
    all.insert(all.end(), cases.begin(), cases.end());
  };
  add({table, view, matview}, ":has_column('name', { type = 'text' }) :has_no_column 'nam'", ":has_column('name', { type = 'integer' }) :has_column 'nam' :has_no_column 'name'");
  add({table}, ":columns_are { 'seen', 'id', 'name', 'person', 'size' }", ":columns_are { 'id', 'label' }");
  add({view, matview}, ":columns_are { 'id', 'name' }", ":columns_are { 'id', 'label' }");
  add({table}, ":has_column('person', { null = true, default = null })", ":has_column('person', { null = false, default = '0' })");
  add({table, view, matview},
      ":has_column_privileges('family_alone', { 'id', 'name' }, 'SELECT') :has_no_column_privileges('family_stranger', 'id') :column_privileges_are('family_alone', 'id', 'SELECT') :any_column_privileges_are('family_alone', 'SELECT')",
      ":has_column_privileges('family_alone', { 'id', 'name' }, 'SELECT, UPDATE') :has_no_column_privileges('family_stranger', { 'id', 'name' }) :column_privileges_are('family_alone', 'nam') :any_column_privileges_are('family_alone', 'ALL')");
  add({table}, ":column_privileges_are('family_stranger', 'name', 'UPDATE, REFERENCES') :any_column_privileges_are('family_stranger', 'UPDATE, REFERENCES') :has_no_column_privileges('family_stranger', 'name', 'INSERT') :any_column_privileges_are('public')",
      ":column_privileges_are({ 'family_stranger', 'nobody_here' }, 'name', 'UPDATE') :any_column_privileges_are('nobody_here') :has_no_column_privileges('family_stranger', 'name', 'UPDATE') :has_column_privileges('public', 'name', 'ALL')");
  add({table, view, matview}, ":access_is { family_alone = 'SELECT' }", ":access_is { family_alone = 'SELECT, DELETE' }");
  all.push_back({"expect.sequence 'invoice_number' :access_is { family_alone = '' }", "expect.sequence 'invoice_number' :access_is { family_alone = 'USAGE' }", setup});
  add({table}, ":has_primary_key 'id' :has_unique 'name' :has_unique() :has_no_unique 'person' :has_no_primary_key 'name'", ":has_primary_key 'name' :has_unique 'person' :has_no_unique 'name' :has_no_unique() :has_no_primary_key 'id'");
  add({matview}, ":has_unique 'id' :has_no_unique 'name'", ":has_unique 'name' :has_no_unique 'id'");
  all.push_back({"expect.table 'bare' :has_no_unique() :has_no_check() :has_no_primary_key()", "expect.table 'bare' :has_unique() :has_check() :has_primary_key()", setup});
  add({table}, ":has_foreign_key { columns = 'person', references = 'people(id)', on_delete = 'cascade', valid = true } :has_foreign_key { columns = 'person' } :has_foreign_key() :has_no_foreign_key 'pets' :has_no_foreign_key { columns = 'size' }",
      ":has_foreign_key { columns = 'person', references = 'people', on_delete = 'SET NULL' } :has_foreign_key { columns = 'size' } :has_no_foreign_key { columns = 'person' }");
  add({table}, ":has_check 'size > 0' :has_check { columns = 'size' } :has_check() :has_no_check 'size > 1' :has_no_check { columns = { 'id', 'size' } }",
      ":has_check 'size > 1' :has_check { columns = 'id' } :has_no_check 'size > 0' :has_no_check { columns = 'size' } :has_no_check()");
  add({table}, ":constraints_are { 'rooms_pkey', 'rooms_name_key', 'rooms_person_fkey', 'size_positive' } :has_no_constraint 'size_check'", ":constraints_are { 'rooms_pkey' } :has_no_constraint 'size_positive'");
  add({table}, ":has_index('rooms_seen', { columns = { 'person', 'seen desc nulls last' }, where = 'size > 1', partial = true }) :has_index('rooms_lower', { columns = 'lower(name)', where = null }) :has_no_index 'seen' :indexes_are { 'rooms_pkey', 'rooms_name_key', 'rooms_seen', 'rooms_lower' }",
      ":has_index('rooms_seen', { columns = { 'person', 'seen' } }) :has_index('rooms_seen', { columns = { 'person', 'seen DESC' }, partial = false }) :has_index('rooms_lower', { columns = 'lower(name) DESC', where = 'size > 1' }) :has_no_index 'rooms_seen' :indexes_are { 'rooms_pkey' }");
  add({table}, ":has_index_on { 'person asc  NULLS last', 'seen DESC NULLS LAST' } :has_no_index_on(('x '):rep(100000)) :has_index_on('name', { unique = true }) :has_no_index_on 'seen' :has_no_index_on({ 'name' }, { unique = false })",
      ":has_index_on { 'person', 'seen' } :has_index_on('name', { unique = false }) :has_no_index_on 'id' :has_no_index_on 'lower(name)'");
  add({matview}, ":has_index('room_names_id', { unique = true, columns = 'id' }) :has_index_on 'id' :has_no_index_on 'name' :has_no_index 'n' :indexes_are { 'room_names_id' } :is_populated()",
      ":has_index('room_names_id', { unique = false, columns = 'name' }) :has_index_on 'name' :has_no_index_on 'id' :has_no_index 'room_names_id' :indexes_are {}");
  all.push_back({"expect.matview 'room_names' :is_populated()", "expect.matview 'empty_names' :is_populated()", setup});
  all.push_back({"expect.table 'grandchild' :inherits_from 'parent' :inherits_from 'child' :does_not_inherit_from 'bare' :is { inherits = { 'child' } } expect.table 'parent' :is { inherited_by = { 'child' } } expect.table 'usage_2025' :inherits_from 'usage'",
      "expect.table 'grandchild' :inherits_from 'bare' :does_not_inherit_from 'parent' expect.table 'parent' :inherits_from 'child' :is { inherited_by = {} }", setup});
  add({view}, ":has_rule('kept', { event = 'DELETE' }) :has_no_rule 'other' :has_trigger('into_rooms', { timing = 'INSTEAD OF' }) :has_no_trigger 'other' :triggers_are { 'into_rooms' }",
      ":has_rule('kept', { event = 'INSERT' }) :has_no_rule 'kept' :has_trigger('into_rooms', { timing = 'AFTER' }) :has_no_trigger 'into_rooms' :triggers_are {}");
  add({table}, ":has_trigger('noted', { timing = 'AFTER', events = { 'INSERT', 'UPDATE' }, for_each = 'ROW', ['function'] = 'touch()' }) :has_no_trigger 'note' :triggers_are { 'noted' }",
      ":has_trigger('noted', { events = { 'DELETE' }, enabled = false }) :has_trigger 'note' :has_no_trigger 'noted' :triggers_are { 'note' }");
  add({table, matview}, ":has_option 'fillfactor' :has_no_option 'autovacuum_enabled'", ":has_option('fillfactor', 100) :has_no_option 'fillfactor'");
  add({view}, ":has_option('security_barrier', true) :has_no_option 'check_option'", ":has_option('security_barrier', false) :has_option 'check_option' :has_no_option 'security_barrier'");
  all.push_back({"expect.routine 'twice(integer)' :has_option('search_path', '') :has_no_option 'work_mem'", "expect.routine 'twice(integer)' :has_option('search_path', 'public') :has_no_option 'search_path'", setup});
  // What the server prints of a table's columns differs from version to version.
  add({"expect.view 'one'", "expect.matview 'two'"}, ":has_definition 'SELECT 1 AS number'", ":has_definition 'SELECT 2 AS number'");
  add({view, matview}, ":has_definition 'SELECT id, name FROM rooms'", ":has_column 'nam'");
  add({table}, ":has_row_security { forced = false } :has_policy('own', { command = 'UPDATE', roles = 'family_group', using = 'size > 1', check = 'size > 2', permissive = true }) :has_no_policy 'other' :policies_are { 'own' }",
      ":has_row_security { forced = true } :has_policy('own', { command = 'ALL', using = 'size > 3' }) :has_policy 'other' :has_no_policy 'own' :has_no_row_security() :policies_are {}");
  all.push_back({"expect.table 'bare' :has_no_row_security()", "expect.table 'bare' :has_row_security()", setup});
  all.push_back({"expect.policy('rooms', 'own') :is { command = 'UPDATE', check = 'size > 2' }", "expect.policy('rooms', 'own') :is { command = 'SELECT', check = null }", setup});
  all.push_back({"expect.policy('rooms', 'own')", "expect.policy('rooms', 'other')", setup});
  add({table, view, matview}, ":has_rows(2) :has_rows { at_least = 1, where = 'id > 1' } :has_no_rows { where = 'id > 2' }", ":has_rows(3) :has_no_rows() :has_checksum '0'");
  add({"expect.table 'bare'", "expect.view 'no_rooms'", "expect.matview 'no_names'"}, ":has_checksum '0' :has_no_rows()", ":has_checksum '1' :has_rows(1)");
  add({table}, ":has_rows_of 'copy'", ":has_rows_of 'people'");
  add({view, matview}, ":has_rows_of('rooms', { columns = { 'id', 'name' } })", ":has_rows_of 'people'");
  return all;
}
// clang-format on

}  // namespace test
