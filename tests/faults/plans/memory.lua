-- What steps say to later steps, and to their rollbacks, in `state`.
return plan "State" {
  step "One" {
    run      = function() state.one = "made by one"; db.exec "CREATE TABLE one (n int)" end,
    rollback = function() if state.one then db.exec "DROP TABLE one" end end,
  },
  step "Two" {
    run      = function()
      state.two = "made by two"
      db.exec("INSERT INTO log VALUES ($1)", tostring(state.one))
    end,
    rollback = function() if state.two then db.exec "DELETE FROM log WHERE line = 'made by one'" end end,
  },
  step "Three" {
    run      = function()
      state.rows = (state.rows or 0) + 1
      db.exec("INSERT INTO log VALUES ($1)", ("%s, %d"):format(tostring(state.two), state.rows))
    end,
    rollback = function() db.exec("DELETE FROM log WHERE line LIKE $1", "%, " .. tostring(state.rows)) end,
  },
}
