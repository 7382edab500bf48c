---@meta _
-- Printed by the engine from its primitives: do not edit, run the target `reference`.

---@class db
db = {}

--- Runs a function as another role and with other settings. Role and settings are reset afterwards, even if the function fails.
---@param role string
---@param settings table<string, any> strings; a table becomes JSON
---@param work fun() runs as that role
function db.as_role(role, settings, work) end

--- Counts the rows of a table, or the rows that meet a condition.
---@param table string
---@param where? string a condition, without the word WHERE
---@param ... any values for $1, $2 …
---@return integer rows
function db.count(table, where, ...) end

--- Calls a function with each row of a query. In a transaction the rows come through a cursor, a thousand at a time.
---@param sql string|sql a query
---@param ... any values for $1, $2 …
---@param each fun(row: table): boolean? called with each row; false ends the loop
---@return integer number of rows passed to the function
function db.each(sql, ..., each) end

--- Executes statements.
---@param sql string|sql one statement or several, executed one by one
---@param ... any values for $1, $2 …, if it is one statement
---@return integer? written number of rows written, if the statement writes rows
function db.exec(sql, ...) end

--- Returns all rows of a query. NULL is nil.
---@param sql string|sql one statement that returns rows
---@param ... any values for $1, $2 …
---@return table[] rows each row has its columns by name; reading an unknown column is an error
function db.query(sql, ...) end

--- Returns the only row of a query. More than one row is an error.
---@param sql string|sql one statement that returns rows
---@param ... any values for $1, $2 …
---@return table? row nil if the query returned no row
function db.row(sql, ...) end

--- Returns the only value of a query: one column, at most one row.
---@param sql string|sql one statement that returns rows
---@param ... any values for $1, $2 …
---@return any value nil if the value is NULL or there is no row
function db.value(sql, ...) end

--- Calls a function within a savepoint. If it fails, its changes are rolled back and the error is raised again. With pcall around db.savepoint, the transaction can continue.
---@param body fun() the statements that may fail
function db.savepoint(body) end
