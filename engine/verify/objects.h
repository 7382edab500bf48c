// Checks of any kind of object in the inventory: that it is there, what is said of it, whose it is,
// and that there are exactly these.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "db/connection.h"
#include "event/outcome.h"
#include "verify/inventory.h"
#include "verify/object_kinds.h"
#include "verify/subject.h"

namespace engine::verify {

/// An object of a family, read once.
class ObjectSubject {
 public:
  /// Nothing written: the one that there is, the database.
  static ObjectSubject read(db::Connection& connection, const Family& family,
                            const std::string& written);

  const Family& family() const { return *family_; }
  const std::string& written() const { return written_; }
  std::string label() const;  // "domain email"
  const Item* item() const { return item_ ? &*item_ : nullptr; }
  /// "no such domain; nearest is e_mail"
  const std::string& absence() const { return absence_; }

 private:
  const Family* family_ = nullptr;
  std::string written_;
  std::optional<Item> item_;
  std::string absence_;
};

event::Outcome exists(const ObjectSubject& subject);
event::Outcome does_not_exist(const ObjectSubject& subject);

/// What a check says of facts, in its order; what it does not say is not compared. A fact without
/// text is NULL.
using ExpectedFacts = std::vector<std::pair<std::string, Fact>>;

event::Outcome facts_are(const std::string& label, const std::string& absence,
                         const std::vector<FactRule>& rules, const Facts& actual,
                         const ExpectedFacts& expected);
event::Outcome object_is(const ObjectSubject& subject, const ExpectedFacts& expected);

event::Outcome object_is_not(const ObjectSubject& subject, const ExpectedFacts& expected);

event::Outcome owned_by(const ObjectSubject& subject, const std::string& role);
event::Outcome has_comment(const ObjectSubject& subject, const std::string& comment);
event::Outcome has_no_comment(const ObjectSubject& subject);

/// Directly or through other roles.
event::Outcome is_member_of(db::Connection& connection, const ObjectSubject& role,
                            const std::string& group);
event::Outcome is_not_member_of(db::Connection& connection, const ObjectSubject& role,
                                const std::string& group);

/// These and no others; what belongs to an extension, or is built in, does not count.
event::Outcome listed_are(db::Connection& connection, const Listing& listing,
                          const ObjectSubject& subject, const std::vector<std::string>& names);
event::Outcome listed_are(db::Connection& connection, const Listing& listing,
                          const Subject& subject, const std::vector<std::string>& names);

/// The items of a list fact ("labels", "tables"), exactly; `ordered`: in their order.
event::Outcome items_are(const ObjectSubject& subject, const std::string& fact,
                         const std::vector<std::string>& names, bool ordered);

}  // namespace engine::verify
