#include "faults/trial.h"

#include <signal.h>

#include <atomic>
#include <chrono>
#include <stdexcept>
#include <thread>

#include "faults/blocker.h"
#include "faults/engines.h"

using namespace std::chrono_literals;

namespace test {
namespace {

// The server looks for its client every 500 ms; what waits then ends, and leaves an INVALID index.
constexpr auto in_the_way = 900ms;

// Moments and random ids differ from run to run.
constexpr const char* masked =
    "[0-9]{4}-[0-9]{2}-[0-9]{2}[ T][0-9:.]+(\\+[0-9]{2})?"
    "|[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}";

constexpr const char* journal_query = R"(
  WITH r AS (SELECT * FROM engine.run ORDER BY sequence DESC LIMIT 1), line (place, text) AS (
    SELECT 1, 'run ' || status || ', inputs ' || inputs || ', state ' || state FROM r
    UNION ALL SELECT 2, format('step %s %s: %s', s.position, s.step, s.status)
              FROM engine.step s JOIN r ON r.id = s.run
    UNION ALL SELECT 3, format('check of %s, %s: %s %s', c.step, c.title, c.name, c.ok)
              FROM engine."check" c JOIN r ON r.id = c.run
    UNION ALL SELECT 4, format('answer %s: %s', a.name, a.answer)
              FROM engine.answer a JOIN r ON r.id = a.run WHERE NOT r.inputs ? a.name
    UNION ALL SELECT 5, format('backup of %s in %s: %s', b.table_name, b.step, b.status)
              FROM engine.snapshot b JOIN r ON r.id = b.run)
  SELECT string_agg(regexp_replace(text, '20\d{6}[-_]\d{6}[-_][0-9a-f]{4}', 'RUN', 'g'), E'\n'
                    ORDER BY place, text COLLATE "C") FROM line)";

Picture picture_of(const Database& database) {
  return picture(engine::db::Target::parse(database.conninfo()), masked);
}

// Of a command that was struck. What it may not say: that a person must mend something (6), that
// it was given wrongly (2), that it was interrupted (130).
bool may_end_with(int status, const FaultCase& fault_case) {
  if (kills_engine(fault_case.kind)) return status == 128 + SIGKILL;
  // Where it had no run yet, the other engine's is not its own.
  if (fault_case.kind == FaultKind::taken_over && status == 5) return true;
  return status == 0 || status == 1 || status == 3 || status == 7;
}

std::string said(const std::string& what, const Ended& ended) {
  return what + ": exit " + std::to_string(ended.status) + "\n" + ended.all();
}

}  // namespace

std::string journal_of(const Database& database) {
  if (database.value("SELECT to_regclass('engine.run') IS NULL") == "t") return "";
  return database.value(journal_query);
}

Trial::Trial(Subject subject, std::string program)
    : subject_(std::move(subject)),
      program_(std::move(program)),
      proxy_(folder_.path(), subject_.server()) {
  done_ = subject_.at_beginning();
  beginning_ = picture_of(*done_);
  const auto undisturbed = [&](const std::string& name, const Database& database) {
    proxy_.arm({Fault::Action::cut, Fault::When::before, 0, "", -1});
    const Ended ended = command(name, database);
    if (ended.status != 0 || !becomes_quiet(database)) throw std::runtime_error(said(name, ended));
    return proxy_.seen();
  };
  script_.run = undisturbed("run", *done_);
  end_ = picture_of(*done_);
  journal_done_ = journal_of(*done_);
  const auto undone = subject_.copy_of(*done_);
  script_.rollback = undisturbed("rollback", *undone);
  journal_rolled_back_ = journal_of(*undone);
  if (const auto lost = changes(beginning_, picture_of(*undone)); !lost.empty())
    throw std::runtime_error("rolled back without a fault: " + lost.front());
}

Surroundings Trial::surroundings() const {
  Surroundings surroundings;
  surroundings.folder = folder_.path();
  surroundings.program = program_;
  surroundings.timeout = 90s;
  return surroundings;
}

Words Trial::words(const std::string& command, const Database& database) const {
  return Words{
             command, subject_.plan(), "-d",
             "host=" + folder_.path() + " dbname=" + database.name() + " user=" + subject_.user()} +
         subject_.answers();
}

Ended Trial::command(const std::string& name, const Database& database) const {
  return run_engine(words(name, database), surroundings());
}

// The command's engine is frozen and loses its session; the next one goes on, and then it wakes.
Ended Trial::taken_over(Fault fault, const std::string& name, const std::string& next,
                        const Database& database) {
  std::atomic<pid_t> pid{0};
  fault.called = [&] {
    while (pid == 0) std::this_thread::sleep_for(1ms);
    ::kill(pid, SIGSTOP);
    end_engines(database);
  };
  proxy_.arm(fault);
  Program first{words(name, database), surroundings()};
  pid = first.pid();
  while (first.running() && !proxy_.fault_happened()) std::this_thread::sleep_for(2ms);
  if (proxy_.fault_happened()) {
    const Ended second = command(next, database);
    first.signal(SIGCONT);
    Ended ended = first.wait();
    ended.err += "\n" + said("meanwhile, " + next, second);
    if (second.status != 0) ended.status = -1;
    return ended;
  }
  return first.wait();
}

std::string Trial::compare(const Database& database, const Picture& expected,
                           const std::string& journal) const {
  std::string text;
  for (const std::string& line : changes(expected, picture_of(database))) text += line + "\n";
  if (!journal.empty()) {
    const std::string now = journal_of(database);
    if (now != journal) text += "journal is\n" + now + "\nand not\n" + journal + "\n";
  }
  return text;
}

std::string Trial::second_pass(const Database& database) {
  const Ended ended = command("rollback", database);
  if (ended.status != 0) return said("rollback", ended);
  const std::string text = compare(database, beginning_, journal_rolled_back_);
  return text.empty() ? "" : said("after the second pass, a rollback\n" + text, ended);
}

// What goes wrong until the engine and its session have gone.
std::string Trial::strike(const FaultCase& fault_case, const Database& database, Ended& ended) {
  Fault fault = fault_of(fault_case, database);
  std::unique_ptr<Blocker> blocker;
  if (waits(fault_case.kind))
    fault.prepared = [&] { blocker = std::make_unique<Blocker>(database, in_the_way); };
  const std::string name = fault_case.flow == Flow::rollback ? "rollback" : "run";
  if (fault_case.kind == FaultKind::taken_over) {
    const std::string next = fault_case.flow == Flow::run ? "run" : "rollback";
    ended = taken_over(fault, name, next, database);
  } else {
    proxy_.arm(fault);
    ended = command(name, database);
  }
  blocker.reset();
  if (!proxy_.fault_happened()) return "";
  if (!becomes_quiet(database)) return said("a session of it stays", ended);
  if (!may_end_with(ended.status, fault_case)) return said("struck", ended);
  return "";
}

std::string Trial::goes_on(const FaultCase& fault_case, const Database& database,
                           const Ended& struck) {
  const std::string next = fault_case.flow == Flow::run ? "run" : "rollback";
  const bool ended_well = struck.status == 0 && fault_case.flow != Flow::undo;
  const Ended ended = ended_well ? struck : command(next, database);
  if (ended.status != 0) return said(next, ended);
  std::string text = fault_case.flow == Flow::run ? compare(database, end_, journal_done_)
                     : fault_case.flow == Flow::rollback
                         ? compare(database, beginning_, journal_rolled_back_)
                         : compare(database, beginning_, "");
  if (!text.empty()) return said("after " + next + "\n" + text, ended);
  return fault_case.flow == Flow::run ? second_pass(database) : "";
}

std::optional<std::string> Trial::outcome_of(const FaultCase& fault_case) {
  const auto database =
      fault_case.flow == Flow::rollback ? subject_.copy_of(*done_) : subject_.at_beginning();
  Ended struck;
  std::string wrong = strike(fault_case, *database, struck);
  if (!proxy_.fault_happened()) return std::nullopt;
  proxy_.disarm();
  if (wrong.empty()) wrong = goes_on(fault_case, *database, struck);
  if (wrong.empty()) return "";
  const auto& messages = script_.of(fault_case.flow);
  const auto index = static_cast<std::size_t>(fault_case.message) - 1;
  return subject_.name() + ", " + fault_case.describe() + " (" +
         (index < messages.size() ? messages[index].substr(0, 100) : "") + ")\n" +
         said("the struck command", struck) + wrong;
}

}  // namespace test
