---@meta _
-- Printed by the engine from its primitives: do not edit, run the target `reference`.

---@class db
db = {}

--- Runs the function as another role, with settings of its own; both end with it, also where it fails.
---@param role string
---@param settings table<string, any> texts; a table becomes JSON
---@param work fun() what is done as that role
function db.as_role(role, settings, work) end

--- Counts the rows of a table, or those that meet a condition.
---@param table string
---@param where? string what stands behind WHERE
---@param ... any values for $1, $2 …
---@return integer rows
function db.count(table, where, ...) end

--- Calls a function with each row of a query; in a transaction the rows come through a cursor, a thousand at a time.
---@param sql string|sql a query
---@param ... any values for $1, $2 …
---@param each fun(row: table): boolean? called with each row; false ends the loop
---@return integer rows that the function saw
function db.each(sql, ..., each) end

--- Executes statements.
---@param sql string|sql one statement or several, executed one by one
---@param ... any values for $1, $2 …, where it is one statement
---@return integer? written the rows written, where a statement writes rows
function db.exec(sql, ...) end

--- Reads all rows of a query; NULL is nil.
---@param sql string|sql one statement that gives rows
---@param ... any values for $1, $2 …
---@return table[] rows a row's columns by name; reading one that it does not have is an error
function db.query(sql, ...) end

--- Reads the only row of a query; more than one is an error.
---@param sql string|sql one statement that gives rows
---@param ... any values for $1, $2 …
---@return table? row nil where the query gave none
function db.row(sql, ...) end

--- Reads the only value of a query: one column, at most one row.
---@param sql string|sql one statement that gives rows
---@param ... any values for $1, $2 …
---@return any value nil where it is NULL or there is no row
function db.value(sql, ...) end

--- Calls a function within a savepoint. Where it fails, what it did is undone and the error goes on: pcall around db.savepoint leaves a transaction that can go on.
---@param body fun() what may fail
function db.savepoint(body) end
