-- luajit report.lua FIGURES PAGE: writes into the page what the tests printed of themselves, between <!--figure NAME--> and
-- <!--end-->. luajit report.lua --check PAGE: the tests that the page names are there, and each promise has one.
local first, page = ...

local function read(path)
  local file = io.open(path, "rb")
  if not file then return nil end
  local text = file:read "*a"
  file:close()
  return text
end

local text = assert(read(page), "there is no " .. page)

if first == "--check" then
  local problems = {}
  for path in text:gmatch "`(tests/[%w_/]+%.cpp)`" do
    if not read(path) then problems[#problems + 1] = page .. " names " .. path .. ", which is not there" end
  end
  for promise = 1, 9 do
    local row = text:match("\n| " .. promise .. "%. ([^\n]+)")
    if not row or not row:find "tests/" and not row:find "the sweep" then
      problems[#problems + 1] = page .. " names no test for promise " .. promise
    end
  end
  for _, problem in ipairs(problems) do print(problem) end
  os.exit(#problems == 0 and 0 or 1)
end

local function figures_of(name)
  local json = read(first .. "/" .. name .. ".json")
  if not json then return nil end
  local figures = {}
  for key, value in json:gmatch '"([^"]+)": (%d+)' do figures[key] = tonumber(value) end
  return figures
end

local sweeps = { cases = 0, failures = 0 }
for name in text:gmatch "<!%-%-figure (sweep [^>]-)%-%->" do
  local figures = figures_of(name)
  if figures then
    sweeps.cases = sweeps.cases + figures.cases
    sweeps.failures = sweeps.failures + figures.failures
  end
end

local function words(name)
  local f = name == "sweep total" and sweeps or figures_of(name)
  if not f then return "not run yet" end
  if f.mutants then return ("%d of %d found"):format(f.found, f.mutants) end
  if f.minutes then
    return ("%d minutes, %d cases, %d previews, %d failures"):format(f.minutes, f.cases, f.previews, f.failures)
  end
  return ("%d cases, %d failures"):format(f.cases, f.failures)
end

text = text:gsub("<!%-%-figure ([^>]-)%-%->.-<!%-%-end%-%->", function(name)
  return ("<!--figure %s-->%s<!--end-->"):format(name, words(name))
end)
local file = assert(io.open(page, "wb"))
file:write(text)
file:close()
