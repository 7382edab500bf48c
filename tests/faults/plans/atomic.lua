-- A phase that is one transaction, between steps that are not in it.
return plan "An atomic phase" {
  step "Before" { run = sql [[ INSERT INTO log VALUES ('before') ]], rollback = sql [[ DELETE FROM log WHERE line = 'before' ]] },
  phase "Together" {
    atomic = true,
    step "Table" { run = sql [[ CREATE TABLE copy (id int PRIMARY KEY, name text) ]], rollback = sql [[ DROP TABLE copy ]] },
    step "Rows" {
      run      = function()
        db.exec "INSERT INTO copy SELECT id, upper(name) FROM part"
        db.exec "INSERT INTO log VALUES ('rows')"
      end,
      verify   = function() expect.table "copy" :has_rows(20) end,
      rollback = sql [[ DELETE FROM log WHERE line = 'rows'; TRUNCATE copy ]],
    },
    step "Not now" { when = function() return false, "not now" end, run = sql [[ DROP TABLE part ]], rollback = nothing },
    step "Key" {
      run      = sql [[ ALTER TABLE copy ADD FOREIGN KEY (id) REFERENCES part ]],
      rollback = sql [[ ALTER TABLE copy DROP CONSTRAINT copy_id_fkey ]],
    },
  },
  step "After" { run = sql [[ INSERT INTO log VALUES ('after') ]], rollback = sql [[ DELETE FROM log WHERE line = 'after' ]] },
}
