#include "db/pipeline.h"

#include <optional>
#include <string>
#include <utility>

#include "base/interrupt.h"
#include "db/server_words.h"
#include "db/session.h"

namespace engine::db {
namespace {

using Clock = std::chrono::steady_clock;

// Pipeline mode for one flush. It ends only when the answer to the sync has been read: whatever
// goes wrong in between, the answers that are still on their way are read first.
class Flush {
 public:
  explicit Flush(Connection::State& session) : session_(session) {
    // Otherwise both sides could wait for the other to read: the server's answers fill the socket
    // while the client still writes.
    PQsetnonblocking(session_.handle, 1);
    if (PQenterPipelineMode(session_.handle) == 0) {
      PQsetnonblocking(session_.handle, 0);
      throw Error{Code::internal, "a pipeline cannot begin while a statement runs"};
    }
  }
  Flush(const Flush&) = delete;
  Flush& operator=(const Flush&) = delete;

  ~Flush() {
    try {
      while (!synced_ && !session_.ended) next();
    } catch (const std::exception&) {
      // The session is lost, and says so when it is used.
    }
    PQexitPipelineMode(session_.handle);
    PQsetnonblocking(session_.handle, 0);
  }

  void send(const char* sql, const Params& params) {
    const std::vector<const char*> values = pointers(params);
    const bool sent = PQsendQueryParams(session_.handle, sql, static_cast<int>(values.size()),
                                        nullptr, values.data(), nullptr, nullptr, 0) == 1 &&
                      PQsendFlushRequest(session_.handle) == 1;
    if (!sent) throw session_.lost().statement(sql);
  }

  void sync() {
    if (PQpipelineSync(session_.handle) == 0) throw session_.lost();
  }

  // The next result; none between two commands.
  ResultHandle next() {
    session_.wait_for_result(Interruptible::yes);
    ResultHandle result{PQgetResult(session_.handle)};
    if (!result) {
      if (PQstatus(session_.handle) != CONNECTION_OK) throw session_.lost();
      return result;
    }
    const ExecStatusType status = PQresultStatus(result.get());
    if (status == PGRES_PIPELINE_SYNC) synced_ = true;
    if (status == PGRES_COPY_IN || status == PGRES_COPY_OUT) {
      // The server takes what follows for rows of the COPY, the sync included.
      session_.abandon("COPY to or from the client stood in a pipeline");
      throw session_.lost();
    }
    return result;
  }

  bool synced() const { return synced_; }

 private:
  Connection::State& session_;
  bool synced_ = false;
};

constexpr std::size_t is_switch = static_cast<std::size_t>(-1);

// What is sent: `index` counts the caller's commands.
struct Sent {
  const char* sql;
  const Params* params;
  std::size_t index;
};

// With the switches of the search_path that the engine's own statements need on this session.
std::vector<Sent> with_switches(const std::vector<Command>& commands, Lookup session) {
  static const Params none;
  std::vector<Sent> all;
  Lookup now = session;
  const auto go_to = [&](Lookup wanted) {
    if (now == wanted || session == Lookup::catalog) return;
    all.push_back({wanted == Lookup::catalog ? enter_catalog : leave_catalog, &none, is_switch});
    now = wanted;
  };
  for (std::size_t i = 0; i < commands.size(); ++i) {
    go_to(commands[i].lookup);
    all.push_back({commands[i].sql.c_str(), &commands[i].params, i});
  }
  go_to(session);
  return all;
}

}  // namespace

Pipeline::Pipeline(Connection& connection) : connection_(connection) {}

std::size_t Pipeline::add(Command command) {
  commands_.push_back(std::move(command));
  return commands_.size() - 1;
}

std::vector<Answer> Pipeline::run(const std::function<void(std::size_t, const Answer&)>& answered) {
  const std::vector<Command> commands = std::exchange(commands_, {});
  failed_ = 0;
  std::vector<Answer> answers;
  if (commands.empty()) return answers;
  for (const Command& command : commands) {
    c_text(command.sql, "the statement");
    pointers(command.params);
  }

  Connection::State& session = *connection_.state_;
  session.ensure_alive();
  const Canceller::Scope cancels{*session.cancel};
  const Watchdog::Wait wait{*session.watchdog};
  const interrupt::Reaction reaction{connection_.canceller()};
  interrupt::check();

  const std::vector<Sent> all = with_switches(commands, session.lookup);
  Flush flush{session};
  ++session.round_trips;
  for (const Sent& each : all) flush.send(each.sql, *each.params);
  flush.sync();

  Clock::time_point before = Clock::now();
  for (const Sent& each : all) {
    const ResultHandle result = flush.next();
    const ExecStatusType status = PQresultStatus(result.get());
    if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK && status != PGRES_EMPTY_QUERY) {
      throw session.failure(result.get(), each.sql);
    }
    const Clock::time_point now = Clock::now();
    const auto elapsed = std::chrono::duration_cast<std::chrono::microseconds>(now - before);
    before = now;
    flush.next();  // nothing: the end of this command
    session.deliver_notices();
    if (each.index == is_switch) continue;
    answers.push_back({result_of(result.get()), elapsed});
    failed_ = each.index + 1;
    const Watchdog::Pause pause{*session.watchdog};
    if (session.heard) session.heard(commands[each.index]);
    if (answered) answered(each.index, answers.back());
  }
  while (!flush.synced()) flush.next();
  return answers;
}

}  // namespace engine::db
