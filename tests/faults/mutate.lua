-- luajit mutate.lua SOURCE MUTANT OUTPUT: writes SOURCE with the replacements that MUTANT describes. Each text must be found
-- exactly once: a mutant whose text has gone would be the engine itself.
local source, mutant, output = ...

local function read(path)
  local file = assert(io.open(path, "rb"))
  local text = file:read "*a"
  file:close()
  return text
end

local function count(text, part)
  local found, at = 0, 1
  while true do
    local first, last = text:find(part, at, true)
    if not first then return found end
    found, at = found + 1, last + 1
  end
end

local text = read(source)
local replacements = 0
for old, new in read(mutant):gmatch "<<<<\n(.-)\n====\n(.-)\n?>>>>" do
  local times = count(text, old)
  if times ~= 1 then
    io.stderr:write(("%s: its text stands %d times in %s, not once. The code has changed: change the mutant too.\n%s")
      :format(mutant, times, source, old))
    os.exit(1)
  end
  local first, last = text:find(old, 1, true)
  text = text:sub(1, first - 1) .. new .. text:sub(last + 1)
  replacements = replacements + 1
end
assert(replacements > 0, mutant .. ": nothing to replace")

local file = assert(io.open(output, "wb"))
file:write(text)
file:close()
