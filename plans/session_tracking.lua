-- Session tracking: docs/guides/session_tracking.md as a plan, heading for heading.
--
-- Decided where the guide is silent or contradicts itself:
--   * in one transaction ALTER TABLE would keep everybody out through three index builds: the SQL stands in two files, and the
--     indexes are built while the application goes on writing;
--   * the guide's comments end in "...": they are written out in the file;
--   * llm_model_id is verified and never added: the plan needs it;
--   * "safe to ignore" hides that a session_id may be another migration's (the personas' one adds it): then it is asked for,
--     and a rollback leaves what was there before;
--   * the rollback that removes the columns keeps their values first, and refuses where others use them by then; the other
--     option is a choice made at the rollback;
--   * SERVICE_ROLE_KEY changes no table: the table's owner does.

local additions = require "additions"
local supabase = require "supabase"

local conversations = "conversations"
local mine = additions.to(conversations, {
  columns = { { "session_id", "session_id IS NOT NULL" }, { "experiment_name", "experiment_name IS NOT NULL" } },
  indexes = { "idx_conversations_session_id", "idx_conversations_experiment_name", "idx_conversations_user_session" },
})

local if_tests_fail = "engine status shows whether every step ran; a policy may hide rows from the role that asks; "
  .. "then read what was expected and what was found."

return plan "Session Tracking" {
  id       = "session_tracking",
  about    = "Conversations get a session and an experiment, for A/B tests and the comparison of models.",
  guide    = "../docs/guides/session_tracking.md",
  fixture  = "../examples/session_tracking/before.sql",
  needs    = {
    postgres = 14,
    roles    = { "authenticated" },
    tables   = { "conversations" },
    columns  = { "conversations.user_id", "conversations.llm_model_id" },
  },
  inputs   = {
    existing = {
      type    = "choice",
      choices = { "adopt", "share" },
      when    = function() return #mine:found() > 0 end,
      ask     = "conversations has session_id or experiment_name already. adopt: they are this migration's, made by hand or kept "
        .. "by a rollback; share: they are another migration's, used here too, and a rollback leaves them",
    },
    rollback_option = {
      type    = "choice",
      at      = "rollback",
      choices = { "remove", "keep" },
      ask     = "remove: Option 1, remove the columns (their values are kept in a table); "
        .. "keep: Option 2, leave them, unused and harmless",
    },
  },
  accept   = {
    ["rollback_option=keep"] = "Option 2 of the guide's rollback: the columns stay, unused and harmless",
  },
  hints    = {
    ["42701"] = "Column already exists: safe to ignore, IF NOT EXISTS takes care of it. Whose is it, though?",
    ["42P07"] = "Index already exists: safe to ignore, IF NOT EXISTS takes care of it.",
    ["42501"] = "Permission denied: connect as the owner of conversations (postgres on Supabase), not with an API key.",
    ["42703"] = "A column is missing: look for typing errors in its name, and whether a list of columns has to change.",
    ["2BP01"] = "Something was made since that uses the column: drop that first, or keep the columns.",
  },

  phase "Pre-Migration Verification" {
    manual "Code Impact Analysis" {
      id   = "code_impact",
      ask  = "Does the code go on working with two more columns in conversations?",
      list = {
        "grep for session_id and experiment_name: no use of them yet",
        "SELECT with a list of columns does not see them",
        "SELECT * gets them; they may be null",
        "INSERT names its columns, or it fails from now on",
        "UPDATE need not set them",
      },
    },

    step "Query patterns analyzed" {
      heading  = "Code Impact Analysis",
      why      = "What in the database reads conversations or names it.",
      run      = function()
        local uses = catalog.uses(conversations)
        for _, user in ipairs(uses) do note(user.description) end
        if #uses == 0 then note "nothing in the database uses conversations" end
        state.uses, state.before = uses, {}
        for _, column in ipairs(catalog.describe(conversations).columns) do table.insert(state.before, column.name) end
        state.policies = catalog.describe(conversations).policies
        state.row_security = catalog.describe(conversations).row_security
        state.rows = db.count(conversations)
      end,
      verify   = function()
        -- One that leaves out the list of columns takes the first ones for granted.
        expect.query [[
          SELECT oid::regprocedure FROM pg_proc
          WHERE prosrc ~* 'insert\s+into\s+(public\.)?"?conversations"?\s+(values|select|overriding|default)' ]]
          :named "no function inserts into conversations without naming columns"
          :has_no_rows()
      end,
      rollback = nothing,
    },
    -- "Risk Assessment" is what Step 2 shows: nullable columns (tests 1 and 3), the queries of today (2), the data (5), and
    -- that no policy changed (5).
  },

  phase "Step 1: Run SQL Migration in Supabase" {
    step "Add session_id and experiment_name" {
      id       = "columns",
      heading  = "SQL to Execute:",
      run      = {
        function() mine:remember(input.existing == "adopt") end,
        sql.file "session_tracking/11_session_tracking.sql",
        function()
          mine:put_comments_back()
          supabase.reload_schema()
        end,
      },
      verify   = function()
        expect.table(conversations)
          :has_column("session_id", { type = "text", null = true, default = null })
          :has_column("experiment_name", { type = "text", null = true, default = null })
      end,
      rollback = {
        run    = function()
          if input.rollback_option == "keep" then return note "The columns stay, unused and harmless." end
          mine:drop_columns "id"
          supabase.reload_schema()
        end,
        verify = function()
          if input.rollback_option == "keep" then return end
          for _, column in ipairs(mine:own_columns()) do expect.table(conversations):has_no_column(column) end
        end,
      },
    },

    step "Create the indexes" {
      id          = "indexes",
      heading     = "SQL to Execute:",
      why         = "Built while the application goes on writing.",
      transaction = "none",
      run         = sql.file "session_tracking/11_session_tracking_indexes.sql",
      verify      = {
        check "The indexes of session tracking" {
          function()
            expect.table(conversations)
              :has_index("idx_conversations_session_id",
                { columns = { "session_id" }, where = "session_id IS NOT NULL", valid = true })
              :has_index("idx_conversations_experiment_name",
                { columns = { "experiment_name" }, where = "experiment_name IS NOT NULL", valid = true })
              :has_index("idx_conversations_user_session",
                { columns = { "user_id", "session_id" }, where = "session_id IS NOT NULL", valid = true })
          end,
          hint = "An index of that name is there already, and it is another one: rename it, then run again.",
        },
      },
      -- The first of the rollback's steps: here is asked, and refused, while everything still stands.
      rollback    = {
        confirm = function()
          if input.rollback_option == "keep" then return nil end
          mine:refuse_where_used(
            "Drop that or roll its migration back first, or keep the columns: --set rollback_option=keep.")
          local lost = db.count(conversations, mine:in_use())
          if lost == 0 then return nil end
          return ("Remove the session and the experiment of %d conversations? They are kept in a table."):format(lost)
        end,
        run     = function()
          if input.rollback_option == "keep" then return note "The indexes stay with their columns." end
          mine:drop_indexes()
        end,
      },
    },
  },

  -- The guide's script, test for test; `engine verify` repeats it.
  phase "Step 2: Verify Migration Success" {
    check "Test 1: Checking if new columns exist" {
      function()
        expect.table(conversations):has_column "session_id" :has_column "experiment_name" :has_column "llm_model_id"
      end,
      hint = "See whether Step 1 ran to its end (engine status), and look for typing errors in the names. " .. if_tests_fail,
    },

    check "Test 2: Testing backward compatibility" {
      function()
        local old = {}
        for _, name in ipairs(state.before) do table.insert(old, sql.name(name)) end
        expect.query(("SELECT %s FROM conversations LIMIT 1"):format(table.concat(old, ", ")))
          :named "old SELECT statements still work"
          :succeeds()
        expect.query "SELECT * FROM conversations LIMIT 1" :named "SELECT * still works" :succeeds()
        note(("Total columns: %d"):format(#catalog.describe(conversations).columns))
      end,
      hint = "Read the error itself; see whether names of columns collide, and whether a list of columns has to change.",
    },

    check "Test 3: Testing INSERT compatibility" {
      function()
        expect.table(conversations)
          :has_column("session_id", { null = true })
          :has_column("experiment_name", { null = true })
      end,
      hint = if_tests_fail,
    },

    test "Test 3: Testing INSERT compatibility, by an INSERT" {
      heading = "Step 2: Verify Migration Success",
      when    = function() return db.value "SELECT EXISTS (SELECT FROM conversations)", "there is no conversation to copy" end,
      function()
        expect.query(mine:insert_of_today "id")
          :named "an INSERT of today, which knows nothing of the new columns"
          :affects(1)
      end,
      hint = if_tests_fail,
    },

    check "Test 4: Testing filter queries" {
      function()
        expect.query("SELECT id FROM conversations WHERE session_id = $1", "no such session")
          :named "can filter by session_id"
          :has_no_rows()
        expect.query("SELECT id FROM conversations WHERE experiment_name = $1", "no such experiment")
          :named "can filter by experiment_name"
          :has_no_rows()
          :can_use_index "idx_conversations_experiment_name"
      end,
      hint = if_tests_fail,
    },

    check "Test 5: Checking existing data" {
      function()
        expect.value(catalog.describe(conversations).row_security):named "row security is on or off as it was"
          :equals(state.row_security)
        note(("Total conversations: %d"):format(db.count(conversations)))
      end,
      hint = if_tests_fail,
    },

    test "Test 5: Checking existing data: nothing lost, nothing labelled" {
      heading = "Step 2: Verify Migration Success",
      function()
        expect.value(db.count(conversations)):named "as many conversations as before, or more" :at_least(state.rows)
        expect.value(catalog.uses(conversations)):named "what used the table uses it still" :contains(state.uses)
        expect.value(catalog.describe(conversations).policies):named "no policy changed" :contains(state.policies)
        if not input.existing then
          expect.query "SELECT id FROM conversations WHERE session_id IS NOT NULL"
            :named "conversations with session_id: 0"
            :has_no_rows()
        end
      end,
      hint = if_tests_fail,
    },
  },

  phase "Step 3: Hot Reload Check" {
    manual "No restart needed" {
      id   = "hot_reload",
      why  = "The new schema is live, and the API was told to read it again.",
      ask  = "Does the dev server go on running, without a restart?",
    },
  },

  phase "Step 4: Functional Testing" {
    manual "Test A: Verify Existing Functionality" {
      id   = "existing_functionality",
      ask  = "Open http://localhost:3002. Does everything work as it did before?",
      list = {
        "Create a new conversation", "Send a message", "Load the history of a conversation",
        "View the analytics (where there is data)", "Archive a conversation",
      },
    },

    test "Test B: Verify New Columns Accessible, as a user" {
      heading = "Test B: Verify New Columns Accessible",
      when    = function() return db.value "SELECT EXISTS (SELECT FROM conversations)", "there is no conversation to read" end,
      function()
        local row = db.row "SELECT id::text, user_id::text FROM conversations ORDER BY id LIMIT 1"
        supabase.as_user(row.user_id, function()
          expect.query("SELECT session_id, experiment_name FROM conversations WHERE id = $1::uuid", row.id)
            :named "the API's role reads the new columns"
            :has_rows(1)
        end)
      end,
    },

    manual "Test B: Verify New Columns Accessible" {
      id  = "new_columns",
      why = "In the browser's console, where the application has such a route: "
        .. "fetch('/api/test-new-columns').then(r => r.json()).then(console.log)",
      ask = "No errors, and the columns are there and null?",
    },
  },

  -- Rollback Plan: `engine rollback` asks which of the two options; see the rollbacks of Step 1.

  phase "Post-Migration Checklist" {
    manual "Post-Migration Checklist" {
      id   = "checklist",
      why  = "That the SQL ran and the script passed is what stands above.",
      ask  = "Does all of this hold?",
      list = {
        "The chat works as it did", "The browser's console shows no errors",
        "The server's logs ([API], [Chat], [Analytics]) show no errors", "The dev server still reloads by itself",
      },
    },
  },

  task "Logging Points to Monitor" {
    id  = "monitor",
    why = "Are the columns used, and the indexes? Beside it: the browser's console, and the server's logs.",
    run = sql [[
      SELECT count(*) AS conversations,
             count(session_id) AS with_session_id,
             count(experiment_name) AS with_experiment_name,
             count(DISTINCT session_id) AS sessions,
             count(DISTINCT experiment_name) AS experiments
      FROM conversations;

      SELECT s.indexrelname AS index, s.idx_scan AS scans, pg_size_pretty(pg_relation_size(s.indexrelid)) AS size
      FROM pg_stat_user_indexes s
      WHERE s.relid = 'conversations'::regclass
      ORDER BY 1;
    ]],
  },

  next    = "Session tagging (SessionManager, a session field in the chat, saving session_id), then the analytics' filters "
    .. "(ModelSelector, SessionSelector).",
  support = [[
1. "Column already exists", "Index already exists": IF NOT EXISTS takes care of it; the plan asks whose they are.
2. "Permission denied": connect as the table's owner, not with an API key.
3. A test of Step 2 fails: its hint says what to look at; `engine verify` repeats it.
4. A query of today is broken: read its error; see whether names of columns collide.]],
}
