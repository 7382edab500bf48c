-- Indexes that are built CONCURRENTLY, in ways of writing that a search for words does not find.
return plan "Indexes in many spellings" {
  step "In a function" {
    transaction = "none",
    run      = function() db.exec "CREATE INDEX CONCURRENTLY IF NOT EXISTS t_a ON t (a)" end,
    rollback = sql [[ DROP INDEX CONCURRENTLY IF EXISTS t_a ]],
  },
  step "Without a name" {
    transaction = "none",
    run      = sql [[ CREATE INDEX CONCURRENTLY ON t (b) ]],
    rollback = sql [[ DROP INDEX CONCURRENTLY IF EXISTS t_b_idx ]],
  },
  step "Again" { transaction = "none", run = sql [[ REINDEX INDEX CONCURRENTLY t_old ]], rollback = nothing },
}
