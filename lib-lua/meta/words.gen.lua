---@meta _
-- Printed by the engine from its primitives: do not edit, run the target `reference`.

--- Prints a note for the operator.
---@param text string
function note(text) end

--- Ends the command because continuing would be wrong. The step counts neither as done nor as failed, and its transaction is rolled back. The command exits with 5, or with 3 if earlier steps of the run are done. The next `run` starts with this step.
---@param why string
---@param hint? string the next thing to do
function refuse(why, hint) end
