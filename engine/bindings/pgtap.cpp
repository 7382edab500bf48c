#include "bindings/pgtap.h"

#include <fmt/format.h>

#include <algorithm>

namespace engine::bindings {

// clang-format off
const std::vector<PgtapFamily>& pgtap_families() {
  static const std::vector<PgtapFamily> all{
      {"Plan and flow",
       {{"plan, no_plan, finish, pass, fail, diag, todo, todo_start, todo_end, in_todo, skip, runtests, do_tap, collect_tap, check_test, findfuncs, num_failed, display_oper, format_type_string, os_name, pgtap_version, pg_version, pg_version_num", "note", "the plan's steps, checks and tests are the flow; `when` skips; `note` says something"}}},
      {"Values",
       {{"ok, is, isnt, cmp_ok, isa_ok", "expect.value:equals, expect.value:at_least, expect.value:at_most", "expect.value(v):equals(w); null equals null"},
        {"matches, imatches, doesnt_match, doesnt_imatch, alike, ialike, unalike, unialike", "expect.value:matches, expect.query:matches", "a regular expression; (?i) ignores case"}}},
      {"Errors and time",
       {{"throws_ok, throws_like, throws_ilike, throws_matching, throws_imatching", "expect.query:fails", ":fails(\"23505\", { message = \"…\" })"},
        {"lives_ok", "expect.query:succeeds", ""},
        {"performs_ok, performs_within", "expect.query:runs_within, expect.query:can_use_index", ":runs_within(100); an index that the planner takes says more"}}},
      {"Results",
       {{"results_eq, row_eq", "expect.query:is", "rows in order"},
        {"set_eq, set_has", "expect.query:is_set", ""},
        {"bag_eq, bag_has", "expect.query:is_bag", ""},
        {"results_ne, set_ne, set_hasnt, bag_ne, bag_hasnt", "expect.query:has_no_rows", "EXCEPT in the query, and no rows"},
        {"is_empty", "expect.query:has_no_rows", ""},
        {"isnt_empty", "expect.query:has_rows", ":has_rows { at_least = 1 }"}}},
      {"Exactly these",
       {{"schemas_are", "expect.database:schemas_are", ""},
        {"extensions_are", "expect.database:extensions_are", ""},
        {"languages_are", "expect.database:languages_are", ""},
        {"roles_are, users_are, groups_are", "expect.database:roles_are", ""},
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
        {"has_table, hasnt_table, has_relation, hasnt_relation", "expect.table, expect.no_table", ""},
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
        {"has_role, hasnt_role, has_user, hasnt_user, has_group, hasnt_group", "expect.role, expect.no_role", ""},
        {"has_language, hasnt_language", "expect.language, expect.no_language", ""},
        {"has_extension, hasnt_extension", "expect.extension, expect.no_extension", ""},
        {"has_column, hasnt_column", "expect.table:has_column, expect.table:has_no_column", ""},
        {"has_index, hasnt_index", "expect.table:has_index, expect.table:has_no_index", ""},
        {"has_trigger, hasnt_trigger", "expect.table:has_trigger, expect.table:has_no_trigger", ""},
        {"has_rule, hasnt_rule", "expect.table:has_rule, expect.table:has_no_rule", ""},
        {"has_inherited_tables, hasnt_inherited_tables, is_ancestor_of, isnt_ancestor_of, is_descendent_of, isnt_descendent_of", "expect.table:is", ":is { inherits = { \"parent\" } }"}}},
      {"Columns",
       {{"col_not_null, col_is_null, col_has_default, col_hasnt_default, col_type_is, col_default_is", "expect.table:has_column", "{ type = …, null = …, default = … }"}}},
      {"Keys and constraints",
       {{"has_pk, hasnt_pk, col_is_pk, col_isnt_pk", "expect.table:has_primary_key, expect.table:has_no_primary_key", ""},
        {"has_fk, hasnt_fk, col_is_fk, col_isnt_fk, fk_ok", "expect.table:has_foreign_key, expect.table:has_no_foreign_key", "actions and validity as well"},
        {"has_unique, col_is_unique", "expect.table:has_unique, expect.table:has_no_unique", ""},
        {"has_check, col_has_check", "expect.table:has_check", ""}}},
      {"Indexes",
       {{"is_indexed, index_is_unique, index_is_primary, index_is_partial, index_is_type, is_clustered", "expect.table:has_index", "{ columns = …, unique = …, primary = …, where = …, method = …, clustered = … }; it must be valid"}}},
      {"Partitions",
       {{"is_partitioned, isnt_partitioned, is_partition_of", "expect.table:is", "{ partitioned = true }, { partition_of = \"t\" }"}}},
      {"Routines",
       {{"function_lang_is, function_returns, is_definer, isnt_definer, is_strict, isnt_strict, is_normal_function, isnt_normal_function, is_aggregate, isnt_aggregate, is_window, isnt_window, is_procedure, isnt_procedure, volatility_is", "expect.routine:is", "{ language = …, returns = …, security = \"definer\", strict = …, kind = …, volatility = … }"},
        {"trigger_is", "expect.table:has_trigger", ""},
        {"language_is_trusted", "expect.language:is", "{ trusted = true }"}}},
      {"Types and casts",
       {{"enum_has_labels", "expect.enum:labels_are", ""},
        {"domain_type_is, domain_type_isnt", "expect.domain:is", "{ type = … }"},
        {"cast_context_is", "expect.cast:is", "{ context = \"assignment\" }"}}},
      {"Roles",
       {{"is_superuser, isnt_superuser", "expect.role:is", "{ superuser = true }"},
        {"is_member_of, isnt_member_of", "expect.role:is_member_of, expect.role:is_not_member_of", ""}}},
      {"Rules",
       {{"rule_is_instead, rule_is_on", "expect.table:has_rule", "{ instead = true, event = \"DELETE\" }"}}},
      {"Owners",
       {{"db_owner_is", "expect.database:owned_by", ""},
        {"schema_owner_is", "expect.schema:owned_by", ""},
        {"tablespace_owner_is", "expect.tablespace:owned_by", ""},
        {"relation_owner_is, table_owner_is, index_owner_is", "expect.table:owned_by", "an index is its table's owner's"},
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
        {"any_column_privs_are, column_privs_are", "expect.table:has_no_privileges", "privileges on single columns count there"},
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
