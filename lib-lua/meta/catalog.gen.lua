---@meta _
-- Printed by the engine from its primitives: do not edit, run the target `reference`.

---@class catalog
catalog = {}

--- Returns whether this function or procedure exists.
---@param signature string name(types), or only the name for any signature
---@return boolean
function catalog.has_function(signature) end

--- Returns whether this type, domain or enum exists.
---@param name string
---@return boolean
function catalog.has_type(name) end

--- Returns whether this role exists on the server.
---@param name string
---@return boolean
function catalog.has_role(name) end

--- Returns whether this extension is installed in this database.
---@param name string
---@return boolean
function catalog.has_extension(name) end

--- Returns whether this schema exists.
---@param name string
---@return boolean
function catalog.has_schema(name) end

--- Returns whether the table has this column.
---@param table string
---@param column string
---@return boolean
function catalog.has_column(table, column) end

--- Returns whether the table has this index.
---@param table string
---@param index string
---@return boolean
function catalog.has_index(table, index) end

--- Returns whether the table has this constraint.
---@param table string
---@param constraint string
---@return boolean
function catalog.has_constraint(table, constraint) end

--- Returns whether the table has this row security policy.
---@param table string
---@param policy string
---@return boolean
function catalog.has_policy(table, policy) end

--- Returns whether the table has this trigger.
---@param table string
---@param trigger string
---@return boolean
function catalog.has_trigger(table, trigger) end

--- Returns whether a table of this name exists. Partitioned and foreign tables count, views do not.
---@param name string a name without a schema is found by the search_path
---@return boolean
function catalog.has_table(name) end

--- Returns whether a view or a materialized view of this name exists.
---@param name string a name without a schema is found by the search_path
---@return boolean
function catalog.has_view(name) end

--- Returns whether a sequence of this name exists.
---@param name string a name without a schema is found by the search_path
---@return boolean
function catalog.has_sequence(name) end

--- Returns everything that the catalog records about a table, a view or a sequence: columns, constraints, indexes, policies, triggers, grants and more, each a list.
---@param name string a name without a schema is found by the search_path
---@return table? relation nil if it does not exist
function catalog.describe(name) end

--- Lists what uses an object: the objects that DROP … CASCADE would drop with it, nearest first, and functions whose text contains its name.
---@param name string a table, a view, a sequence, a function or a type
---@param column? string a column of the table: list only what depends on that column
---@return table[] users each with kind, name, of_table and description
function catalog.uses(name, column) end

--- Returns short hashes of every object of the database and of its parts, without the engine's own: for `unchanged_except`, if it should not compare with the run's start.
---@return table<string, table<string, string>>
function catalog.picture() end
