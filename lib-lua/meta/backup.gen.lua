---@meta _
-- Printed by the engine from its primitives: do not edit, run the target `reference`.

---@class backup
backup = {}

--- Drops a snapshot with its copies for good.
---@param name string what backup.snapshot returned or was given as `as`
function backup.drop(name) end

--- Keeps rows before something takes them, in a table that nobody but the owner may read. Writers wait until the step's commit.
---@param table string
---@param options? { columns: string[], where: string } all columns and rows unless given; the condition speaks of the table's columns
---@return string? table with the kept rows, where there are any
---@return integer number of these rows
function backup.keep(table, options) end

--- Puts a table back as it was: definition and rows by difference where it still stands, anew where it is gone. Rows written since are kept in a table of their own. Either everything is equal to before, or nothing is changed and the differences are named.
---@param name string what backup.snapshot returned or was given as `as`
---@param options? { since: string } the name for rows written since
---@return string? table with the rows written since the snapshot, where there are any
---@return integer number of these rows
function backup.restore(name, options) end

--- Moves a table out of the way instead of dropping it: rows, rights, triggers, sequences and keys to it stay, nobody but its owner reaches it. Its own foreign keys and the policies that name other tables are detached until backup.unretire.
---@param table string
---@return string name that the table has now
function backup.retire(table) end

--- Copies a table's rows, and those that refer to them, and records everything that makes it that table: definition, keys both ways, rights, policies, triggers, views on it. Nobody but the owner may read the copy. Writers wait until the step's commit.
---@param table string
---@param options? { as: string, refers: boolean } the copy's name, in the table's own schema unless it names another; false leaves out the rows of other tables that a DELETE would take along
---@return string name for restore and drop
function backup.snapshot(table, options) end

--- Brings a retired table back, with its keys and policies. Either it is what it was, or nothing is changed and the differences are named.
---@param table string its name before it was retired
---@return string name
function backup.unretire(table) end
