---@meta _
-- Printed by the engine from its primitives: do not edit, run the target `reference`.

---@class sql
sql = {}

--- Quotes a value for utility statements, which take no parameters; everywhere else give values as $1.
---@param value string
---@return string quoted
function sql.literal(value) end

--- Quotes a name for SQL; every part is taken as it is, capitals included.
---@param ... string the parts of the name: schema and object, or one alone
---@return string quoted
function sql.name(...) end
