#include "trace/observer.h"

#include <chrono>

#include "trace/queries.h"

namespace engine::trace {
namespace {

// Between two looks. What CONCURRENTLY and subtransactions hold for less than that may be missed.
constexpr std::chrono::microseconds interval{500};

}  // namespace

Observer::Observer(const db::Target& shadow, int backend_pid, std::string journal)
    : connection_(db::Connection::open(shadow)),
      pid_(std::to_string(backend_pid)),
      journal_(std::move(journal)) {
  read_relations();
  watcher_ = std::thread{[this](db::Connection connection) { watch(std::move(connection)); },
                         db::Connection::open(shadow)};
}

Observer::~Observer() {
  ends_ = true;
  watcher_.join();
}

Observer::Look Observer::look(db::Connection& connection) const {
  Look look;
  const db::Result rows = connection.query(query("locks"), {pid_});
  for (std::size_t row = 0; row < rows.size(); ++row) {
    const auto relation = static_cast<std::uint32_t>(rows.integer(row, "relation"));
    if (rows.text(row, "what") == "phase") {
      look.phase = rows.text(row, "mode");
    } else if (rows.text(row, "what") == "waits") {
      look.waited.insert(relation);
    } else {
      look.held.emplace(relation, rows.text(row, "mode"));
    }
  }
  return look;
}

void Observer::keep(Look look) {
  since_.seen.merge(look.held);
  since_.waited.merge(look.waited);
  if (look.phase == phase_) return;
  const auto now = Clock::now();
  if (!phase_.empty()) {
    const auto took = std::chrono::duration_cast<std::chrono::milliseconds>(now - phase_began_);
    since_.phases.push_back({phase_, took.count()});
  }
  phase_ = std::move(look.phase);
  phase_began_ = now;
}

void Observer::read_relations() {
  relations_.clear();
  const db::Result found = connection_.query(query("relations"), {journal_});
  for (std::size_t row = 0; row < found.size(); ++row) {
    const std::string& name = found.text(row, "name");
    const std::string& table = found.text(row, "of_table");
    relations_[static_cast<std::uint32_t>(found.integer(row, "oid"))] = {
        name, table.empty() ? name : table, found.text(row, "kind").front()};
  }
}

void Observer::watch(db::Connection connection) {
  try {
    while (!ends_) {
      {
        const std::lock_guard guard{mutex_};
        keep(look(connection));
      }
      std::this_thread::sleep_for(interval);
    }
  } catch (const std::exception&) {
    // The shadow has gone, and the session that works will say so.
  }
}

Observer::Sample Observer::take() {
  Sample sample;
  {
    const std::lock_guard guard{mutex_};
    Look now = look(connection_);
    keep(now);
    sample = std::exchange(since_, {});
    sample.now = std::move(now.held);
  }
  sample.bytes =
      connection_
          .query("SELECT pg_catalog.pg_database_size(pg_catalog.current_database()) AS bytes")
          .integer(0, "bytes");
  sample.relations = relations_;
  read_relations();
  sample.relations.insert(relations_.begin(), relations_.end());
  return sample;
}

}  // namespace engine::trace
