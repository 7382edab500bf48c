-- Steps of one transaction each. A step that runs twice leaves two lines in the log.
return plan "One transaction a step" {
  step "Log" {
    run      = sql [[ INSERT INTO log VALUES ('begun') ]],
    verify   = function() expect.table "log" :has_rows(1) end,
    rollback = sql [[ DELETE FROM log WHERE line = 'begun' ]],
  },
  step "Column" {
    run      = sql [[ ALTER TABLE account ADD COLUMN kind text NOT NULL DEFAULT 'plain'; CREATE INDEX account_kind ON account (kind) ]],
    verify   = function() expect.table "account" :has_column("kind", { type = "text", null = false }) end,
    rollback = sql [[ ALTER TABLE account DROP COLUMN kind ]],
  },
  step "Interest" {
    run = {
      sql [[ INSERT INTO log VALUES ('interest') ]],
      function() db.exec("UPDATE account SET balance = balance + $1, kind = 'interest'", 1) end,
    },
    verify   = check "Everybody has one more" { function()
      expect.value(db.value "SELECT sum(balance) FROM account"):equals(8240)
    end },
    rollback = {
      run    = function()
        db.exec "UPDATE account SET balance = balance - 1, kind = 'plain'"
        db.exec "DELETE FROM log WHERE line = 'interest'"
      end,
      verify = function() expect.value(db.value "SELECT sum(balance) FROM account"):equals(8200) end,
    },
  },
  step "Never" { when = function() return false, "not here" end, run = sql [[ DROP TABLE log ]], rollback = nothing },
  step "Deferred key" {
    run      = sql [[
      CREATE TABLE transfer (id int PRIMARY KEY, account int REFERENCES account DEFERRABLE INITIALLY DEFERRED);
      INSERT INTO transfer VALUES (1, 1), (2, 40) ]],
    rollback = sql [[ DROP TABLE transfer ]],
  },
  check "Nothing was lost" { function() expect.table "account" :has_rows(40) end },
}
