#include "verify/objects.h"

#include <algorithm>

#include "base/text.h"
#include "sql/expression.h"
#include "verify/outcomes.h"
#include "verify/snapshot.h"

namespace engine::verify {
namespace {

std::string phrase(const Fact& fact) {
  return fact.is_list ? list_of(fact.items) : fact.text.value_or("null");
}

std::string without_quotes(std::string name) {
  std::erase(name, '"');
  return name;
}

/// "public.t.id" is also written "t.id", and pg_catalog."C" is "C".
bool is_end_of(const std::string& written, const std::string& actual) {
  const std::string here = without_quotes(written), there = without_quotes(actual);
  return there == here || there.ends_with("." + here);
}

bool same_fact(Form form, const Fact& expected, const Fact& actual) {
  if (form == Form::names) {
    return std::equal(expected.items.begin(), expected.items.end(), actual.items.begin(),
                      actual.items.end(), is_end_of);
  }
  if (form == Form::list) return expected.items == actual.items;
  if (form == Form::set) return same_set(expected.items, actual.items);
  if (!expected.text || !actual.text) return expected.text == actual.text;
  switch (form) {
    case Form::word:
      return text::lower(*expected.text) == text::lower(*actual.text);
    case Form::name:
      return is_end_of(*expected.text, *actual.text);
    case Form::type:
      return sql::same_type(*expected.text, *actual.text);
    case Form::expression:
      return sql::same_expression(*expected.text, *actual.text);
    default:
      return expected.text == actual.text;
  }
}

event::Outcome exactly_items(const std::string& name, const std::vector<const Item*>& items,
                             const std::vector<std::string>& names) {
  std::vector<std::string> actual;
  for (const Item* item : items) {
    std::string shown = item->name;
    for (const std::string& written : names) {
      if (same_signature(written, item->signature) || is_end_of(written, item->display()))
        shown = written;
    }
    if (std::find(actual.begin(), actual.end(), shown) == actual.end()) actual.push_back(shown);
  }
  return exactly(name, names, actual);
}

}  // namespace

ObjectSubject ObjectSubject::read(db::Connection& connection, const Family& family,
                                  const std::string& written) {
  ObjectSubject subject;
  subject.family_ = &family;
  subject.written_ = written;
  const Inventory& inventory = Snapshot::of(connection).inventory();
  const Item* found = nullptr;
  if (written.empty()) {
    const auto all = inventory.all(family.kinds, [](const Item&) { return true; });
    if (!all.empty()) found = all.front();
    if (found != nullptr) subject.written_ = found->name;
  } else {
    found = inventory.find(family.kinds, written);
  }
  if (found != nullptr) {
    subject.item_ = *found;
  } else {
    subject.absence_ = nothing_like(family.noun, written, inventory.names(family.kinds));
  }
  return subject;
}

std::string ObjectSubject::label() const { return fmt::format("{} {}", family_->noun, written_); }

event::Outcome exists(const ObjectSubject& subject) {
  const std::string name = subject.label() + " exists";
  return subject.item() == nullptr ? failed(name, subject.label(), subject.absence())
                                   : held(name, subject.label());
}

event::Outcome does_not_exist(const ObjectSubject& subject) {
  const std::string name = "there is no " + subject.label();
  const std::string expected = "no " + subject.label();
  return subject.item() == nullptr
             ? held(name, expected)
             : failed(name, expected,
                      fmt::format("{} {}", subject.family().noun, subject.item()->display()));
}

event::Outcome facts_are(const std::string& label, const std::string& absence,
                         const std::vector<FactRule>& rules, const Facts& actual,
                         const ExpectedFacts& expected) {
  const std::string name = label + " is as expected";
  std::vector<std::string> wanted, found;
  bool ok = absence.empty();
  for (const auto& [key, fact] : expected) {
    const auto rule = std::find_if(rules.begin(), rules.end(),
                                   [&](const FactRule& one) { return one.key == key; });
    const auto there = actual.find(key);
    const Fact here = there == actual.end() ? Fact{} : there->second;
    const Form form = rule == rules.end() ? Form::text : rule->form;
    const bool same = same_fact(form, fact, here);
    ok = ok && same;
    wanted.push_back(fmt::format("{} = {}", key, phrase(fact)));
    Fact shown = here;
    shown.is_list = fact.is_list;
    found.push_back(fmt::format("{} = {}", key, phrase(same ? fact : shown)));
  }
  return {name, ok, text::joined(wanted, ", "),
          absence.empty() ? text::joined(found, ", ") : absence};
}

event::Outcome object_is(const ObjectSubject& subject, const ExpectedFacts& expected) {
  return facts_are(subject.label(), subject.absence(), subject.family().facts,
                   subject.item() == nullptr ? Facts{} : subject.item()->facts, expected);
}

event::Outcome object_is_not(const ObjectSubject& subject, const ExpectedFacts& expected) {
  return opposite(object_is(subject, expected), subject.absence());
}

event::Outcome owned_by(const ObjectSubject& subject, const std::string& role) {
  const std::string name = fmt::format("{} is owned by {}", subject.label(), role);
  if (subject.item() == nullptr) return failed(name, role, subject.absence());
  return compared(name, role, subject.item()->owner);
}

event::Outcome has_comment(const ObjectSubject& subject, const std::string& comment) {
  const std::string name = subject.label() + " has its comment";
  if (subject.item() == nullptr) return failed(name, comment, subject.absence());
  const std::string& actual = subject.item()->comment;
  return compared(name, comment, actual.empty() ? "no comment" : actual);
}

event::Outcome has_no_comment(const ObjectSubject& subject) {
  return no_comment(subject.label(), subject.absence(),
                    subject.item() == nullptr ? "" : subject.item()->comment);
}

namespace {

/// Nothing where one of the two does not exist; then `lacking` says which.
std::optional<bool> belongs(db::Connection& connection, const ObjectSubject& role,
                            const std::string& group, std::string& lacking) {
  const ObjectSubject other = ObjectSubject::read(connection, family("role"), group);
  for (const ObjectSubject* one : {&role, &other}) {
    if (one->item() == nullptr) lacking = one->absence();
    if (one->item() == nullptr) return std::nullopt;
  }
  const CacheHold quiet{connection};
  return connection
      .query(
          "SELECT pg_catalog.pg_has_role($1::pg_catalog.name, $2::pg_catalog.name, 'MEMBER')"
          " AS member",
          {role.written(), group})
      .boolean(0, "member");
}

}  // namespace

event::Outcome is_member_of(db::Connection& connection, const ObjectSubject& role,
                            const std::string& group) {
  const std::string name = fmt::format("{} is a member of {}", role.label(), group);
  std::string lacking;
  const auto member = belongs(connection, role, group, lacking);
  const std::string expected = "member of " + group;
  if (!member) return failed(name, expected, lacking);
  return compared(name, expected, (*member ? "member of " : "no member of ") + group);
}

event::Outcome is_not_member_of(db::Connection& connection, const ObjectSubject& role,
                                const std::string& group) {
  const std::string name = fmt::format("{} is no member of {}", role.label(), group);
  std::string lacking;
  const auto member = belongs(connection, role, group, lacking);
  const std::string expected = "no member of " + group;
  if (!member) return failed(name, expected, lacking);
  return compared(name, expected, (*member ? "member of " : "no member of ") + group);
}

namespace {

bool is_listed(const Listing& listing, const Item& item) {
  if (listing.login == Listing::Login::any) return true;
  const auto found = item.facts.find("login");
  const bool can = found != item.facts.end() && found->second.text == "true";
  return can == (listing.login == Listing::Login::can);
}

}  // namespace

event::Outcome listed_are(db::Connection& connection, const Listing& listing,
                          const ObjectSubject& subject, const std::vector<std::string>& names) {
  const std::string name = fmt::format("{} has exactly these {}", subject.label(), listing.nouns);
  if (subject.item() == nullptr) return failed(name, list_of(names), subject.absence());
  const bool whole = listing.scope == Listing::Scope::database;
  const auto items = Snapshot::of(connection).inventory().all(listing.kinds, [&](const Item& item) {
    return !item.builtin && item.extension.empty() && is_listed(listing, item) &&
           (whole || item.schema == subject.item()->name);
  });
  return exactly_items(name, items, names);
}

event::Outcome listed_are(db::Connection& connection, const Listing& listing,
                          const Subject& subject, const std::vector<std::string>& names) {
  const std::string name = fmt::format("{} has exactly these {}", subject.label(), listing.nouns);
  if (subject.relation() == nullptr) return absent(subject, name, list_of(names));
  const QualifiedName& table = subject.relation()->name;
  const std::string parent = table.schema + "." + table.name;
  const auto items = Snapshot::of(connection).inventory().all(listing.kinds, [&](const Item& item) {
    return item.parent == parent;
  });
  return exactly_items(name, items, names);
}

event::Outcome items_are(const ObjectSubject& subject, const std::string& fact,
                         const std::vector<std::string>& names, bool ordered) {
  const std::string name = fmt::format("{} has exactly these {}", subject.label(), fact);
  if (subject.item() == nullptr) return failed(name, list_of(names), subject.absence());
  const auto found = subject.item()->facts.find(fact);
  std::vector<std::string> actual;
  if (found != subject.item()->facts.end()) actual = found->second.items;
  for (std::string& one : actual) {
    for (const std::string& written : names) {
      if (is_end_of(written, one)) one = written;
    }
  }
  return ordered ? compared(name, list_of(names), list_of(actual)) : exactly(name, names, actual);
}

}  // namespace engine::verify
