---@meta _
-- Printed by the engine from its primitives: do not edit, run the target `reference`.

---@class file
file = {}

--- Writes a file below the output folder: whole or not at all. Secrets that this command knows are replaced by ***.
---@param path string relative to the output folder
---@param content string
---@return string path where it was written
function file.write(path, content) end
