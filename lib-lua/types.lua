-- What is in a database as TypeScript: `Database` in the shape that supabase-js and `supabase gen types` know.
--
-- Tables, views and functions, the Row, Insert and Update of each, their keys, and the enums; everything in alphabetical
-- order, so that the file changes only where the database did.

local types = {}

local typescript = {}
for name, kinds in pairs {
  number  = "int2 int4 int8 float4 float8 numeric oid",
  string  = "text varchar bpchar char name citext uuid date time timetz timestamp timestamptz bytea vector",
  boolean = "bool",
  Json    = "json jsonb",
  undefined = "void",
  ["Record<string, unknown>"] = "record",
} do
  for kind in kinds:gmatch "%S+" do typescript[kind] = name end
end

-- Names that are no identifiers, and labels, as TypeScript strings.
local function quoted(text)
  return '"' .. text:gsub('[\\"]', "\\%0"):gsub("\n", "\\n") .. '"'
end

local function key(name)
  return name:match "^[%a_][%w_]*$" and name or quoted(name)
end

-- The table of `public.sessions` or `public."Odd ""Name"""`, as it is called.
local function unqualified(name)
  local part = name:gsub('""', "\0"):match '"([^"]+)"$'
  return part and (part:gsub("%z", '"')) or name:match "[^.]+$"
end

local Writer = {}
Writer.__index = Writer

function Writer:line(depth, text)
  table.insert(self, ("  "):rep(depth) .. text)
end

-- `name: {`, then what `body` writes, or the shape of an empty one, then `}`.
function Writer:object(depth, name, items, body)
  self:line(depth, name .. ": {")
  for _, item in ipairs(items) do body(item, depth + 1) end
  if #items == 0 then self:line(depth + 1, "[_ in never]: never") end
  self:line(depth, "}")
end

-- A type of the server as one of TypeScript.
function Writer:type(schema, name, array)
  local found
  local custom = schema ~= "pg_catalog" and self.custom[schema .. "." .. name]
  if custom and custom.kind == "d" then
    found = self:type(custom.base_schema, custom.base, custom.base_array)
  elseif custom and self.wanted[schema] and custom.kind ~= "b" then
    local part = custom.kind == "e" and "Enums" or custom.table_like and "Tables" or custom.view_like and "Views"
      or "CompositeTypes"
    found = ("Database[%s][%s][%s]"):format(quoted(schema), quoted(part), quoted(name))
    if part == "Tables" or part == "Views" then found = found .. '["Row"]' end
  else
    found = typescript[name] or "unknown"
  end
  return array and found .. "[]" or found
end

function Writer:column_type(column, null)
  local found = self:type(column.type_schema, column.type_name, column.type:sub(-2) == "[]")
  return null and found .. " | null" or found
end

-- Row: every column. Insert: what has a value of its own may be left out. Update: everything may be.
function Writer:columns(depth, part, columns)
  self:object(depth, part, columns, function(column, inside)
    local null = not column.not_null
    local fixed = column.generated or column.identity == "always"
    local filled = null or fixed or column.default_expression or column.identity
    local optional = part == "Update" or part == "Insert" and filled
    local kind = part ~= "Row" and fixed and "never" or self:column_type(column, null)
    self:line(inside, ("%s%s: %s"):format(key(column.name), part ~= "Row" and optional and "?" or "", kind))
  end)
end

local function list(names)
  local all = {}
  for _, name in ipairs(names) do table.insert(all, quoted(name)) end
  return "[" .. table.concat(all, ", ") .. "]"
end

local function is_one_to_one(relation, columns)
  for _, constraint in ipairs(relation.constraints) do
    if constraint.type == "p" or constraint.type == "u" then
      local same = #constraint.columns == #columns
      for _, name in ipairs(constraint.columns) do
        local there = false
        for _, column in ipairs(columns) do there = there or column == name end
        same = same and there
      end
      if same then return true end
    end
  end
  return false
end

function Writer:relationships(depth, relation)
  local keys = {}
  for _, constraint in ipairs(relation.constraints) do
    if constraint.type == "f" then table.insert(keys, constraint) end
  end
  if #keys == 0 then return self:line(depth, "Relationships: []") end
  self:line(depth, "Relationships: [")
  for _, foreign in ipairs(keys) do
    self:line(depth + 1, "{")
    self:line(depth + 2, "foreignKeyName: " .. quoted(foreign.name))
    self:line(depth + 2, "columns: " .. list(foreign.columns))
    self:line(depth + 2, "isOneToOne: " .. tostring(is_one_to_one(relation, foreign.columns)))
    self:line(depth + 2, "referencedRelation: " .. quoted(unqualified(foreign.references)))
    self:line(depth + 2, "referencedColumns: " .. list(foreign.referenced_columns))
    self:line(depth + 1, "},")
  end
  self:line(depth, "]")
end

function Writer:relation(depth, entry)
  local relation = catalog.describe(sql.name(entry.schema, entry.name))
  self:line(depth, key(entry.name) .. ": {")
  self:columns(depth + 1, "Row", relation.columns)
  if entry.insertable then self:columns(depth + 1, "Insert", relation.columns) end
  if entry.updatable then self:columns(depth + 1, "Update", relation.columns) end
  self:relationships(depth + 1, relation)
  self:line(depth, "}")
end

-- The functions of one name: one shape, or one of several.
function Writer:overloads(depth, group)
  local shapes = {}
  for _, routine in ipairs(group) do
    local arguments, columns = {}, {}
    for _, argument in ipairs(routine.arguments) do
      local kind = self:type(argument.type_schema, argument.type_name, argument.is_array)
      local written = ("%s%s: %s"):format(key(argument.name), argument.optional and "?" or "", kind)
      table.insert(argument.mode == "t" and columns or arguments, written)
    end
    local given = self:type(routine.type_schema, routine.type_name, routine.is_array)
    if #columns > 0 then given = "{ " .. table.concat(columns, "; ") .. " }" end
    if routine.is_set then given = given .. "[]" end
    table.insert(shapes, ("{ Args: %s; Returns: %s }"):format(
      #arguments == 0 and "Record<PropertyKey, never>" or "{ " .. table.concat(arguments, "; ") .. " }", given))
  end
  self:line(depth, key(group.name) .. ": " .. table.concat(shapes, " | "))
end

local relations_of = [[
  SELECT n.nspname AS schema, c.relname AS name, c.relkind IN ('r', 'p', 'f') AS is_table,
         pg_catalog.pg_relation_is_updatable(c.oid, false) & 8 <> 0 AS insertable,
         pg_catalog.pg_relation_is_updatable(c.oid, false) & 4 <> 0 AS updatable
  FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
  WHERE n.nspname = $1 AND c.relkind IN ('r', 'p', 'f', 'v', 'm') AND NOT c.relispartition
    AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend d WHERE d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass
                    AND d.objid = c.oid AND d.deptype = 'e')
  ORDER BY c.relname COLLATE "C" ]]

-- Without triggers, procedures and what extensions brought; one row an argument, OUT and TABLE ones with mode t.
local routines_of = [[
  SELECT p.oid::text AS oid, p.proname AS name, p.proretset AS is_set,
         rn.nspname AS type_schema, coalesce(re.typname, r.typname) AS type_name, re.oid IS NOT NULL AS is_array,
         a.place IS NOT NULL AS has_argument, coalesce(p.proargnames[a.place], '') AS argument,
         CASE WHEN p.proargmodes[a.place] IN ('o', 't') THEN 't' ELSE 'i' END AS mode,
         -- defaults belong to the last of the arguments that go in
         (SELECT count(*) FROM pg_catalog.generate_series(1, a.place) s
          WHERE coalesce(p.proargmodes[s] NOT IN ('o', 't'), true)) > p.pronargs - p.pronargdefaults AS optional,
         an.nspname AS argument_schema, coalesce(ae.typname, at.typname) AS argument_type, ae.oid IS NOT NULL AS argument_is_array
  FROM pg_catalog.pg_proc p
  JOIN pg_catalog.pg_type r ON r.oid = p.prorettype
  LEFT JOIN pg_catalog.pg_type re ON re.oid = r.typelem AND r.typcategory = 'A'
  JOIN pg_catalog.pg_namespace rn ON rn.oid = coalesce(re.typnamespace, r.typnamespace)
  LEFT JOIN LATERAL pg_catalog.unnest(coalesce(p.proallargtypes, p.proargtypes::oid[])) WITH ORDINALITY a (type, place) ON true
  LEFT JOIN pg_catalog.pg_type at ON at.oid = a.type
  LEFT JOIN pg_catalog.pg_type ae ON ae.oid = at.typelem AND at.typcategory = 'A'
  LEFT JOIN pg_catalog.pg_namespace an ON an.oid = coalesce(ae.typnamespace, at.typnamespace)
  WHERE p.pronamespace = pg_catalog.to_regnamespace(pg_catalog.quote_ident($1)) AND p.prokind = 'f'
    AND r.typname NOT IN ('trigger', 'event_trigger')
    AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend d WHERE d.classid = 'pg_catalog.pg_proc'::pg_catalog.regclass
                    AND d.objid = p.oid AND d.deptype = 'e')
  ORDER BY p.proname COLLATE "C", pg_catalog.oidvectortypes(p.proargtypes), a.place ]]

-- Enums, domains and composite types; what is of neither, the server's own, is in the list at the top.
local custom_types = [[
  SELECT n.nspname AS schema, t.typname AS name, t.typtype AS kind,
         c.relkind IN ('r', 'p', 'f') AS table_like, c.relkind IN ('v', 'm') AS view_like,
         bn.nspname AS base_schema, coalesce(be.typname, b.typname) AS base, be.oid IS NOT NULL AS base_array
  FROM pg_catalog.pg_type t
  JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace
  LEFT JOIN pg_catalog.pg_class c ON c.oid = t.typrelid
  LEFT JOIN pg_catalog.pg_type b ON b.oid = t.typbasetype
  LEFT JOIN pg_catalog.pg_type be ON be.oid = b.typelem AND b.typcategory = 'A'
  LEFT JOIN pg_catalog.pg_namespace bn ON bn.oid = coalesce(be.typnamespace, b.typnamespace)
  WHERE n.nspname NOT IN ('pg_catalog', 'information_schema') AND t.typtype IN ('e', 'c', 'd')
  ORDER BY t.typname COLLATE "C" ]]

local labels_of = [[
  SELECT e.enumlabel AS label
  FROM pg_catalog.pg_enum e JOIN pg_catalog.pg_type t ON t.oid = e.enumtypid
  JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace
  WHERE n.nspname = $1 AND t.typname = $2 ORDER BY e.enumsortorder ]]

local fields_of = [[
  SELECT a.attname AS name, tn.nspname AS type_schema, coalesce(e.typname, t.typname) AS type_name, e.oid IS NOT NULL AS is_array
  FROM pg_catalog.pg_attribute a
  JOIN pg_catalog.pg_type c ON c.typrelid = a.attrelid
  JOIN pg_catalog.pg_namespace n ON n.oid = c.typnamespace
  JOIN pg_catalog.pg_type t ON t.oid = a.atttypid
  LEFT JOIN pg_catalog.pg_type e ON e.oid = t.typelem AND t.typcategory = 'A'
  JOIN pg_catalog.pg_namespace tn ON tn.oid = coalesce(e.typnamespace, t.typnamespace)
  WHERE n.nspname = $1 AND c.typname = $2 AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum ]]

-- The functions of a schema by name, each name with its overloads, each overload with its arguments.
local function routines(schema)
  local groups, routine = {}, nil
  for _, row in ipairs(db.query(routines_of, schema)) do
    local group = groups[#groups]
    if not group or group.name ~= row.name then
      group = { name = row.name }
      table.insert(groups, group)
    end
    if not routine or routine.oid ~= row.oid then
      routine = { oid = row.oid, is_set = row.is_set, arguments = {},
                  type_schema = row.type_schema, type_name = row.type_name, is_array = row.is_array }
      table.insert(group, routine)
    end
    if row.has_argument then
      table.insert(routine.arguments, { name = row.argument, mode = row.mode, optional = row.optional,
        type_schema = row.argument_schema, type_name = row.argument_type, is_array = row.argument_is_array })
    end
  end
  return groups
end

function Writer:schema(name)
  local entries = { Tables = {}, Views = {}, Enums = {}, CompositeTypes = {} }
  for _, row in ipairs(db.query(relations_of, name)) do table.insert(entries[row.is_table and "Tables" or "Views"], row) end
  for _, custom in ipairs(self.sorted) do
    if custom.schema == name and custom.kind == "e" then table.insert(entries.Enums, custom) end
    if custom.schema == name and custom.kind == "c" and not custom.table_like and not custom.view_like then
      table.insert(entries.CompositeTypes, custom)
    end
  end
  local function relation(entry, depth) self:relation(depth, entry) end
  self:line(1, key(name) .. ": {")
  self:object(2, "Tables", entries.Tables, relation)
  self:object(2, "Views", entries.Views, relation)
  self:object(2, "Functions", routines(name), function(group, depth) self:overloads(depth, group) end)
  self:object(2, "Enums", entries.Enums, function(enum, depth)
    local labels = {}
    for _, row in ipairs(db.query(labels_of, name, enum.name)) do table.insert(labels, quoted(row.label)) end
    self:line(depth, key(enum.name) .. ": " .. (#labels == 0 and "never" or table.concat(labels, " | ")))
  end)
  self:object(2, "CompositeTypes", entries.CompositeTypes, function(composite, depth)
    self:object(depth, key(composite.name), db.query(fields_of, name, composite.name), function(field, inside)
      self:line(inside, key(field.name) .. ": " .. self:type(field.type_schema, field.type_name, field.is_array) .. " | null")
    end)
  end)
  self:line(1, "}")
end

--- The TypeScript of these schemas, as text.
---@param schemas string[]
---@return string
function types.text(schemas)
  local writer = setmetatable({ custom = {}, wanted = {}, sorted = db.query(custom_types) }, Writer)
  for _, name in ipairs(schemas) do
    if not catalog.has_schema(name) then error(("types: there is no schema %s"):format(name), 2) end
    writer.wanted[name] = true
  end
  for _, custom in ipairs(writer.sorted) do writer.custom[custom.schema .. "." .. custom.name] = custom end

  writer:line(0, "// Printed from the database: do not edit, print it again.")
  writer:line(0, "export type Json = string | number | boolean | null | { [key: string]: Json | undefined } | Json[]")
  writer:line(0, "")
  writer:line(0, "export type Database = {")
  for _, name in ipairs(schemas) do writer:schema(name) end
  writer:line(0, "}")
  return table.concat(writer, "\n") .. "\n"
end

--- Writes them to a file below the output folder, and says where.
---@param options { schemas?: string[], to?: string } public and database.types.ts unless given
function types.write(options)
  local path = file.write(options.to or "database.types.ts", types.text(options.schemas or { "public" }))
  note(("the types are in %s"):format(path))
end

return types
