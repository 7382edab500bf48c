#include <condition_variable>
#include <cstdlib>
#include <memory>
#include <mutex>
#include <thread>

#include "base/interrupt.h"
#include "base/redactor.h"
#include "db/refusal.h"
#include "db/session.h"

namespace engine::db {
namespace {

constexpr std::chrono::milliseconds tick{20};
constexpr int version_with_transaction_timeout = 170000;

// As a statement and not as startup `options`, which PgBouncer refuses.
// READ COMMITTED whatever role or database have: a statement that waited for a lock sees what its
// holder did, and the journal cannot fail to serialize.
constexpr const char* fix_settings = R"(
SELECT pg_catalog.pg_backend_pid(),
       pg_catalog.set_config(setting.name, setting.value, false)
  FROM (VALUES ('client_encoding', 'UTF8'),
               ('DateStyle', 'ISO'),
               ('IntervalStyle', 'iso_8601'),
               ('TimeZone', 'UTC'),
               ('standard_conforming_strings', 'on'),
               ('bytea_output', 'hex'),
               ('extra_float_digits', '1'),
               ('statement_timeout', '0'),
               ('idle_in_transaction_session_timeout', '0'),
               ('idle_session_timeout', '0'),
               ('default_transaction_isolation', 'read committed'),
               ('transaction_timeout', $1),
               ('default_transaction_read_only', $2),
               ('search_path', $3)) AS setting (name, value)
 WHERE setting.value IS NOT NULL
)";

// Not every platform has it, so its failure does not matter.
constexpr const char* fix_check_interval =
    "SELECT pg_catalog.set_config('client_connection_check_interval', '500ms', false)";

// In binary, for no setting changes that. By it a server that was started anew is known, and
// another one that the same address leads to. Where it may not be asked, neither is known.
constexpr const char* when_started = "SELECT pg_catalog.pg_postmaster_start_time()";

void register_secrets(const Target& target) {
  for (const char* keyword : {"password", "sslpassword"}) {
    const auto found = target.parameters().find(keyword);
    if (found != target.parameters().end()) redactor::add_secret(found->second);
  }
  if (const char* password = std::getenv("PGPASSWORD")) redactor::add_secret(password);
}

// libpq blocks while it looks up a name and while it connects, so it does that on a thread which is
// left alone when the operator does not want to wait.
struct Opening {
  std::mutex mutex;
  std::condition_variable changed;
  PGconn* handle = nullptr;
  bool done = false;
  bool abandoned = false;
};

PGconn* open_within_interruptions(const std::string& conninfo) {
  const auto opening = std::make_shared<Opening>();
  std::thread([opening, conninfo] {
    PGconn* const handle = PQconnectdb(conninfo.c_str());
    const std::lock_guard lock{opening->mutex};
    if (opening->abandoned) {
      PQfinish(handle);
      return;
    }
    opening->handle = handle;
    opening->done = true;
    opening->changed.notify_all();
  }).detach();
  // One that was requested before does not keep what tidies up from connecting.
  const bool before = interrupt::requested();
  std::unique_lock lock{opening->mutex};
  while (!opening->changed.wait_for(lock, tick, [&] { return opening->done; })) {
    if (before || !interrupt::requested()) continue;
    opening->abandoned = true;
    throw Error{Code::interrupted, "interrupted"};
  }
  return opening->handle;
}

PGconn* connect(const Target& target, const Settings& settings) {
  auto parameters = target.parameters();
  // Not the operator's: by this name others see which run a session works on.
  parameters["application_name"] = settings.application_name;
  parameters.emplace("connect_timeout", std::to_string(settings.connect_timeout.count()));
  parameters.emplace("keepalives_idle", "30");
  parameters.emplace("keepalives_interval", "10");
  parameters.emplace("keepalives_count", "3");
  parameters.emplace("tcp_user_timeout", "60000");
  parameters["client_encoding"] = "UTF8";
  // As one string and not as arrays: only there an empty value keeps the environment's (PGHOSTADDR)
  // out. A database may be named like a connection string, which is not expanded here.
  std::string conninfo;
  for (const auto& [keyword, value] : parameters) {
    conninfo += keyword + "='";
    for (const char c : value) {
      if (c == '\'' || c == '\\') conninfo += '\\';
      conninfo += c;
    }
    conninfo += "' ";
  }
  PGconn* handle = open_within_interruptions(conninfo);
  if (PQstatus(handle) != CONNECTION_OK) ask_for_sqlstate(handle);
  return handle;
}

ResultHandle next_answer(Connection::State& session) {
  session.wait_for_result(Interruptible::no);
  return ResultHandle{PQgetResult(session.handle)};
}

void fix(Connection::State& session, const Settings& settings) {
  PGconn* handle = session.handle;
  const Watchdog::Wait wait{*session.watchdog};
  const bool knows_transaction_timeout =
      PQserverVersion(handle) >= version_with_transaction_timeout;
  const Params parameters{
      knows_transaction_timeout ? Param{"0"} : std::nullopt,
      settings.read_only ? Param{"on"} : std::nullopt,
      settings.lookup == Lookup::catalog ? Param{"pg_catalog, pg_temp"} : std::nullopt};
  const std::vector<const char*> values = pointers(parameters);
  ++session.round_trips;
  const bool sent =
      PQenterPipelineMode(handle) == 1 &&
      PQsendQueryParams(handle, fix_settings, static_cast<int>(values.size()), nullptr,
                        values.data(), nullptr, nullptr, 0) == 1 &&
      PQpipelineSync(handle) == 1 &&
      PQsendQueryParams(handle, fix_check_interval, 0, nullptr, nullptr, nullptr, nullptr, 0) ==
          1 &&
      PQpipelineSync(handle) == 1 &&
      PQsendQueryParams(handle, when_started, 0, nullptr, nullptr, nullptr, nullptr, 1) == 1 &&
      PQpipelineSync(handle) == 1;
  if (!sent) throw session.lost();

  const ResultHandle fixed = next_answer(session);
  if (PQresultStatus(fixed.get()) != PGRES_TUPLES_OK)
    throw session.failure(fixed.get(), fix_settings);
  session.server_pid = std::stoi(PQgetvalue(fixed.get(), 0, 0));
  session.pooled = session.server_pid != PQbackendPID(handle);
  session.restoring = {{"RESET SESSION AUTHORIZATION", {}, Lookup::session},
                       {"RESET ROLE", {}, Lookup::session},
                       {"RESET ALL", {}, Lookup::session},
                       {fix_settings, parameters, Lookup::session}};
  for (int syncs = 0; syncs < 3;) {
    const ResultHandle answer = next_answer(session);
    if (PQstatus(handle) != CONNECTION_OK) throw session.lost();
    const ExecStatusType status = PQresultStatus(answer.get());
    if (status == PGRES_TUPLES_OK && syncs == 1)
      session.restoring.push_back({fix_check_interval, {}, Lookup::session});
    if (status == PGRES_TUPLES_OK && syncs == 2) {
      session.server_started.assign(PQgetvalue(answer.get(), 0, 0),
                                    static_cast<std::size_t>(PQgetlength(answer.get(), 0, 0)));
    }
    if (status == PGRES_PIPELINE_SYNC) ++syncs;
  }
  PQexitPipelineMode(handle);
}

}  // namespace

Connection Connection::open(const Target& target, const Settings& settings) {
  register_secrets(target);
  PGconn* handle = connect(target, settings);
  if (PQstatus(handle) != CONNECTION_OK) {
    const Error error = refusal_of(target, handle);
    PQfinish(handle);
    throw error;
  }
  // What a password file or a service gave.
  if (const char* password = PQpass(handle)) redactor::add_secret(password);
  auto state = std::make_unique<State>(handle, settings.liveness);
  state->lookup = settings.lookup;
  state->deadline = std::chrono::steady_clock::now() + settings.connect_timeout;
  fix(*state, settings);
  state->deadline.reset();
  // A pooler may lead another connection elsewhere, and let it wait for a place.
  if (!state->pooled) state->watchdog->knows({state->server_pid, state->server_started});
  return Connection{std::move(state)};
}

}  // namespace engine::db
