#include "runner/session/context.h"

#include "base/time.h"
#include "journal/history.h"
#include "runner/session/failover.h"

namespace engine::runner {
namespace {

// The detail of a plain warning says what it means: a COMMIT whose wait for a standby was cancelled
// has committed, and may not have been replicated.
std::string text_of(const db::Notice& notice) {
  if (notice.sqlstate != "01000" || notice.detail.empty()) return notice.message;
  return notice.message + ": " + notice.detail;
}

}  // namespace

Context::Context(const plan::Plan& its_plan, db::Connection connection,
                 const RunOptions& its_options, const RunEnvironment& its_host)
    : plan(its_plan),
      options(its_options),
      host(its_host),
      emitter(host.listener),
      questions(*host.prompter, emitter, options.assume_yes),
      inputs(plan.inputs, questions),
      link(std::move(connection), host.connect, host.connect_briefly,
           [this](const db::Notice& notice) {
             emitter.emit(event::NoticeSeen{session.step_id(), notice.severity, notice.sqlstate,
                                            text_of(notice)});
           }),
      session(plan, link, emitter, questions, inputs, options.output_folder) {
  session.shown_to(host.witness);
  if (host.traced) {
    link.queue().trace_with([this](db::Connection& works) {
      host.traced(works, {session.step_id(), session.moment() == Moment::verify});
    });
  }
  if (host.attach) host.attach(&session);
}

Context::~Context() {
  if (host.attach) host.attach(nullptr);
}

void Context::trace_own(const Traced& whose) {
  if (!host.traced) return;
  flush();
  host.traced(link.connection(), whose);
}

void Context::flush() {
  if (link.queue().empty()) return;
  watched([this] { link.queue().flush(); });
}

void Context::watched(const std::function<void()>& call) {
  const time::Stopwatch stopwatch;
  BlockerWatch watch{host.connect_briefly ? host.connect_briefly : host.connect,
                     link.connection().backend_pid(), waited};
  blocking_.clear();
  link.connection().while_waiting([&] { tell_blockers(watch.seen()); });
  try {
    call();
    link.connection().while_waiting({});
  } catch (const Error& error) {
    link.connection().while_waiting({});
    watch.stop();
    blockers.clear();
    for (const Blocker& blocker : watch.seen()) blockers.push_back(blocker.text);
    if (error.sqlstate() == "55P03") waited += stopwatch.elapsed();
    throw;
  } catch (...) {
    link.connection().while_waiting({});
    throw;
  }
}

// Once for each that comes: the wait may be long.
void Context::tell_blockers(const std::vector<Blocker>& seen) {
  bool is_new = false;
  std::vector<std::string> texts;
  for (const Blocker& blocker : seen) {
    is_new = blocking_.insert(blocker.pid).second || is_new;
    texts.push_back(blocker.text);
  }
  if (is_new) emitter.emit(event::Retry{session.step_id(), "55P03", 0, 0, std::move(texts)});
}

db::Command Context::settings(const Job& job, bool local) const {
  const std::string& lock_timeout =
      plan.lock_timeout.empty() ? options.lock_timeout : plan.lock_timeout;
  const std::string statement_timeout = !job.statement_timeout.empty()    ? job.statement_timeout
                                        : !plan.statement_timeout.empty() ? plan.statement_timeout
                                                                          : "0";
  db::Command command{
      "SELECT pg_catalog.set_config('lock_timeout', $1, $3::pg_catalog.bool),"
      " pg_catalog.set_config('statement_timeout', $2, $3::pg_catalog.bool)",
      {job.lock_timeout.empty() ? lock_timeout : job.lock_timeout, statement_timeout,
       local ? "true" : "false"},
      db::Lookup::session};
  if (!plan.search_path.empty()) {
    command.sql += ", pg_catalog.set_config('search_path', $4, $3::pg_catalog.bool)";
    command.params.emplace_back(plan.search_path);
  }
  return command;
}

void Context::add_record(const Job& job, event::StepState status, const Done& done) {
  StatementBatch& queue = link.queue();
  journal::Journal& journal = link.journal();
  const journal::StepRow row = row_of(job, link.run(), status, done);
  queue.add(journal.record_step(row));
  if (announcement) queue.add(*announcement);
  for (const Error& error : retried) {
    queue.add(journal.record_attempt(row, "retried", error.sqlstate(), error.message()));
  }
  if (!done.checks.empty()) queue.add(journal.record_checks(link.run(), done.checks));
  for (const Questions::Given& given : questions.unrecorded()) {
    queue.add(journal.record_answer(link.run(), given.name, given.answer, given.source));
    if (given.step != job.id) continue;
    queue.add(journal.record_told(
        link.run(), {job.id, job.moment == Moment::rollback, given.name, given.answer}));
  }
  if (const auto read = session.inputs_read(job.id); !read.empty() && job.moment != Moment::task)
    queue.add(journal::record_inputs_read(journal, link.run(), job.id,
                                          job.moment == Moment::rollback, read));
  for (const auto& [path, file] : session.late_files(job.id))
    queue.add(journal.record_file(link.run(), {job.id, path, file.digest}, file.text));
  if (session.state() != recorded_state)
    queue.add(journal.record_state(link.run(), session.state()));
}

void Context::recorded() {
  questions.recorded();
  retried.clear();
  announcement.reset();
  recorded_state = session.state();
}

void Context::recall_catalog(const std::string& run) {
  if (const auto kept = link.journal().catalog_at_start(run))
    session.catalog_was(verify::catalog_hashes_from_json(*kept));
}

// A failed transaction answers COMMIT with ROLLBACK, and without an error.
void Context::add_commit() {
  if (link.fence_waits()) flush();
  link.queue().add_control("COMMIT", [](const db::Answer& answer) {
    if (answer.result.tag() == "COMMIT") return;
    throw Error{Code::sql,
                "the transaction was rolled back: the plan caught the error of a statement in it"}
        .hint("Use db.savepoint around a statement that may fail.");
  });
}

void Context::write(std::vector<db::Command> commands, As role) {
  // The epoch sets it apart from those of other engines, also after a resume.
  const std::string name = fmt::format("{}.{}", link.epoch(), ++writes_);
  commands.insert(commands.begin(), link.journal().name_write(link.run(), name));
  std::optional<Error> lost;
  for (int losses = 0;;) {
    try {
      if (lost) {
        reconnect(*lost);
        if (link.journal().has_written(link.run(), name)) return;
        link.refuse_ended();
      }
      return write_once(commands, role);
    } catch (const Error& error) {
      if (!is_lost(error) || ++losses > reconnections || (lost && link.gave_up())) {
        link.abandon();
        throw;
      }
      lost = error;
    }
  }
}

void Context::write_in_session(const std::vector<db::Command>& commands) {
  try {
    write_once(commands, As::plan);
  } catch (const Error&) {
    link.abandon();
    throw;
  }
}

void Context::write_once(const std::vector<db::Command>& commands, As role) {
  link.add_begin();
  if (role == As::plan) link.add_own_role();
  link.add_fence();
  for (const db::Command& command : commands) link.queue().add(command);
  link.queue().flush();
  add_commit();
  if (role == As::plan) link.add_plan_role();
  link.queue().flush();
}

void Context::reconnect(const Error& lost) {
  const time::Stopwatch stopwatch;
  const std::string why = db::cause_of_loss(lost);
  link.restore(lost, options.reconnect_budget, [&](int attempt, std::chrono::milliseconds pause) {
    emitter.emit(event::Retry{session.step_id(), lost.sqlstate(), attempt, pause.count(), {}, why});
  });
  session.note(fmt::format("reconnected after {}", time::duration(stopwatch.elapsed())));
  if (!link.run().empty() && !link.ended()) refuse_lost_steps(*this);
}

void Reading::open() {
  if (open_) return;
  open_ = true;
  context_.link.queue().add_control("BEGIN TRANSACTION READ ONLY");
  context_.link.queue().add(context_.settings(job_, true));
}

void Reading::close() {
  if (!open_) return;
  open_ = false;
  StatementBatch& queue = context_.link.queue();
  if (context_.link.in_transaction()) {
    queue.add_control("ROLLBACK");
  } else {
    queue.forget();
  }
}

void Reading::end() {
  close();
  context_.flush();
}

}  // namespace engine::runner
