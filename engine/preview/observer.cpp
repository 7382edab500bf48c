#include "preview/observer.h"

#include <chrono>

#include "preview/queries.h"

namespace engine::preview {
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

Observer::Held Observer::held(db::Connection& connection) const {
  Held held;
  const db::Result locks = connection.query(query("locks"), {pid_});
  for (std::size_t row = 0; row < locks.size(); ++row) {
    held.emplace(static_cast<std::uint32_t>(locks.integer(row, "relation")),
                 locks.text(row, "mode"));
  }
  return held;
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
      const Held held_now = held(connection);
      if (!held_now.empty()) {
        const std::lock_guard guard{mutex_};
        seen_.insert(held_now.begin(), held_now.end());
      }
      std::this_thread::sleep_for(interval);
    }
  } catch (const std::exception&) {
    // The shadow has gone, and the session that works will say so.
  }
}

Observer::Sample Observer::take() {
  Sample sample;
  sample.now = held(connection_);
  {
    const std::lock_guard guard{mutex_};
    sample.seen = std::exchange(seen_, {});
  }
  sample.seen.insert(sample.now.begin(), sample.now.end());
  sample.relations = relations_;
  read_relations();
  sample.relations.insert(relations_.begin(), relations_.end());
  return sample;
}

}  // namespace engine::preview
