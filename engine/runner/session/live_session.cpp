#include "runner/session/live_session.h"

#include "base/error.h"
#include "base/time.h"

namespace engine::runner {

LiveSession::Call::Call(LiveSession& session, Moment moment, bool may_write)
    : session_(session), moment_(session.moment_), may_write_(session.may_write_) {
  session_.moment_ = moment;
  session_.may_write_ = may_write;
}

LiveSession::Call::~Call() {
  session_.moment_ = moment_;
  session_.may_write_ = may_write_;
}

void LiveSession::at_step(const std::string& id, bool joins) {
  step_ = id;
  joins_ = joins;
  touched_ = false;
  wrote_ = false;
  rows_.reset();
}

db::Connection& LiveSession::connection() {
  touched_ = true;
  link_.queue().flush();
  return link_.connection();
}

db::Result LiveSession::execute(const sql::Statement& statement, const db::Params& params,
                                const Source& at) {
  db::Connection& works = connection();
  const sql::Statement* sent = sent_for(statement);
  if (sent == nullptr) return {};
  const time::Stopwatch watch;
  std::optional<db::Result> result;
  if (executor_ && works.status() == db::TransactionStatus::idle) {
    result = executor_(*sent, params);
  } else {
    result = works.execute(sent->text, params);
  }
  if (!result) return {};
  this->statement({step_, at.file, at.line, sent->text, result->tag(), result->affected(),
                   watch.elapsed().count()});
  return *std::move(result);
}

const sql::Statement* LiveSession::sent_for(const sql::Statement& statement) {
  if (!replace_) return &statement;
  std::string text = replace_(statement);
  if (text == statement.text) return &statement;
  if (text.empty()) return nullptr;
  replaced_.push_back(statement);
  replaced_.back().text = std::move(text);
  return &replaced_.back();
}

void LiveSession::add_rows(std::optional<std::int64_t> rows) {
  if (rows) rows_ = rows_.value_or(0) + *rows;
}

void LiveSession::record(const event::Outcome& outcome) {
  if (!recorder_) {
    throw Error{Code::wrong_moment, "a check was called outside verification: {}", outcome.name}
        .hint("Move it into verify, a check or a test.");
  }
  recorder_(outcome);
}

void LiveSession::note(const std::string& text) { emitter_.emit(event::Note{step_, text}); }

void LiveSession::progress(const event::Progress& progress) {
  event::Progress told = progress;
  told.step = step_;
  emitter_.emit(std::move(told));
}

void LiveSession::statement(const event::StatementDone& statement) {
  event::StatementDone told = statement;
  told.step = step_;
  told.taken_back = moment_ == Moment::verify;
  if (moment_ == Moment::run || moment_ == Moment::rollback || moment_ == Moment::task)
    add_rows(told.rows);
  emitter_.emit(std::move(told));
  link_.queue().trace();
}

std::string LiveSession::ask(const event::Ask& ask) {
  if (questions_.remembers(ask.name)) return questions_.answer(ask);
  const bool begun = touched_ || link_.connection().status() != db::TransactionStatus::idle;
  const bool working =
      moment_ == Moment::run || moment_ == Moment::rollback || moment_ == Moment::task;
  if (working && joins_ && !touched_) {
    throw Error{Code::wrong_moment,
                "ask was called while the transaction of an atomic phase or plan is open: {}",
                ask.text}
        .hint(
            "Declare an input, or use the step's confirm. The engine asks those before the "
            "transaction begins.");
  }
  // No transaction stays open, and no lock is held, while a person thinks.
  if (!working || begun) {
    throw Error{Code::wrong_moment, "ask must come before the step's first statement: {}", ask.text}
        .hint("Ask at the start of run, or use the step's confirm.");
  }
  std::string answer = questions_.answer(ask, step_);
  if (witness_ != nullptr) witness_->answered(step_, ask, answer);
  return answer;
}

std::set<std::string> LiveSession::inputs_read(const std::string& step) const {
  const auto found = inputs_read_.find(step);
  return found == inputs_read_.end() ? std::set<std::string>{} : found->second;
}

void LiveSession::use(const plan::LateFile& file) {
  if (witness_ != nullptr) witness_->uses(step_, file);
  if (!step_.empty()) late_files_[step_][file.path] = file;
}

std::optional<std::string> LiveSession::input(const std::string& name) const {
  const plan::Input& declared = inputs_->declaration(name);
  inputs_read_[step_].insert(name);
  std::optional<std::string> value = inputs_->value(name);
  if (!value && declared.type == plan::InputType::secret && !declared.at_rollback &&
      moment_ == Moment::rollback && !inputs_->is_absent(name)) {
    throw Error{Code::answer_missing, "secret {} has no value: the journal does not store secrets",
                name}
        .hint("Give --set " + name + "=VALUE.");
  }
  return value;
}

plan::InputType LiveSession::input_type(const std::string& name) const {
  return inputs_->declaration(name).type;
}

}  // namespace engine::runner
