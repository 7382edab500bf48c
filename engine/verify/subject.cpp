#include "verify/subject.h"

#include "base/text.h"
#include "verify/outcomes.h"
#include "verify/snapshot.h"

namespace engine::verify {
namespace {

std::string_view kinds_of(Noun noun) {
  switch (noun) {
    case Noun::table:
      return "rpf";
    case Noun::view:
      return "v";
    case Noun::matview:
      return "m";
    case Noun::sequence:
      return "S";
    case Noun::relation:
      return "rpfvmS";
  }
  return "";
}

/// The same in the words of the inventory.
std::string_view listed_kinds_of(Noun noun) {
  switch (noun) {
    case Noun::table:
      return "table,partition,foreign table";
    case Noun::view:
      return "view";
    case Noun::matview:
      return "matview";
    case Noun::sequence:
      return "sequence";
    case Noun::relation:
      return "table,partition,foreign table,view,matview,sequence";
  }
  return "";
}

/// A bare name misses what stands in a schema that the search_path does not name.
std::string elsewhere(const Inventory& inventory, Noun noun, const QualifiedName& name) {
  std::vector<std::string> places;
  for (const Item* item : inventory.all(listed_kinds_of(noun), [&](const Item& each) {
         return each.name == name.name && each.schema != name.schema;
       })) {
    places.push_back(QualifiedName{item->schema, item->name}.display());
  }
  if (places.empty()) return "";
  return fmt::format("no such {}{}; there is {}", word_of(noun),
                     name.schema.empty() ? " on the search_path" : "", text::listed(places));
}

}  // namespace

std::string_view word_of(Noun noun) {
  switch (noun) {
    case Noun::table:
      return "table";
    case Noun::view:
      return "view";
    case Noun::matview:
      return "materialized view";
    case Noun::sequence:
      return "sequence";
    case Noun::relation:
      return "relation";
  }
  return "";
}

Subject Subject::read(db::Connection& connection, Noun noun, const QualifiedName& name) {
  Subject subject;
  subject.noun_ = noun;
  subject.name_ = name;
  Snapshot& snapshot = Snapshot::of(connection);
  subject.relation_ = snapshot.relation(name);
  if (!subject.relation_) {
    const Inventory& inventory = snapshot.inventory();
    subject.absence_ = elsewhere(inventory, noun, name);
    if (subject.absence_.empty()) {
      subject.absence_ =
          nothing_like(word_of(noun), name.display(), inventory.names(listed_kinds_of(noun)));
    }
  }
  return subject;
}

std::string Subject::label() const { return fmt::format("{} {}", word_of(noun_), name_.display()); }

event::Outcome owned_by(const Subject& subject, const std::string& role) {
  const std::string name = fmt::format("{} is owned by {}", subject.label(), role);
  if (subject.relation() == nullptr) return absent(subject, name, role);
  return compared(name, role, subject.relation()->owner);
}

event::Outcome exists(const Subject& subject) {
  const std::string name = subject.label() + " exists";
  const catalog::Relation* relation = subject.relation();
  if (relation == nullptr) return absent(subject, name, subject.label());
  if (kinds_of(subject.noun()).find(relation->kind) != std::string_view::npos) {
    return held(name, subject.label());
  }
  return failed(name, subject.label(),
                fmt::format("{} {}", relation->kind_name(), subject.name().display()));
}

event::Outcome does_not_exist(const Subject& subject) {
  const std::string name = fmt::format("there is no {}", subject.label());
  const catalog::Relation* relation = subject.relation();
  const std::string none = fmt::format("no {}", subject.label());
  if (relation == nullptr ||
      kinds_of(subject.noun()).find(relation->kind) == std::string_view::npos) {
    return held(name, none);
  }
  return failed(name, none, fmt::format("{} {}", relation->kind_name(), relation->name.display()));
}

}  // namespace engine::verify
