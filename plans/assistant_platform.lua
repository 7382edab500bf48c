-- AI Assistant Platform, migrations 003 to 006: docs/guides/assistant_platform.md as a plan.
--
-- Decided where the guide is silent or contradicts itself:
--   * the four files are not in the guide: they are written from every table, index, policy, trigger, view and function that it
--     names, and lie in plans/assistant_platform/;
--   * ids are UUID. The usage function takes UUID, so the guide's own test rows ('test-tenant-1') are refused (22P02): the tests
--     use UUIDs of their own, and what they write is taken back;
--   * a person belongs to one tenant, public.users.tenant_id, and signs in as public.users.id;
--   * a migration is undone by itself. The guide's complete rollback drops functions before the triggers that use them and ends
--     in 2BP01; its rollback of 004 alone cuts feedback's key by CASCADE. Here `engine rollback --to 004` undoes 006 and 005,
--     and tables that hold rows are moved away with them instead of dropped;
--   * update_updated_at_column() is a name that tables share: made only where missing, dropped only if this plan made it;
--   * materialized views know no row security: of the API's roles only service_role reads them. current_day_usage runs as its
--     reader (security_invoker), which needs PostgreSQL 15;
--   * authenticated loses what default privileges gave beyond the four commands: TRUNCATE passes row security by;
--   * test 6 of the guide writes and reads as service role, which proves nothing: here two tenants and a visitor try;
--   * "Index Scan" never shows on an empty table: what is proved is that the index can serve the query;
--   * archiving is no activity: updated_at stays as it is, or old conversations would look new;
--   * DROP TABLE … CASCADE as the cure for "already exists" deletes the data that it should save: left out.

local supabase = require "supabase"
local types = require "types"

local tables = { "conversations", "messages", "feedback", "usage_metrics" }
local increment = "public.increment_usage_metrics(uuid, uuid, date, integer, integer, numeric)"

-- What the tests make: two tenants, each with a person and a conversation.
local first  = { tenant = "00000000-0000-4000-8000-0000000000a1", user = "00000000-0000-4000-8000-0000000000b1",
                 chat = "00000000-0000-4000-8000-0000000000c1" }
local second = { tenant = "00000000-0000-4000-8000-0000000000a2", user = "00000000-0000-4000-8000-0000000000b2",
                 chat = "00000000-0000-4000-8000-0000000000c2" }

local function two_tenants()
  for number, one in ipairs { first, second } do
    local name = "test-tenant-" .. number
    db.exec("INSERT INTO public.tenants (id, name, slug) VALUES ($1, $2, $3)", one.tenant, "Test Tenant " .. number, name)
    db.exec("INSERT INTO public.users (id, tenant_id, email, name, role) VALUES ($1, $2, $3, 'Test User', 'user')",
      one.user, one.tenant, name .. "@example.com")
    db.exec("INSERT INTO public.conversations (id, tenant_id, user_id, title) VALUES ($1, $2, $3, 'Test Conversation')",
      one.chat, one.tenant, one.user)
  end
end

-- No migration commits without this: tenants are kept apart, and nobody else reaches the table.
local function expect_tenant_table(name)
  return expect.table("public." .. name)
    :has_row_security()
    :policies_are { name .. "_select", name .. "_insert", name .. "_update", name .. "_delete" }
    :privileges_are("authenticated", "SELECT, INSERT, UPDATE, DELETE")
    :has_no_privileges "anon"
    :has_privileges("service_role", "ALL")
end

-- Applied by hand, in the dashboard say: table and policies are there.
local function applied(name)
  return function()
    return catalog.has_table("public." .. name) and catalog.has_policy("public." .. name, name .. "_select")
  end
end

-- Supabase's own list of migrations, where the project has one: what is missing there would be applied again by the next
-- `supabase db push`.
local history = "supabase_migrations.schema_migrations"

local function record(version, name)
  return function()
    if not catalog.has_table(history) then return end
    state["recorded_" .. version] = db.exec([[
      INSERT INTO supabase_migrations.schema_migrations (version, name) VALUES ($1, $2)
      ON CONFLICT (version) DO NOTHING ]], version, name) == 1
  end
end

local function forget(version)
  if not state["recorded_" .. version] then return end
  db.exec("DELETE FROM supabase_migrations.schema_migrations WHERE version = $1", version)
end

-- The way back of a table: dropped while it is empty, else moved out of everybody's reach with its rows.
local function ask_before_taking(name)
  return function()
    local rows = db.count("public." .. name)
    if rows == 0 then return nil end
    return ("Take %s away with its %d rows (they are kept, out of the API's reach)?"):format(name, rows)
  end
end

local function take_away(name)
  if db.count("public." .. name) == 0 then
    db.exec("DROP TABLE " .. sql.name("public", name))
  else
    backup.retire("public." .. name)
  end
end

return plan "Migration Execution Guide" {
  id      = "assistant_platform",
  about   = "AI Assistant Platform: conversations, messages, feedback and usage metrics of tenants, each kept from the others.",
  guide   = "../docs/guides/assistant_platform.md",
  fixture = "../examples/assistant_platform/before.sql",
  needs   = {
    postgres  = 15,
    roles     = { "anon", "authenticated", "service_role" },
    tables    = { "public.tenants", "public.users" },
    columns   = { "public.users.tenant_id", "public.users.email", "public.users.name", "public.users.role",
                  "public.tenants.name", "public.tenants.slug" },
    functions = { "auth.uid()" },
  },
  hints   = {
    ["42P07"] = "A table of this name is there: see whose data it holds, for DROP … CASCADE would delete it. Where it is "
      .. "this migration, applied by hand with its policies, the step is found done.",
    ["23503"] = "A parent row is missing: `engine task plans/assistant_platform.lua check-parents` shows tenants and users.",
    ["42501"] = "Row security or a missing grant refused it: `engine task plans/assistant_platform.lua check-row-security`.",
    ["22P02"] = "Ids are UUID: a text such as 'test-tenant-1' is none.",
    ["42P01"] = "tenants and users come with the migrations before 003.",
    ["42883"] = "auth.uid() is missing: is this a Supabase database?",
    ["55000"] = "A materialized view without data cannot be refreshed CONCURRENTLY: refresh it once without.",
    ["2BP01"] = "Something made since uses the object: `engine status` says where the rollback stands; look at the user first.",
  },

  phase "Prerequisites" {
    check "Tenants and users are there, with UUIDs" {
      heading = "Prerequisites",
      function()
        expect.table "public.tenants"
          :has_primary_key { "id" } :has_column("id", { type = "uuid" }) :has_column "name" :has_column "slug"
        expect.table "public.users"
          :has_primary_key { "id" } :has_column("id", { type = "uuid" }) :has_column("tenant_id", { type = "uuid" })
          :has_column "email" :has_column "name" :has_column "role"
      end,
      hint = "All four tables refer to them by UUID.",
    },

    test "A person reads the own tenant's number" {
      why = "The policies ask public.users for the tenant of the person, as that person.",
      function()
        local someone = db.row "SELECT id, tenant_id FROM public.users ORDER BY id LIMIT 1"
        if not someone then return note "there are no users yet" end
        supabase.as_user(someone.id, function()
          expect.query("SELECT tenant_id FROM public.users WHERE id = $1", someone.id):equals(someone.tenant_id)
        end)
      end,
      hint = "Row security on public.users hides people from themselves: every policy of these migrations would hide everything.",
    },
  },

  phase "003: conversations" {
    id = "003",
    step "003_create_conversations_table.sql" {
      id       = "003_create_conversations_table",
      done     = applied "conversations",
      run      = {
        function()
          state.made_update_function = not catalog.has_function "public.update_updated_at_column()"
          if state.made_update_function then
            db.exec [[
              CREATE FUNCTION public.update_updated_at_column() RETURNS trigger LANGUAGE plpgsql SET search_path = '' AS $$
              BEGIN
                NEW.updated_at = now();
                RETURN NEW;
              END
              $$ ]]
          end
        end,
        sql.file "assistant_platform/003_create_conversations_table.sql",
        record("003", "create_conversations_table"),
      },
      verify   = function()
        expect_tenant_table "conversations"
          :has_trigger("trigger_conversations_updated_at",
            { ["function"] = "public.update_updated_at_column", timing = "BEFORE", events = "UPDATE" })
      end,
      rollback = {
        confirm = ask_before_taking "conversations",
        run     = function()
          db.exec "DROP TRIGGER trigger_conversations_updated_at ON public.conversations"
          take_away "conversations"
          if state.made_update_function then db.exec "DROP FUNCTION public.update_updated_at_column()" end
          forget "003"
        end,
        verify  = function() expect.no_table "public.conversations" end,
      },
    },
  },

  phase "004: messages" {
    id = "004",
    step "004_create_messages_table.sql" {
      id       = "004_create_messages_table",
      done     = applied "messages",
      run      = { sql.file "assistant_platform/004_create_messages_table.sql", record("004", "create_messages_table") },
      verify   = function()
        expect_tenant_table "messages"
          :has_trigger("trigger_messages_update_conversation",
            { ["function"] = "public.update_conversation_timestamp", timing = "AFTER", events = "INSERT" })
      end,
      rollback = {
        confirm = ask_before_taking "messages",
        run     = function()
          db.exec "DROP TRIGGER trigger_messages_update_conversation ON public.messages"
          db.exec "DROP FUNCTION public.update_conversation_timestamp()"
          take_away "messages"
          forget "004"
        end,
        verify  = function()
          expect.no_table "public.messages"
          expect.no_routine "public.update_conversation_timestamp()"
        end,
      },
    },
  },

  phase "005: feedback" {
    id = "005",
    step "005_create_feedback_table.sql" {
      id       = "005_create_feedback_table",
      done     = applied "feedback",
      run      = { sql.file "assistant_platform/005_create_feedback_table.sql", record("005", "create_feedback_table") },
      verify   = function()
        expect_tenant_table "feedback"
        expect.matview "public.message_feedback_summary" :has_no_privileges { "anon", "authenticated" }
      end,
      rollback = {
        confirm = ask_before_taking "feedback",
        run     = function()
          db.exec "DROP MATERIALIZED VIEW public.message_feedback_summary"
          take_away "feedback"
          forget "005"
        end,
        verify  = function()
          expect.no_matview "public.message_feedback_summary"
          expect.no_table "public.feedback"
        end,
      },
    },
  },

  phase "006: usage_metrics" {
    id = "006",
    step "006_create_usage_metrics_table.sql" {
      id       = "006_create_usage_metrics_table",
      done     = applied "usage_metrics",
      run      = {
        sql.file "assistant_platform/006_create_usage_metrics_table.sql",
        record("006", "create_usage_metrics_table"),
      },
      verify   = {
        function()
          expect_tenant_table "usage_metrics"
          expect.matview "public.monthly_usage_summary" :has_no_privileges { "anon", "authenticated" }
          expect.view "public.current_day_usage"
            :has_option("security_invoker", true)
            :privileges_are("authenticated", "SELECT")
            :has_no_privileges "anon"
          expect.routine(increment)
            :is { returns = "void", security = "invoker" }
            :has_privileges({ "authenticated", "service_role" }, "EXECUTE")
            :has_no_privileges("anon", "EXECUTE")
        end,
        test "Usage adds up, and each tenant sees its own" {
          function()
            two_tenants()
            supabase.as_user(first.user, function()
              for _ = 1, 2 do
                expect.query("SELECT public.increment_usage_metrics($1, $2, CURRENT_DATE, 1, 500, 0.01)",
                  first.tenant, first.user):succeeds()
              end
              expect.query "SELECT message_count, total_tokens, estimated_cost FROM public.current_day_usage"
                :is { { 2, 1000, "0.020000" } }
              expect.query("SELECT public.increment_usage_metrics($1, $2, CURRENT_DATE, 1, 500, 0.01)",
                second.tenant, first.user):named "nobody counts on another tenant's account":fails "42501"
            end)
            supabase.as_user(second.user, function()
              expect.query "SELECT 1 FROM public.current_day_usage" :has_no_rows()
            end)
          end,
        },
      },
      rollback = {
        confirm = ask_before_taking "usage_metrics",
        run     = function()
          db.exec "DROP VIEW public.current_day_usage"
          db.exec "DROP MATERIALIZED VIEW public.monthly_usage_summary"
          db.exec "DROP FUNCTION public.increment_usage_metrics(UUID, UUID, DATE, INTEGER, INTEGER, DECIMAL)"
          take_away "usage_metrics"
          forget "006"
        end,
        verify  = function()
          expect.no_view "public.current_day_usage"
          expect.no_matview "public.monthly_usage_summary"
          expect.no_routine(increment)
          expect.no_table "public.usage_metrics"
        end,
      },
    },
  },

  phase "Verification Steps" {
    check "1. Check Tables Were Created" {
      function()
        for _, name in ipairs(tables) do expect.table("public." .. name):has_primary_key { "id" } end
      end,
    },

    check "2. Check Indexes" {
      function()
        expect.table "public.conversations"
          :indexes_are { "conversations_pkey", "idx_conversations_tenant_updated", "idx_conversations_user" }
          :has_index("idx_conversations_tenant_updated", { valid = true, where = null })
        expect.table "public.messages"
          :indexes_are { "messages_pkey", "idx_messages_conversation_created" }
          :has_index("idx_messages_conversation_created", { columns = { "conversation_id", "created_at" }, valid = true })
        expect.table "public.feedback"
          :indexes_are { "feedback_pkey", "feedback_message_user_unique", "idx_feedback_user", "idx_feedback_created" }
          :has_unique { "message_id", "user_id" }
        expect.table "public.usage_metrics"
          :indexes_are {
            "usage_metrics_pkey", "usage_metrics_tenant_user_date_unique", "idx_usage_metrics_date", "idx_usage_metrics_user",
          }
          :has_unique { "tenant_id", "user_id", "date" }
      end,
      hint = "`engine task plans/assistant_platform.lua rebuild-indexes` builds them anew.",
    },

    check "3. Check RLS Policies" {
      why = "Four policies a table, one a command, and none besides: a permissive one left over would widen access.",
      function()
        for _, name in ipairs(tables) do
          local subject = expect_tenant_table(name)
          for _, command in ipairs { "SELECT", "INSERT", "UPDATE", "DELETE" } do
            subject:has_policy(name .. "_" .. command:lower(),
              { command = command, roles = { "authenticated" }, permissive = true })
          end
        end
      end,
      hint = "`engine task plans/assistant_platform.lua check-row-security` shows what stands on each table.",
    },

    check "4. Check Foreign Keys" {
      function()
        local function refers(name, column, parent)
          expect.table("public." .. name)
            :has_foreign_key { columns = { column }, references = "public." .. parent, on_delete = "CASCADE", valid = true }
        end
        refers("conversations", "tenant_id", "tenants")
        refers("conversations", "user_id", "users")
        refers("messages", "conversation_id", "conversations")
        refers("feedback", "message_id", "messages")
        refers("feedback", "user_id", "users")
        refers("usage_metrics", "tenant_id", "tenants")
        refers("usage_metrics", "user_id", "users")
      end,
    },

    check "5. Check Materialized Views" {
      why = "Both hold all tenants at once, so nobody but the service may read them; both need a unique index to be refreshed "
        .. "while they are read.",
      function()
        expect.matview "public.message_feedback_summary"
          :is_populated() :has_unique { "message_id" } :has_no_privileges { "anon", "authenticated" }
          :has_privileges("service_role", "SELECT")
        expect.matview "public.monthly_usage_summary"
          :is_populated() :has_unique { "tenant_id", "month" } :has_no_privileges { "anon", "authenticated" }
          :has_privileges("service_role", "SELECT")
      end,
    },

    test "6. Test RLS Policies" {
      why = "Two tenants and a visitor, each trying what the other must not.",
      function()
        supabase.as_service_role(two_tenants)
        db.exec("INSERT INTO public.messages (conversation_id, role, content) VALUES ($1, 'user', 'of the second')", second.chat)

        supabase.as_user(first.user, function()
          expect.query("INSERT INTO public.conversations (tenant_id, user_id, title) VALUES ($1, $2, 'New Chat') RETURNING id",
            first.tenant, first.user):named "a person begins a conversation":has_rows(1)
          expect.query("INSERT INTO public.messages (conversation_id, role, content) VALUES ($1, 'user', 'Hello!') RETURNING id",
            first.chat):named "and writes into it":has_rows(1)
          expect.query("SELECT 1 FROM public.conversations WHERE tenant_id = $1", first.tenant)
            :named "the own tenant's conversations are seen":has_rows(2)
          expect.query("SELECT 1 FROM public.conversations WHERE tenant_id <> $1", first.tenant)
            :named "another tenant's are not":has_no_rows()
          expect.query("SELECT 1 FROM public.messages WHERE conversation_id = $1", second.chat)
            :named "nor their messages":has_no_rows()
          expect.query("UPDATE public.conversations SET title = 'taken' WHERE id = $1", second.chat)
            :named "another tenant's conversation cannot be changed":affects(0)
          expect.query("DELETE FROM public.conversations WHERE id = $1", second.chat)
            :named "nor deleted":affects(0)
          expect.query("INSERT INTO public.conversations (tenant_id, user_id, title) VALUES ($1, $2, 'x')",
            second.tenant, first.user):named "nobody begins one for another tenant":fails "42501"
          expect.query("UPDATE public.conversations SET tenant_id = $1 WHERE id = $2", second.tenant, first.chat)
            :named "nor moves one there":fails "42501"
          expect.query("INSERT INTO public.messages (conversation_id, role, content) VALUES ($1, 'user', 'x')", second.chat)
            :named "nor writes into one":fails "42501"
          expect.query "SELECT 1 FROM public.message_feedback_summary" :named "the summaries are closed":fails "42501"
          expect.query "SELECT 1 FROM public.monthly_usage_summary" :named "both of them":fails "42501"
          expect.query "TRUNCATE public.conversations CASCADE" :named "and TRUNCATE is no way around":fails "42501"
        end)
        supabase.as_user(second.user, function()
          expect.query("SELECT 1 FROM public.conversations WHERE id = $1", second.chat)
            :named "the second tenant still has its conversation":has_rows(1)
          expect.query("SELECT 1 FROM public.conversations WHERE tenant_id = $1", first.tenant)
            :named "and does not see the first's":has_no_rows()
        end)
        supabase.as_anon(function()
          for _, name in ipairs(tables) do
            expect.query("SELECT 1 FROM public." .. name):named("a visitor reaches nothing of " .. name):fails "42501"
          end
        end)
      end,
      hint = "`engine task plans/assistant_platform.lua check-row-security`",
    },

    test "7. Performance Testing" {
      function()
        expect.query([[
          SELECT * FROM public.conversations WHERE tenant_id = $1 AND is_archived = false
          ORDER BY updated_at DESC LIMIT 20 ]], first.tenant):can_use_index "idx_conversations_tenant_updated"
        expect.query("SELECT * FROM public.messages WHERE conversation_id = $1 ORDER BY created_at ASC", first.chat)
          :can_use_index "idx_messages_conversation_created"
      end,
      hint = "`engine task plans/assistant_platform.lua rebuild-indexes`",
    },
  },

  phase "Post-Migration Tasks" {
    step "1. Refresh Materialized Views" {
      run      = sql [[
        REFRESH MATERIALIZED VIEW public.message_feedback_summary;
        REFRESH MATERIALIZED VIEW public.monthly_usage_summary;
      ]],
      rollback = nothing,
    },

    step "2. Update Statistics" {
      run      = sql [[
        ANALYZE public.conversations;
        ANALYZE public.messages;
        ANALYZE public.feedback;
        ANALYZE public.usage_metrics;
      ]],
      rollback = nothing,
    },
    -- 3. Regenerate TypeScript Types: the task below.

    manual "4. Update Application Code" {
      id  = "update_application",
      why = [[
`engine task plans/assistant_platform.lua types` writes database.types.ts. With it:

  import { createClient } from '@supabase/supabase-js';
  import type { Database } from './database.types';

  const supabase = createClient<Database>('https://<project-ref>.supabase.co', 'YOUR_ANON_KEY');

  // Signed in: row security refuses the anon key alone
  const { data: conversation } = await supabase
    .from('conversations')
    .insert({ tenant_id: tenant.id, user_id: user.id, title: 'New Chat' })
    .select().single();
  const { data: message } = await supabase
    .from('messages')
    .insert({ conversation_id: conversation.id, role: 'user', content: 'Hello!' })
    .select().single();]],
      ask = "Does the application use the new tables?",
    },
    -- 5. Set Up Monitoring: the tasks active-users, feedback-sentiment and token-usage.
  },

  task "Write database.types.ts" {
    id      = "types",
    heading = "3. Regenerate TypeScript Types",
    run     = function() types.write { schemas = { "public" }, to = "database.types.ts" } end,
  },

  task "Daily active users" {
    id      = "active-users",
    heading = "5. Set Up Monitoring",
    run     = sql [[
      SELECT date, COUNT(DISTINCT user_id) AS active_users
      FROM public.usage_metrics
      WHERE date >= CURRENT_DATE - INTERVAL '30 days'
      GROUP BY date
      ORDER BY date DESC
    ]],
  },

  task "Feedback sentiment over time" {
    id      = "feedback-sentiment",
    heading = "5. Set Up Monitoring",
    run     = sql [[
      SELECT DATE(f.created_at) AS date,
             COUNT(*) FILTER (WHERE rating = 1) AS positive,
             COUNT(*) FILTER (WHERE rating = -1) AS negative,
             ROUND(AVG(rating), 2) AS avg_rating
      FROM public.feedback f
      WHERE f.created_at >= CURRENT_DATE - INTERVAL '30 days'
      GROUP BY DATE(f.created_at)
      ORDER BY date DESC
    ]],
  },

  task "Token usage by tenant" {
    id      = "token-usage",
    heading = "5. Set Up Monitoring",
    run     = sql [[
      SELECT t.name AS tenant_name, SUM(um.total_tokens) AS total_tokens, SUM(um.estimated_cost) AS total_cost
      FROM public.usage_metrics um
      JOIN public.tenants t ON um.tenant_id = t.id
      WHERE um.date >= CURRENT_DATE - INTERVAL '7 days'
      GROUP BY t.id, t.name
      ORDER BY total_tokens DESC
    ]],
  },

  task "Row security of the four tables" {
    id      = "check-row-security",
    heading = "Issue: RLS Policies Not Working",
    run     = sql [[
      SELECT c.relname AS table, c.relrowsecurity AS row_security, count(p.oid) AS policies
      FROM pg_class c LEFT JOIN pg_policy p ON p.polrelid = c.oid
      WHERE c.relnamespace = 'public'::regnamespace
        AND c.relname IN ('conversations', 'messages', 'feedback', 'usage_metrics')
      GROUP BY c.oid, c.relname, c.relrowsecurity
      ORDER BY c.relname
    ]],
    verify  = function()
      for _, name in ipairs(tables) do expect.table("public." .. name):has_row_security() end
    end,
  },

  task "Parents that foreign keys ask for" {
    id      = "check-parents",
    heading = "Issue: Foreign Key Violations",
    run     = sql [[
      SELECT table_schema, table_name FROM information_schema.tables
      WHERE table_schema = 'public' AND table_name IN ('tenants', 'users') ORDER BY table_name;
      SELECT * FROM public.tenants LIMIT 1;
      SELECT * FROM public.users LIMIT 1;
    ]],
  },

  task "Indexes of conversations and messages, built anew" {
    id          = "rebuild-indexes",
    heading     = "Issue: Slow Query Performance",
    transaction = "none",
    run         = sql [[
      SELECT c.relname AS table, i.relname AS index, x.indisvalid AS valid, pg_get_indexdef(i.oid) AS definition
      FROM pg_index x JOIN pg_class c ON c.oid = x.indrelid JOIN pg_class i ON i.oid = x.indexrelid
      WHERE c.relnamespace = 'public'::regnamespace AND c.relname IN ('conversations', 'messages')
      ORDER BY c.relname, i.relname;
      REINDEX TABLE CONCURRENTLY public.conversations;
      REINDEX TABLE CONCURRENTLY public.messages;
    ]],
  },

  task "Refresh both materialized views" {
    id      = "refresh",
    heading = "Issue: Materialized View Out of Date",
    run     = sql [[
      REFRESH MATERIALIZED VIEW CONCURRENTLY public.message_feedback_summary;
      REFRESH MATERIALIZED VIEW CONCURRENTLY public.monthly_usage_summary;
    ]],
  },

  task "Daily: refresh the summaries, update statistics" {
    id      = "daily",
    heading = "Daily Tasks",
    run     = sql [[
      REFRESH MATERIALIZED VIEW CONCURRENTLY public.message_feedback_summary;
      REFRESH MATERIALIZED VIEW CONCURRENTLY public.monthly_usage_summary;
      ANALYZE public.messages;
      ANALYZE public.usage_metrics;
    ]],
  },

  task "Weekly: vacuum, and the sizes of tables" {
    id          = "weekly",
    heading     = "Weekly Tasks",
    transaction = "none",
    run         = sql [[
      VACUUM ANALYZE public.conversations;
      VACUUM ANALYZE public.messages;
      VACUUM ANALYZE public.feedback;
      VACUUM ANALYZE public.usage_metrics;

      SELECT c.relname AS table,
             pg_size_pretty(pg_total_relation_size(c.oid)) AS size,
             pg_size_pretty(pg_relation_size(c.oid)) AS table_size,
             pg_size_pretty(pg_total_relation_size(c.oid) - pg_relation_size(c.oid)) AS index_size
      FROM pg_class c
      WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p')
      ORDER BY pg_total_relation_size(c.oid) DESC, c.relname
    ]],
  },

  task "Monthly: archive old conversations" {
    id      = "monthly",
    heading = "Monthly Tasks",
    inputs  = {
      archive_after = { type = "interval", default = "6 months", ask = "Archive conversations without activity for how long?" },
    },
    run     = function()
      local archived = db.exec([[
        UPDATE public.conversations SET is_archived = true
        WHERE updated_at < CURRENT_DATE - $1::interval AND is_archived = false ]], input.archive_after)
      note(("%d conversations archived"):format(archived))
    end,
  },

  task "Monthly: usage metrics as a file for the data warehouse" {
    id      = "export-usage",
    heading = "Monthly Tasks",
    why     = "What loads it depends on the warehouse; every one of them reads CSV.",
    inputs  = {
      before = { type = "date", ask = "Export the usage before which day?" },
    },
    run     = function()
      local lines = { "tenant_id,user_id,date,message_count,total_tokens,estimated_cost" }
      db.each([[
        SELECT concat_ws(',', tenant_id, user_id, date, message_count, total_tokens, estimated_cost) AS line
        FROM public.usage_metrics WHERE date < $1 ORDER BY date, tenant_id, user_id ]], input.before,
        function(row) table.insert(lines, row.line) end)
      local path = file.write(("usage_metrics_before_%s.csv"):format(input.before), table.concat(lines, "\n") .. "\n")
      note(("%d rows in %s"):format(#lines - 1, path))
    end,
  },

  support = [[
1. Read the Supabase logs of the project.
2. See what SCHEMA_DOCUMENTATION.md says of the table.
3. Try the policies as different users: `engine verify` does, and names the one that is not as it should be.]],
}
