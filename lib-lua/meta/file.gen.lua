---@meta _
-- Printed by the engine from its primitives: do not edit, run the target `reference`.

---@class file
file = {}

--- Writes a file in the output folder, completely or not at all. Replaces secrets that this command knows by ***.
---@param path string relative to the output folder
---@param content string
---@return string the path of the written file
function file.write(path, content) end
