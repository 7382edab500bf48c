return plan "P" { step "S" { run = sql [[ SELECT 1 ]], rollback = nothing } }
