---@meta _
-- Printed by the engine from its primitives: do not edit, run the target `reference`.

--- Tells the operator something.
---@param text string
function note(text) end
