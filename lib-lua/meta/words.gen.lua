---@meta _
-- Printed by the engine from its primitives: do not edit, run the target `reference`.

--- Tells the operator something.
---@param text string
function note(text) end

--- Ends the command here: this step is not begun, or is taken back, and does not count as failed.
---@param why string
---@param hint? string what to do about it
function refuse(why, hint) end
