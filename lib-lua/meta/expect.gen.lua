---@meta _
-- Printed by the engine from its primitives: do not edit, run the target `reference`.

---@class expect
expect = {}

--- Checks that the schema exists.
---@param name string
---@return expect.schema
function expect.schema(name) end

--- Checks that the schema does not exist.
---@param name string
function expect.no_schema(name) end

--- Checks that the extension exists.
---@param name string
---@return expect.extension
function expect.extension(name) end

--- Checks that the extension does not exist.
---@param name string
function expect.no_extension(name) end

--- Checks that the language exists.
---@param name string
---@return expect.language
function expect.language(name) end

--- Checks that the language does not exist.
---@param name string
function expect.no_language(name) end

--- Checks that the tablespace exists.
---@param name string
---@return expect.tablespace
function expect.tablespace(name) end

--- Checks that the tablespace does not exist.
---@param name string
function expect.no_tablespace(name) end

--- Checks that the role exists.
---@param name string
---@return expect.role
function expect.role(name) end

--- Checks that the role does not exist.
---@param name string
function expect.no_role(name) end

--- Checks that the type exists.
---@param name string
---@return expect.type
function expect.type(name) end

--- Checks that the type does not exist.
---@param name string
function expect.no_type(name) end

--- Checks that the enum exists.
---@param name string
---@return expect.enum
function expect.enum(name) end

--- Checks that the enum does not exist.
---@param name string
function expect.no_enum(name) end

--- Checks that the domain exists.
---@param name string
---@return expect.domain
function expect.domain(name) end

--- Checks that the domain does not exist.
---@param name string
function expect.no_domain(name) end

--- Checks that the composite type exists.
---@param name string
---@return expect.composite
function expect.composite(name) end

--- Checks that the composite type does not exist.
---@param name string
function expect.no_composite(name) end

--- Checks that the range type exists.
---@param name string
---@return expect.range
function expect.range(name) end

--- Checks that the range type does not exist.
---@param name string
function expect.no_range(name) end

--- Checks that the foreign table exists.
---@param name string
---@return expect.foreign_table
function expect.foreign_table(name) end

--- Checks that the foreign table does not exist.
---@param name string
function expect.no_foreign_table(name) end

--- Checks that the foreign server exists.
---@param name string
---@return expect.server
function expect.server(name) end

--- Checks that the foreign server does not exist.
---@param name string
function expect.no_server(name) end

--- Checks that the foreign-data wrapper exists.
---@param name string
---@return expect.wrapper
function expect.wrapper(name) end

--- Checks that the foreign-data wrapper does not exist.
---@param name string
function expect.no_wrapper(name) end

--- Checks that the publication exists.
---@param name string
---@return expect.publication
function expect.publication(name) end

--- Checks that the publication does not exist.
---@param name string
function expect.no_publication(name) end

--- Checks that the event trigger exists.
---@param name string
---@return expect.event_trigger
function expect.event_trigger(name) end

--- Checks that the event trigger does not exist.
---@param name string
function expect.no_event_trigger(name) end

--- Checks that the cast exists.
---@param name string
---@return expect.cast
function expect.cast(name) end

--- Checks that the cast does not exist.
---@param name string
function expect.no_cast(name) end

--- Checks that the operator exists.
---@param name string
---@return expect.operator
function expect.operator(name) end

--- Checks that the operator does not exist.
---@param name string
function expect.no_operator(name) end

--- Checks that the operator class exists.
---@param name string
---@return expect.operator_class
function expect.operator_class(name) end

--- Checks that the operator class does not exist.
---@param name string
function expect.no_operator_class(name) end

--- Checks that the collation exists.
---@param name string
---@return expect.collation
function expect.collation(name) end

--- Checks that the collation does not exist.
---@param name string
function expect.no_collation(name) end

--- Starts checks of the database that the plan runs on.
---@param name? string
---@return expect.database
function expect.database(name) end

--- Starts checks of a query. The query runs once, when the first check needs its result.
---@param sql string
---@param ... any $1, $2 …
---@return expect.query
function expect.query(sql, ...) end

--- Checks that it exists, and passes it to the checks that follow. The catalog is read once, now.
---@param name string
---@return expect.table
function expect.table(name) end

--- Checks that it exists, and passes it to the checks that follow. The catalog is read once, now.
---@param name string
---@return expect.view
function expect.view(name) end

--- Checks that it exists, and passes it to the checks that follow. The catalog is read once, now.
---@param name string
---@return expect.matview
function expect.matview(name) end

--- Checks that it exists, and passes it to the checks that follow. The catalog is read once, now.
---@param name string
---@return expect.sequence
function expect.sequence(name) end

--- Checks that it exists, and passes it to the checks that follow. The catalog is read once, now.
---@param name string
---@return expect.relation
function expect.relation(name) end

--- Checks that none of this name exists.
---@param name string
function expect.no_relation(name) end

--- Checks that none of this name exists.
---@param name string
function expect.no_table(name) end

--- Checks that none of this name exists.
---@param name string
function expect.no_view(name) end

--- Checks that none of this name exists.
---@param name string
function expect.no_matview(name) end

--- Checks that none of this name exists.
---@param name string
function expect.no_sequence(name) end

--- Checks that the function or procedure exists.
---@param routine string name(types), or only the name if it is unique
---@return expect.routine
function expect.routine(routine) end

--- Checks that the function or procedure does not exist.
---@param routine string
function expect.no_routine(routine) end

--- Checks that the table has the policy.
---@param table string
---@param policy string
---@return expect.policy
function expect.policy(table, policy) end

--- Starts checks of a value that the plan has.
---@param value any
---@return expect.value
function expect.value(value) end

---@class expect.cast
local expect_cast = {}

--- Checks the given properties; others are not compared. null means that it has none.
---@param facts { context: string, routine: string }
---@return self
function expect_cast:is(facts) end

--- Checks that it exists, and that at least one of the given properties differs.
---@param facts { context: string, routine: string }
---@return self
function expect_cast:is_not(facts) end

--- Checks its comment.
---@param comment string
---@return self
function expect_cast:has_comment(comment) end

--- Checks that it has no comment.
---@return self
function expect_cast:has_no_comment() end

--- Titles the check before it; at the beginning of a chain, the checks that follow.
---@param title string
---@return self
function expect_cast:named(title) end

---@class expect.collation
local expect_collation = {}

--- Checks the given properties; others are not compared. null means that it has none.
---@param facts { provider: string, deterministic: boolean }
---@return self
function expect_collation:is(facts) end

--- Checks that it exists, and that at least one of the given properties differs.
---@param facts { provider: string, deterministic: boolean }
---@return self
function expect_collation:is_not(facts) end

--- Checks its owner.
---@param role string
---@return self
function expect_collation:owned_by(role) end

--- Checks its comment.
---@param comment string
---@return self
function expect_collation:has_comment(comment) end

--- Checks that it has no comment.
---@return self
function expect_collation:has_no_comment() end

--- Titles the check before it; at the beginning of a chain, the checks that follow.
---@param title string
---@return self
function expect_collation:named(title) end

---@class expect.composite
local expect_composite = {}

--- Checks the given properties; others are not compared. null means that it has none.
---@param facts { attributes: string[] }
---@return self
function expect_composite:is(facts) end

--- Checks that it exists, and that at least one of the given properties differs.
---@param facts { attributes: string[] }
---@return self
function expect_composite:is_not(facts) end

--- Checks its owner.
---@param role string
---@return self
function expect_composite:owned_by(role) end

--- Checks its comment.
---@param comment string
---@return self
function expect_composite:has_comment(comment) end

--- Checks that it has no comment.
---@return self
function expect_composite:has_no_comment() end

--- Titles the check before it; at the beginning of a chain, the checks that follow.
---@param title string
---@return self
function expect_composite:named(title) end

--- Checks the attributes, in order.
---@param attributes string[] "name type" each
---@return self
function expect_composite:attributes_are(attributes) end

--- Checks that the role has all these privileges, by whatever grant. "ALL" means every privilege.
---@param roles string|string[]
---@param privileges string
---@return self
function expect_composite:has_privileges(roles, privileges) end

--- Checks that the role has none of these privileges, not even on one column. Without privileges: that it has no privilege.
---@param roles string|string[]
---@param privileges? string
---@return self
function expect_composite:has_no_privileges(roles, privileges) end

--- Checks that the role has exactly these privileges.
---@param roles string|string[]
---@param privileges? string
---@return self
function expect_composite:privileges_are(roles, privileges) end

---@class expect.database
local expect_database = {}

--- Checks the given properties; others are not compared. null means that it has none.
---@param facts { encoding: string, collation: string, connection_limit: integer, settings: string[] }
---@return self
function expect_database:is(facts) end

--- Checks that it exists, and that at least one of the given properties differs.
---@param facts { encoding: string, collation: string, connection_limit: integer, settings: string[] }
---@return self
function expect_database:is_not(facts) end

--- Checks its owner.
---@param role string
---@return self
function expect_database:owned_by(role) end

--- Checks its comment.
---@param comment string
---@return self
function expect_database:has_comment(comment) end

--- Checks that it has no comment.
---@return self
function expect_database:has_no_comment() end

--- Titles the check before it; at the beginning of a chain, the checks that follow.
---@param title string
---@return self
function expect_database:named(title) end

--- Checks that exactly these schemas exist; built-in ones and those of extensions do not count.
---@param names string[]
---@return self
function expect_database:schemas_are(names) end

--- Checks that exactly these extensions exist; built-in ones and those of extensions do not count.
---@param names string[]
---@return self
function expect_database:extensions_are(names) end

--- Checks that exactly these languages exist; built-in ones and those of extensions do not count.
---@param names string[]
---@return self
function expect_database:languages_are(names) end

--- Checks that exactly these roles exist; built-in ones and those of extensions do not count.
---@param names string[]
---@return self
function expect_database:roles_are(names) end

--- Checks that exactly these roles that can log in exist; built-in ones and those of extensions do not count.
---@param names string[]
---@return self
function expect_database:users_are(names) end

--- Checks that exactly these roles that cannot log in exist; built-in ones and those of extensions do not count.
---@param names string[]
---@return self
function expect_database:groups_are(names) end

--- Checks that exactly these tablespaces exist; built-in ones and those of extensions do not count.
---@param names string[]
---@return self
function expect_database:tablespaces_are(names) end

--- Checks that exactly these casts exist; built-in ones and those of extensions do not count.
---@param names string[]
---@return self
function expect_database:casts_are(names) end

--- Checks that exactly these publications exist; built-in ones and those of extensions do not count.
---@param names string[]
---@return self
function expect_database:publications_are(names) end

--- Checks that exactly these foreign servers exist; built-in ones and those of extensions do not count.
---@param names string[]
---@return self
function expect_database:servers_are(names) end

--- Checks that exactly these foreign-data wrappers exist; built-in ones and those of extensions do not count.
---@param names string[]
---@return self
function expect_database:wrappers_are(names) end

--- Checks that exactly these event triggers exist; built-in ones and those of extensions do not count.
---@param names string[]
---@return self
function expect_database:event_triggers_are(names) end

--- Checks that the role has all these privileges, by whatever grant. "ALL" means every privilege.
---@param roles string|string[]
---@param privileges string
---@return self
function expect_database:has_privileges(roles, privileges) end

--- Checks that the role has none of these privileges, not even on one column. Without privileges: that it has no privilege.
---@param roles string|string[]
---@param privileges? string
---@return self
function expect_database:has_no_privileges(roles, privileges) end

--- Checks that the role has exactly these privileges.
---@param roles string|string[]
---@param privileges? string
---@return self
function expect_database:privileges_are(roles, privileges) end

--- Checks that since the run began no object, and no part of one, was added, removed or changed, except the named ones. If a plan has this check, the engine hashes the whole catalog when the run begins and stores the hashes with the run. `since` compares with a `catalog.picture` instead. Rows and sequence values are not compared.
---@param except? string|string[] "table public.t", "t", "t: column name", or "schema app"
---@param options? { since: table }
---@return self
function expect_database:unchanged_except(except, options) end

---@class expect.domain
local expect_domain = {}

--- Checks the given properties; others are not compared. null means that it has none.
---@param facts { type: string, null: boolean, default: any, collation: string, checks: string[], valid: boolean }
---@return self
function expect_domain:is(facts) end

--- Checks that it exists, and that at least one of the given properties differs.
---@param facts { type: string, null: boolean, default: any, collation: string, checks: string[], valid: boolean }
---@return self
function expect_domain:is_not(facts) end

--- Checks its owner.
---@param role string
---@return self
function expect_domain:owned_by(role) end

--- Checks its comment.
---@param comment string
---@return self
function expect_domain:has_comment(comment) end

--- Checks that it has no comment.
---@return self
function expect_domain:has_no_comment() end

--- Titles the check before it; at the beginning of a chain, the checks that follow.
---@param title string
---@return self
function expect_domain:named(title) end

--- Checks that the role has all these privileges, by whatever grant. "ALL" means every privilege.
---@param roles string|string[]
---@param privileges string
---@return self
function expect_domain:has_privileges(roles, privileges) end

--- Checks that the role has none of these privileges, not even on one column. Without privileges: that it has no privilege.
---@param roles string|string[]
---@param privileges? string
---@return self
function expect_domain:has_no_privileges(roles, privileges) end

--- Checks that the role has exactly these privileges.
---@param roles string|string[]
---@param privileges? string
---@return self
function expect_domain:privileges_are(roles, privileges) end

---@class expect.enum
local expect_enum = {}

--- Checks the given properties; others are not compared. null means that it has none.
---@param facts { labels: string[] }
---@return self
function expect_enum:is(facts) end

--- Checks that it exists, and that at least one of the given properties differs.
---@param facts { labels: string[] }
---@return self
function expect_enum:is_not(facts) end

--- Checks its owner.
---@param role string
---@return self
function expect_enum:owned_by(role) end

--- Checks its comment.
---@param comment string
---@return self
function expect_enum:has_comment(comment) end

--- Checks that it has no comment.
---@return self
function expect_enum:has_no_comment() end

--- Titles the check before it; at the beginning of a chain, the checks that follow.
---@param title string
---@return self
function expect_enum:named(title) end

--- Checks the labels of an enum, in order.
---@param labels string[]
---@return self
function expect_enum:labels_are(labels) end

--- Checks that the role has all these privileges, by whatever grant. "ALL" means every privilege.
---@param roles string|string[]
---@param privileges string
---@return self
function expect_enum:has_privileges(roles, privileges) end

--- Checks that the role has none of these privileges, not even on one column. Without privileges: that it has no privilege.
---@param roles string|string[]
---@param privileges? string
---@return self
function expect_enum:has_no_privileges(roles, privileges) end

--- Checks that the role has exactly these privileges.
---@param roles string|string[]
---@param privileges? string
---@return self
function expect_enum:privileges_are(roles, privileges) end

---@class expect.event_trigger
local expect_event_trigger = {}

--- Checks the given properties; others are not compared. null means that it has none.
---@param facts { event: string, routine: string, tags: string[], enabled: boolean }
---@return self
function expect_event_trigger:is(facts) end

--- Checks that it exists, and that at least one of the given properties differs.
---@param facts { event: string, routine: string, tags: string[], enabled: boolean }
---@return self
function expect_event_trigger:is_not(facts) end

--- Checks its owner.
---@param role string
---@return self
function expect_event_trigger:owned_by(role) end

--- Checks its comment.
---@param comment string
---@return self
function expect_event_trigger:has_comment(comment) end

--- Checks that it has no comment.
---@return self
function expect_event_trigger:has_no_comment() end

--- Titles the check before it; at the beginning of a chain, the checks that follow.
---@param title string
---@return self
function expect_event_trigger:named(title) end

---@class expect.extension
local expect_extension = {}

--- Checks the given properties; others are not compared. null means that it has none.
---@param facts { version: string, schema: string }
---@return self
function expect_extension:is(facts) end

--- Checks that it exists, and that at least one of the given properties differs.
---@param facts { version: string, schema: string }
---@return self
function expect_extension:is_not(facts) end

--- Checks its owner.
---@param role string
---@return self
function expect_extension:owned_by(role) end

--- Checks its comment.
---@param comment string
---@return self
function expect_extension:has_comment(comment) end

--- Checks that it has no comment.
---@return self
function expect_extension:has_no_comment() end

--- Titles the check before it; at the beginning of a chain, the checks that follow.
---@param title string
---@return self
function expect_extension:named(title) end

---@class expect.foreign_table
local expect_foreign_table = {}

--- Checks the given properties; others are not compared. null means that it has none.
---@param facts { server: string, options: string[] }
---@return self
function expect_foreign_table:is(facts) end

--- Checks that it exists, and that at least one of the given properties differs.
---@param facts { server: string, options: string[] }
---@return self
function expect_foreign_table:is_not(facts) end

--- Checks its owner.
---@param role string
---@return self
function expect_foreign_table:owned_by(role) end

--- Checks its comment.
---@param comment string
---@return self
function expect_foreign_table:has_comment(comment) end

--- Checks that it has no comment.
---@return self
function expect_foreign_table:has_no_comment() end

--- Titles the check before it; at the beginning of a chain, the checks that follow.
---@param title string
---@return self
function expect_foreign_table:named(title) end

--- Checks that the role has all these privileges, by whatever grant. "ALL" means every privilege.
---@param roles string|string[]
---@param privileges string
---@return self
function expect_foreign_table:has_privileges(roles, privileges) end

--- Checks that the role has none of these privileges, not even on one column. Without privileges: that it has no privilege.
---@param roles string|string[]
---@param privileges? string
---@return self
function expect_foreign_table:has_no_privileges(roles, privileges) end

--- Checks that the role has exactly these privileges.
---@param roles string|string[]
---@param privileges? string
---@return self
function expect_foreign_table:privileges_are(roles, privileges) end

---@class expect.language
local expect_language = {}

--- Checks the given properties; others are not compared. null means that it has none.
---@param facts { trusted: boolean }
---@return self
function expect_language:is(facts) end

--- Checks that it exists, and that at least one of the given properties differs.
---@param facts { trusted: boolean }
---@return self
function expect_language:is_not(facts) end

--- Checks its owner.
---@param role string
---@return self
function expect_language:owned_by(role) end

--- Checks its comment.
---@param comment string
---@return self
function expect_language:has_comment(comment) end

--- Checks that it has no comment.
---@return self
function expect_language:has_no_comment() end

--- Titles the check before it; at the beginning of a chain, the checks that follow.
---@param title string
---@return self
function expect_language:named(title) end

--- Checks that the role has all these privileges, by whatever grant. "ALL" means every privilege.
---@param roles string|string[]
---@param privileges string
---@return self
function expect_language:has_privileges(roles, privileges) end

--- Checks that the role has none of these privileges, not even on one column. Without privileges: that it has no privilege.
---@param roles string|string[]
---@param privileges? string
---@return self
function expect_language:has_no_privileges(roles, privileges) end

--- Checks that the role has exactly these privileges.
---@param roles string|string[]
---@param privileges? string
---@return self
function expect_language:privileges_are(roles, privileges) end

---@class expect.matview
local expect_matview = {}

--- Checks that each role has exactly these privileges, by whatever grant.
---@param access table<string, string> by role; "" is nothing
---@return self
function expect_matview:access_is(access) end

--- Checks that the role has all these privileges on each of the columns, by a grant on the column or on the table.
---@param roles string|string[]
---@param columns string|string[]
---@param privileges string
---@return self
function expect_matview:has_column_privileges(roles, columns, privileges) end

--- Checks that the role has none of these privileges on any of the columns. Without privileges: that it has no privilege on them.
---@param roles string|string[]
---@param columns string|string[]
---@param privileges? string
---@return self
function expect_matview:has_no_column_privileges(roles, columns, privileges) end

--- Checks that the role has exactly these privileges on each of the columns, by a grant on the column or on the table.
---@param roles string|string[]
---@param columns string|string[]
---@param privileges? string
---@return self
function expect_matview:column_privileges_are(roles, columns, privileges) end

--- Checks that the role has exactly these privileges on at least one column.
---@param roles string|string[]
---@param privileges? string
---@return self
function expect_matview:any_column_privileges_are(roles, privileges) end

--- Checks that the column exists and has the given properties. A default is SQL ("'esquisse'", "now()"); null: it has none.
---@param column string|{ [1]: string, type: string, null: boolean, default: any, generated: boolean, identity: boolean, comment: string, collation: string, storage: string, compression: string, identity_kind: string, generated_as: any, statistics: integer }
---@param options? { type: string, null: boolean, default: any, generated: boolean, identity: boolean, comment: string, collation: string, storage: string, compression: string, identity_kind: string, generated_as: any, statistics: integer }
---@return self
function expect_matview:has_column(column, options) end

--- Checks that the column does not exist.
---@param column string
---@return self
function expect_matview:has_no_column(column) end

--- Checks that the table has exactly these columns, in any order.
---@param columns table names, or { "name", "type", null = …, default = … }
---@return self
function expect_matview:columns_are(columns) end

--- Checks that a constraint, or a valid index without a condition, makes the columns unique together. Without columns: that the table has any uniqueness besides the primary key.
---@param columns? string|string[]
---@return self
function expect_matview:has_unique(columns) end

--- Checks that no constraint or index of any name makes exactly these columns unique. Without columns: that the table has no uniqueness besides the primary key.
---@param columns? string|string[]
---@return self
function expect_matview:has_no_unique(columns) end

--- Checks the given properties; null means that it has none. `valid`: all its constraints and indexes are valid.
---@param facts { persistence: string, replica_identity: string, partitioned: boolean, partition_key: string, partition_bound: string, partition_of: string, inherits: string[], inherited_by: string[], access_method: string, tablespace: string, row_security: boolean, row_security_forced: boolean, options: string[], valid: boolean, populated: boolean }
---@return self
function expect_matview:is(facts) end

--- Checks that it exists, and that at least one of the given properties differs.
---@param facts { persistence: string, replica_identity: string, partitioned: boolean, partition_key: string, partition_bound: string, partition_of: string, inherits: string[], inherited_by: string[], access_method: string, tablespace: string, row_security: boolean, row_security_forced: boolean, options: string[], valid: boolean, populated: boolean }
---@return self
function expect_matview:is_not(facts) end

--- Checks its owner.
---@param role string
---@return self
function expect_matview:owned_by(role) end

--- Checks the checksum of its rows in any order. A failed check shows the actual checksum.
---@param checksum string
---@param options? { columns: string[] }
---@return self
function expect_matview:has_checksum(checksum, options) end

--- Checks that the index exists, is valid and has the given properties. Columns are written as in CREATE INDEX, "created_at DESC"; where = null: it has no condition.
---@param name string
---@param options? { columns: string|string[], unique: boolean, valid: boolean, where: any, method: string, primary: boolean, partial: boolean, clustered: boolean, replica_identity: boolean, included: string[], options: string[], tablespace: string, definition: string, comment: string }
---@return self
function expect_matview:has_index(name, options) end

--- Checks that a valid index on exactly these columns exists, of any name.
---@param columns string|string[]
---@param options? { unique: boolean, valid: boolean, where: any, method: string }
---@return self
function expect_matview:has_index_on(columns, options) end

--- Checks that no valid index is on exactly these columns.
---@param columns string|string[]
---@param options? { unique: boolean, valid: boolean, where: any, method: string }
---@return self
function expect_matview:has_no_index_on(columns, options) end

--- Checks that the index does not exist.
---@param name string
---@return self
function expect_matview:has_no_index(name) end

--- Checks that the table has exactly these indexes, including those of keys and constraints.
---@param names string[]
---@return self
function expect_matview:indexes_are(names) end

--- Checks an option of WITH (…), or a setting of a routine's SET. Without a value: that it is set.
---@param option string
---@param value? any
---@return self
function expect_matview:has_option(option, value) end

--- Checks that the option is not set to any value.
---@param option string
---@return self
function expect_matview:has_no_option(option) end

--- Checks the view's query. List the columns: the server does not store `*`.
---@param query string
---@return self
function expect_matview:has_definition(query) end

--- Checks that the materialized view was refreshed with data.
---@return self
function expect_matview:is_populated() end

--- Checks that the role has all these privileges, by whatever grant. "ALL" means every privilege.
---@param roles string|string[]
---@param privileges string
---@return self
function expect_matview:has_privileges(roles, privileges) end

--- Checks that the role has none of these privileges, not even on one column. Without privileges: that it has no privilege.
---@param roles string|string[]
---@param privileges? string
---@return self
function expect_matview:has_no_privileges(roles, privileges) end

--- Checks that the role has exactly these privileges.
---@param roles string|string[]
---@param privileges? string
---@return self
function expect_matview:privileges_are(roles, privileges) end

--- Titles the check before it; at the beginning of a chain, the checks that follow.
---@param title string
---@return self
function expect_matview:named(title) end

--- Checks its comment.
---@param comment string
---@return self
function expect_matview:has_comment(comment) end

--- Checks that it has no comment.
---@return self
function expect_matview:has_no_comment() end

--- Checks how many rows the current role sees; `where` is an SQL condition.
---@param count integer|{ at_least: integer, at_most: integer, where: string }
---@param options? { where: string }
---@return self
function expect_matview:has_rows(count, options) end

--- Checks that the table has no rows, or none that meet the condition.
---@param options? { where: string }
---@return self
function expect_matview:has_no_rows(options) end

--- Checks that the table has the same rows as the other table in any order. Compares the columns that the other table has, or the given ones.
---@param table string
---@param options? { columns: string[] }
---@return self
function expect_matview:has_rows_of(table, options) end

---@class expect.operator
local expect_operator = {}

--- Checks the given properties; others are not compared. null means that it has none.
---@param facts { returns: string, routine: string }
---@return self
function expect_operator:is(facts) end

--- Checks that it exists, and that at least one of the given properties differs.
---@param facts { returns: string, routine: string }
---@return self
function expect_operator:is_not(facts) end

--- Checks its owner.
---@param role string
---@return self
function expect_operator:owned_by(role) end

--- Checks its comment.
---@param comment string
---@return self
function expect_operator:has_comment(comment) end

--- Checks that it has no comment.
---@return self
function expect_operator:has_no_comment() end

--- Titles the check before it; at the beginning of a chain, the checks that follow.
---@param title string
---@return self
function expect_operator:named(title) end

---@class expect.operator_class
local expect_operator_class = {}

--- Checks the given properties; others are not compared. null means that it has none.
---@param facts { method: string, type: string, default: boolean }
---@return self
function expect_operator_class:is(facts) end

--- Checks that it exists, and that at least one of the given properties differs.
---@param facts { method: string, type: string, default: boolean }
---@return self
function expect_operator_class:is_not(facts) end

--- Checks its owner.
---@param role string
---@return self
function expect_operator_class:owned_by(role) end

--- Checks its comment.
---@param comment string
---@return self
function expect_operator_class:has_comment(comment) end

--- Checks that it has no comment.
---@return self
function expect_operator_class:has_no_comment() end

--- Titles the check before it; at the beginning of a chain, the checks that follow.
---@param title string
---@return self
function expect_operator_class:named(title) end

---@class expect.policy
local expect_policy = {}

--- Checks the policy's given properties.
---@param options? { command: string, roles: string|string[], using: any, check: any, permissive: boolean }
---@return self
function expect_policy:is(options) end

--- Titles the check before it; at the beginning of a chain, the checks that follow.
---@param title string
---@return self
function expect_policy:named(title) end

---@class expect.publication
local expect_publication = {}

--- Checks the given properties; others are not compared. null means that it has none.
---@param facts { all_tables: boolean, insert: boolean, update: boolean, delete: boolean, truncate: boolean, via_root: boolean, tables: string[] }
---@return self
function expect_publication:is(facts) end

--- Checks that it exists, and that at least one of the given properties differs.
---@param facts { all_tables: boolean, insert: boolean, update: boolean, delete: boolean, truncate: boolean, via_root: boolean, tables: string[] }
---@return self
function expect_publication:is_not(facts) end

--- Checks its owner.
---@param role string
---@return self
function expect_publication:owned_by(role) end

--- Checks its comment.
---@param comment string
---@return self
function expect_publication:has_comment(comment) end

--- Checks that it has no comment.
---@return self
function expect_publication:has_no_comment() end

--- Titles the check before it; at the beginning of a chain, the checks that follow.
---@param title string
---@return self
function expect_publication:named(title) end

--- Checks that exactly these tables are published.
---@param tables string[]
---@return self
function expect_publication:tables_are(tables) end

---@class expect.query
local expect_query = {}

--- Checks that the role may run the query. Its changes are rolled back.
---@param role string
---@param settings? table<string, any> strings; a table becomes JSON
---@return self
function expect_query:can_as(role, settings) end

--- Checks that the server refuses the query to the role: the role lacks a privilege, or row security forbids it (42501).
---@param role string
---@param settings? table<string, any> strings; a table becomes JSON
---@return self
function expect_query:cannot_as(role, settings) end

--- Checks how many rows the query returns to the role.
---@param count integer
---@param role string
---@param settings? table<string, any> strings; a table becomes JSON
---@return self
function expect_query:rows_visible_as(count, role, settings) end

--- Checks how many rows it gives.
---@param count integer|{ at_least: integer, at_most: integer }
---@return self
function expect_query:has_rows(count) end

--- Checks that the query returns no rows.
---@return self
function expect_query:has_no_rows() end

--- Checks its rows in order: { 1, "a" } is a whole row, { id = 1 } compares only one column.
---@param rows table
---@return self
function expect_query:is(rows) end

--- Checks that its rows, in order, are not exactly these.
---@param rows table
---@return self
function expect_query:is_not(rows) end

--- Checks how many rows the query writes.
---@param count integer
---@return self
function expect_query:affects(count) end

--- Checks that the server executes the query without an error.
---@return self
function expect_query:succeeds() end

--- Checks its rows in any order, ignoring duplicates.
---@param rows table
---@return self
function expect_query:is_set(rows) end

--- Checks its rows in any order, counting duplicates.
---@param rows table
---@return self
function expect_query:is_bag(rows) end

--- Checks that its rows in any order, ignoring duplicates, are not exactly these.
---@param rows table
---@return self
function expect_query:is_not_set(rows) end

--- Checks that its rows in any order, counting duplicates, are not exactly these.
---@param rows table
---@return self
function expect_query:is_not_bag(rows) end

--- Checks that the query returns these rows, ignoring duplicates.
---@param rows table
---@return self
function expect_query:includes_set(rows) end

--- Checks that the query returns these rows, each at least as often as given.
---@param rows table
---@return self
function expect_query:includes_bag(rows) end

--- Checks that the query returns none of these rows.
---@param rows table
---@return self
function expect_query:includes_none_of(rows) end

--- Checks the types of its columns, in order.
---@param types string|string[]
---@return self
function expect_query:types_are(types) end

--- Checks how long the query takes: once, or on average over `runs` runs without the slowest and the fastest tenth. Its changes are rolled back.
---@param ms integer
---@param options? { runs: integer }
---@return self
function expect_query:runs_within(ms, options) end

--- Checks that the server refuses the query with this SQLSTATE, and with a message that contains this text or matches this regular expression. Its changes are rolled back.
---@param sqlstate? string
---@param options? { message: string, matches: string }
---@return self
function expect_query:fails(sqlstate, options) end

--- Checks the one value that the query returns.
---@param value any
---@return self
function expect_query:equals(value) end

--- Checks that the one value that the query returns is different. null differs from everything but null.
---@param value any
---@return self
function expect_query:differs_from(value) end

--- Checks that the one value is at least this value.
---@param value any
---@return self
function expect_query:at_least(value) end

--- Checks that the one value is at most this value.
---@param value any
---@return self
function expect_query:at_most(value) end

--- Checks that the one value matches a PostgreSQL regular expression.
---@param pattern string
---@return self
function expect_query:matches(pattern) end

--- Checks that the one value does not match a PostgreSQL regular expression.
---@param pattern string
---@return self
function expect_query:does_not_match(pattern) end

--- Checks that the planner uses the index when sequential scans are discouraged.
---@param index string
---@return self
function expect_query:can_use_index(index) end

--- Titles the check before it; at the beginning of a chain, the checks that follow.
---@param title string
---@return self
function expect_query:named(title) end

---@class expect.range
local expect_range = {}

--- Checks the given properties; others are not compared. null means that it has none.
---@param facts { subtype: string }
---@return self
function expect_range:is(facts) end

--- Checks that it exists, and that at least one of the given properties differs.
---@param facts { subtype: string }
---@return self
function expect_range:is_not(facts) end

--- Checks its owner.
---@param role string
---@return self
function expect_range:owned_by(role) end

--- Checks its comment.
---@param comment string
---@return self
function expect_range:has_comment(comment) end

--- Checks that it has no comment.
---@return self
function expect_range:has_no_comment() end

--- Titles the check before it; at the beginning of a chain, the checks that follow.
---@param title string
---@return self
function expect_range:named(title) end

--- Checks that the role has all these privileges, by whatever grant. "ALL" means every privilege.
---@param roles string|string[]
---@param privileges string
---@return self
function expect_range:has_privileges(roles, privileges) end

--- Checks that the role has none of these privileges, not even on one column. Without privileges: that it has no privilege.
---@param roles string|string[]
---@param privileges? string
---@return self
function expect_range:has_no_privileges(roles, privileges) end

--- Checks that the role has exactly these privileges.
---@param roles string|string[]
---@param privileges? string
---@return self
function expect_range:privileges_are(roles, privileges) end

---@class expect.relation
local expect_relation = {}

--- Checks its owner.
---@param role string
---@return self
function expect_relation:owned_by(role) end

--- Titles the check before it; at the beginning of a chain, the checks that follow.
---@param title string
---@return self
function expect_relation:named(title) end

--- Checks its comment.
---@param comment string
---@return self
function expect_relation:has_comment(comment) end

--- Checks that it has no comment.
---@return self
function expect_relation:has_no_comment() end

---@class expect.role
local expect_role = {}

--- Checks the given properties; others are not compared. null means that it has none.
---@param facts { superuser: boolean, login: boolean, inherit: boolean, create_role: boolean, create_database: boolean, replication: boolean, bypass_row_security: boolean, connection_limit: integer, settings: string[] }
---@return self
function expect_role:is(facts) end

--- Checks that it exists, and that at least one of the given properties differs.
---@param facts { superuser: boolean, login: boolean, inherit: boolean, create_role: boolean, create_database: boolean, replication: boolean, bypass_row_security: boolean, connection_limit: integer, settings: string[] }
---@return self
function expect_role:is_not(facts) end

--- Checks its comment.
---@param comment string
---@return self
function expect_role:has_comment(comment) end

--- Checks that it has no comment.
---@return self
function expect_role:has_no_comment() end

--- Titles the check before it; at the beginning of a chain, the checks that follow.
---@param title string
---@return self
function expect_role:named(title) end

--- Checks that exactly these roles are its direct members.
---@param roles string[]
---@return self
function expect_role:members_are(roles) end

--- Checks that the role is a member of the other role, directly or indirectly.
---@param group string
---@return self
function expect_role:is_member_of(group) end

--- Checks that the role is not a member of the other role, directly or indirectly.
---@param group string
---@return self
function expect_role:is_not_member_of(group) end

---@class expect.routine
local expect_routine = {}

--- Checks that it has no comment.
---@return self
function expect_routine:has_no_comment() end

--- Checks its owner.
---@param role string
---@return self
function expect_routine:owned_by(role) end

--- Checks its comment.
---@param comment string
---@return self
function expect_routine:has_comment(comment) end

--- Checks an option of WITH (…), or a setting of a routine's SET. Without a value: that it is set.
---@param option string
---@param value? any
---@return self
function expect_routine:has_option(option, value) end

--- Checks that the option is not set to any value.
---@param option string
---@return self
function expect_routine:has_no_option(option) end

--- Checks that the role has all these privileges, by whatever grant. "ALL" means every privilege.
---@param roles string|string[]
---@param privileges string
---@return self
function expect_routine:has_privileges(roles, privileges) end

--- Checks that the role has none of these privileges, not even on one column. Without privileges: that it has no privilege.
---@param roles string|string[]
---@param privileges? string
---@return self
function expect_routine:has_no_privileges(roles, privileges) end

--- Checks that the role has exactly these privileges.
---@param roles string|string[]
---@param privileges? string
---@return self
function expect_routine:privileges_are(roles, privileges) end

--- Checks the given properties: volatility is immutable, stable or volatile; security is definer or invoker.
---@param options { returns: string, language: string, volatility: string, security: string, strict: boolean, kind: string, parallel: string, leakproof: boolean, body: string }
---@return self
function expect_routine:is(options) end

--- Checks that it exists, and that at least one of the given properties differs.
---@param options { returns: string, language: string, volatility: string, security: string, strict: boolean, kind: string, parallel: string, leakproof: boolean, body: string }
---@return self
function expect_routine:is_not(options) end

--- Titles the check before it; at the beginning of a chain, the checks that follow.
---@param title string
---@return self
function expect_routine:named(title) end

---@class expect.schema
local expect_schema = {}

--- Checks the default privileges: what the role will be granted on objects that are created there later.
---@param kind string tables, sequences, functions or types
---@param role string
---@param privileges string
---@param options? { made_by: string }
---@return self
function expect_schema:has_default_privileges(kind, role, privileges, options) end

--- Checks that the default privileges grant the role nothing on objects that are created there later.
---@param kind string
---@param role string
---@param options? { made_by: string }
---@return self
function expect_schema:has_no_default_privileges(kind, role, options) end

--- Checks its owner.
---@param role string
---@return self
function expect_schema:owned_by(role) end

--- Checks its comment.
---@param comment string
---@return self
function expect_schema:has_comment(comment) end

--- Checks that it has no comment.
---@return self
function expect_schema:has_no_comment() end

--- Titles the check before it; at the beginning of a chain, the checks that follow.
---@param title string
---@return self
function expect_schema:named(title) end

--- Checks that exactly these tables exist; built-in ones and those of extensions do not count.
---@param names string[]
---@return self
function expect_schema:tables_are(names) end

--- Checks that exactly these views exist; built-in ones and those of extensions do not count.
---@param names string[]
---@return self
function expect_schema:views_are(names) end

--- Checks that exactly these materialized views exist; built-in ones and those of extensions do not count.
---@param names string[]
---@return self
function expect_schema:matviews_are(names) end

--- Checks that exactly these sequences exist; built-in ones and those of extensions do not count.
---@param names string[]
---@return self
function expect_schema:sequences_are(names) end

--- Checks that exactly these foreign tables exist; built-in ones and those of extensions do not count.
---@param names string[]
---@return self
function expect_schema:foreign_tables_are(names) end

--- Checks that exactly these indexes exist; built-in ones and those of extensions do not count.
---@param names string[]
---@return self
function expect_schema:indexes_are(names) end

--- Checks that exactly these routines exist; built-in ones and those of extensions do not count.
---@param names string[]
---@return self
function expect_schema:routines_are(names) end

--- Checks that exactly these types exist; built-in ones and those of extensions do not count.
---@param names string[]
---@return self
function expect_schema:types_are(names) end

--- Checks that exactly these enums exist; built-in ones and those of extensions do not count.
---@param names string[]
---@return self
function expect_schema:enums_are(names) end

--- Checks that exactly these domains exist; built-in ones and those of extensions do not count.
---@param names string[]
---@return self
function expect_schema:domains_are(names) end

--- Checks that exactly these operators exist; built-in ones and those of extensions do not count.
---@param names string[]
---@return self
function expect_schema:operators_are(names) end

--- Checks that exactly these operator classes exist; built-in ones and those of extensions do not count.
---@param names string[]
---@return self
function expect_schema:operator_classes_are(names) end

--- Checks that exactly these collations exist; built-in ones and those of extensions do not count.
---@param names string[]
---@return self
function expect_schema:collations_are(names) end

--- Checks that the role has all these privileges, by whatever grant. "ALL" means every privilege.
---@param roles string|string[]
---@param privileges string
---@return self
function expect_schema:has_privileges(roles, privileges) end

--- Checks that the role has none of these privileges, not even on one column. Without privileges: that it has no privilege.
---@param roles string|string[]
---@param privileges? string
---@return self
function expect_schema:has_no_privileges(roles, privileges) end

--- Checks that the role has exactly these privileges.
---@param roles string|string[]
---@param privileges? string
---@return self
function expect_schema:privileges_are(roles, privileges) end

---@class expect.sequence
local expect_sequence = {}

--- Checks that each role has exactly these privileges, by whatever grant.
---@param access table<string, string> by role; "" is nothing
---@return self
function expect_sequence:access_is(access) end

--- Checks the given properties; null means that it has none. Write owned_by as "table.column".
---@param facts { type: string, start: integer, increment: integer, minimum: integer, maximum: integer, cache: integer, cycle: boolean, owned_by: string }
---@return self
function expect_sequence:is(facts) end

--- Checks that it exists, and that at least one of the given properties differs.
---@param facts { type: string, start: integer, increment: integer, minimum: integer, maximum: integer, cache: integer, cycle: boolean, owned_by: string }
---@return self
function expect_sequence:is_not(facts) end

--- Checks its owner.
---@param role string
---@return self
function expect_sequence:owned_by(role) end

--- Checks that the role has all these privileges, by whatever grant. "ALL" means every privilege.
---@param roles string|string[]
---@param privileges string
---@return self
function expect_sequence:has_privileges(roles, privileges) end

--- Checks that the role has none of these privileges, not even on one column. Without privileges: that it has no privilege.
---@param roles string|string[]
---@param privileges? string
---@return self
function expect_sequence:has_no_privileges(roles, privileges) end

--- Checks that the role has exactly these privileges.
---@param roles string|string[]
---@param privileges? string
---@return self
function expect_sequence:privileges_are(roles, privileges) end

--- Titles the check before it; at the beginning of a chain, the checks that follow.
---@param title string
---@return self
function expect_sequence:named(title) end

--- Checks its comment.
---@param comment string
---@return self
function expect_sequence:has_comment(comment) end

--- Checks that it has no comment.
---@return self
function expect_sequence:has_no_comment() end

---@class expect.server
local expect_server = {}

--- Checks the given properties; others are not compared. null means that it has none.
---@param facts { wrapper: string, type: string, version: string, options: string[] }
---@return self
function expect_server:is(facts) end

--- Checks that it exists, and that at least one of the given properties differs.
---@param facts { wrapper: string, type: string, version: string, options: string[] }
---@return self
function expect_server:is_not(facts) end

--- Checks its owner.
---@param role string
---@return self
function expect_server:owned_by(role) end

--- Checks its comment.
---@param comment string
---@return self
function expect_server:has_comment(comment) end

--- Checks that it has no comment.
---@return self
function expect_server:has_no_comment() end

--- Titles the check before it; at the beginning of a chain, the checks that follow.
---@param title string
---@return self
function expect_server:named(title) end

--- Checks that the role has all these privileges, by whatever grant. "ALL" means every privilege.
---@param roles string|string[]
---@param privileges string
---@return self
function expect_server:has_privileges(roles, privileges) end

--- Checks that the role has none of these privileges, not even on one column. Without privileges: that it has no privilege.
---@param roles string|string[]
---@param privileges? string
---@return self
function expect_server:has_no_privileges(roles, privileges) end

--- Checks that the role has exactly these privileges.
---@param roles string|string[]
---@param privileges? string
---@return self
function expect_server:privileges_are(roles, privileges) end

---@class expect.table
local expect_table = {}

--- Checks that each role has exactly these privileges, by whatever grant.
---@param access table<string, string> by role; "" is nothing
---@return self
function expect_table:access_is(access) end

--- Checks that the role has all these privileges on each of the columns, by a grant on the column or on the table.
---@param roles string|string[]
---@param columns string|string[]
---@param privileges string
---@return self
function expect_table:has_column_privileges(roles, columns, privileges) end

--- Checks that the role has none of these privileges on any of the columns. Without privileges: that it has no privilege on them.
---@param roles string|string[]
---@param columns string|string[]
---@param privileges? string
---@return self
function expect_table:has_no_column_privileges(roles, columns, privileges) end

--- Checks that the role has exactly these privileges on each of the columns, by a grant on the column or on the table.
---@param roles string|string[]
---@param columns string|string[]
---@param privileges? string
---@return self
function expect_table:column_privileges_are(roles, columns, privileges) end

--- Checks that the role has exactly these privileges on at least one column.
---@param roles string|string[]
---@param privileges? string
---@return self
function expect_table:any_column_privileges_are(roles, privileges) end

--- Checks that the column exists and has the given properties. A default is SQL ("'esquisse'", "now()"); null: it has none.
---@param column string|{ [1]: string, type: string, null: boolean, default: any, generated: boolean, identity: boolean, comment: string, collation: string, storage: string, compression: string, identity_kind: string, generated_as: any, statistics: integer }
---@param options? { type: string, null: boolean, default: any, generated: boolean, identity: boolean, comment: string, collation: string, storage: string, compression: string, identity_kind: string, generated_as: any, statistics: integer }
---@return self
function expect_table:has_column(column, options) end

--- Checks that the column does not exist.
---@param column string
---@return self
function expect_table:has_no_column(column) end

--- Checks that the table has exactly these columns, in any order.
---@param columns table names, or { "name", "type", null = …, default = … }
---@return self
function expect_table:columns_are(columns) end

--- Checks the primary key: its columns in order, or only that it exists.
---@param columns? string|string[]
---@return self
function expect_table:has_primary_key(columns) end

--- Checks that a constraint, or a valid index without a condition, makes the columns unique together. Without columns: that the table has any uniqueness besides the primary key.
---@param columns? string|string[]
---@return self
function expect_table:has_unique(columns) end

--- Checks that no constraint or index of any name makes exactly these columns unique. Without columns: that the table has no uniqueness besides the primary key.
---@param columns? string|string[]
---@return self
function expect_table:has_no_unique(columns) end

--- Checks that a foreign key like this exists, of any name. Without arguments: that any foreign key exists.
---@param key? { references: string, columns: string|string[], on_delete: string, on_update: string, valid: boolean }
---@return self
function expect_table:has_foreign_key(key) end

--- Checks that the table has no primary key, or none of exactly these columns.
---@param columns? string|string[]
---@return self
function expect_table:has_no_primary_key(columns) end

--- Checks that the table has no foreign key, none to this table, or none like this.
---@param key? string|{ references: string, columns: string|string[], on_delete: string, on_update: string, valid: boolean }
---@return self
function expect_table:has_no_foreign_key(key) end

--- Checks that a CHECK constraint of any name exists: with this condition, on exactly these columns, or any.
---@param condition? string|{ columns: string|string[] }
---@return self
function expect_table:has_check(condition) end

--- Checks that the table has no CHECK constraint with this condition, none on exactly these columns, or none at all.
---@param condition? string|{ columns: string|string[] }
---@return self
function expect_table:has_no_check(condition) end

--- Checks that the constraint exists and has the given properties; a definition is what the server prints.
---@param name string
---@param options? { valid: boolean, deferrable: boolean, definition: string, kind: string, columns: string[], deferred: boolean, references: string, on_delete: string, on_update: string, comment: string }
---@return self
function expect_table:has_constraint(name, options) end

--- Checks that the constraint does not exist.
---@param name string
---@return self
function expect_table:has_no_constraint(name) end

--- Checks that the table has exactly these constraints. NOT NULL constraints do not count.
---@param names string[]
---@return self
function expect_table:constraints_are(names) end

--- Checks the given properties; null means that it has none. `valid`: all its constraints and indexes are valid.
---@param facts { persistence: string, replica_identity: string, partitioned: boolean, partition_key: string, partition_bound: string, partition_of: string, inherits: string[], inherited_by: string[], access_method: string, tablespace: string, row_security: boolean, row_security_forced: boolean, options: string[], valid: boolean, populated: boolean }
---@return self
function expect_table:is(facts) end

--- Checks that it exists, and that at least one of the given properties differs.
---@param facts { persistence: string, replica_identity: string, partitioned: boolean, partition_key: string, partition_bound: string, partition_of: string, inherits: string[], inherited_by: string[], access_method: string, tablespace: string, row_security: boolean, row_security_forced: boolean, options: string[], valid: boolean, populated: boolean }
---@return self
function expect_table:is_not(facts) end

--- Checks that the table is a child or partition of the other table, directly or indirectly.
---@param parent string
---@return self
function expect_table:inherits_from(parent) end

--- Checks that the table is not a child or partition of the other table, directly or indirectly.
---@param parent string
---@return self
function expect_table:does_not_inherit_from(parent) end

--- Checks its owner.
---@param role string
---@return self
function expect_table:owned_by(role) end

--- Checks that the rule exists and has the given properties.
---@param name string
---@param facts? { event: string, instead: boolean, enabled: boolean }
---@return self
function expect_table:has_rule(name, facts) end

--- Checks that the rule does not exist.
---@param name string
---@return self
function expect_table:has_no_rule(name) end

--- Checks that every row that the table's rows refer to exists: for one foreign key, for all foreign keys, or for given columns without a foreign key.
---@param key? string|{ columns: string|string[], references: string, to: string|string[] }
---@return self
function expect_table:has_no_orphans(key) end

--- Checks that the sequences of its columns will next return numbers that no row has.
---@return self
function expect_table:has_sequences_ahead() end

--- Checks the checksum of its rows in any order. A failed check shows the actual checksum.
---@param checksum string
---@param options? { columns: string[] }
---@return self
function expect_table:has_checksum(checksum, options) end

--- Checks that the index exists, is valid and has the given properties. Columns are written as in CREATE INDEX, "created_at DESC"; where = null: it has no condition.
---@param name string
---@param options? { columns: string|string[], unique: boolean, valid: boolean, where: any, method: string, primary: boolean, partial: boolean, clustered: boolean, replica_identity: boolean, included: string[], options: string[], tablespace: string, definition: string, comment: string }
---@return self
function expect_table:has_index(name, options) end

--- Checks that a valid index on exactly these columns exists, of any name.
---@param columns string|string[]
---@param options? { unique: boolean, valid: boolean, where: any, method: string }
---@return self
function expect_table:has_index_on(columns, options) end

--- Checks that no valid index is on exactly these columns.
---@param columns string|string[]
---@param options? { unique: boolean, valid: boolean, where: any, method: string }
---@return self
function expect_table:has_no_index_on(columns, options) end

--- Checks that the index does not exist.
---@param name string
---@return self
function expect_table:has_no_index(name) end

--- Checks that the table has exactly these indexes, including those of keys and constraints.
---@param names string[]
---@return self
function expect_table:indexes_are(names) end

--- Checks that exactly these rules exist.
---@param names string[]
---@return self
function expect_table:rules_are(names) end

--- Checks that exactly these partitions exist.
---@param names string[]
---@return self
function expect_table:partitions_are(names) end

--- Checks an option of WITH (…), or a setting of a routine's SET. Without a value: that it is set.
---@param option string
---@param value? any
---@return self
function expect_table:has_option(option, value) end

--- Checks that the option is not set to any value.
---@param option string
---@return self
function expect_table:has_no_option(option) end

--- Checks that the role has all these privileges, by whatever grant. "ALL" means every privilege.
---@param roles string|string[]
---@param privileges string
---@return self
function expect_table:has_privileges(roles, privileges) end

--- Checks that the role has none of these privileges, not even on one column. Without privileges: that it has no privilege.
---@param roles string|string[]
---@param privileges? string
---@return self
function expect_table:has_no_privileges(roles, privileges) end

--- Checks that the role has exactly these privileges.
---@param roles string|string[]
---@param privileges? string
---@return self
function expect_table:privileges_are(roles, privileges) end

--- Titles the check before it; at the beginning of a chain, the checks that follow.
---@param title string
---@return self
function expect_table:named(title) end

--- Checks its comment.
---@param comment string
---@return self
function expect_table:has_comment(comment) end

--- Checks that it has no comment.
---@return self
function expect_table:has_no_comment() end

--- Checks that row security is enabled; forced: also for the table's owner.
---@param options? { forced: boolean }
---@return self
function expect_table:has_row_security(options) end

--- Checks that row security is not enabled.
---@return self
function expect_table:has_no_row_security() end

--- Checks that the policy exists and has the given properties; null means that it has no such expression.
---@param name string
---@param options? { command: string, roles: string|string[], using: any, check: any, permissive: boolean }
---@return self
function expect_table:has_policy(name, options) end

--- Checks that the policy does not exist.
---@param name string
---@return self
function expect_table:has_no_policy(name) end

--- Checks that the table has exactly these policies: a permissive policy left over widens access.
---@param names string[]
---@return self
function expect_table:policies_are(names) end

--- Checks how many rows the current role sees; `where` is an SQL condition.
---@param count integer|{ at_least: integer, at_most: integer, where: string }
---@param options? { where: string }
---@return self
function expect_table:has_rows(count, options) end

--- Checks that the table has no rows, or none that meet the condition.
---@param options? { where: string }
---@return self
function expect_table:has_no_rows(options) end

--- Checks that the table has the same rows as the other table in any order. Compares the columns that the other table has, or the given ones.
---@param table string
---@param options? { columns: string[] }
---@return self
function expect_table:has_rows_of(table, options) end

--- Checks that the trigger exists, is enabled and has the given properties. `function` is a Lua keyword: write ["function"].
---@param name string
---@param options? { function: string, timing: string, events: string|string[], for_each: string, enabled: boolean, fires: string, definition: string, comment: string }
---@return self
function expect_table:has_trigger(name, options) end

--- Checks that the trigger does not exist.
---@param name string
---@return self
function expect_table:has_no_trigger(name) end

--- Checks that the table has exactly these triggers, besides the server's own.
---@param names string[]
---@return self
function expect_table:triggers_are(names) end

---@class expect.tablespace
local expect_tablespace = {}

--- Checks the given properties; others are not compared. null means that it has none.
---@param facts { location: string, options: string[] }
---@return self
function expect_tablespace:is(facts) end

--- Checks that it exists, and that at least one of the given properties differs.
---@param facts { location: string, options: string[] }
---@return self
function expect_tablespace:is_not(facts) end

--- Checks its owner.
---@param role string
---@return self
function expect_tablespace:owned_by(role) end

--- Checks its comment.
---@param comment string
---@return self
function expect_tablespace:has_comment(comment) end

--- Checks that it has no comment.
---@return self
function expect_tablespace:has_no_comment() end

--- Titles the check before it; at the beginning of a chain, the checks that follow.
---@param title string
---@return self
function expect_tablespace:named(title) end

--- Checks that the role has all these privileges, by whatever grant. "ALL" means every privilege.
---@param roles string|string[]
---@param privileges string
---@return self
function expect_tablespace:has_privileges(roles, privileges) end

--- Checks that the role has none of these privileges, not even on one column. Without privileges: that it has no privilege.
---@param roles string|string[]
---@param privileges? string
---@return self
function expect_tablespace:has_no_privileges(roles, privileges) end

--- Checks that the role has exactly these privileges.
---@param roles string|string[]
---@param privileges? string
---@return self
function expect_tablespace:privileges_are(roles, privileges) end

---@class expect.type
local expect_type = {}

--- Checks its owner.
---@param role string
---@return self
function expect_type:owned_by(role) end

--- Checks its comment.
---@param comment string
---@return self
function expect_type:has_comment(comment) end

--- Checks that it has no comment.
---@return self
function expect_type:has_no_comment() end

--- Titles the check before it; at the beginning of a chain, the checks that follow.
---@param title string
---@return self
function expect_type:named(title) end

--- Checks the labels of an enum, in order.
---@param labels string[]
---@return self
function expect_type:labels_are(labels) end

--- Checks that the role has all these privileges, by whatever grant. "ALL" means every privilege.
---@param roles string|string[]
---@param privileges string
---@return self
function expect_type:has_privileges(roles, privileges) end

--- Checks that the role has none of these privileges, not even on one column. Without privileges: that it has no privilege.
---@param roles string|string[]
---@param privileges? string
---@return self
function expect_type:has_no_privileges(roles, privileges) end

--- Checks that the role has exactly these privileges.
---@param roles string|string[]
---@param privileges? string
---@return self
function expect_type:privileges_are(roles, privileges) end

---@class expect.value
local expect_value = {}

--- Checks that the value is equal. Tables are compared with all their contents.
---@param value any
---@return self
function expect_value:equals(value) end

--- Checks that the value is different. Tables are compared with all their contents.
---@param value any
---@return self
function expect_value:differs_from(value) end

--- Checks that the value is at least this value.
---@param value any
---@return self
function expect_value:at_least(value) end

--- Checks that the value is at most this value.
---@param value any
---@return self
function expect_value:at_most(value) end

--- Checks that the value matches a PostgreSQL regular expression.
---@param value any
---@return self
function expect_value:matches(value) end

--- Checks that a list contains every given item, or that a string contains the given string.
---@param value any
---@return self
function expect_value:contains(value) end

--- Checks that the value does not match a PostgreSQL regular expression.
---@param value any
---@return self
function expect_value:does_not_match(value) end

--- Checks that a list lacks at least one given item, or that a string does not contain the given string.
---@param value any
---@return self
function expect_value:does_not_contain(value) end

--- Titles the check before it; at the beginning of a chain, the checks that follow.
---@param title string
---@return self
function expect_value:named(title) end

---@class expect.view
local expect_view = {}

--- Checks that each role has exactly these privileges, by whatever grant.
---@param access table<string, string> by role; "" is nothing
---@return self
function expect_view:access_is(access) end

--- Checks that the role has all these privileges on each of the columns, by a grant on the column or on the table.
---@param roles string|string[]
---@param columns string|string[]
---@param privileges string
---@return self
function expect_view:has_column_privileges(roles, columns, privileges) end

--- Checks that the role has none of these privileges on any of the columns. Without privileges: that it has no privilege on them.
---@param roles string|string[]
---@param columns string|string[]
---@param privileges? string
---@return self
function expect_view:has_no_column_privileges(roles, columns, privileges) end

--- Checks that the role has exactly these privileges on each of the columns, by a grant on the column or on the table.
---@param roles string|string[]
---@param columns string|string[]
---@param privileges? string
---@return self
function expect_view:column_privileges_are(roles, columns, privileges) end

--- Checks that the role has exactly these privileges on at least one column.
---@param roles string|string[]
---@param privileges? string
---@return self
function expect_view:any_column_privileges_are(roles, privileges) end

--- Checks that the column exists and has the given properties. A default is SQL ("'esquisse'", "now()"); null: it has none.
---@param column string|{ [1]: string, type: string, null: boolean, default: any, generated: boolean, identity: boolean, comment: string, collation: string, storage: string, compression: string, identity_kind: string, generated_as: any, statistics: integer }
---@param options? { type: string, null: boolean, default: any, generated: boolean, identity: boolean, comment: string, collation: string, storage: string, compression: string, identity_kind: string, generated_as: any, statistics: integer }
---@return self
function expect_view:has_column(column, options) end

--- Checks that the column does not exist.
---@param column string
---@return self
function expect_view:has_no_column(column) end

--- Checks that the table has exactly these columns, in any order.
---@param columns table names, or { "name", "type", null = …, default = … }
---@return self
function expect_view:columns_are(columns) end

--- Checks the given properties; null means that it has none. `valid`: all its constraints and indexes are valid.
---@param facts { persistence: string, replica_identity: string, partitioned: boolean, partition_key: string, partition_bound: string, partition_of: string, inherits: string[], inherited_by: string[], access_method: string, tablespace: string, row_security: boolean, row_security_forced: boolean, options: string[], valid: boolean, populated: boolean }
---@return self
function expect_view:is(facts) end

--- Checks that it exists, and that at least one of the given properties differs.
---@param facts { persistence: string, replica_identity: string, partitioned: boolean, partition_key: string, partition_bound: string, partition_of: string, inherits: string[], inherited_by: string[], access_method: string, tablespace: string, row_security: boolean, row_security_forced: boolean, options: string[], valid: boolean, populated: boolean }
---@return self
function expect_view:is_not(facts) end

--- Checks its owner.
---@param role string
---@return self
function expect_view:owned_by(role) end

--- Checks that the rule exists and has the given properties.
---@param name string
---@param facts? { event: string, instead: boolean, enabled: boolean }
---@return self
function expect_view:has_rule(name, facts) end

--- Checks that the rule does not exist.
---@param name string
---@return self
function expect_view:has_no_rule(name) end

--- Checks the checksum of its rows in any order. A failed check shows the actual checksum.
---@param checksum string
---@param options? { columns: string[] }
---@return self
function expect_view:has_checksum(checksum, options) end

--- Checks an option of WITH (…), or a setting of a routine's SET. Without a value: that it is set.
---@param option string
---@param value? any
---@return self
function expect_view:has_option(option, value) end

--- Checks that the option is not set to any value.
---@param option string
---@return self
function expect_view:has_no_option(option) end

--- Checks the view's query. List the columns: the server does not store `*`.
---@param query string
---@return self
function expect_view:has_definition(query) end

--- Checks that the role has all these privileges, by whatever grant. "ALL" means every privilege.
---@param roles string|string[]
---@param privileges string
---@return self
function expect_view:has_privileges(roles, privileges) end

--- Checks that the role has none of these privileges, not even on one column. Without privileges: that it has no privilege.
---@param roles string|string[]
---@param privileges? string
---@return self
function expect_view:has_no_privileges(roles, privileges) end

--- Checks that the role has exactly these privileges.
---@param roles string|string[]
---@param privileges? string
---@return self
function expect_view:privileges_are(roles, privileges) end

--- Titles the check before it; at the beginning of a chain, the checks that follow.
---@param title string
---@return self
function expect_view:named(title) end

--- Checks its comment.
---@param comment string
---@return self
function expect_view:has_comment(comment) end

--- Checks that it has no comment.
---@return self
function expect_view:has_no_comment() end

--- Checks how many rows the current role sees; `where` is an SQL condition.
---@param count integer|{ at_least: integer, at_most: integer, where: string }
---@param options? { where: string }
---@return self
function expect_view:has_rows(count, options) end

--- Checks that the table has no rows, or none that meet the condition.
---@param options? { where: string }
---@return self
function expect_view:has_no_rows(options) end

--- Checks that the table has the same rows as the other table in any order. Compares the columns that the other table has, or the given ones.
---@param table string
---@param options? { columns: string[] }
---@return self
function expect_view:has_rows_of(table, options) end

--- Checks that the trigger exists, is enabled and has the given properties. `function` is a Lua keyword: write ["function"].
---@param name string
---@param options? { function: string, timing: string, events: string|string[], for_each: string, enabled: boolean, fires: string, definition: string, comment: string }
---@return self
function expect_view:has_trigger(name, options) end

--- Checks that the trigger does not exist.
---@param name string
---@return self
function expect_view:has_no_trigger(name) end

--- Checks that the table has exactly these triggers, besides the server's own.
---@param names string[]
---@return self
function expect_view:triggers_are(names) end

---@class expect.wrapper
local expect_wrapper = {}

--- Checks the given properties; others are not compared. null means that it has none.
---@param facts { options: string[] }
---@return self
function expect_wrapper:is(facts) end

--- Checks that it exists, and that at least one of the given properties differs.
---@param facts { options: string[] }
---@return self
function expect_wrapper:is_not(facts) end

--- Checks its owner.
---@param role string
---@return self
function expect_wrapper:owned_by(role) end

--- Checks its comment.
---@param comment string
---@return self
function expect_wrapper:has_comment(comment) end

--- Checks that it has no comment.
---@return self
function expect_wrapper:has_no_comment() end

--- Titles the check before it; at the beginning of a chain, the checks that follow.
---@param title string
---@return self
function expect_wrapper:named(title) end

--- Checks that the role has all these privileges, by whatever grant. "ALL" means every privilege.
---@param roles string|string[]
---@param privileges string
---@return self
function expect_wrapper:has_privileges(roles, privileges) end

--- Checks that the role has none of these privileges, not even on one column. Without privileges: that it has no privilege.
---@param roles string|string[]
---@param privileges? string
---@return self
function expect_wrapper:has_no_privileges(roles, privileges) end

--- Checks that the role has exactly these privileges.
---@param roles string|string[]
---@param privileges? string
---@return self
function expect_wrapper:privileges_are(roles, privileges) end
