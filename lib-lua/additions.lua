-- Columns and indexes that a plan adds to a table in use, and what its rollback may take away again.
--
-- A column of such a name may stand before the plan comes: made by hand, or another migration's. What was there and is
-- theirs keeps its comment and is left by the rollback. What others use by then is not taken away from them, and what the
-- columns hold is kept in a table before they go.

local additions = {}

local Added = {}
Added.__index = Added

--- What a plan adds to `table_name`: `columns` is a list of { "name", "condition under which a row has something in it" },
--- `indexes` a list of names.
---@param table_name string
---@param parts { columns: { [1]: string, [2]: string }[], indexes: string[] }
function additions.to(table_name, parts)
  return setmetatable({ table = table_name, parts = parts }, Added)
end

--- Names of the columns that are there already.
---@return string[]
function Added:found()
  local found = {}
  for _, column in ipairs(self.parts.columns) do
    if catalog.has_column(self.table, column[1]) then table.insert(found, column[1]) end
  end
  return found
end

--- Before the first change, in a step's `run`: what is there already belongs to somebody else, unless it is adopted.
---@param adopted boolean
function Added:remember(adopted)
  local kept = { names = {}, comments = {} }
  if not adopted then
    for _, name in ipairs(self:found()) do kept.names[name] = true end
    for _, column in ipairs(catalog.describe(self.table).columns) do
      if kept.names[column.name] then kept.comments[column.name] = column.comment or "" end
    end
    for _, index in ipairs(self.parts.indexes) do
      if catalog.has_index(self.table, index) then kept.names[index] = true end
    end
  end
  state.theirs = kept
end

--- After the plan's own COMMENT ON COLUMN: theirs say again what they said.
function Added:put_comments_back()
  for column, comment in pairs(state.theirs.comments) do
    db.exec(("COMMENT ON COLUMN %s.%s IS %s")
      :format(self.table, sql.name(column), comment == "" and "NULL" or sql.literal(comment)))
  end
end

local function is_theirs(name)
  return state.theirs.names[name] == true
end

function Added:own_columns()
  local own = {}
  for _, column in ipairs(self.parts.columns) do
    if not is_theirs(column[1]) then table.insert(own, column[1]) end
  end
  return own
end

function Added:own_indexes()
  local own = {}
  for _, index in ipairs(self.parts.indexes) do
    if not is_theirs(index) then table.insert(own, index) end
  end
  return own
end

--- The condition under which a row has something in a column that the rollback would take away.
function Added:in_use()
  local conditions = {}
  for _, column in ipairs(self.parts.columns) do
    if not is_theirs(column[1]) then table.insert(conditions, "(" .. column[2] .. ")") end
  end
  return #conditions > 0 and table.concat(conditions, " OR ") or "false"
end

--- In a rollback's `confirm`: refuses where a view, an index, a policy of others uses one of the columns by now.
--- `besides` lists parts of the plan's own: constraints, say.
---@param hint string what the operator may do
---@param besides? string[]
function Added:refuse_where_used(hint, besides)
  local own = {}
  for _, name in ipairs(self:own_indexes()) do own[name] = true end
  for _, name in ipairs(besides or {}) do own[name] = true end
  for _, column in ipairs(self:own_columns()) do
    local users = {}
    for _, user in ipairs(catalog.uses(self.table, column)) do
      if not own[user.name:match "[^.]+$"] then table.insert(users, user.description) end
    end
    if #users > 0 then refuse(("others use %s.%s by now: %s"):format(self.table, column, table.concat(users, ", ")), hint) end
  end
end

--- For a test: an INSERT of today, which knows nothing of the new columns. It copies a row; `key` gets its default.
---@param key string
---@return string sql
function Added:insert_of_today(key)
  local new = { [key] = true }
  for _, column in ipairs(self.parts.columns) do new[column[1]] = true end
  local old = {}
  for _, column in ipairs(catalog.describe(self.table).columns) do
    if not new[column.name] and not column.generated and not column.identity then table.insert(old, sql.name(column.name)) end
  end
  local list = table.concat(old, ", ")
  return ("INSERT INTO %s (%s) SELECT %s FROM %s LIMIT 1"):format(self.table, list, list, self.table)
end

--- Outside a transaction: drops the plan's own indexes while the application goes on writing.
function Added:drop_indexes()
  for _, index in ipairs(self:own_indexes()) do db.exec("DROP INDEX CONCURRENTLY IF EXISTS " .. sql.name(index)) end
end

--- Drops the plan's own columns, under one lock with keeping what they hold. `key` is the column that tells rows apart.
---@param key string
function Added:drop_columns(key)
  local own = self:own_columns()
  if #own == 0 then return end
  db.exec(("LOCK TABLE %s IN ACCESS EXCLUSIVE MODE"):format(self.table))
  backup.keep(self.table, { columns = { key, unpack(own) }, where = self:in_use() })
  for _, column in ipairs(own) do
    db.exec(("ALTER TABLE %s DROP COLUMN IF EXISTS %s"):format(self.table, sql.name(column)))
  end
end

return additions
