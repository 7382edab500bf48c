// What a chain of checks speaks of.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/names.h"
#include "catalog/relation.h"
#include "db/connection.h"
#include "event/outcome.h"

namespace engine::verify {

enum class Noun { table, view, matview, sequence, relation };

/// "table", "view", "materialized view", "sequence"; "relation" is any of them
std::string_view word_of(Noun noun);

/// A relation as the snapshot has it: every check of a chain speaks of the same moment. Where it
/// does not exist, each check fails and says so.
class Subject {
 public:
  static Subject read(db::Connection& connection, Noun noun, const QualifiedName& name);

  Noun noun() const { return noun_; }
  const QualifiedName& name() const { return name_; }
  std::string label() const;  // "table esquisse_sessions"
  const catalog::Relation* relation() const { return relation_.get(); }
  /// "no such table; nearest is esquisse_session"
  const std::string& absence() const { return absence_; }

 private:
  Noun noun_ = Noun::table;
  QualifiedName name_;
  std::shared_ptr<const catalog::Relation> relation_;
  std::string absence_;
};

/// It is there, and it is what it is called: a view is no table.
event::Outcome owned_by(const Subject& subject, const std::string& role);

event::Outcome exists(const Subject& subject);
event::Outcome does_not_exist(const Subject& subject);

}  // namespace engine::verify
