#include "db/session.h"

#include <poll.h>
#include <sys/socket.h>

#include <cerrno>
#include <charconv>
#include <string_view>
#include <utility>

#include "base/interrupt.h"
#include "db/server_words.h"

namespace engine::db {
namespace {

constexpr std::chrono::milliseconds between_cancels{200};
constexpr std::string_view words_of_loss = "the connection to the server was lost: ";

// Of a session that ended by a setting: the server's words do not say which.
std::string setting_of(const std::string& sqlstate) {
  if (sqlstate == "25P03") return "idle_in_transaction_session_timeout";
  if (sqlstate == "25P04") return "transaction_timeout";
  if (sqlstate == "57P05") return "idle_session_timeout";
  return "";
}

std::optional<std::int64_t> affected_of(const PGresult* result) {
  const std::string_view tag = PQcmdStatus(const_cast<PGresult*>(result));
  // CREATE TABLE AS answers "SELECT 5", without rows.
  const bool counted = tag.starts_with("INSERT") || tag.starts_with("UPDATE") ||
                       tag.starts_with("DELETE") || tag.starts_with("MERGE") ||
                       tag.starts_with("COPY") ||
                       (tag.starts_with("SELECT") && PQresultStatus(result) == PGRES_COMMAND_OK);
  if (!counted) return std::nullopt;
  const std::string_view digits = PQcmdTuples(const_cast<PGresult*>(result));
  std::int64_t count = 0;
  std::from_chars(digits.data(), digits.data() + digits.size(), count);
  return count;
}

void receive_notice(void* state, const PGresult* result) {
  auto& session = *static_cast<Connection::State*>(state);
  Notice notice = notice_of(result);
  if (ends_session(result)) {
    session.reason = std::move(notice);
  } else {
    session.notices.push_back(std::move(notice));
  }
}

}  // namespace

const char* const enter_catalog =
    "SELECT pg_catalog.set_config('engine.search_path', "
    "pg_catalog.current_setting('search_path'), true),"
    " pg_catalog.set_config('engine.schemas', "
    "pg_catalog.current_schemas(true)::pg_catalog.text, true),"
    " pg_catalog.set_config('search_path', 'pg_catalog, pg_temp', true)";
const char* const leave_catalog =
    "SELECT pg_catalog.set_config('search_path', "
    "pg_catalog.current_setting('engine.search_path'), true)";

std::string cause_of_loss(const Error& error) {
  const std::string& message = error.message();
  return message.starts_with(words_of_loss) ? message.substr(words_of_loss.size()) : message;
}

Result result_of(const PGresult* result) {
  const int width = PQnfields(result);
  const int height = PQntuples(result);
  std::vector<ResultColumn> columns;
  columns.reserve(static_cast<std::size_t>(width));
  for (int column = 0; column < width; ++column) {
    columns.push_back({PQfname(result, column), PQftype(result, column)});
  }
  std::vector<Result::Row> rows(static_cast<std::size_t>(height));
  for (int line = 0; line < height; ++line) {
    auto& row = rows[static_cast<std::size_t>(line)];
    row.reserve(static_cast<std::size_t>(width));
    for (int column = 0; column < width; ++column) {
      if (PQgetisnull(result, line, column) != 0) {
        row.emplace_back();
      } else {
        row.emplace_back(std::in_place, PQgetvalue(result, line, column),
                         static_cast<std::size_t>(PQgetlength(result, line, column)));
      }
    }
  }
  return {std::move(columns), std::move(rows), PQcmdStatus(const_cast<PGresult*>(result)),
          affected_of(result)};
}

std::string c_text(std::string_view text, std::string_view what) {
  if (text.find('\0') != std::string_view::npos) {
    throw Error{Code::argument, "{} contains a NUL byte, which PostgreSQL cannot store", what};
  }
  return std::string{text};
}

std::vector<const char*> pointers(const Params& params) {
  std::vector<const char*> values;
  values.reserve(params.size());
  for (std::size_t i = 0; i < params.size(); ++i) {
    if (params[i] && params[i]->find('\0') != std::string::npos) {
      throw Error{Code::argument,
                  "parameter ${} contains a NUL byte, which PostgreSQL cannot store", i + 1};
    }
    values.push_back(params[i] ? params[i]->c_str() : nullptr);
  }
  return values;
}

Connection::State::State(PGconn* opened, const Liveness& liveness)
    : handle(opened),
      cancel(std::make_shared<Canceller>(opened)),
      watchdog(std::make_unique<Watchdog>(opened, liveness)),
      server_pid(PQbackendPID(opened)) {
  pqxx = std::make_unique<Pqxx>(handle);
  // After libpqxx, which installs a receiver of its own.
  PQsetNoticeReceiver(handle, receive_notice, this);
}

Connection::State::~State() {
  watchdog.reset();
  pqxx.reset();
  PQfinish(handle);
}

void Connection::State::ensure_alive() {
  if (!ended) {
    PQconsumeInput(handle);
    PQisBusy(handle);  // reads what has arrived, where PQconsumeInput only stores it
  }
  deliver_notices();
  if (ended || reason || PQstatus(handle) != CONNECTION_OK) throw lost();
}

void Connection::State::deliver_notices() {
  if (notices.empty()) return;
  const Watchdog::Pause pause{*watchdog};
  for (const Notice& notice : std::exchange(notices, {})) {
    if (listener) listener(notice);
  }
}

Error Connection::State::lost() {
  ended = true;
  const std::string verdict = watchdog->verdict();
  if (!verdict.empty() && interrupt::requested()) return {Code::interrupted, "interrupted"};
  if (!reason && !verdict.empty()) reason = Notice{"FATAL", "", verdict, "", ""};
  if (!reason)
    return {Code::connection_lost, "{}{}", words_of_loss,
            one_line_without_guesses(PQerrorMessage(handle))};
  Error error{Code::connection_lost, "{}{}", words_of_loss, reason->message};
  error.sqlstate(reason->sqlstate).detail(reason->detail);
  if (const std::string setting = setting_of(reason->sqlstate); !setting.empty()) {
    error.hint(
        fmt::format("{}, which the plan has set, ended the session. Set it to 0, or do less in one "
                    "transaction.",
                    setting));
  }
  return error;
}

void Connection::State::abandon(std::string why) {
  reason = Notice{"FATAL", "", std::move(why), "", ""};
  ended = true;
  shutdown(PQsocket(handle), SHUT_RDWR);
}

Error Connection::State::failure(const PGresult* result, std::string_view sql) {
  if (ends_session(result)) reason = notice_of(result);
  if (reason || PQstatus(handle) != CONNECTION_OK) return lost().statement(std::string{sql});
  Error error = error_of(result).statement(std::string{sql});
  // The text is in the server's language and does not tell a cancel from statement_timeout.
  if (error.sqlstate() == "57014" && interrupt::requested()) {
    return Error{Code::interrupted, "interrupted"}.sqlstate("57014").statement(std::string{sql});
  }
  return error;
}

void Connection::State::wait_for_result(Interruptible interruptible) {
  for (;;) {
    const int unsent = PQflush(handle);
    if (unsent < 0) throw lost();
    if (unsent == 0 && PQisBusy(handle) == 0) return;
    wait_for_socket(unsent > 0, interruptible);
  }
}

void Connection::State::wait_for_socket(bool to_write, Interruptible interruptible) {
  const short events = to_write ? POLLIN | POLLOUT : POLLIN;
  pollfd socket{PQsocket(handle), events, 0};
  const int ready = poll(&socket, 1, static_cast<int>(between_cancels.count()));
  if (ready < 0 && errno != EINTR) throw lost();
  const bool readable = ready > 0 && (socket.revents & ~POLLOUT) != 0;
  if (readable) watchdog->heard();
  const bool read = !readable || PQconsumeInput(handle) == 1;
  if (readable) PQisBusy(handle);
  deliver_notices();
  if (!read) throw lost();
  if (ready != 0) return;
  if (interruptible == Interruptible::yes && interrupt::requested()) cancel->ask();
  if (waiting) {
    const Watchdog::Pause pause{*watchdog};
    waiting();
  }
  if (deadline && std::chrono::steady_clock::now() >= *deadline) {
    abandon("the server accepted the connection, but does not answer");
    throw lost();
  }
}

// The protocol wants a COPY ended before anything else can be said.
void Connection::State::end_copy(ExecStatusType status, Interruptible interruptible) {
  if (status == PGRES_COPY_IN) {
    PQputCopyEnd(handle, "the engine has no rows for a COPY of a client");
    return;
  }
  cancel->ask();
  char* row = nullptr;
  for (;;) {
    const int size = PQgetCopyData(handle, &row, 1);
    if (size > 0) PQfreemem(row);
    if (size < 0) return;
    if (size == 0) wait_for_socket(false, interruptible);
  }
}

Result Connection::State::collect(const std::string& sql, Interruptible interruptible) {
  Result answer;
  std::optional<Error> error;
  for (;;) {
    wait_for_result(interruptible);
    const ResultHandle result{PQgetResult(handle)};
    if (!result) break;
    const ExecStatusType status = PQresultStatus(result.get());
    switch (status) {
      case PGRES_COMMAND_OK:
      case PGRES_TUPLES_OK:
      case PGRES_EMPTY_QUERY:
        if (!error) answer = result_of(result.get());
        break;
      case PGRES_COPY_IN:
      case PGRES_COPY_OUT:
        error = Error{Code::refused, "the engine cannot serve COPY to or from the client"}
                    .hint("Use a file on the server, or use INSERT.")
                    .statement(sql);
        end_copy(status, interruptible);
        break;
      default:
        if (!error) error = failure(result.get(), sql);
    }
  }
  deliver_notices();
  if (error) throw *error;
  return answer;
}

Result Connection::State::run(const std::string& sql, const Params& params,
                              Interruptible interruptible) {
  const std::vector<const char*> values = pointers(params);
  ensure_alive();
  const Canceller::Scope cancels{*cancel};
  const Watchdog::Wait wait{*watchdog};
  std::optional<interrupt::Reaction> reaction;
  if (interruptible == Interruptible::yes) {
    reaction.emplace([held = cancel] { held->ask(); });
    interrupt::check();
  }
  ++round_trips;
  if (PQsendQueryParams(handle, sql.c_str(), static_cast<int>(values.size()), nullptr,
                        values.data(), nullptr, nullptr, 0) == 0) {
    throw lost().statement(sql);
  }
  Result result = collect(sql, interruptible);
  if (heard) heard({sql, params});
  return result;
}

void Connection::State::run_script(const std::string& sql, Interruptible interruptible) {
  ensure_alive();
  const Canceller::Scope cancels{*cancel};
  const Watchdog::Wait wait{*watchdog};
  ++round_trips;
  if (PQsendQuery(handle, sql.c_str()) == 0) throw lost().statement(sql);
  collect(sql, interruptible);
  if (heard) heard({sql, {}});
}

}  // namespace engine::db
