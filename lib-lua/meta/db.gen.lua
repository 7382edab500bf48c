---@meta _
-- Printed by the engine from its primitives: do not edit, run the target `reference`.

---@class db
db = {}

--- Runs the function as another role, with settings of its own; both end with it, also where it fails.
---@param role string
---@param settings table<string, any> texts; a table becomes JSON
---@param work function
function db.as_role(role, settings, work) end
