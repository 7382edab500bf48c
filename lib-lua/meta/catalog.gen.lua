---@meta _
-- Printed by the engine from its primitives: do not edit, run the target `reference`.

---@class catalog
catalog = {}

--- Is there such a function or procedure?
---@param signature string name(types), or a name alone for any signature
---@return boolean
function catalog.has_function(signature) end

--- Is there such a type, domain or enum?
---@param name string
---@return boolean
function catalog.has_type(name) end

--- Is there such a role on the server?
---@param name string
---@return boolean
function catalog.has_role(name) end

--- Is the extension installed in this database?
---@param name string
---@return boolean
function catalog.has_extension(name) end

--- Is there such a schema?
---@param name string
---@return boolean
function catalog.has_schema(name) end

--- Does the table have this column?
---@param table string
---@param column string
---@return boolean
function catalog.has_column(table, column) end

--- Does the table have this index?
---@param table string
---@param index string
---@return boolean
function catalog.has_index(table, index) end

--- Does the table have this constraint?
---@param table string
---@param constraint string
---@return boolean
function catalog.has_constraint(table, constraint) end

--- Does the table have this row security policy?
---@param table string
---@param policy string
---@return boolean
function catalog.has_policy(table, policy) end

--- Does the table have this trigger?
---@param table string
---@param trigger string
---@return boolean
function catalog.has_trigger(table, trigger) end

--- Is there a table of this name? Partitioned and foreign ones count, views do not.
---@param name string bare names are found by the search_path
---@return boolean
function catalog.has_table(name) end

--- Is there a view or a materialized view of this name?
---@param name string bare names are found by the search_path
---@return boolean
function catalog.has_view(name) end

--- Is there a sequence of this name?
---@param name string bare names are found by the search_path
---@return boolean
function catalog.has_sequence(name) end

--- Gives everything the catalog says of a table, a view or a sequence: columns, constraints, indexes, policies, triggers, grants and more, each a list.
---@param name string bare names are found by the search_path
---@return table? relation nil where there is none
function catalog.describe(name) end

--- Lists what uses an object: what falls with it, nearest first, and functions whose text names it.
---@param name string a table, a view, a sequence, a function or a type
---@param column? string of the table: what falls with it alone
---@return table[] users each with kind, name, of_table and description
function catalog.uses(name, column) end

--- Gives short hashes of every object of the database and of its parts, besides the engine's own: for `unchanged_except`, where it is not to compare with the run's start.
---@return table<string, table<string, string>>
function catalog.picture() end
