-- Supabase in a plan: work as the API's roles do, under the row security that they are under.
--
-- PostgREST gives every request a transaction of its own, with the role of the request's key and the claims of its
-- token as settings; the functions below do the same for a function of the plan, and give both back when it ends, also
-- where it fails. They need a transaction: use them in `verify`, in a `test`, or in a step that is one transaction.

local supabase = {}

--- Claims as request.jwt.claims, and the three that older versions of auth.uid(), auth.role() and auth.email() read.
local function with_claims(role, claims, work)
  claims.role = role
  db.as_role(role, {
    ["request.jwt.claims"]      = claims,
    ["request.jwt.claim.sub"]   = claims.sub or "",
    ["request.jwt.claim.role"]  = role,
    ["request.jwt.claim.email"] = claims.email or "",
  }, work)
end

--- Runs `work` as a signed-in user: role authenticated, auth.uid() is `id`.
---@param id string the user's id, as in auth.users
---@param claims? table more claims of the token: { email = "…", app_metadata = { tenant = "…" } }
---@param work function
---@overload fun(id: string, work: function)
function supabase.as_user(id, claims, work)
  if work == nil then claims, work = {}, claims end
  if type(id) ~= "string" then error("supabase.as_user needs the user's id, as in auth.users", 2) end
  if type(claims) ~= "table" then error("supabase.as_user: the claims must be a table", 2) end
  local token = { aud = "authenticated" }
  for name, value in pairs(claims) do token[name] = value end
  token.sub = id
  with_claims("authenticated", token, work)
end

--- Runs `work` as a visitor who is not signed in: role anon, auth.uid() is NULL.
---@param work function
function supabase.as_anon(work)
  with_claims("anon", {}, work)
end

--- Runs `work` as the service key does: past row security, with the grants of service_role.
---@param work function
function supabase.as_service_role(work)
  with_claims("service_role", {}, work)
end

--- Tells PostgREST to read the schema again, once the transaction has committed. Hosted Supabase does this by itself for
--- most statements; without it the API does not know a new column.
function supabase.reload_schema()
  db.exec "NOTIFY pgrst, 'reload schema'"
end

return supabase
