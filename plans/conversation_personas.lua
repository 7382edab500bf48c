-- Conversations with personas, and of guests: docs/guides/conversation_personas.md as a plan, heading for heading.
--
-- Decided where the guide is silent or contradicts itself:
--   * its SQL is not in the guide: it is written from the list of changes, and stands in the file that the guide names;
--   * a foreign key that is added as it stands reads the whole table while nobody writes: it is added NOT VALID, then validated
--     while the application goes on; the indexes are built the same way;
--   * ON DELETE (no action) does not let a persona go that has conversations: they remain since the persona does;
--   * "all columns are nullable", and two of them have defaults: constants, which rewrite no row;
--   * "safe to run multiple times" hides that session_id may be another migration's (session tracking adds one): then it is
--     asked for, and the rollback leaves what was there before;
--   * nothing in the schema enforces the 10 messages: the application does, and a check counts;
--   * the rollback keeps what the columns hold, and refuses where others use them by then.

local additions = require "additions"
local supabase = require "supabase"

local conversations = "conversations"
local most_messages = 10
local mine = additions.to(conversations, {
  columns = {
    { "guest_message_count", "guest_message_count <> 0" },
    { "is_guest_session", "is_guest_session" },
    { "persona_id", "persona_id IS NOT NULL" },
    { "session_id", "session_id IS NOT NULL" },
  },
  indexes = { "idx_conversations_persona", "idx_conversations_guest_session" },
})

-- The foreign keys of persona_id, by whatever name.
local function persona_keys()
  local keys = {}
  for _, constraint in ipairs(catalog.describe(conversations).constraints) do
    if constraint.references and #constraint.columns == 1 and constraint.columns[1] == "persona_id" then
      table.insert(keys, constraint)
    end
  end
  return keys
end

local function names_of(keys)
  local names = {}
  for _, key in ipairs(keys) do table.insert(names, key.name) end
  return names
end

-- For tests, whose writes are all taken back.
local function some_conversation()
  return db.value "SELECT id::text FROM conversations ORDER BY id LIMIT 1"
end

local function has_conversations()
  return db.value "SELECT EXISTS (SELECT FROM conversations)", "there are no conversations to try it with"
end

local function has_personas_and_conversations()
  return db.value "SELECT EXISTS (SELECT FROM personas) AND EXISTS (SELECT FROM conversations)",
    "there are no personas or no conversations to try it with"
end

-- The first conversation as one with the first persona.
local function with_a_persona(work)
  local persona = db.value "SELECT id::text FROM personas ORDER BY id LIMIT 1"
  db.exec("UPDATE conversations SET persona_id = $1::uuid WHERE id = $2::uuid", persona, some_conversation())
  work(persona)
end

return plan "Extend Conversations Schema" {
  id       = "conversation_personas",
  about    = "Conversations can be held with a persona, and by guests who have not signed in.",
  guide    = "../docs/guides/conversation_personas.md",
  fixture  = "../examples/conversation_personas/before.sql",
  needs    = {
    postgres = 14,
    tables   = { "conversations", "personas" },
    columns  = { "personas.id", "conversations.id" },
  },
  inputs   = {
    existing = {
      type    = "choice",
      choices = { "adopt", "share" },
      when    = function() return #mine:found() > 0 end,
      ask     = "conversations has some of the new columns already (session_id?). adopt: they are this migration's, made by "
        .. "hand; share: they are another migration's (session tracking?), used here too, and a rollback leaves them",
    },
  },
  hints    = {
    ["42501"] = "Connect as the owner of conversations and personas (postgres on Supabase), not with an API key.",
    ["23503"] = "Some persona_id names no persona: mend those conversations, then run again.",
    ["2BP01"] = "Something was made since that uses the column: drop that first.",
  },

  phase "Overview" {
    step "What is there already" {
      id       = "before",
      heading  = "Overview",
      run      = function()
        local found = mine:found()
        mine:remember(input.existing == "adopt")
        if #found > 0 then note(("conversations has these already: %s"):format(table.concat(found, ", "))) end
        state.rows = db.count(conversations)
      end,
      rollback = nothing,
    },
  },

  -- "Step 1: Access Supabase Dashboard" is the command line: engine run … --env or --database.

  phase "Step 2: Run the Migration" {
    step "Columns, and the foreign key of personas" {
      id       = "columns",
      heading  = "Changes Made",
      why      = "Changes 1 to 4, and 7.",
      done     = function() return #mine:found() == 4 and #persona_keys() > 0, "the columns and their key are there already" end,
      run      = {
        sql.file "conversation_personas/20251028_extend_conversations_for_personas.sql",
        function()
          mine:put_comments_back()
          if #persona_keys() == 0 then
            db.exec [[
              ALTER TABLE conversations
                ADD CONSTRAINT conversations_persona_id_fkey FOREIGN KEY (persona_id) REFERENCES personas(id) NOT VALID ]]
          end
          supabase.reload_schema()
        end,
      },
      verify   = function()
        expect.table(conversations)
          :has_column("session_id", { type = "text", null = true, default = null })
          :has_column("persona_id", { type = "uuid", null = true, default = null })
          :has_column("is_guest_session", { type = "boolean", null = true, default = "false" })
          :has_column("guest_message_count", { type = "integer", null = true, default = "0" })
          :has_foreign_key { columns = { "persona_id" }, references = "personas", on_delete = "NO ACTION" }
      end,
      rollback = {
        run    = function()
          mine:drop_columns "id"                -- the key goes with its column
          supabase.reload_schema()
        end,
        verify = function()
          for _, column in ipairs(mine:own_columns()) do expect.table(conversations):has_no_column(column) end
        end,
      },
    },

    step "Validate the foreign key" {
      id       = "validate",
      heading  = "Changes Made",
      why      = "Reads every conversation, while the application goes on writing.",
      run      = function()
        for _, key in ipairs(persona_keys()) do
          if not key.validated then
            db.exec(("ALTER TABLE conversations VALIDATE CONSTRAINT %s"):format(sql.name(key.name)))
          end
        end
      end,
      verify   = function()
        expect.table(conversations):has_foreign_key { columns = { "persona_id" }, references = "personas", valid = true }
      end,
      rollback = nothing,
    },

    step "Indexes" {
      id          = "indexes",
      heading     = "Changes Made",
      why         = "Changes 5 and 6, built while the application goes on writing.",
      transaction = "none",
      run         = sql [[
        CREATE INDEX CONCURRENTLY IF NOT EXISTS idx_conversations_persona ON conversations(persona_id);
        CREATE INDEX CONCURRENTLY IF NOT EXISTS idx_conversations_guest_session ON conversations(session_id, is_guest_session);
      ]],
      verify      = function()
        expect.table(conversations)
          :has_index("idx_conversations_persona", { columns = { "persona_id" }, where = null, valid = true })
          :has_index("idx_conversations_guest_session",
            { columns = { "session_id", "is_guest_session" }, where = null, valid = true })
      end,
      -- The first of the rollback's steps: here is asked, and refused, while everything still stands.
      rollback    = {
        confirm = function()
          mine:refuse_where_used("Drop that, or roll its migration back first.", names_of(persona_keys()))
          local lost = db.count(conversations, mine:in_use())
          if lost == 0 then return nil end
          return ("Remove what %d conversations have in the new columns? It is kept in a table."):format(lost)
        end,
        run     = function() mine:drop_indexes() end,
      },
    },
  },

  -- The guide's three queries, and what they should show.
  phase "Step 3: Verify the Migration" {
    check "Columns Query" {
      heading = "Expected Results",
      function()
        expect.query [[
          SELECT
            column_name,
            data_type,
            is_nullable,
            column_default
          FROM information_schema.columns
          WHERE table_schema = current_schema() AND table_name = 'conversations'
            AND column_name IN ('session_id', 'persona_id', 'is_guest_session', 'guest_message_count')
          ORDER BY column_name ]]
          :named "the four columns, exactly"
          :is {
            { "guest_message_count", "integer", "YES", "0" },
            { "is_guest_session", "boolean", "YES", "false" },
            { "persona_id", "uuid", "YES", null },
            { "session_id", "text", "YES", null },
          }
      end,
    },

    check "Indexes Query" {
      heading = "Expected Results",
      function()
        expect.table(conversations)
          :has_index("idx_conversations_persona", { columns = { "persona_id" } })
          :has_index("idx_conversations_guest_session", { columns = { "session_id", "is_guest_session" } })
      end,
    },

    check "Foreign Key Query" {
      heading = "Expected Results",
      function()
        expect.value(#persona_keys()):named "1 foreign key of persona_id" :equals(1)
        expect.table(conversations)
          :has_foreign_key { columns = { "persona_id" }, references = "personas", on_delete = "NO ACTION", valid = true }
      end,
    },

    test "The conversations of today stay as they are" {
      heading = "Notes",
      function()
        expect.value(db.count(conversations)):named "as many conversations as before, or more" :at_least(state.rows)
        if not input.existing then
          expect.query "SELECT id FROM conversations WHERE is_guest_session IS DISTINCT FROM false OR guest_message_count <> 0"
            :named "none of them is a guest's"
            :has_no_rows()
        end
      end,
    },

    test "The application of today goes on working" {
      heading = "Notes",
      when    = has_conversations,
      function()
        expect.query(mine:insert_of_today "id" .. " RETURNING is_guest_session, guest_message_count, persona_id")
          :named "an INSERT of today, which knows nothing of the new columns"
          :is { { false, 0, null } }
      end,
    },

    test "Conversations remain when a persona is deleted" {
      heading = "Notes",
      why     = "No action: a persona that has conversations is not deleted.",
      when    = has_personas_and_conversations,
      function()
        with_a_persona(function(persona)
          expect.query("DELETE FROM personas WHERE id = $1::uuid", persona):fails "23503"
          expect.query("SELECT 1 FROM conversations WHERE persona_id = $1::uuid", persona):has_rows { at_least = 1 }
        end)
      end,
    },
  },

  phase "Next Steps After Migration" {
    manual "Update application code to use new fields" { id = "application_code" },

    check "No guest has sent more than 10 messages" {
      heading = "Next Steps After Migration",
      why     = "Nothing in the schema enforces the limit: the application counts.",
      function()
        expect.query("SELECT id, guest_message_count FROM conversations WHERE is_guest_session AND guest_message_count > $1",
          most_messages):has_no_rows()
      end,
      hint = "The application lets guests go on: see where it counts.",
    },

    test "Test guest session flow with 10-message limit" {
      when = has_conversations,
      function()
        local id = some_conversation()
        local session = "a session that nobody has"
        db.exec([[
          UPDATE conversations SET session_id = $1, is_guest_session = true, guest_message_count = 0
          WHERE id = $2::uuid ]], session, id)
        local send = [[
          UPDATE conversations SET guest_message_count = guest_message_count + 1
          WHERE id = $1::uuid AND is_guest_session AND guest_message_count < $2 ]]
        local sent = 0
        for _ = 1, most_messages do sent = sent + db.exec(send, id, most_messages) end
        expect.value(sent):named "ten messages are counted" :equals(most_messages)
        expect.query(send, id, most_messages):named "the eleventh is not" :affects(0)
        expect.query("SELECT guest_message_count FROM conversations WHERE id = $1::uuid", id):equals(most_messages)
        expect.query("SELECT id FROM conversations WHERE session_id = $1 AND is_guest_session", session)
          :named "the guest's conversation is found by its session"
          :has_rows(1)
          :can_use_index "idx_conversations_guest_session"
      end,
    },

    test "Test persona-based conversations" {
      when = has_personas_and_conversations,
      function()
        with_a_persona(function(persona)
          expect.query("SELECT id FROM conversations WHERE persona_id = $1::uuid", persona)
            :has_rows { at_least = 1 }
            :can_use_index "idx_conversations_persona"
          expect.query("UPDATE conversations SET persona_id = gen_random_uuid() WHERE id = $1::uuid", some_conversation())
            :named "a persona that does not exist"
            :fails "23503"
        end)
      end,
    },
  },

  -- "Migration file", "executed", "verified" of Status are the steps above.
  phase "Status" {
    manual "TypeScript types updated" { id = "typescript_types" },
    manual "Committed to git" { id = "committed" },
  },

  -- Rollback: `engine rollback` goes through the steps upwards; see the rollbacks of Step 2.

  task "Guest sessions" {
    id  = "guests",
    why = "How many guests there are, and how many have reached the limit.",
    run = sql [[
      SELECT count(*) AS guest_conversations,
             count(DISTINCT session_id) AS guests,
             count(*) FILTER (WHERE guest_message_count >= 10) AS at_the_limit,
             max(guest_message_count) AS most_messages
      FROM conversations
      WHERE is_guest_session;
    ]],
  },
}
