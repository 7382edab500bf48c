-- Snapshot, restore, retire and unretire, keep and copy.
return plan "Backups" {
  step "Snapshot" {
    run      = function() backup.snapshot("customer", { as = "customer_backup" }) end,
    verify   = function() expect.table "customer_backup" :has_rows_of "customer" end,
    rollback = function() backup.drop "customer_backup" end,
  },
  step "Change" {
    run      = sql [[
      ALTER TABLE customer ADD COLUMN surname text;
      UPDATE customer SET surname = upper(name), name = 'changed';
      DELETE FROM customer WHERE id > 25;
      ALTER TABLE customer ADD CONSTRAINT customer_surname UNIQUE (surname) ]],
    rollback = function() backup.restore "customer_backup" end,
  },
  step "Retire" {
    run      = function() backup.retire "legacy" end,
    verify   = function() expect.no_table "legacy" end,
    rollback = function() backup.unretire "legacy" end,
  },
  step "Copy" {
    run = {
      sql [[ CREATE TABLE person (id int PRIMARY KEY, name text, source text) ]],
      function()
        copy.rows { from = "customer", into = "person", columns = { id = "id", name = "surname", source = "'copy'" } }
      end,
    },
    verify   = function() expect.table "person" :has_rows(25) end,
    rollback = sql [[ DROP TABLE person ]],
  },
}
