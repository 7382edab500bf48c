-- A plan that is one transaction.
return plan "An atomic plan" {
  atomic = true,
  step "Table" { run = sql [[ CREATE TABLE a (id int) ]], rollback = sql [[ DROP TABLE a ]] },
  step "Rows" {
    run      = sql [[ INSERT INTO a VALUES (1), (2); INSERT INTO log VALUES ('rows') ]],
    verify   = function() expect.table "a" :has_rows(2) end,
    rollback = sql [[ DELETE FROM log; DELETE FROM a ]],
  },
  step "View" { run = sql [[ CREATE VIEW v AS SELECT id FROM a ]], rollback = sql [[ DROP VIEW v ]] },
}
