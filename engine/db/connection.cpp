#include "db/connection.h"

#include <stdexcept>
#include <utility>

#include "base/interrupt.h"
#include "db/pipeline.h"
#include "db/server_words.h"
#include "db/session.h"

namespace engine::db {

Connection::Connection(std::unique_ptr<State> state) : state_(std::move(state)) {}
Connection::Connection(Connection&&) noexcept = default;
Connection& Connection::operator=(Connection&&) noexcept = default;
Connection::~Connection() = default;

Result Connection::execute(std::string_view sql, const Params& params) {
  return state_->run(c_text(sql, "the statement"), params, Interruptible::yes);
}

Result Connection::query(std::string_view sql, const Params& params) {
  const std::string text = c_text(sql, "the statement");
  pointers(params);
  if (state_->lookup != Lookup::catalog) {
    Pipeline pipeline{*this};
    pipeline.add({text, params});
    return pipeline.run().front().result;
  }
  state_->ensure_alive();
  const Canceller::Scope cancels{*state_->cancel};
  const Watchdog::Wait wait{*state_->watchdog};
  const interrupt::Reaction reaction{canceller()};
  interrupt::check();
  ++state_->round_trips;
  PQsetErrorVerbosity(state_->handle, PQERRORS_VERBOSE);
  std::optional<Result> answer;
  std::string problem;
  try {
    answer = state_->pqxx->exec(text, params);
  } catch (const std::exception& error) {
    problem = error.what();
  }
  PQsetErrorVerbosity(state_->handle, PQERRORS_DEFAULT);
  state_->deliver_notices();
  if (answer && state_->heard) state_->heard({text, params});
  if (answer) return *std::move(answer);

  Error error = error_of_verbose(problem).statement(text);
  if (PQstatus(state_->handle) != CONNECTION_OK) {
    if (!state_->reason && !error.sqlstate().empty()) {
      state_->reason = Notice{"FATAL", error.sqlstate(), error.message(), error.detail(), ""};
    }
    throw state_->lost().statement(text);
  }
  if (error.sqlstate() == "57014" && interrupt::requested()) {
    throw Error{Code::interrupted, "interrupted"}.sqlstate("57014").statement(text);
  }
  throw error;
}

void Connection::script(std::string_view sql, Lookup lookup) {
  std::string text = c_text(sql, "the script");
  if (lookup == Lookup::catalog && state_->lookup != Lookup::catalog)
    text = fmt::format("{};\n{}\n;{}", enter_catalog, text, leave_catalog);
  const interrupt::Reaction reaction{canceller()};
  interrupt::check();
  state_->run_script(text, Interruptible::yes);
}

void Connection::rollback() {
  const TransactionStatus now = status();
  if (now != TransactionStatus::in_transaction && now != TransactionStatus::in_error) return;
  state_->run_script("ROLLBACK", Interruptible::no);
}

std::vector<Command> Connection::restoring() const { return state_->restoring; }

TransactionStatus Connection::status() const {
  if (state_->ended) return TransactionStatus::unknown;
  switch (PQtransactionStatus(state_->handle)) {
    case PQTRANS_IDLE:
      return TransactionStatus::idle;
    case PQTRANS_ACTIVE:
      return TransactionStatus::active;
    case PQTRANS_INTRANS:
      return TransactionStatus::in_transaction;
    case PQTRANS_INERROR:
      return TransactionStatus::in_error;
    case PQTRANS_UNKNOWN:
      return TransactionStatus::unknown;
  }
  return TransactionStatus::unknown;
}

int Connection::server_version() const { return PQserverVersion(state_->handle); }
int Connection::backend_pid() const { return state_->server_pid; }
const std::string& Connection::server_started() const { return state_->server_started; }

std::string Connection::parameter(const std::string& name) const {
  PGconn* handle = state_->handle;
  const char* value = name == "host"       ? PQhost(handle)
                      : name == "hostaddr" ? PQhostaddr(handle)
                      : name == "port"     ? PQport(handle)
                                           : PQparameterStatus(handle, name.c_str());
  return value == nullptr ? "" : value;
}

bool Connection::behind_pooler() const { return state_->pooled; }

void Connection::on_notice(std::function<void(const Notice&)> listener) {
  state_->listener = std::move(listener);
}

void Connection::on_statement(std::function<void(const Command&)> listener) {
  state_->heard = std::move(listener);
}

std::function<void()> Connection::canceller() const {
  return [cancel = state_->cancel] { cancel->ask(); };
}

void Connection::while_waiting(std::function<void()> listener) {
  state_->waiting = std::move(listener);
}

void Connection::abandon(std::string why) { state_->abandon(std::move(why)); }

void Connection::hurry() noexcept { state_->watchdog->hurry(); }

std::shared_ptr<void>& Connection::kept_place(std::type_index type) { return state_->kept[type]; }

long Connection::round_trips() const { return state_->round_trips; }

std::string Connection::quote_literal(std::string_view value) {
  const std::string text = c_text(value, "the value");
  std::string quoted = text.find('\\') == std::string::npos ? "'" : "E'";
  for (const char c : text) {
    if (c == '\'' || c == '\\') quoted += c;
    quoted += c;
  }
  return quoted + "'";
}

}  // namespace engine::db
