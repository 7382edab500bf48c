#include "bindings/pgtap.h"

#include <fmt/format.h>

#include <algorithm>

namespace engine::bindings {

// clang-format off
const std::vector<PgtapFamily>& pgtap_families() {
  static const std::vector<PgtapFamily> all{
      {"Plan and flow",
       {{"plan, no_plan, finish, num_failed, add_result, diag_test_name, runtests, do_tap, collect_tap, check_test, findfuncs", "", "words of a plan instead: `check`, `test`, `verify`; the engine counts, and `engine verify --tap` prints TAP"},
        {"pass, fail", "expect.value:equals", "expect.value(true):equals(false)"},
        {"diag", "note", ""},
        {"skip, todo, todo_start, todo_end, in_todo", "", "`when` of a step skips; there are no checks that may fail"},
        {"pg_version, pg_version_num, os_name, pgtap_version", "", "`needs = { postgres = 14 }`"},
        {"display_oper, format_type_string", "", "names and types may be written in any way that SQL knows"}}},
      {"Values",
       {{"ok, is", "expect.value:equals, expect.query:equals", "null equals null"},
        {"isnt", "expect.value:differs_from, expect.query:differs_from", ""},
        {"cmp_ok", "expect.value:at_least, expect.value:at_most, expect.query:equals", "with another operator: expect.query(\"SELECT $1 @> $2\", a, b):equals(true)"},
        {"isa_ok", "expect.query:types_are", "the types of a query's columns"},
        {"matches, imatches, alike, ialike", "expect.value:matches, expect.query:matches, expect.value:contains", "a regular expression; (?i) ignores case"},
        {"doesnt_match, doesnt_imatch, unalike, unialike", "expect.value:does_not_match, expect.query:does_not_match, expect.value:does_not_contain", ""}}},
      {"Errors and time",
       {{"throws_ok", "expect.query:fails", ":fails(\"23505\", { message = \"…\" }): a part of the message"},
        {"throws_like, throws_ilike, throws_matching, throws_imatching", "expect.query:fails", ":fails(nil, { matches = \"(?i)^duplicate\" })"},
        {"lives_ok", "expect.query:succeeds", ""},
        {"performs_ok", "expect.query:runs_within, expect.query:can_use_index", ":runs_within(100); an index that the planner takes says more"},
        {"performs_within", "expect.query:runs_within", ":runs_within(100, { runs = 10 }) on average without the slowest and fastest tenth; being too fast is no failure"}}},
      {"Results",
       {{"results_eq, row_eq", "expect.query:is", "rows in order"},
        {"results_ne", "expect.query:is_not", ""},
        {"set_eq", "expect.query:is_set", ""},
        {"set_ne", "expect.query:is_not_set", ""},
        {"set_has", "expect.query:includes_set", ""},
        {"bag_eq", "expect.query:is_bag", ""},
        {"bag_ne", "expect.query:is_not_bag", ""},
        {"bag_has", "expect.query:includes_bag", ""},
        {"set_hasnt, bag_hasnt", "expect.query:includes_none_of", ""},
        {"is_empty", "expect.query:has_no_rows, expect.table:has_no_rows", "rows are compared with rows that the plan has; two queries: EXCEPT in SQL, and no rows"},
        {"isnt_empty", "expect.query:has_rows, expect.table:has_rows", ":has_rows { at_least = 1 }"}}},
      {"Exactly these",
       {{"schemas_are", "expect.database:schemas_are", ""},
        {"extensions_are", "expect.database:extensions_are", ""},
        {"languages_are", "expect.database:languages_are", ""},
        {"roles_are", "expect.database:roles_are", ""},
        {"users_are", "expect.database:users_are", "roles that can log in"},
        {"groups_are", "expect.database:groups_are", "roles that cannot"},
        {"tablespaces_are", "expect.database:tablespaces_are", ""},
        {"casts_are", "expect.database:casts_are", ""},
        {"tables_are", "expect.schema:tables_are", "partitions are their table's"},
        {"partitions_are", "expect.table:partitions_are", ""},
        {"views_are", "expect.schema:views_are", ""},
        {"materialized_views_are", "expect.schema:matviews_are", ""},
        {"sequences_are", "expect.schema:sequences_are", ""},
        {"foreign_tables_are", "expect.schema:foreign_tables_are", ""},
        {"functions_are", "expect.schema:routines_are", "by name, or by name(types)"},
        {"types_are", "expect.schema:types_are", ""},
        {"domains_are", "expect.schema:domains_are", ""},
        {"enums_are", "expect.schema:enums_are", ""},
        {"operators_are", "expect.schema:operators_are", ""},
        {"opclasses_are", "expect.schema:operator_classes_are", ""},
        {"columns_are", "expect.table:columns_are", ""},
        {"indexes_are", "expect.table:indexes_are, expect.schema:indexes_are", ""},
        {"triggers_are", "expect.table:triggers_are", ""},
        {"rules_are", "expect.table:rules_are", ""},
        {"policies_are", "expect.table:policies_are", ""}}},
      {"Existence",
       {{"has_schema, hasnt_schema", "expect.schema, expect.no_schema", ""},
        {"has_tablespace, hasnt_tablespace", "expect.tablespace, expect.no_tablespace", ""},
        {"has_table, hasnt_table", "expect.table, expect.no_table", ""},
        {"has_relation, hasnt_relation", "expect.relation, expect.no_relation", "of any kind"},
        {"has_view, hasnt_view", "expect.view, expect.no_view", ""},
        {"has_materialized_view, hasnt_materialized_view", "expect.matview, expect.no_matview", ""},
        {"has_sequence, hasnt_sequence", "expect.sequence, expect.no_sequence", ""},
        {"has_foreign_table, hasnt_foreign_table", "expect.foreign_table, expect.no_foreign_table", ""},
        {"has_type, hasnt_type", "expect.type, expect.no_type", ""},
        {"has_composite, hasnt_composite", "expect.composite, expect.no_composite", ""},
        {"has_domain, hasnt_domain", "expect.domain, expect.no_domain", ""},
        {"has_enum, hasnt_enum", "expect.enum, expect.no_enum", ""},
        {"has_function, hasnt_function, can", "expect.routine, expect.no_routine", ""},
        {"has_cast, hasnt_cast", "expect.cast, expect.no_cast", ""},
        {"has_operator, has_leftop, has_rightop, hasnt_operator, hasnt_leftop, hasnt_rightop", "expect.operator, expect.no_operator", "a prefix operator has one type"},
        {"has_opclass, hasnt_opclass", "expect.operator_class, expect.no_operator_class", ""},
        {"has_role, hasnt_role", "expect.role, expect.no_role", ""},
        {"has_user, hasnt_user, has_group, hasnt_group", "expect.role:is, expect.role:is_not", "{ login = true }"},
        {"has_language, hasnt_language", "expect.language, expect.no_language", ""},
        {"has_extension, hasnt_extension", "expect.extension, expect.no_extension", ""},
        {"has_column, hasnt_column", "expect.table:has_column, expect.table:has_no_column", ""},
        {"has_index, hasnt_index", "expect.table:has_index, expect.table:has_no_index", ""},
        {"has_trigger, hasnt_trigger", "expect.table:has_trigger, expect.table:has_no_trigger", ""},
        {"has_rule, hasnt_rule", "expect.table:has_rule, expect.table:has_no_rule", ""},
        {"is_descendent_of, is_ancestor_of", "expect.table:inherits_from", "of the child; directly: :is { inherits = { \"parent\" } }"},
        {"isnt_descendent_of, isnt_ancestor_of", "expect.table:does_not_inherit_from", ""},
        {"has_inherited_tables, hasnt_inherited_tables", "expect.table:is_not, expect.table:is", ":is_not { inherited_by = {} }"}}},
      {"Columns",
       {{"col_not_null, col_is_null, col_has_default, col_hasnt_default, col_type_is, col_default_is", "expect.table:has_column", "{ type = …, null = …, default = … }"}}},
      {"Keys and constraints",
       {{"has_pk, col_is_pk", "expect.table:has_primary_key", ":has_primary_key { \"id\" }"},
        {"hasnt_pk, col_isnt_pk", "expect.table:has_no_primary_key", ":has_no_primary_key { \"id\" }"},
        {"has_fk, col_is_fk, fk_ok", "expect.table:has_foreign_key", "{ columns = …, references = … }, and actions and validity"},
        {"hasnt_fk, col_isnt_fk", "expect.table:has_no_foreign_key", ":has_no_foreign_key { columns = \"x\" }"},
        {"has_unique, col_is_unique", "expect.table:has_unique, expect.table:has_no_unique", "without columns: any"},
        {"has_check, col_has_check", "expect.table:has_check, expect.table:has_no_check", ":has_check { columns = \"x\" }, :has_check \"x > 0\", :has_check()"}}},
      {"Indexes",
       {{"is_indexed", "expect.table:has_index_on, expect.table:has_no_index_on", "by whatever name"},
        {"index_is_unique, index_is_primary, index_is_partial, index_is_type, is_clustered", "expect.table:has_index", "{ columns = …, unique = …, primary = …, partial = …, where = …, method = …, clustered = … }; it must be valid"}}},
      {"Partitions",
       {{"is_partitioned, isnt_partitioned, is_partition_of", "expect.table:is", "{ partitioned = true }, { partition_of = \"t\" }"}}},
      {"Routines",
       {{"isnt_definer, isnt_strict, isnt_normal_function, isnt_aggregate, isnt_window, isnt_procedure", "expect.routine:is_not", "{ kind = \"aggregate\" }"},
        {"function_lang_is, function_returns, is_definer, is_strict, is_normal_function, is_aggregate, is_window, is_procedure, volatility_is", "expect.routine:is", "{ language = …, returns = …, security = \"definer\", strict = …, kind = …, volatility = … }"},
        {"trigger_is", "expect.table:has_trigger", ""},
        {"language_is_trusted", "expect.language:is", "{ trusted = true }"}}},
      {"Types and casts",
       {{"enum_has_labels", "expect.enum:labels_are", ""},
        {"domain_type_is, domain_type_isnt", "expect.domain:is, expect.domain:is_not", "{ type = … }"},
        {"cast_context_is", "expect.cast:is", "{ context = \"assignment\" }"}}},
      {"Roles",
       {{"is_superuser, isnt_superuser", "expect.role:is, expect.role:is_not", "{ superuser = true }"},
        {"is_member_of, isnt_member_of", "expect.role:is_member_of, expect.role:is_not_member_of", ""}}},
      {"Rules",
       {{"rule_is_instead, rule_is_on", "expect.table:has_rule", "{ instead = true, event = \"DELETE\" }"}}},
      {"Owners",
       {{"db_owner_is", "expect.database:owned_by", ""},
        {"schema_owner_is", "expect.schema:owned_by", ""},
        {"tablespace_owner_is", "expect.tablespace:owned_by", ""},
        {"relation_owner_is", "expect.relation:owned_by", ""},
        {"table_owner_is, index_owner_is", "expect.table:owned_by", "an index is its table's owner's"},
        {"view_owner_is", "expect.view:owned_by", ""},
        {"materialized_view_owner_is", "expect.matview:owned_by", ""},
        {"sequence_owner_is", "expect.sequence:owned_by", ""},
        {"composite_owner_is", "expect.composite:owned_by", ""},
        {"foreign_table_owner_is", "expect.foreign_table:owned_by", ""},
        {"function_owner_is", "expect.routine:owned_by", ""},
        {"language_owner_is", "expect.language:owned_by", ""},
        {"opclass_owner_is", "expect.operator_class:owned_by", ""},
        {"type_owner_is", "expect.type:owned_by", ""}}},
      {"Privileges",
       {{"database_privs_are", "expect.database:privileges_are", ""},
        {"tablespace_privs_are", "expect.tablespace:privileges_are", ""},
        {"schema_privs_are", "expect.schema:privileges_are", ""},
        {"table_privs_are", "expect.table:privileges_are, expect.table:access_is", "access_is: of several roles at once"},
        {"column_privs_are", "expect.table:column_privileges_are, expect.table:has_column_privileges, expect.table:has_no_column_privileges", "(roles, columns, \"SELECT\")"},
        {"any_column_privs_are", "expect.table:any_column_privileges_are", ""},
        {"sequence_privs_are", "expect.sequence:privileges_are", ""},
        {"function_privs_are", "expect.routine:privileges_are", ""},
        {"language_privs_are", "expect.language:privileges_are", ""},
        {"fdw_privs_are", "expect.wrapper:privileges_are", ""},
        {"server_privs_are", "expect.server:privileges_are", ""}}},
      {"Policies",
       {{"policy_roles_are, policy_cmd_is", "expect.policy:is, expect.table:has_policy", "{ roles = …, command = …, using = …, check = …, permissive = … }"}}},
      {"What pgTAP does not look at",
       {{"", "expect.table:has_row_security, expect.table:has_no_row_security", "enabled; { forced = true }"},
        {"", "expect.query:can_as, expect.query:cannot_as, expect.query:rows_visible_as", "tried as a role, with the claims that policies read"},
        {"", "expect.table:access_is", "what each role may do, by whatever grant"},
        {"", "expect.schema:has_default_privileges, expect.schema:has_no_default_privileges", ""},
        {"", "expect.table:has_constraint", "{ valid = …, deferrable = …, deferred = …, definition = … }"},
        {"", "expect.table:has_index", "validity, predicate, definition, included columns"},
        {"", "expect.table:has_column", "identity_kind, generated_as, collation, storage, comment"},
        {"", "expect.table:has_trigger", "{ fires = \"replica\" }; a disabled one must be asked for"},
        {"", "expect.view:has_option, expect.view:has_definition", "security_invoker; the query"},
        {"", "expect.routine:has_option, expect.routine:is", "search_path; parallel, leakproof, body"},
        {"", "expect.sequence:is, expect.table:has_sequences_ahead", "{ owned_by = \"t.id\" }; ahead of its rows"},
        {"", "expect.table:is", "{ replica_identity = …, valid = true, persistence = … }"},
        {"", "expect.publication:is, expect.publication:tables_are", ""},
        {"", "expect.matview:is_populated", ""},
        {"", "expect.table:has_comment, expect.routine:has_comment", ""},
        {"", "expect.table:has_no_orphans, expect.table:has_checksum, expect.table:has_rows_of", ""},
        {"", "expect.database:unchanged_except", "the whole catalog, against what it was when the run began"},
        {"", "expect.event_trigger:is, expect.collation:is, expect.range:is, expect.wrapper:is", ""}}},
  };
  return all;
}
// clang-format on

namespace {

std::string in_code(const std::string& names) {
  std::string text;
  for (std::size_t from = 0; !names.empty() && from <= names.size();) {
    const auto comma = std::min(names.find(", ", from), names.size());
    text += fmt::format("{}`{}`", text.empty() ? "" : ", ", names.substr(from, comma - from));
    from = comma + 2;
  }
  return text;
}

}  // namespace

std::string pgtap_page() {
  std::string text =
      "<!-- Printed by the engine from its primitives: do not edit, run the target `reference`. "
      "-->\n\n"
      "# From pgTAP\n\n"
      "Each function of pgTAP, and the check that does its work. Every `has_x` of a chain titles "
      "itself; `:named` gives it another title.\n";
  for (const PgtapFamily& family : pgtap_families()) {
    const bool ours_alone = *family.rows.front().theirs == '\0';
    text += fmt::format("\n## {}\n\n", family.title);
    text +=
        ours_alone ? "| check | |\n| --- | --- |\n" : "| pgTAP | here | |\n| --- | --- | --- |\n";
    for (const PgtapRow& row : family.rows) {
      text += ours_alone ? fmt::format("| {} | {} |\n", in_code(row.ours), row.how)
                         : fmt::format("| {} | {} | {} |\n", in_code(row.theirs), in_code(row.ours),
                                       row.how);
    }
  }
  return text;
}

}  // namespace engine::bindings
