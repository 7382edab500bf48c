local supabase = require "supabase"
local function helper(name) return ("%s_copy"):format(name) end
return plan "All words" {
  id = "all_words", about = "x", needs = { postgres = 14, tables = { "a.b" } },
  inputs = { keep = { type = "boolean", default = true, ask = "Keep?" }, n = { type = "integer" } },
  hints = { ["42883"] = "gone" },
  phase "One" { atomic = true,
    step "First" { run = sql [[ CREATE TABLE t (a int); ]], rollback = sql [[ DROP TABLE t ]],
      when = function() return input.keep, "no" end, confirm = "Sure?" },
    step "Second" { run = { sql [==[ SELECT 1 ]==], function() db.exec("SELECT $1", helper "x") end }, rollback = nothing,
      verify = { check "One" { function() expect.query "SELECT 1" :equals(1) end, hint = "h" } } },
  },
  manual "Look" { why = "by hand", list = { "a", "b" } },
  step "Last" { transaction = "none", run = sql [[ CREATE INDEX CONCURRENTLY i ON t (a) ]], rollback = impossible "gone" },
  task "Daily" { id = "daily", run = sql [[ ANALYZE t ]] },
}
