#include "runner/context.h"

#include "base/time.h"
#include "runner/blockers.h"

namespace engine::runner {

Context::Context(const Plan& its_plan, db::Connection connection, const RunOptions& its_options,
                 const Host& its_host)
    : plan(its_plan),
      options(its_options),
      host(its_host),
      emitter(host.listener),
      questions(*host.prompter, emitter, options.assume_yes),
      inputs(plan.inputs, questions),
      link(std::move(connection), host.connect,
           [this](const db::Notice& notice) {
             emitter.emit(
                 NoticeSeen{session.step_id(), notice.severity, notice.sqlstate, notice.message});
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
  try {
    call();
  } catch (const Error& error) {
    blockers = watch.stop();
    if (error.sqlstate() == "55P03") waited += stopwatch.elapsed();
    throw;
  }
}

db::Command Context::settings(const Job& job, bool local) const {
  return settings(job, local, plan.lock_timeout.empty() ? options.lock_timeout : plan.lock_timeout);
}

db::Command Context::settings(const Job& job, bool local, const std::string& lock_timeout) const {
  const std::string statement_timeout = !job.statement_timeout.empty()    ? job.statement_timeout
                                        : !plan.statement_timeout.empty() ? plan.statement_timeout
                                                                          : "0";
  db::Command command{
      "SELECT pg_catalog.set_config('lock_timeout', $1, $3::bool),"
      " pg_catalog.set_config('statement_timeout', $2, $3::bool)",
      {job.lock_timeout.empty() ? lock_timeout : job.lock_timeout, statement_timeout,
       local ? "true" : "false"}};
  if (!plan.search_path.empty()) {
    command.sql += ", pg_catalog.set_config('search_path', $4, $3::bool)";
    command.params.emplace_back(plan.search_path);
  }
  return command;
}

void Context::add_record(const Job& job, const std::string& status, const Done& done) {
  Queue& queue = link.queue();
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
  }
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
    session.catalog_was(verify::picture_from_json(*kept));
}

// A failed transaction answers COMMIT with ROLLBACK, and without an error.
void Context::add_commit() {
  if (link.fence_waits()) flush();
  link.queue().add("COMMIT", [](const db::Answer& answer) {
    if (answer.result.tag() == "COMMIT") return;
    throw Error{Code::sql, "the transaction was rolled back: an error in it was swallowed"}.hint(
        "Use db.savepoint around a statement that may fail.");
  });
}

void Context::write(const std::vector<db::Command>& commands) {
  // The epoch sets it apart from those of other engines, also after a resume.
  const std::string name = fmt::format("{}.{}", link.epoch(), ++writes_);
  for (bool again = true;; again = false) {
    try {
      link.add_begin();
      link.add_fence();
      link.queue().add(link.journal().name_write(link.run(), name));
      for (const db::Command& command : commands) link.queue().add(command);
      link.queue().flush();
      add_commit();
      return link.queue().flush();
    } catch (const Error& error) {
      if (!again || !is_lost(error)) {
        link.abandon();
        throw;
      }
      link.restore(options.reconnect_budget);
      if (link.journal().has_written(link.run(), name)) return;
      link.refuse_ended();
    }
  }
}

void Reading::open() {
  if (open_) return;
  open_ = true;
  context_.link.queue().add("BEGIN TRANSACTION READ ONLY");
  context_.link.queue().add(context_.settings(job_, true));
}

void Reading::close() {
  if (!open_) return;
  open_ = false;
  Queue& queue = context_.link.queue();
  if (context_.link.in_transaction()) {
    queue.add("ROLLBACK");
  } else {
    queue.forget();
  }
}

void Reading::end() {
  close();
  context_.flush();
}

}  // namespace engine::runner
