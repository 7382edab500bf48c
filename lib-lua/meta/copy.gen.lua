---@meta _
-- Printed by the engine from its primitives: do not edit, run the target `reference`.

---@class copy
copy = {}

--- Copies rows from one table into another in one statement. Every column of the target must get a value: a column without one is an error. Without `columns`, columns of the same name are copied.
---@param options { from: string, into: string, columns: table?, where: string?, on_conflict: string? } columns: target = source column or expression, "default", or false; on_conflict: "error" or "skip"
---@return integer rows
function copy.rows(options) end
