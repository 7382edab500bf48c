-- Steps outside a transaction: indexes, VACUUM, rows in portions, and one that a probe decides.
return plan "Outside a transaction" {
  step "Indexes" {
    transaction = "none",
    run      = sql [[
      CREATE INDEX CONCURRENTLY entry_a ON entry (a);
      CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS entry_c ON entry (c);
    ]],
    verify   = function()
      expect.table "entry" :has_index("entry_a", { columns = { "a" }, valid = true })
        :has_index("entry_c", { columns = { "c" }, unique = true, valid = true })
    end,
    rollback = sql [[ DROP INDEX CONCURRENTLY entry_c; DROP INDEX CONCURRENTLY entry_a ]],
  },
  step "Portions" {
    transaction = "none",
    run = function()
      repeat
        local rows = db.exec "UPDATE entry SET b = b + 100 WHERE id IN (SELECT id FROM entry WHERE b < 100 LIMIT 90)"
      until rows == 0
    end,
    verify   = function() expect.value(db.value "SELECT count(*) FROM entry WHERE b < 100"):equals(0) end,
    rollback = sql [[ UPDATE entry SET b = b - 100 WHERE b >= 100 ]],
  },
  step "Old index" {
    transaction = "none",
    run      = sql [[ DROP INDEX CONCURRENTLY entry_old ]],
    rollback = sql [[ CREATE INDEX CONCURRENTLY entry_old ON entry (a, c) ]],
  },
  step "Line" {
    transaction = "none",
    done     = function() return db.count("log") > 0 end,
    run      = sql [[ INSERT INTO log VALUES ('once') ]],
    rollback = sql [[ DELETE FROM log ]],
  },
  step "Statistics" { transaction = "none", run = sql [[ VACUUM (ANALYZE) entry ]], rollback = nothing },
}
