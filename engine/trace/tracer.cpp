#include "trace/tracer.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <nlohmann/json.hpp>
#include <string_view>
#include <utility>

#include "base/names.h"
#include "trace/outside_locks.h"
#include "trace/queries.h"

namespace engine::trace {
namespace {

using json = nlohmann::json;
using std::chrono::duration_cast;
using std::chrono::milliseconds;

constexpr std::string_view tripwire = "ENG01";

Nested nested_of(const json& object) {
  Nested nested;
  nested.event = object.at("event");
  nested.tag = object.at("tag");
  nested.type = object.at("type");
  nested.object = object.at("object").is_null() ? "" : object.at("object").get<std::string>();
  nested.reason = object.at("reason");
  nested.cascade = object.at("cascade");
  return nested;
}

Tracer::Counted counts_of(const std::string& text) {
  Tracer::Counted counts;
  for (const json& table : json::parse(text)) {
    counts[table.at("oid")] = {table.at("relation"),
                               {table.at("inserted"), table.at("updated"), table.at("deleted"),
                                table.at("scans"), table.at("scanned"), table.at("index_scans")}};
  }
  return counts;
}

/// Since then; all of it where the server began to count anew: TRUNCATE, or its statistics' reset.
RowCounts grown(const RowCounts& now, const RowCounts& then) {
  const RowCounts since{now.inserted - then.inserted, now.updated - then.updated,
                        now.deleted - then.deleted,   now.scans - then.scans,
                        now.scanned - then.scanned,   now.index_scans - then.index_scans};
  const auto least = std::min({since.inserted, since.updated, since.deleted, since.scans,
                               since.scanned, since.index_scans});
  return least < 0 ? now : since;
}

bool is_nothing(const RowCounts& counts) {
  return counts.inserted + counts.updated + counts.deleted + counts.scans == 0;
}

std::vector<std::string> words_of(const std::string& array) {
  return json::parse(array).get<std::vector<std::string>>();
}

/// The text between the first pair of double quotes: names in the server's debug messages.
std::string quoted_part(const std::string& message) {
  const auto from = message.find('"');
  const auto to = from == std::string::npos ? from : message.find('"', from + 1);
  return to == std::string::npos ? "" : message.substr(from + 1, to - from - 1);
}

}  // namespace

void Tracer::install(const db::Target& shadow) {
  db::Connection::open(shadow).script(query("tripwires"));
}

void Tracer::make_talk(db::Connection& connection, const std::string& database) {
  const std::string alter = "ALTER DATABASE " + quote_identifier(database);
  connection.execute(alter + " SET client_min_messages = debug1");
  connection.execute(alter + " SET log_temp_files = 0");
}

Tracer::Tracer(const db::Target& shadow, db::Connection& works, std::string journal)
    : observer_(shadow, works.backend_pid(), journal),
      journal_(std::move(journal)),
      counted_(counts_of(works.query(query("session"), {journal_}).text(0, "tables"))) {}

bool Tracer::hear(const event::Event& event) {
  if (const auto* statement = std::get_if<event::StatementDone>(&event.body)) {
    pending_.step = statement->step;
    pending_.file = statement->file;
    pending_.line = statement->line;
    pending_.sql = statement->sql;
    pending_.tag = statement->tag;
    pending_.ms = statement->ms;
    pending_.taken_back = statement->taken_back;
    told_ = true;
    return false;
  }
  // What the engine did for itself before: its journal was made, for one.
  if (std::holds_alternative<event::StepStarted>(event.body)) {
    pending_ = {};
    told_locks_.clear();
  }
  if (const auto* step = std::get_if<event::StepFinished>(&event.body)) {
    end_step(*step);
    return false;
  }
  if (const auto* notice = std::get_if<event::NoticeSeen>(&event.body)) return hear_notice(*notice);
  return false;
}

bool Tracer::hear_notice(const event::NoticeSeen& notice) {
  if (notice.sqlstate == tripwire) {
    const json object = json::parse(notice.message);
    if (object.at("event") != "locks") {
      pending_.nested.push_back(nested_of(object));
    } else if (object.at("locks").is_array()) {
      for (const json& lock : object.at("locks")) told_locks_.emplace(lock.at(0), lock.at(1));
    }
    return true;
  }
  if (notice.severity.starts_with("DEBUG")) {
    hear_debug(notice.message);
    return true;
  }
  if (notice.severity == "LOG") {
    // temporary file: path "base/pgsql_tmp/pgsql_tmp4711.0", size 1024
    const auto size = notice.message.rfind(", size ");
    if (notice.message.starts_with("temporary file:") && size != std::string::npos)
      pending_.temp_bytes += std::stoll(notice.message.substr(size + 7));
    return true;
  }
  pending_.notices.push_back({notice.severity, notice.sqlstate, notice.message});
  return false;
}

void Tracer::hear_debug(const std::string& message) {
  if (message.starts_with("verifying table")) {
    pending_.verified.push_back(quoted_part(message));
  } else if (message.starts_with("validating foreign key constraint")) {
    pending_.validated.push_back(quoted_part(message));
  } else if (message.find("sufficient to prove") != std::string::npos ||
             message.find("is implied by existing constraints") != std::string::npos) {
    pending_.proved.push_back(message);
  } else if (message.starts_with("building index \"") &&
             // A column of text may bring the table's first TOAST index, which is empty.
             !message.starts_with("building index \"pg_toast")) {
    // building index "name" on table "name" serially
    pending_.built.push_back(quoted_part(message));
    pending_.built_on.push_back(quoted_part(message.substr(message.find("\" on table ") + 1)));
  }
}

void Tracer::look(db::Connection& works, const runner::Traced& whose) {
  const bool in_transaction = works.status() == db::TransactionStatus::in_transaction;
  Observer::Sample sample = observer_.take();
  sample.seen.merge(std::exchange(told_locks_, {}));
  StatementTrace statement = std::exchange(pending_, {});
  if (!std::exchange(told_, false)) {
    statement.step = whose.step;
    statement.taken_back = whose.taken_back;
    statement.decides = whose.decides;
    statement.ms = duration_cast<milliseconds>(Clock::now() - last_look_).count();
  }
  statement.alone = !in_transaction;
  const std::vector<std::string> search_path = add_session(statement, works);
  add_sizes(statement, sample);
  add_locks(statement, sample, in_transaction);
  if (statement.alone && !statement.sql.empty())
    add_outside_locks(statement, search_path, sample.relations);
  keep(std::move(statement));
}

// What followed the last look, and a statement that failed: its locks have been given back by now.
void Tracer::end_step(const event::StepFinished& step) {
  StatementTrace rest = std::exchange(pending_, {});
  rest.step = step.step;
  if (step.error && !step.error->statement().empty()) {
    rest.file = step.error->source().file;
    rest.line = step.error->source().line;
    rest.sql = step.error->statement();
  }
  rest.ms = duration_cast<milliseconds>(Clock::now() - last_look_).count();
  rest.alone = true;
  Observer::Sample sample = observer_.take();
  sample.seen.merge(std::exchange(told_locks_, {}));
  add_sizes(rest, sample);
  add_locks(rest, sample, false);
  end_transaction();
  keep(std::move(rest));
}

// Of the engine's own statements only what did something: definitions are printed under a lock of
// the table, which a look may see or miss.
void Tracer::keep(StatementTrace statement) {
  if (statement.sql.empty() && !statement.decides)
    std::erase_if(statement.locks, [](const Lock& lock) { return lock.mode == "AccessShareLock"; });
  const bool idle = statement.locks.empty() && statement.nested.empty() && statement.rows.empty();
  if (!statement.sql.empty() || !idle) statements_.push_back(std::move(statement));
  last_look_ = Clock::now();
}

std::vector<std::string> Tracer::add_session(StatementTrace& statement, db::Connection& works) {
  const db::Result now = works.query(query("session"), {journal_});
  statement.transaction = now.text(0, "transaction");
  statement.lock_timeout_ms = now.integer(0, "lock_timeout");
  statement.statement_timeout_ms = now.integer(0, "statement_timeout");
  const auto began = Clock::now() - milliseconds{statement.ms};
  if (statement.transaction != transaction_) {
    end_transaction();
    transaction_ = statement.transaction;
    began_ = began;
  }
  statement.from_ms = duration_cast<milliseconds>(began - began_).count();
  const std::int64_t wal = static_cast<std::int64_t>(std::stod(now.text(0, "wal")));
  if (wal_ > 0) statement.wal_bytes = wal - wal_;
  wal_ = wal;
  Counted counted = counts_of(now.text(0, "tables"));
  for (const auto& [oid, table] : counted) {
    const RowCounts done = grown(table.counts, counted_[oid].counts);
    // In a transaction its locks tell.
    const bool looked = statement.alone && done.index_scans > 0;
    if (looked || !is_nothing(done)) statement.rows[table.relation] = done;
  }
  counted_ = std::move(counted);
  return words_of(now.text(0, "search_path"));
}

void Tracer::add_sizes(StatementTrace& statement, Observer::Sample& sample) {
  if (bytes_ > 0) statement.grown_bytes = sample.bytes - bytes_;
  bytes_ = sample.bytes;
  statement.phases = std::move(sample.phases);
}

void Tracer::add_locks(StatementTrace& statement, const Observer::Sample& sample,
                       bool in_transaction) {
  for (const auto& lock : sample.seen) {
    if (!known_.insert(lock).second) continue;
    const auto relation = sample.relations.find(lock.first);
    if (relation == sample.relations.end()) continue;
    Lock taken;
    taken.relation = relation->second.name;
    taken.table = relation->second.table;
    taken.kind = relation->second.kind;
    taken.mode = lock.second;
    taken.transient = in_transaction && !sample.now.contains(lock);
    taken.waited = sample.waited.contains(lock.first);
    taken.held_ms = statement.ms;
    if (in_transaction && !taken.transient) {
      standing_.push_back(
          {statements_.size(), statement.locks.size(), Clock::now() - milliseconds{statement.ms}});
    }
    statement.locks.push_back(std::move(taken));
  }
  if (!in_transaction) known_.clear();
}

// The last look stands for the commit, which follows it.
void Tracer::end_transaction() {
  for (const Standing& standing : standing_) {
    Lock& lock = statements_[standing.statement].locks[standing.lock];
    lock.held_ms =
        std::max(lock.held_ms, duration_cast<milliseconds>(last_look_ - standing.since).count());
  }
  standing_.clear();
  known_.clear();
}

std::vector<StatementTrace> Tracer::finish() {
  end_transaction();
  return std::exchange(statements_, {});
}

}  // namespace engine::trace
