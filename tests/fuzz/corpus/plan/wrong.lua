return plan "P" { sttep "S" { runn = sql [[ SELECT ]], rollback = { 1, { } } }, [7] = 3, step { }, nil, 1e300 }
