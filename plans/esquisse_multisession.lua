-- Multi-session esquisse support: docs/guides/esquisse_multisession.md as a plan, heading for heading.
--
-- Decided where the guide leaves room ("if needed", "IF NOT EXISTS", "Optional"):
--   * the table is altered where it stands: every id, the view on it and the keys of other tables stay as they are, and
--     the application of today keeps working until Step 3 puts the name into its hands;
--   * starting fresh deletes the rows instead of dropping the table, so that nothing else goes with it;
--   * all old policies go, whatever their names: one that is left over would widen access;
--   * the rollback restores the table as the backup has it, keeps in a table what was written since, and compares.

local additions = require "additions"
local supabase = require "supabase"

local sessions = "esquisse_sessions"
local backup_table = "esquisse_sessions_backup"
local mine = additions.to(sessions, {
  columns = {},
  indexes = {
    "esquisse_sessions_user_session_unique", "idx_esquisse_sessions_user_id", "idx_esquisse_sessions_session_name",
    "idx_esquisse_sessions_is_active", "idx_esquisse_sessions_updated_at",
  },
})

-- Foreign keys that would refuse to let sessions go, each with the number of rows that hold on to one.
local function keys_in_the_way()
  local found = {}
  for _, key in ipairs(catalog.describe(sessions).referenced_by) do
    if key.on_delete == "NO ACTION" or key.on_delete == "RESTRICT" then
      local holding = {}
      for _, column in ipairs(key.columns) do table.insert(holding, sql.name(column) .. " IS NOT NULL") end
      local count = db.count(key.table, table.concat(holding, " AND "))
      if count > 0 then table.insert(found, ("%s (%d rows)"):format(key.table, count)) end
    end
  end
  return found
end

-- For the tests, whose writes are all taken back.
local function some_user()
  if not db.value "SELECT EXISTS (SELECT FROM auth.users)" then
    db.exec "INSERT INTO auth.users (id, email) VALUES (gen_random_uuid(), 'first.user@example.com')"
  end
  return db.value "SELECT id FROM auth.users ORDER BY id LIMIT 1"
end

-- A user as the application sees them: under row security, with a second session beside what they have.
local function as_user_with_two_sessions(work)
  local user = some_user()
  supabase.as_user(user, function()
    db.exec([[
      INSERT INTO esquisse_sessions (user_id, session_name, approach)
      VALUES ($1, 'first of two', 'forward'), ($1, 'second of two', 'backward') ]], user)
    work(user)
  end)
end

return plan "Multi-Session Esquisse Support" {
  id      = "esquisse_multisession",
  about   = "Several esquisse sessions per user instead of one, each with a name; past sessions can be viewed and resumed.",
  guide   = "../docs/guides/esquisse_multisession.md",
  fixture = "../examples/esquisse_multisession/before.sql",
  needs   = {
    postgres  = 14,
    roles     = { "anon", "authenticated", "service_role" },
    tables    = { "auth.users" },
    functions = { "update_updated_at_column()", "auth.uid()" },
    function()
      if input.preserve or not catalog.has_table(sessions) then return true end
      local found = keys_in_the_way()
      return #found == 0, "the sessions cannot go while other tables refer to them: " .. table.concat(found, ", ")
    end,
  },
  inputs  = {
    preserve    = { type = "boolean", default = true, ask = "Preserve the existing sessions?" },
    drop_backup = { type = "boolean", ask = "Remove the backup table at the end? After that there is no rollback." },
  },
  hints   = {
    ["42883"] = "update_updated_at_column() is missing: create it before this migration (Support, 2).",
    ["42704"] = "A Supabase role is missing: is this the right database?",
    ["42501"] = "Connect as the owner of esquisse_sessions (postgres on Supabase), not with an API role.",
  },

  phase "Database Changes" {
    test "Before Migration" {
      why = "One session per user, without names: a table that has them already was migrated before.",
      function()
        if not catalog.has_table(sessions) then return note "there is no esquisse_sessions yet: starting fresh" end
        expect.table(sessions)
          :has_unique { "user_id" }
          :has_no_column "session_name"
          :has_no_column "is_active"
      end,
      hint = "The table is not as the guide finds it. If the guide was followed by hand, there is nothing left to run.",
    },
    -- "After Migration" is what Step 5 checks.
  },

  phase "Migration Steps" {
    step "Backup Existing Data" {
      heading  = "Step 1: Backup Existing Data",
      when     = function() return catalog.has_table(sessions), "starting fresh: there is nothing to back up" end,
      run      = function()
        backup.snapshot(sessions, { as = backup_table })
        state.dependents = catalog.uses(sessions)
      end,
      verify   = function() expect.table(backup_table):has_rows_of(sessions) end,
      rollback = function() backup.drop(backup_table) end,
    },

    step "Drop Existing Table (if needed)" {
      heading  = "Step 2: Drop Existing Table (if needed)",
      when     = function()
        if input.preserve then return false, "the sessions are preserved" end
        return catalog.has_table(sessions), "starting fresh: there is no table"
      end,
      confirm  = function() return ("Delete %d sessions? They stay in %s."):format(db.count(sessions), backup_table) end,
      run      = function()
        -- What was written since Step 1 is kept as well: the backup is taken again, under the lock under which they go.
        backup.drop(backup_table)
        backup.snapshot(sessions, { as = backup_table })
        note(("%d sessions deleted"):format(db.exec "DELETE FROM esquisse_sessions"))
      end,
      verify   = function() expect.table(sessions):has_rows(0) end,
      rollback = function() backup.restore(backup_table) end,
    },

    step "Create New Table Schema: table and columns" {
      heading  = "Step 3: Create New Table Schema",
      run      = {
        function() state.made = not catalog.has_table(sessions) end,
        sql [[
          CREATE TABLE IF NOT EXISTS esquisse_sessions (
            id UUID PRIMARY KEY DEFAULT gen_random_uuid(),
            user_id UUID NOT NULL REFERENCES auth.users(id) ON DELETE CASCADE,
            session_name TEXT NOT NULL,
            approach TEXT NOT NULL CHECK (approach IN ('forward', 'backward')),
            messages JSONB NOT NULL DEFAULT '[]'::jsonb,
            current_step INTEGER NOT NULL DEFAULT 0,
            completed BOOLEAN NOT NULL DEFAULT false,
            is_active BOOLEAN NOT NULL DEFAULT true,
            updated_at TIMESTAMPTZ DEFAULT NOW(),
            created_at TIMESTAMPTZ DEFAULT NOW()
            -- UNIQUE (user_id, session_name) is built below, the same way for a new table and for one that stands
          );

          -- A table that stands gets the two columns; constant defaults need no rewrite
          ALTER TABLE esquisse_sessions
            ADD COLUMN IF NOT EXISTS session_name TEXT NOT NULL DEFAULT 'esquisse',
            ADD COLUMN IF NOT EXISTS is_active BOOLEAN NOT NULL DEFAULT true;
        ]],
        function() mine:remember(false) end,
      },
      verify   = function()
        expect.table(sessions)
          :has_column("session_name", { type = "text", null = false })
          :has_column("is_active", { type = "boolean", null = false, default = "true" })
      end,
      rollback = function()
        if state.made then
          backup.retire(sessions)
        else
          db.exec "ALTER TABLE esquisse_sessions DROP COLUMN IF EXISTS session_name, DROP COLUMN IF EXISTS is_active"
        end
      end,
    },

    step "Create New Table Schema: indexes" {
      heading     = "Step 3: Create New Table Schema",
      why         = "Built while the application goes on writing.",
      transaction = "none",
      run         = sql [[
        CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS esquisse_sessions_user_session_unique
          ON esquisse_sessions(user_id, session_name);

        -- Create indexes
        CREATE INDEX CONCURRENTLY IF NOT EXISTS idx_esquisse_sessions_user_id ON esquisse_sessions(user_id);
        CREATE INDEX CONCURRENTLY IF NOT EXISTS idx_esquisse_sessions_session_name ON esquisse_sessions(session_name);
        CREATE INDEX CONCURRENTLY IF NOT EXISTS idx_esquisse_sessions_is_active ON esquisse_sessions(is_active);
        CREATE INDEX CONCURRENTLY IF NOT EXISTS idx_esquisse_sessions_updated_at ON esquisse_sessions(updated_at);
      ]],
      verify      = function()
        expect.table(sessions)
          :has_index("esquisse_sessions_user_session_unique",
            { columns = { "user_id", "session_name" }, unique = true, valid = true })
          :has_index("idx_esquisse_sessions_user_id", { columns = { "user_id" }, valid = true })
          :has_index("idx_esquisse_sessions_session_name", { columns = { "session_name" }, valid = true })
          :has_index("idx_esquisse_sessions_is_active", { columns = { "is_active" }, valid = true })
          :has_index("idx_esquisse_sessions_updated_at", { columns = { "updated_at" }, valid = true })
      end,
      rollback    = function() mine:drop_indexes() end,     -- one that was there before stays
    },

    step "Create New Table Schema: constraint, policies, trigger, grants" {
      heading  = "Step 3: Create New Table Schema",
      confirm  = function()
        return ("From here on a session must be given a name: deploy the new application right after. Go on with %d sessions?")
          :format(db.count(sessions))
      end,
      run      = {
        function()
          for _, constraint in ipairs(catalog.describe(sessions).constraints) do
            if constraint.definition == "UNIQUE (user_id)" then
              db.exec(("ALTER TABLE esquisse_sessions DROP CONSTRAINT %s"):format(sql.name(constraint.name)))
            end
          end
          for _, policy in ipairs(catalog.describe(sessions).policies) do
            db.exec(("DROP POLICY %s ON esquisse_sessions"):format(sql.name(policy.name)))
          end
        end,
        sql [[
          ALTER TABLE esquisse_sessions
            ADD CONSTRAINT esquisse_sessions_user_session_unique UNIQUE USING INDEX esquisse_sessions_user_session_unique,
            ALTER COLUMN session_name DROP DEFAULT;

          -- Enable Row Level Security (RLS)
          ALTER TABLE esquisse_sessions ENABLE ROW LEVEL SECURITY;

          -- Create RLS policies
          CREATE POLICY "Users can view their own esquisse sessions"
            ON esquisse_sessions
            FOR SELECT
            USING (auth.uid() = user_id);

          CREATE POLICY "Users can insert their own esquisse sessions"
            ON esquisse_sessions
            FOR INSERT
            WITH CHECK (auth.uid() = user_id);

          CREATE POLICY "Users can update their own esquisse sessions"
            ON esquisse_sessions
            FOR UPDATE
            USING (auth.uid() = user_id)
            WITH CHECK (auth.uid() = user_id);

          CREATE POLICY "Users can delete their own esquisse sessions"
            ON esquisse_sessions
            FOR DELETE
            USING (auth.uid() = user_id);

          -- Create trigger for automatic updated_at
          CREATE OR REPLACE TRIGGER update_esquisse_sessions_updated_at
            BEFORE UPDATE ON esquisse_sessions
            FOR EACH ROW
            EXECUTE FUNCTION update_updated_at_column();

          -- Grant permissions
          GRANT ALL ON esquisse_sessions TO service_role;
          GRANT ALL ON esquisse_sessions TO authenticated;
        ]],
        function() supabase.reload_schema() end,
      },
      verify   = {
        check "Users reach their own sessions only" {
          function()
            expect.table(sessions)
              :has_row_security()
              :policies_are {
                "Users can view their own esquisse sessions",
                "Users can insert their own esquisse sessions",
                "Users can update their own esquisse sessions",
                "Users can delete their own esquisse sessions",
              }
              :has_policy("Users can view their own esquisse sessions",
                { command = "SELECT", using = "(auth.uid() = user_id)" })
              :has_policy("Users can insert their own esquisse sessions",
                { command = "INSERT", check = "(auth.uid() = user_id)" })
              :has_policy("Users can update their own esquisse sessions",
                { command = "UPDATE", using = "(auth.uid() = user_id)", check = "(auth.uid() = user_id)" })
              :has_policy("Users can delete their own esquisse sessions",
                { command = "DELETE", using = "(auth.uid() = user_id)" })
          end,
          hint = "Ensure the row level security policies are properly configured (Support, 3).",
        },
        function()
          expect.table(sessions)
            :has_trigger("update_esquisse_sessions_updated_at", { ["function"] = "update_updated_at_column" })
            :has_privileges("service_role", "ALL")
            :has_privileges("authenticated", "ALL")
        end,
      },
      -- Rollback Plan: "Restore from backup", exactly: rows, keys, constraints, policies, trigger and grants.
      rollback = {
        confirm = function()
          if state.made then return "Take esquisse_sessions away again? It is kept, out of reach." end
          return ("Restore %s from %s? What was written since is kept in a table of its own."):format(sessions, backup_table)
        end,
        run     = function()
          if state.made then
            db.exec "ALTER TABLE esquisse_sessions DROP CONSTRAINT IF EXISTS esquisse_sessions_user_session_unique"
          else
            backup.restore(backup_table)
          end
          supabase.reload_schema()
        end,
        verify  = function()
          if not state.made then expect.table(sessions):has_unique { "user_id" } end
        end,
      },
    },

    step "Migrate Existing Data (Optional)" {
      heading = "Step 4: Migrate Existing Data (Optional)",
      why     = "The sessions never left their table; their name and activity came with the new columns.",
      when    = function()
        if not input.preserve then return false, "the sessions are not preserved" end
        return catalog.has_table(backup_table), "starting fresh: there are no sessions to keep"
      end,
      verify  = function()
        expect.query [[
          SELECT b.id FROM esquisse_sessions_backup b LEFT JOIN esquisse_sessions s USING (id) WHERE s.id IS NULL ]]
          :named "every backed-up session is there, under its id"
          :has_rows(0)
        expect.query [[
          SELECT id FROM esquisse_sessions_backup b JOIN esquisse_sessions s USING (id)
          WHERE s.updated_at IS NOT DISTINCT FROM b.updated_at
            AND (s.user_id, s.approach, s.messages, s.current_step, s.completed, s.created_at)
                IS DISTINCT FROM (b.user_id, b.approach, b.messages, b.current_step, b.completed, b.created_at) ]]
          :named "what nobody has touched since is as it was"
          :has_rows(0)
        expect.query [[
          SELECT id FROM esquisse_sessions_backup b JOIN esquisse_sessions s USING (id)
          WHERE s.updated_at IS NOT DISTINCT FROM b.updated_at AND (s.session_name <> 'esquisse' OR NOT s.is_active) ]]
          :named "they are named 'esquisse' and active"
          :has_rows(0)
      end,
    },

    check "Verify Migration" {
      heading = "Step 5: Verify Migration",
      why = "Step 5: Verify Migration, and the \"After Migration\" of Database Changes.",
      function()
        expect.table(sessions)
          :columns_are {
            { "id",           "uuid",        null = false, default = "gen_random_uuid()" },
            { "user_id",      "uuid",        null = false },
            { "session_name", "text",        null = false },
            { "approach",     "text",        null = false },
            { "messages",     "jsonb",       null = false, default = "'[]'::jsonb" },
            { "current_step", "integer",     null = false, default = "0" },
            { "completed",    "boolean",     null = false, default = "false" },
            { "is_active",    "boolean",     null = false, default = "true" },
            { "updated_at",   "timestamptz", default = "now()" },
            { "created_at",   "timestamptz", default = "now()" },
          }
          :has_primary_key { "id" }
          :has_unique { "user_id", "session_name" }
          :has_no_unique { "user_id" }
          :has_check "approach = ANY (ARRAY['forward'::text, 'backward'::text])"
          :has_foreign_key { columns = { "user_id" }, references = "auth.users", on_delete = "CASCADE" }
          :indexes_are {
            "esquisse_sessions_pkey", "esquisse_sessions_user_session_unique", "idx_esquisse_sessions_user_id",
            "idx_esquisse_sessions_session_name", "idx_esquisse_sessions_is_active", "idx_esquisse_sessions_updated_at",
          }
      end,
      hint = "Check that all indexes were created successfully (Support, 4).",
    },

    test "Verify Migration: before and after" {
      why = "As many sessions as before, or more where users went on writing, and nothing lost that hangs on them.",
      function()
        if not state.dependents then return note "starting fresh: there was nothing before" end
        if input.preserve then
          expect.value(db.count(sessions)):named "as many sessions as in the backup, or more":at_least(db.count(backup_table))
        end
        expect.value(catalog.uses(sessions)):named "what uses the table is what used it before":contains(state.dependents)
      end,
    },
    -- Step 6: Clean Up comes last of all, as the guide asks: "only after confirming everything works".
  },

  phase "Testing" {
    test "1. Create a new session" {
      function()
        local user = some_user()
        supabase.as_user(user, function()
          expect.query([[
            INSERT INTO esquisse_sessions (user_id, session_name, approach) VALUES ($1, 'a new esquisse', 'forward')
            RETURNING id ]], user):has_rows(1)
          expect.query [[
            INSERT INTO esquisse_sessions (user_id, session_name, approach) VALUES (gen_random_uuid(), 'x', 'forward') ]]
            :named "nobody creates a session for somebody else"
            :fails "42501"
        end)
      end,
    },

    test "2. Create multiple sessions" {
      function()
        as_user_with_two_sessions(function(user)
          expect.query("SELECT 1 FROM esquisse_sessions WHERE session_name IN ('first of two', 'second of two')"):has_rows(2)
          expect.query([[
            INSERT INTO esquisse_sessions (user_id, session_name, approach) VALUES ($1, 'first of two', 'forward') ]], user)
            :named "a name is given once per user"
            :fails "23505"
        end)
      end,
    },

    test "3. List sessions" {
      function()
        as_user_with_two_sessions(function(user)
          expect.query("SELECT 1 FROM esquisse_sessions WHERE user_id <> $1", user)
            :named "nobody sees another user's sessions":has_rows(0)
          expect.query("SELECT session_name FROM esquisse_sessions WHERE session_name LIKE '% of two' ORDER BY 1")
            :is { { "first of two" }, { "second of two" } }
        end)
        supabase.as_anon(function()
          expect.query "SELECT 1 FROM esquisse_sessions" :named "a visitor sees no session":has_rows(0)
        end)
      end,
    },

    manual "4. Resume session" {
      id  = "resume_session",
      why = "Click on a past session to resume it",
      ask = "Did the past session come back as it was left?",
    },

    test "5. Switch sessions" {
      function()
        as_user_with_two_sessions(function()
          expect.query "UPDATE esquisse_sessions SET is_active = (session_name = 'second of two')" :succeeds()
          expect.query "SELECT session_name FROM esquisse_sessions WHERE session_name LIKE '% of two' AND is_active"
            :is { { "second of two" } }
        end)
      end,
    },

    test "6. Complete session" {
      function()
        as_user_with_two_sessions(function()
          expect.query "UPDATE esquisse_sessions SET completed = true WHERE session_name = 'first of two'" :affects(1)
          expect.query "SELECT completed FROM esquisse_sessions WHERE session_name = 'first of two'" :equals(true)
        end)
      end,
    },

    manual "7. Apply to form" {
      id  = "apply_to_form",
      why = "Apply a completed session to the form",
      ask = "Did the form take over the session?",
    },
  },

  step "Clean Up" {
    heading  = "Step 6: Clean Up",
    when     = function()
      if not input.drop_backup then return false, "the backup is kept" end
      return catalog.has_table(backup_table), "there is no backup"
    end,
    run      = function() backup.drop(backup_table) end,
    rollback = impossible "the backup is gone",
  },

  -- Rollback Plan: `engine rollback` goes through the steps upwards; see the rollback of Step 3.

  support = [[
1. Check the Supabase logs for any error messages.
2. Verify that the update_updated_at_column() function exists.
3. Ensure the row level security policies are properly configured: `engine verify` says which one is not.
4. Check that all indexes were created successfully: `engine verify` names one that is missing or INVALID.]],
}
