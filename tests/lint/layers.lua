-- The stack of engine/LAYERS, held against every #include and every LINKS word.
-- luajit layers.lua ROOT checks the tree; luajit layers.lua --self-test FOLDER checks this check.

local foreign = {                       -- header: the only folders that may include it
  ["lua.hpp"]         = { script = true },
  ["luajit.h"]        = { script = true },
  ["libpq-fe.h"]      = { db = true },
  ["pqxx/"]           = { db = true },
  ["pg_query.h"]      = { sql = true },
  ["CLI/"]            = { cli = true },
  ["cmark.h"]         = { guide = true },
  ["utf8proc.h"]      = { base = true },
}

local function read(path)
  local file = assert(io.open(path), "cannot read " .. path)
  local text = file:read("*a")
  file:close()
  return text
end

local function levels_of(text)
  local lines, level = {}, {}
  for line in text:gmatch("[^\n]+") do
    if not line:match("^#") then table.insert(lines, line) end
  end
  for index, line in ipairs(lines) do
    for folder in line:gmatch("%S+") do level[folder] = #lines - index end
  end
  return level
end

local function find(root, pattern)
  local pipe = assert(io.popen(("cd '%s' && find engine -name '%s' | sort"):format(root, pattern)))
  local paths = {}
  for path in pipe:lines() do table.insert(paths, path) end
  pipe:close()
  return paths
end

local function check_use(problems, level, where, folder, used)
  if used == folder or not level[used] then return end
  if level[used] >= level[folder] then
    table.insert(problems, ("%s: %s uses %s, which is not below it"):format(where, folder, used))
  end
end

local function check_includes(root, level, problems, uses)
  local seen = 0
  for _, extension in ipairs { "*.h", "*.cpp" } do
    for _, path in ipairs(find(root, extension)) do
      local folder = path:match("^engine/([^/]+)/")
      if not level[folder] then
        table.insert(problems, path .. ": the folder is missing in engine/LAYERS")
      else
        local line_number = 0
        for line in (read(root .. "/" .. path) .. "\n"):gmatch("(.-)\n") do
          line_number = line_number + 1
          local where = path .. ":" .. line_number
          local header = line:match('^%s*#%s*include%s*[<"]([^>"]+)[>"]')
          if header then
            seen = seen + 1
            local used = header:match("^([^/]+)/")
            if used then check_use(problems, level, where, folder, used) end
            if level[used] and used ~= folder then
              uses[folder] = uses[folder] or {}
              uses[folder][used] = true
            end
            for prefix, allowed in pairs(foreign) do
              if header:sub(1, #prefix) == prefix and not allowed[folder] then
                table.insert(problems, ("%s: %s does not belong in %s"):format(where, header, folder))
              end
            end
          end
        end
      end
    end
  end
  return seen
end

-- Whoever includes a folder links it.
local function check_links(root, level, problems, uses)
  for _, path in ipairs(find(root, "CMakeLists.txt")) do
    local folder = path:match("^engine/([^/]+)/CMakeLists.txt$")
    local links = folder and (read(root .. "/" .. path) .. ")"):match("LINKS%s+(.-)[%)%u]")
    local linked = {}
    for used in (links or ""):gmatch("%S+") do
      linked[used] = true
      check_use(problems, level, path, folder, used)
    end
    for used in pairs(folder and uses[folder] or {}) do
      if not linked[used] then
        table.insert(problems, ("%s: %s includes headers of %s and does not link it"):format(path, folder, used))
      end
    end
  end
end

local function problems_of(root)
  local problems = {}
  local level = levels_of(read(root .. "/engine/LAYERS"))
  local uses = {}  -- folder: the folders whose headers it includes
  local seen = check_includes(root, level, problems, uses)
  check_links(root, level, problems, uses)
  if seen == 0 then table.insert(problems, "no #include was found: wrong folder?") end
  return problems
end

local function write(path, text)
  local file = assert(io.open(path, "w"))
  file:write(text)
  file:close()
end

-- Each violation, alone in a tree of two folders, must be found.
local function self_test(root)
  local violations = {
    upward  = { "engine/low/a.h", '#include "high/b.h"\n' },
    foreign = { "engine/low/a.h", "#include <libpq-fe.h>\n" },
    link    = { "engine/low/CMakeLists.txt", "engine_layer(low SOURCES a.cpp LINKS high EXTERNAL x)\n" },
    missing = { "engine/high/CMakeLists.txt", "engine_layer(high SOURCES b.cpp LINKS middle EXTERNAL x)\n" },
  }
  for name, violation in pairs(violations) do
    assert(os.execute(("rm -rf '%s' && mkdir -p '%s/engine/low' '%s/engine/high'"):format(root, root, root)) == 0)
    write(root .. "/engine/LAYERS", "high\nlow\n")
    write(root .. "/engine/high/b.h", '#include "low/a.h"\n')
    write(root .. "/engine/low/a.h", "#include <string>\n")
    write(root .. "/engine/high/CMakeLists.txt", "engine_layer(high SOURCES b.cpp\n  LINKS low\n  EXTERNAL x)\n")
    assert(#problems_of(root) == 0, "a sound tree is refused")
    write(root .. "/" .. violation[1], violation[2])
    assert(#problems_of(root) == 1, name .. " is not found")
  end
end

if arg[1] == "--self-test" then
  self_test(arg[2])
else
  local problems = problems_of(arg[1])
  for _, problem in ipairs(problems) do print(problem) end
  os.exit(#problems == 0 and 0 or 1)
end
