---@meta _
-- Printed by the engine from its primitives: do not edit, run the target `reference`.

---@class expect
expect = {}

--- Checks that the role exists.
---@param role string
---@return expect.role
function expect.role(role) end

--- Checks that there is no such role.
---@param role string
function expect.no_role(role) end

--- Checks that the type exists.
---@param type string
---@return expect.type
function expect.type(type) end

--- Checks that there is no such type.
---@param type string
function expect.no_type(type) end

--- Checks that the schema exists.
---@param schema string
function expect.schema(schema) end

--- Checks that there is no such schema.
---@param schema string
function expect.no_schema(schema) end

--- Checks that the extension is installed.
---@param extension string
function expect.extension(extension) end

--- Checks that the extension is not installed.
---@param extension string
function expect.no_extension(extension) end

--- Speaks of a query. It runs once, when the first check asks for what it gives.
---@param sql string
---@param ... any $1, $2 …
---@return expect.query
function expect.query(sql, ...) end

--- Checks that it exists, and gives it to the checks that follow. The catalog is read once, now.
---@param name string
---@return expect.table
function expect.table(name) end

--- Checks that it exists, and gives it to the checks that follow. The catalog is read once, now.
---@param name string
---@return expect.view
function expect.view(name) end

--- Checks that it exists, and gives it to the checks that follow. The catalog is read once, now.
---@param name string
---@return expect.matview
function expect.matview(name) end

--- Checks that it exists, and gives it to the checks that follow. The catalog is read once, now.
---@param name string
---@return expect.sequence
function expect.sequence(name) end

--- Checks that there is none of this name.
---@param name string
function expect.no_table(name) end

--- Checks that there is none of this name.
---@param name string
function expect.no_view(name) end

--- Checks that there is none of this name.
---@param name string
function expect.no_matview(name) end

--- Checks that there is none of this name.
---@param name string
function expect.no_sequence(name) end

--- Checks that the function or procedure exists.
---@param routine string name(types), or the name alone where it is the only one
---@return expect.routine
function expect.routine(routine) end

--- Checks that there is no such function or procedure.
---@param routine string
function expect.no_routine(routine) end

--- Checks that the table has the policy.
---@param table string
---@param policy string
---@return expect.policy
function expect.policy(table, policy) end

--- Speaks of a value that the plan has.
---@param value any
---@return expect.value
function expect.value(value) end

---@class expect.matview
local expect_matview = {}

--- Checks that the column is there, and what is said of it. A default is SQL ("'esquisse'", "now()"); null: it has none.
---@param column string|table
---@param options? { type: string, null: boolean, default: any, generated: boolean, identity: boolean, comment: string }
---@return self
function expect_matview:has_column(column, options) end

--- Checks that there is no such column.
---@param column string
---@return self
function expect_matview:has_no_column(column) end

--- Checks that these columns are there and no others, in whatever order.
---@param columns table names, or { "name", "type", null = …, default = … }
---@return self
function expect_matview:columns_are(columns) end

--- Checks that a constraint or a valid index without a condition keeps the columns unique together.
---@param columns string|string[]
---@return self
function expect_matview:has_unique(columns) end

--- Checks that nothing keeps exactly these columns unique, by whatever name.
---@param columns string|string[]
---@return self
function expect_matview:has_no_unique(columns) end

--- Checks that the index is there and valid, and what is said of it. where = null: it has no condition.
---@param name string
---@param options? { columns: string|string[], unique: boolean, valid: boolean, where: any, method: string }
---@return self
function expect_matview:has_index(name, options) end

--- Checks that there is no such index.
---@param name string
---@return self
function expect_matview:has_no_index(name) end

--- Checks that these indexes are there and no others, those of keys and constraints included.
---@param names string[]
---@return self
function expect_matview:indexes_are(names) end

--- Checks an option of WITH (…), or of a routine's SET; without a value: that it is set.
---@param option string
---@param value? any
---@return self
function expect_matview:has_option(option, value) end

--- Checks the query behind it; write the columns out, for the server keeps no `*`.
---@param query string
---@return self
function expect_matview:has_definition(query) end

--- Checks that it was refreshed with data.
---@return self
function expect_matview:is_populated() end

--- Checks that the role may do all of this, by whatever grant; "ALL" is everything.
---@param roles string|string[]
---@param privileges string
---@return self
function expect_matview:has_privileges(roles, privileges) end

--- Checks that the role may do none of this, not even on one column; without privileges: nothing at all.
---@param roles string|string[]
---@param privileges? string
---@return self
function expect_matview:has_no_privileges(roles, privileges) end

--- Checks that the role may do exactly this.
---@param roles string|string[]
---@param privileges? string
---@return self
function expect_matview:privileges_are(roles, privileges) end

--- Titles the check before it; at the beginning of a chain, the checks that follow.
---@param title string
---@return self
function expect_matview:named(title) end

--- Checks the comment on it.
---@param comment string
---@return self
function expect_matview:has_comment(comment) end

--- Checks how many rows there are for the current role; `where` is a condition in SQL.
---@param count integer|{ at_least: integer, at_most: integer, where: string }
---@param options? { where: string }
---@return self
function expect_matview:has_rows(count, options) end

--- Checks that there are no rows, or none for the condition.
---@param options? { where: string }
---@return self
function expect_matview:has_no_rows(options) end

--- Checks that it has the same rows as the other table, in whatever order: those columns that the other has, or the ones given.
---@param table string
---@param options? { columns: string[] }
---@return self
function expect_matview:has_rows_of(table, options) end

---@class expect.policy
local expect_policy = {}

--- Checks what is said of the policy.
---@param options? { command: string, roles: string|string[], using: any, check: any, permissive: boolean }
---@return self
function expect_policy:is(options) end

--- Titles the check before it; at the beginning of a chain, the checks that follow.
---@param title string
---@return self
function expect_policy:named(title) end

---@class expect.query
local expect_query = {}

--- Checks how many rows it gives.
---@param count integer|{ at_least: integer, at_most: integer }
---@return self
function expect_query:has_rows(count) end

--- Checks that it gives no rows.
---@return self
function expect_query:has_no_rows() end

--- Checks its rows, in order: { 1, "a" } is a whole row, { id = 1 } speaks of one column.
---@param rows table
---@return self
function expect_query:is(rows) end

--- Checks how many rows it writes.
---@param count integer
---@return self
function expect_query:affects(count) end

--- Checks that the server does not refuse it.
---@return self
function expect_query:succeeds() end

--- Checks that the server refuses it, with this SQLSTATE; nothing of it stays.
---@param sqlstate? string
---@return self
function expect_query:fails(sqlstate) end

--- Checks the one value that it gives.
---@param value any
---@return self
function expect_query:equals(value) end

--- Checks that the one value is not smaller.
---@param value any
---@return self
function expect_query:at_least(value) end

--- Checks that the one value is not greater.
---@param value any
---@return self
function expect_query:at_most(value) end

--- Checks the one value by a regular expression of PostgreSQL's.
---@param pattern string
---@return self
function expect_query:matches(pattern) end

--- Checks that the planner takes the index where reading the whole table is discouraged.
---@param index string
---@return self
function expect_query:can_use_index(index) end

--- Titles the check before it; at the beginning of a chain, the checks that follow.
---@param title string
---@return self
function expect_query:named(title) end

---@class expect.role
local expect_role = {}

--- Checks that the role belongs to the other, directly or not.
---@param group string
---@return self
function expect_role:is_member_of(group) end

--- Titles the check before it; at the beginning of a chain, the checks that follow.
---@param title string
---@return self
function expect_role:named(title) end

---@class expect.routine
local expect_routine = {}

--- Checks an option of WITH (…), or of a routine's SET; without a value: that it is set.
---@param option string
---@param value? any
---@return self
function expect_routine:has_option(option, value) end

--- Checks that the role may do all of this, by whatever grant; "ALL" is everything.
---@param roles string|string[]
---@param privileges string
---@return self
function expect_routine:has_privileges(roles, privileges) end

--- Checks that the role may do none of this, not even on one column; without privileges: nothing at all.
---@param roles string|string[]
---@param privileges? string
---@return self
function expect_routine:has_no_privileges(roles, privileges) end

--- Checks that the role may do exactly this.
---@param roles string|string[]
---@param privileges? string
---@return self
function expect_routine:privileges_are(roles, privileges) end

--- Checks what is said of it: volatility is immutable, stable or volatile; security is definer or invoker.
---@param options { returns: string, language: string, volatility: string, security: string, strict: boolean }
---@return self
function expect_routine:is(options) end

--- Titles the check before it; at the beginning of a chain, the checks that follow.
---@param title string
---@return self
function expect_routine:named(title) end

---@class expect.sequence
local expect_sequence = {}

--- Checks that the role may do all of this, by whatever grant; "ALL" is everything.
---@param roles string|string[]
---@param privileges string
---@return self
function expect_sequence:has_privileges(roles, privileges) end

--- Checks that the role may do none of this, not even on one column; without privileges: nothing at all.
---@param roles string|string[]
---@param privileges? string
---@return self
function expect_sequence:has_no_privileges(roles, privileges) end

--- Checks that the role may do exactly this.
---@param roles string|string[]
---@param privileges? string
---@return self
function expect_sequence:privileges_are(roles, privileges) end

--- Titles the check before it; at the beginning of a chain, the checks that follow.
---@param title string
---@return self
function expect_sequence:named(title) end

--- Checks the comment on it.
---@param comment string
---@return self
function expect_sequence:has_comment(comment) end

---@class expect.table
local expect_table = {}

--- Checks that the column is there, and what is said of it. A default is SQL ("'esquisse'", "now()"); null: it has none.
---@param column string|table
---@param options? { type: string, null: boolean, default: any, generated: boolean, identity: boolean, comment: string }
---@return self
function expect_table:has_column(column, options) end

--- Checks that there is no such column.
---@param column string
---@return self
function expect_table:has_no_column(column) end

--- Checks that these columns are there and no others, in whatever order.
---@param columns table names, or { "name", "type", null = …, default = … }
---@return self
function expect_table:columns_are(columns) end

--- Checks the primary key: its columns in order, or that there is one.
---@param columns? string|string[]
---@return self
function expect_table:has_primary_key(columns) end

--- Checks that a constraint or a valid index without a condition keeps the columns unique together.
---@param columns string|string[]
---@return self
function expect_table:has_unique(columns) end

--- Checks that nothing keeps exactly these columns unique, by whatever name.
---@param columns string|string[]
---@return self
function expect_table:has_no_unique(columns) end

--- Checks that a foreign key like this is there, by whatever name.
---@param key { references: string, columns: string|string[], on_delete: string, on_update: string, valid: boolean }
---@return self
function expect_table:has_foreign_key(key) end

--- Checks that a CHECK constraint with this condition is there, by whatever name.
---@param condition string
---@return self
function expect_table:has_check(condition) end

--- Checks that the constraint is there, and what is said of it; a definition is what the server prints.
---@param name string
---@param options? { valid: boolean, deferrable: boolean, definition: string }
---@return self
function expect_table:has_constraint(name, options) end

--- Checks that there is no such constraint.
---@param name string
---@return self
function expect_table:has_no_constraint(name) end

--- Checks that these constraints are there and no others; NOT NULL ones do not count.
---@param names string[]
---@return self
function expect_table:constraints_are(names) end

--- Checks that the index is there and valid, and what is said of it. where = null: it has no condition.
---@param name string
---@param options? { columns: string|string[], unique: boolean, valid: boolean, where: any, method: string }
---@return self
function expect_table:has_index(name, options) end

--- Checks that there is no such index.
---@param name string
---@return self
function expect_table:has_no_index(name) end

--- Checks that these indexes are there and no others, those of keys and constraints included.
---@param names string[]
---@return self
function expect_table:indexes_are(names) end

--- Checks an option of WITH (…), or of a routine's SET; without a value: that it is set.
---@param option string
---@param value? any
---@return self
function expect_table:has_option(option, value) end

--- Checks that the role may do all of this, by whatever grant; "ALL" is everything.
---@param roles string|string[]
---@param privileges string
---@return self
function expect_table:has_privileges(roles, privileges) end

--- Checks that the role may do none of this, not even on one column; without privileges: nothing at all.
---@param roles string|string[]
---@param privileges? string
---@return self
function expect_table:has_no_privileges(roles, privileges) end

--- Checks that the role may do exactly this.
---@param roles string|string[]
---@param privileges? string
---@return self
function expect_table:privileges_are(roles, privileges) end

--- Titles the check before it; at the beginning of a chain, the checks that follow.
---@param title string
---@return self
function expect_table:named(title) end

--- Checks the comment on it.
---@param comment string
---@return self
function expect_table:has_comment(comment) end

--- Checks that row security is enabled; forced: on the owner as well.
---@param options? { forced: boolean }
---@return self
function expect_table:has_row_security(options) end

--- Checks that row security is not enabled.
---@return self
function expect_table:has_no_row_security() end

--- Checks that the policy is there, and what is said of it; null: it has no such expression.
---@param name string
---@param options? { command: string, roles: string|string[], using: any, check: any, permissive: boolean }
---@return self
function expect_table:has_policy(name, options) end

--- Checks that there is no such policy.
---@param name string
---@return self
function expect_table:has_no_policy(name) end

--- Checks that these policies are there and no others: a permissive one left over widens access.
---@param names string[]
---@return self
function expect_table:policies_are(names) end

--- Checks how many rows there are for the current role; `where` is a condition in SQL.
---@param count integer|{ at_least: integer, at_most: integer, where: string }
---@param options? { where: string }
---@return self
function expect_table:has_rows(count, options) end

--- Checks that there are no rows, or none for the condition.
---@param options? { where: string }
---@return self
function expect_table:has_no_rows(options) end

--- Checks that it has the same rows as the other table, in whatever order: those columns that the other has, or the ones given.
---@param table string
---@param options? { columns: string[] }
---@return self
function expect_table:has_rows_of(table, options) end

--- Checks that the trigger is there and enabled, and what is said of it. `function` is a word of Lua's: write ["function"].
---@param name string
---@param options? { function: string, timing: string, events: string|string[], for_each: string, enabled: boolean }
---@return self
function expect_table:has_trigger(name, options) end

--- Checks that there is no such trigger.
---@param name string
---@return self
function expect_table:has_no_trigger(name) end

--- Checks that these triggers are there and no others, besides the server's own.
---@param names string[]
---@return self
function expect_table:triggers_are(names) end

---@class expect.type
local expect_type = {}

--- Checks the labels of an enum, in their order.
---@param labels string[]
---@return self
function expect_type:labels_are(labels) end

--- Titles the check before it; at the beginning of a chain, the checks that follow.
---@param title string
---@return self
function expect_type:named(title) end

---@class expect.value
local expect_value = {}

--- Checks that it is the same; tables are compared whole.
---@param value any
---@return self
function expect_value:equals(value) end

--- Checks that it is not smaller.
---@param value any
---@return self
function expect_value:at_least(value) end

--- Checks that it is not greater.
---@param value any
---@return self
function expect_value:at_most(value) end

--- Checks it by a regular expression of PostgreSQL's.
---@param value any
---@return self
function expect_value:matches(value) end

--- Checks that every item of the list is in it; of a text: that the other is part of it.
---@param value any
---@return self
function expect_value:contains(value) end

--- Titles the check before it; at the beginning of a chain, the checks that follow.
---@param title string
---@return self
function expect_value:named(title) end

---@class expect.view
local expect_view = {}

--- Checks that the column is there, and what is said of it. A default is SQL ("'esquisse'", "now()"); null: it has none.
---@param column string|table
---@param options? { type: string, null: boolean, default: any, generated: boolean, identity: boolean, comment: string }
---@return self
function expect_view:has_column(column, options) end

--- Checks that there is no such column.
---@param column string
---@return self
function expect_view:has_no_column(column) end

--- Checks that these columns are there and no others, in whatever order.
---@param columns table names, or { "name", "type", null = …, default = … }
---@return self
function expect_view:columns_are(columns) end

--- Checks an option of WITH (…), or of a routine's SET; without a value: that it is set.
---@param option string
---@param value? any
---@return self
function expect_view:has_option(option, value) end

--- Checks the query behind it; write the columns out, for the server keeps no `*`.
---@param query string
---@return self
function expect_view:has_definition(query) end

--- Checks that the role may do all of this, by whatever grant; "ALL" is everything.
---@param roles string|string[]
---@param privileges string
---@return self
function expect_view:has_privileges(roles, privileges) end

--- Checks that the role may do none of this, not even on one column; without privileges: nothing at all.
---@param roles string|string[]
---@param privileges? string
---@return self
function expect_view:has_no_privileges(roles, privileges) end

--- Checks that the role may do exactly this.
---@param roles string|string[]
---@param privileges? string
---@return self
function expect_view:privileges_are(roles, privileges) end

--- Titles the check before it; at the beginning of a chain, the checks that follow.
---@param title string
---@return self
function expect_view:named(title) end

--- Checks the comment on it.
---@param comment string
---@return self
function expect_view:has_comment(comment) end

--- Checks how many rows there are for the current role; `where` is a condition in SQL.
---@param count integer|{ at_least: integer, at_most: integer, where: string }
---@param options? { where: string }
---@return self
function expect_view:has_rows(count, options) end

--- Checks that there are no rows, or none for the condition.
---@param options? { where: string }
---@return self
function expect_view:has_no_rows(options) end

--- Checks that it has the same rows as the other table, in whatever order: those columns that the other has, or the ones given.
---@param table string
---@param options? { columns: string[] }
---@return self
function expect_view:has_rows_of(table, options) end

--- Checks that the trigger is there and enabled, and what is said of it. `function` is a word of Lua's: write ["function"].
---@param name string
---@param options? { function: string, timing: string, events: string|string[], for_each: string, enabled: boolean }
---@return self
function expect_view:has_trigger(name, options) end

--- Checks that there is no such trigger.
---@param name string
---@return self
function expect_view:has_no_trigger(name) end

--- Checks that these triggers are there and no others, besides the server's own.
---@param names string[]
---@return self
function expect_view:triggers_are(names) end
