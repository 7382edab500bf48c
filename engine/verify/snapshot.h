// What checks have read of a database, kept as long as nothing else was asked of its session: a
// thousand checks in a row read the catalog once, not a thousand times.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "catalog/relation.h"
#include "db/connection.h"
#include "verify/inventory.h"

namespace engine::verify {

class Snapshot {
 public:
  /// Empty wherever the session has been used since by anything but this class and CacheHold: a
  /// plan's statement, the runner's BEGIN.
  static Snapshot& of(db::Connection& connection);

  /// Null where there is none. The first two are read alone; whoever asks for a third is about to
  /// ask for more, and gets every relation of every schema.
  std::shared_ptr<const catalog::Relation> relation(const QualifiedName& name);
  const Inventory& inventory();

  /// A place for what belongs to the same moment, under a key of its owner's.
  template <typename T, typename Read>
  const T& kept(const std::string& key, Read read) {
    auto& place = kept_[key];
    if (!place) {
      place = std::make_shared<T>(read());
      settle();
    }
    return *static_cast<const T*>(place.get());
  }

 private:
  friend class CacheHold;
  bool holds(const db::Connection& connection) const;
  void settle();
  void read_all();
  std::shared_ptr<const catalog::Relation> find(const QualifiedName& name) const;

  db::Connection* connection_ = nullptr;
  long round_trips_ = -1;
  std::map<QualifiedName, std::shared_ptr<const catalog::Relation>> relations_;
  std::vector<std::string> path_;  // of schemas, once everything is read
  bool complete_ = false;
  int asked_ = 0;
  std::optional<Inventory> inventory_;
  std::map<std::string, std::shared_ptr<void>> kept_;
};

/// While it lives, the engine's own statements on the session change nothing that a snapshot holds.
class CacheHold {
 public:
  explicit CacheHold(db::Connection& connection);
  CacheHold(const CacheHold&) = delete;
  CacheHold& operator=(const CacheHold&) = delete;
  ~CacheHold();

 private:
  Snapshot* snapshot_ = nullptr;
};

}  // namespace engine::verify
