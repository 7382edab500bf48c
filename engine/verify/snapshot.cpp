#include "verify/snapshot.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "catalog/catalog.h"
#include "verify/queries.h"

namespace engine::verify {
namespace {

constexpr int read_alone = 2;

}  // namespace

Snapshot& Snapshot::of(db::Connection& connection) {
  Snapshot& snapshot = connection.kept<Snapshot>();
  if (!snapshot.holds(connection)) snapshot = Snapshot{};
  snapshot.connection_ = &connection;
  snapshot.settle();
  return snapshot;
}

bool Snapshot::holds(const db::Connection& connection) const {
  return round_trips_ == connection.round_trips();
}

void Snapshot::settle() { round_trips_ = connection_->round_trips(); }

std::shared_ptr<const catalog::Relation> Snapshot::find(const QualifiedName& name) const {
  if (!name.schema.empty() || !complete_) {
    const auto found = relations_.find(name);
    return found == relations_.end() ? nullptr : found->second;
  }
  for (const std::string& schema : path_) {
    const auto found = relations_.find({schema, name.name});
    if (found != relations_.end()) return found->second;
  }
  return nullptr;
}

void Snapshot::read_all() {
  const auto path = connection_->execute(query("search_path"));
  path_.clear();
  bool temporary = false;
  for (const auto& schema : nlohmann::json::parse(path.text(0, "path"))) {
    path_.push_back(schema.get<std::string>());
    temporary = temporary || path_.back().starts_with("pg_temp");
  }
  // A temporary table hides another of its name, and is in no schema that is read here.
  if (temporary) return;
  relations_.clear();
  for (catalog::Relation& relation : catalog::describe_schemas(*connection_)) {
    const QualifiedName name = relation.name;
    relations_[name] = std::make_shared<const catalog::Relation>(std::move(relation));
  }
  complete_ = true;
}

std::shared_ptr<const catalog::Relation> Snapshot::relation(const QualifiedName& name) {
  if (auto found = find(name)) return found;
  if (!complete_ && ++asked_ > read_alone) {
    read_all();
    settle();
    if (auto found = find(name)) return found;
  }
  // Of the system's schemas, of the engine's, or not there at all.
  auto described = catalog::describe(*connection_, name);
  settle();
  if (!described) return nullptr;
  auto relation = std::make_shared<const catalog::Relation>(*std::move(described));
  relations_[complete_ ? relation->name : name] = relation;
  return relation;
}

const Inventory& Snapshot::inventory() {
  if (!inventory_) {
    inventory_ = Inventory::read(*connection_);
    settle();
  }
  return *inventory_;
}

CacheHold::CacheHold(db::Connection& connection) {
  Snapshot& snapshot = connection.kept<Snapshot>();
  if (!snapshot.holds(connection)) return;
  snapshot.connection_ = &connection;
  snapshot_ = &snapshot;
}

CacheHold::~CacheHold() {
  if (snapshot_ != nullptr) snapshot_->settle();
}

}  // namespace engine::verify
