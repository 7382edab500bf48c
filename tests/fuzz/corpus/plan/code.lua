local t = setmetatable({}, { __index = function(_, k) return k .. "x" end })
for i = 1, 3 do t[i] = ("%d"):format(i) end
local c = coroutine.wrap(function() for i = 1, 3 do coroutine.yield(i) end end)
table.sort(t, function(a, b) return a < b end)
return plan(t[1] .. c()) { [1] = step "S" { run = function() state.x = { 1, a = 2 } end, rollback = nothing }, extra = 1 }
