---@meta _
-- Printed by the engine from its primitives: do not edit, run the target `reference`.

---@class backup
backup = {}

--- Drops a snapshot and its copies permanently.
---@param name string the name that backup.snapshot returned, or its `as`
function backup.drop(name) end

--- Copies rows that a later statement removes into a table that only the owner may read. Writes to the table wait until the step commits.
---@param table string
---@param options? { columns: string[], where: string } all columns and rows by default; the condition uses the table's columns
---@return string? table with the kept rows, or nil if there are none
---@return integer number of these rows
function backup.keep(table, options) end

--- Restores a table from its snapshot. If the table exists, changes only what differs in definition and rows; otherwise creates it again. Rows written after the snapshot are kept in a separate table. If the result would differ from the snapshot, the call fails, changes nothing and lists the differences.
---@param name string the name that backup.snapshot returned, or its `as`
---@param options? { since: string } name of the table for rows written after the snapshot
---@return string? table with the rows written after the snapshot, or nil if there are none
---@return integer number of these rows
function backup.restore(name, options) end

--- Moves a table to another schema instead of dropping it. Rows, privileges, triggers, sequences and foreign keys to it are kept, and only its owner can access it. Its own foreign keys and the policies that name other tables are removed until backup.unretire.
---@param table string
---@return string the table's new name
function backup.retire(table) end

--- Copies a table's rows and the rows that refer to them. Records the table's definition: foreign keys in both directions, privileges, policies, triggers and views. Only the owner may read the copy. Writes to the tables wait until the step commits.
---@param table string
---@param options? { as: string, refers: boolean } the copy's name, in the table's schema by default; refers = false omits the rows of other tables that a DELETE would delete too
---@return string name for backup.restore and backup.drop
function backup.snapshot(table, options) end

--- Restores a retired table with its foreign keys and policies. If the table changed in the meantime, the call fails, changes nothing and lists the differences.
---@param table string the table's name before it was retired
---@return string name
function backup.unretire(table) end
