---@meta _
-- Printed by the engine from its primitives: do not edit, run the target `reference`.

--- Tells the operator something.
---@param text string
function note(text) end

--- Ends the command, because going on would be wrong. The step is not done and not failed: what its transaction did is rolled back. The command exits with 5, or with 3 where earlier steps of the run stand. `run` begins again with this step.
---@param why string
---@param hint? string what to do about it
function refuse(why, hint) end
