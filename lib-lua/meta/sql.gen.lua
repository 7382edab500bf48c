---@meta _
-- Printed by the engine from its primitives: do not edit, run the target `reference`.

---@class sql
sql = {}

--- Quotes a value for utility statements, which accept no parameters. In other statements pass values as $1.
---@param value string
---@return string quoted
function sql.literal(value) end

--- Quotes a name for SQL. Every part is used exactly as given, including capitals.
---@param ... string the parts of the name: schema and object, or only the object
---@return string quoted
function sql.name(...) end
