-- Inputs of which one is asked only as long as its condition holds, a question, a confirm and a manual step.
return plan "Questions" {
  inputs = {
    existing = {
      type = "choice", choices = { "adopt", "share" }, default = "share", ask = "Whose column is it?",
      when = function() return catalog.has_column("t", "x") end,
    },
    fresh = {
      type = "text", default = "given once", ask = "Which word?",
      when = function() return not catalog.has_column("t", "x") end,
    },
    discard = { type = "boolean", default = true, ask = "Throw the line away?", at = "rollback" },
  },
  step "Add" {
    run      = sql [[ ALTER TABLE t ADD COLUMN x int ]],
    rollback = function()
      if input.existing ~= "share" then db.exec "ALTER TABLE t DROP COLUMN x" end
    end,
  },
  step "Ask" {
    confirm  = function() return "Write a line?" end,
    run      = function()
      local word = ask.choice { text = "Which end?", choices = { "red", "blue" }, name = "which", default = "red" }
      db.exec("INSERT INTO log VALUES ($1)", ("%s, %s, %s"):format(word, tostring(input.fresh), tostring(input.existing)))
    end,
    verify   = function() expect.table "log" :has_rows(1) end,
    rollback = function() if input.discard then db.exec "DELETE FROM log WHERE line LIKE '%, %'" end end,
  },
  manual "Look" { ask = "Is it there?" },
  step "Last" {
    run      = function() db.exec("INSERT INTO log VALUES ($1)", tostring(input.existing)) end,
    rollback = sql [[ DELETE FROM log WHERE line IN ('nil', 'adopt', 'share') ]],
  },
}
