#include <cstdlib>

#include "base/redactor.h"
#include "db/refusal.h"
#include "db/session.h"

namespace engine::db {
namespace {

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

void register_secrets(const Target& target) {
  for (const char* keyword : {"password", "sslpassword"}) {
    const auto found = target.parameters().find(keyword);
    if (found != target.parameters().end()) redactor::add_secret(found->second);
  }
  if (const char* password = std::getenv("PGPASSWORD")) redactor::add_secret(password);
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
  PGconn* handle = PQconnectdb(conninfo.c_str());
  if (PQstatus(handle) != CONNECTION_OK) ask_for_sqlstate(handle);
  return handle;
}

ResultHandle next_answer(Connection::State& session) {
  session.wait_for_result(Interruptible::no);
  return ResultHandle{PQgetResult(session.handle)};
}

void fix(Connection::State& session, const Settings& settings) {
  PGconn* handle = session.handle;
  const bool knows_transaction_timeout =
      PQserverVersion(handle) >= version_with_transaction_timeout;
  const Params parameters{
      knows_transaction_timeout ? Param{"0"} : std::nullopt,
      settings.read_only ? Param{"on"} : std::nullopt,
      settings.lookup == Lookup::catalog ? Param{"pg_catalog, pg_temp"} : std::nullopt};
  const std::vector<const char*> values = pointers(parameters);
  ++session.round_trips;
  const bool sent = PQenterPipelineMode(handle) == 1 &&
                    PQsendQueryParams(handle, fix_settings, static_cast<int>(values.size()),
                                      nullptr, values.data(), nullptr, nullptr, 0) == 1 &&
                    PQpipelineSync(handle) == 1 &&
                    PQsendQueryParams(handle, fix_check_interval, 0, nullptr, nullptr, nullptr,
                                      nullptr, 0) == 1 &&
                    PQpipelineSync(handle) == 1;
  if (!sent) throw session.lost();

  const ResultHandle fixed = next_answer(session);
  if (PQresultStatus(fixed.get()) != PGRES_TUPLES_OK)
    throw session.failure(fixed.get(), fix_settings);
  session.pooled = std::to_string(PQbackendPID(handle)) != PQgetvalue(fixed.get(), 0, 0);
  session.restoring = {{"RESET SESSION AUTHORIZATION", {}, Lookup::session},
                       {"RESET ROLE", {}, Lookup::session},
                       {"RESET ALL", {}, Lookup::session},
                       {fix_settings, parameters, Lookup::session}};
  for (int syncs = 0; syncs < 2;) {
    const ResultHandle answer = next_answer(session);
    if (PQstatus(handle) != CONNECTION_OK) throw session.lost();
    if (PQresultStatus(answer.get()) == PGRES_TUPLES_OK) {
      session.restoring.push_back({fix_check_interval, {}, Lookup::session});
    }
    if (PQresultStatus(answer.get()) == PGRES_PIPELINE_SYNC) ++syncs;
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
  auto state = std::make_unique<State>(handle);
  state->lookup = settings.lookup;
  fix(*state, settings);
  return Connection{std::move(state)};
}

}  // namespace engine::db
