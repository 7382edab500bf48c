#include "report/streams.h"

namespace test {
namespace {

using namespace engine;
using namespace engine::event;

Stream stream(std::vector<EventBody> bodies) {
  Stream events;
  for (EventBody& body : bodies) {
    events.push_back({"2026-11-20T23:15:02.417Z", "20261120-231502-4f7a", std::move(body)});
  }
  return events;
}

const std::vector<PlannedStep> steps = {
    {"Back up", "Back up", "Migration Steps"},
    {"Drop", "Drop existing table (if needed)", "Migration Steps"},
    {"Create", "Create new table schema: constraint, policies, trigger, grants", "Migration Steps"},
    {"Clean", "Clean up", ""}};

RunStarted started(Mode mode = Mode::run) {
  return {"esquisse",
          "Multi-session esquisse support",
          "esquisse on the embedded server as postgres (superuser)",
          mode,
          steps,
          false};
}

StepStarted begins(int number) {
  const PlannedStep& step = steps.at(static_cast<std::size_t>(number - 1));
  return {step.id, step.title, step.phase, "step", number, 4};
}

StepFinished ends(int number, StepStatus status, std::int64_t ms,
                  std::optional<std::int64_t> rows = {}, std::string reason = {},
                  std::optional<Error> error = {}) {
  const PlannedStep& step = steps.at(static_cast<std::size_t>(number - 1));
  return {step.id, step.title, step.phase, status, ms, rows, std::move(reason), std::move(error)};
}

RunFinished ended(Ending status, int exit, std::map<std::string, int> counts, std::int64_t ms,
                  std::string next = {}, std::string support = {},
                  std::optional<Error> error = {}) {
  RunFinished finished;
  finished.status = status;
  finished.exit = static_cast<engine::Exit::Status>(exit);
  finished.counts = std::move(counts);
  finished.ms = ms;
  finished.next = std::move(next);
  finished.support = std::move(support);
  finished.error = std::move(error);
  if (exit == 3) finished.undo = "engine rollback plans/esquisse.lua";
  return finished;
}

Error missing_column() {
  return Error{Code::sql, "column \"session_nam\" of relation \"esquisse_sessions\" does not exist"}
      .sqlstate("42703")
      .hint("Perhaps you meant the column \"session_name\".")
      .statement("ALTER TABLE esquisse_sessions\n  ALTER COLUMN session_nam SET NOT NULL")
      .position(46)
      .context("PL/pgSQL function migrate() line 3 at SQL statement")
      .at({"plans/esquisse.lua", 41});
}

}  // namespace

Stream finished_run() {
  return stream(
      {started(),
       QuestionAnswered{"preserve", "Migrate the existing sessions?", "true", "default"},
       PhaseStarted{"Migration Steps"},
       begins(1),
       StatementDone{"Back up", "plans/esquisse.lua", 20,
                     "CREATE TABLE esquisse_sessions_backup AS\n  SELECT * FROM esquisse_sessions",
                     "SELECT 5000", 5000, 48},
       CheckDone{"Back up", "", "esquisse_sessions_backup has the rows of esquisse_sessions", true,
                 "5,000 rows", "5,000 rows", ""},
       Note{"Back up", "the backup is readable by its owner alone"},
       ends(1, StepStatus::done, 61, 5000),
       begins(2),
       ends(2, StepStatus::skipped, 0, {}, "starting fresh"),
       begins(3),
       QuestionAnswered{"Create", "Change the policies of 5,000 sessions?", "yes", "--yes"},
       NoticeSeen{"Create", "NOTICE", "00000", "trigger does not exist, skipping"},
       NoticeSeen{"Create", "WARNING", "01000", "there is no transaction in progress"},
       Retry{"Create", "55P03", 1, 400, {"pid 4711, psql, idle in transaction since 23:14:58"}},
       CheckDone{"Create", "", "table esquisse_sessions has 4 policies", true, "4", "4", ""},
       CheckDone{"Create", "", "table esquisse_sessions has row security", true, "on", "on", ""},
       ends(3, StepStatus::done, 1234),
       PhaseStarted{""},
       begins(4),
       TableShown{"Clean", {"table", "rows"}, {{"esquisse_sessions", "5000"}, {"backup", {}}}},
       ends(4, StepStatus::done, 3),
       ended(Ending::done, 0, {{"done", 3}, {"skipped", 1}, {"checks", 3}}, 1400,
             "engine status -d embedded", "", {})});
}

Stream failed_run() {
  return stream(
      {started(), begins(1), ends(1, StepStatus::done, 61, 5000), begins(3),
       ends(3, StepStatus::failed, 12, {}, "", missing_column()),
       ended(Ending::failed, 3, {{"done", 1}, {"failed", 1}}, 90, "engine run plans/esquisse.lua",
             "Supabase logs; row security policies; indexes.", missing_column())});
}

Stream failed_checks() {
  const Error failed = Error{Code::check_failed, "4 of 5 checks of \"Create\" failed"}.at(
      {"plans/esquisse.lua", 44});
  return stream(
      {started(), begins(3),
       CheckDone{"Create", "", "table esquisse_sessions has row security", true, "on", "on", ""},
       CheckDone{"Create",
                 "Users see their own sessions only",
                 "query SELECT id FROM sessions",
                 false,
                 "1 row",
                 "2 rows",
                 "Ensure RLS policies are properly configured.",
                 {"plans/esquisse.lua", 44}},
       CheckDone{"Create",
                 "Sessions can be listed",
                 "ends without an error",
                 false,
                 "no error",
                 missing_column().message(),
                 "",
                 {"plans/esquisse.lua", 44},
                 missing_column()},
       CheckDone{"Create",
                 "No session without a user",
                 "No session without a user",
                 false,
                 "0 rows",
                 "error 42703: there is no column user",
                 "",
                 {"plans/esquisse.lua", 51},
                 missing_column()},
       CheckDone{"Create", "", "table esquisse_sessions has column session_name", false,
                 "text, not null", "missing", ""},
       ends(3, StepStatus::failed, 12, {}, "", failed),
       ended(Ending::failed, 1, {{"failed", 1}, {"checks", 5}, {"failed_checks", 4}}, 90,
             "engine run plans/esquisse.lua", "", failed)});
}

Stream interrupted_run() {
  const Error stopped = Error{Code::interrupted, "interrupted"}
                            .sqlstate("57014")
                            .statement("SELECT pg_sleep(20)")
                            .at({"plans/esquisse.lua", 44});
  RunFinished end = ended(Ending::interrupted, 130, {{"done", 1}, {"failed", 1}}, 2100,
                          "engine run plans/esquisse.lua", "Supabase logs.", stopped);
  end.undo = "engine rollback plans/esquisse.lua";
  return stream({started(), begins(1), ends(1, StepStatus::done, 61, 5000), begins(3),
                 ends(3, StepStatus::failed, 2000, {}, "", stopped), end});
}

Stream refused_run() {
  const Error no = Error{Code::answer_no, "answered no: Change the policies of 5,000 sessions?"};
  return stream({started(), begins(1), ends(1, StepStatus::done, 61, 5000), begins(3),
                 QuestionAnswered{"Create", "Change the policies of 5,000 sessions?", "no", "flag"},
                 ends(3, StepStatus::failed, 2000, {}, "", no),
                 ended(Ending::failed, 3, {{"done", 1}, {"failed", 1}}, 90,
                       "engine run plans/esquisse.lua", "Supabase logs.", no)});
}

Stream hostile_run() {
  const std::string bad = "\x1b[2J evil \u202e \x9b \r\nline two hunter22 \"quoted\"";
  RunStarted start = started();
  start.plan = start.title = start.target = bad;
  start.steps = {{bad, bad, bad}};
  const Error error = Error{Code::sql, bad}.detail(bad).hint(bad).statement(bad).at({bad, 3});
  return stream(
      {start, StepStarted{bad, bad, bad, "step", 1, 1}, StatementDone{bad, bad, 3, bad, bad, 1, 1},
       CheckDone{bad, bad, bad, false, bad, bad, bad},
       CheckDone{bad, bad, bad, true, bad, bad, bad}, QuestionAnswered{bad, bad, bad, bad},
       QuestionAnswered{"key", "The key?", "", "prompt", true},
       NoticeSeen{bad, "WARNING", bad, bad}, Retry{bad, bad, 1, 5, {bad}}, Note{bad, bad},
       Progress{bad, 1, 2, bad, 1.5, 3, bad}, TableShown{bad, {bad, bad}, {{bad, bad}}},
       StepFinished{bad, bad, bad, StepStatus::failed, 1, 2, bad, error},
       ended(Ending::failed, 1, {{"failed", 1}}, 3, bad, bad, error)});
}

Stream rollback_run() {
  RunStarted start = started(Mode::rollback);
  return stream({start, begins(3), ends(3, StepStatus::rolled_back, 20), begins(1),
                 ends(1, StepStatus::rolled_back, 1, {}, "nothing to undo"),
                 ended(Ending::rolled_back, 0, {{"rolled_back", 2}}, 31, "", "", {})});
}

Stream resumed_run() {
  RunStarted start = started();
  start.resumed = true;
  start.steps[0].status = StepState::done;
  start.steps[1].status = StepState::skipped;
  const Error waits =
      Error{Code::waiting, "\"Clean up\" was answered later"}.hint("Run again once it is done.");
  return stream(
      {start, begins(3), ends(3, StepStatus::done, 20), begins(4),
       ends(4, StepStatus::waiting, 1, {}, "answered later"),
       ended(Ending::waiting, 9, {{"done", 1}}, 31, "engine run plans/esquisse.lua", "", waits)});
}

Stream nothing_to_do() {
  RunStarted start = started();
  for (PlannedStep& step : start.steps) step.status = StepState::done;
  start.resumed = true;
  return stream({start, ended(Ending::nothing_to_do, 0, {}, 5, "", "", {})});
}

/// What an ALTER TABLE did that wrote a table anew, took a view along and built an index.
StatementTraced rewritten(const std::string& file, const std::string& sessions) {
  StatementTraced trace;
  trace.step = "Create";
  trace.file = file;
  trace.line = 44;
  trace.sql = "ALTER TABLE …";
  trace.tag = "ALTER TABLE";
  trace.transaction = 2;
  trace.from_ms = 12;
  trace.ms = 340;
  trace.wal_bytes = 2'200'000;
  trace.grown_bytes = 2'100'000;
  trace.rewrites = {{sessions, "another type"}};
  trace.scans = {{sessions, "to write it anew", 1, 5000}};
  trace.proved = {"existing constraints on column \"s.id\" are sufficient"};
  trace.built = {"idx_user"};
  trace.commands = {"ALTER TABLE " + sessions};
  trace.rows = {{sessions, 0, 5000, 0}};
  trace.dropped = {{"view public.names", true}};
  trace.phases = {{"building index: scanning table", 4}};
  trace.notices = {"a notice"};
  return trace;
}

StatementTraced traced(const char* step, int line, const std::string& sql, const char* tag) {
  StatementTraced trace;
  trace.step = step;
  trace.file = "plans/esquisse.lua";
  trace.line = line;
  trace.sql = sql;
  trace.tag = tag;
  return trace;
}

/// One of a loop, and the engine's own beside it.
std::vector<StatementTraced> loop() {
  StatementTraced batch =
      traced("Create", 50,
             "UPDATE esquisse_sessions SET is_active = true\n WHERE id IN (SELECT "
             "id FROM esquisse_sessions WHERE is_active IS NULL LIMIT 5000)",
             "UPDATE 5000");
  batch.rows = {{"public.esquisse_sessions", 0, 5000, 0}};
  StatementTraced own = traced("Create", 0, "", "");
  own.rows = {{"public.log", 2, 0, 1}};
  return {batch, batch, own};
}

Difference changed_sessions(const std::string& name) {
  const std::string begins = "CREATE TABLE " + name +
                             " (\n  id bigint NOT NULL,\n  user_id uuid NOT NULL,\n  name text,\n";
  const std::string ends = ";\nCREATE INDEX idx_user ON " + name +
                           " USING btree (user_id);\nALTER TABLE " + name + " OWNER TO app;\n";
  return {"schema",
          "table " + name,
          "changed",
          begins + "  data json\n)" + ends,
          begins + "  data jsonb,\n  is_active boolean DEFAULT true\n)" + ends,
          {"column data: type is jsonb, was json", "column is_active was added"}};
}

Difference opened(const std::string& role, const std::string& privilege, const std::string& rows) {
  return {"access", "table public.log", "opened", "", rows, {}, role, privilege};
}

Stream previewed() {
  const std::string file = "plans/esquisse.lua", sessions = "public.esquisse_sessions";
  const std::string index = "CREATE INDEX idx_user ON esquisse_sessions (user_id)";
  return stream(
      {started(Mode::preview),
       QuestionAnswered{"preserve", "Migrate the existing sessions?", "true", "default"},
       QuestionAnswered{"key", "Which key encrypts them?", "", "flag", true},
       begins(1),
       ends(1, StepStatus::done, 61, 5000),
       begins(3),
       QuestionAnswered{"Create", "", "yes", "--yes"},
       ends(3, StepStatus::done, 352),
       LockTaken{"Back up", file, 0, sessions, "SHARE", 61, false, {"writes", "DDL"}},
       LockTaken{"Create", file, 40, sessions, "SHARE", 12, false, {"writes", "DDL"}},
       LockTaken{
           "Create", file, 44, sessions, "ACCESS EXCLUSIVE", 3, true, {"reads", "writes", "DDL"}},
       LockTaken{"Create",
                 file,
                 44,
                 "public.sessions_pkey",
                 "ACCESS EXCLUSIVE",
                 3,
                 true,
                 {"reads", "writes", "DDL"},
                 false,
                 sessions},
       traced("Create", 38, "SELECT count(*) FROM esquisse_sessions", "SELECT 1"),
       traced("Create", 40, index, "CREATE INDEX"),
       rewritten(file, sessions),
       loop()[0],
       loop()[1],
       loop()[2],
       Timeline{"Create",
                2,
                352,
                {{sessions, "ACCESS EXCLUSIVE", 12, 352, {"reads", "writes", "DDL"}, 44}}},
       Impact{"Create",
              file,
              44,
              "ALTER TABLE …",
              sessions,
              "rewrite",
              200,
              4000,
              2'000'000,
              9'000'000,
              2'100'000,
              {"reads", "writes", "DDL"},
              1,
              40,
              "2.1 MB at 20 to 120 MB/s; 10 reads/s"},
       Probed{"nulls", sessions, "user_id", "SELECT 1", "found", 3, false, {"7", "8", "9"}, "", 2},
       Probed{"orphans", sessions, "fk", "", "not_probed", 0, false, {}, "no answer within 5 s", 9},
       Finding{"index.create-blocking", Severity::danger, Evidence::proved, "Create", file, 40,
               index, sessions,
               "Writes to public.esquisse_sessions (about 5,000 rows, 2.1 MB) wait while the index "
               "is built.",
               "CREATE INDEX CONCURRENTLY in a step with transaction = \"none\".", false, ""},
       Finding{"rename", Severity::warning, Evidence::proved, "Create", file, 44, "ALTER TABLE …",
               sessions, "The running application knows it by its old names.",
               "A view of the old name.", false, ""},
       Finding{"table.no-primary-key", Severity::info, Evidence::proved, "", "", 0, "",
               "public.log", "The new table log has no primary key.", "Give it one.", true,
               "it is only written"},
       Difference{"schema",
                  "view public.names",
                  "gone",
                  "CREATE VIEW public.names AS\n SELECT people.name\n   FROM public.people;\n",
                  "",
                  {"1 column"}},
       changed_sessions(sessions),
       Difference{"schema",
                  "table public.log",
                  "new",
                  "",
                  "CREATE TABLE public.log (\n  at timestamp with time zone\n);\n",
                  {"1 column"}},
       Difference{"rows", sessions, "changed", "5,000 rows", "4,998 rows"},
       opened("anon", "SELECT", "every row"),
       opened("anon", "INSERT", "every row"),
       opened("\"Odd role\"", "SELECT", "every row"),
       opened("\"Odd role\"", "INSERT", "every row"),
       Difference{"access",
                  "table " + sessions,
                  "closed",
                  "every row",
                  "rows by policy own",
                  {},
                  "anon",
                  "SELECT"},
       Difference{
           "access", "function public.f()", "closed", "as the caller", "", {}, "anon", "EXECUTE"},
       Proof{"second_run", true, {}},
       Proof{"rollback", false, {"view public.names is missing"}},
       Proof{"rollback",
             false,
             {"table public.esquisse_sessions: column title was added"},
             "columns = keep",
             "",
             false,
             true,
             "Option 2 of the guide leaves them"},
       Verdict{VerdictKind::blocked,
               {"the rollback does not restore the state before the run", "1 danger"},
               {{"danger", 1}, {"warning", 1}, {"info", 0}, {"accepted", 1}}},
       ended(Ending::blocked, 8, {{"done", 1}}, 900, "engine preview plans/esquisse.lua", "", {})});
}

std::vector<std::pair<std::string, Stream>> all_streams() {
  return {{"finished_run", finished_run()},   {"failed_run", failed_run()},
          {"failed_checks", failed_checks()}, {"interrupted_run", interrupted_run()},
          {"refused_run", refused_run()},     {"hostile_run", hostile_run()},
          {"rollback_run", rollback_run()},   {"resumed_run", resumed_run()},
          {"nothing_to_do", nothing_to_do()}, {"previewed", previewed()}};
}

}  // namespace test
