#include "verify/column_privileges.h"

#include <algorithm>
#include <map>

#include "base/text.h"
#include "verify/outcomes.h"
#include "verify/snapshot.h"

namespace engine::verify {
namespace {

const std::vector<std::string>& of_columns() {
  static const std::vector<std::string> all{"SELECT", "INSERT", "UPDATE", "REFERENCES"};
  return all;
}

using ByColumn = std::map<std::string, std::vector<std::string>>;

struct Held {
  bool role_exists = false;
  std::map<std::uint32_t, ByColumn> relations;
};

/// Of every relation of people's in one round trip, for a check of the next is likely to follow;
/// and of the one that is asked for, wherever it is.
Held read_held(db::Connection& connection, std::uint32_t relation, const std::string& role) {
  const auto result = connection.query(
      "SELECT c.oid, a.attname AS name, p.name AS privilege, r.known"
      " FROM (SELECT $1 = 'public' OR EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = $1)"
      " AS known) r LEFT JOIN (pg_catalog.pg_class c"
      " JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace"
      " JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT"
      " a.attisdropped CROSS JOIN pg_catalog.unnest(pg_catalog.string_to_array($2, ','))"
      " WITH ORDINALITY AS p (name, place))"
      " ON r.known AND c.relkind IN ('r', 'p', 'v', 'm', 'f') AND (c.oid = $3::pg_catalog.oid OR"
      " n.nspname NOT IN ('pg_catalog', 'information_schema') AND n.nspname !~ '^pg_(toast|temp)')"
      " AND CASE WHEN r.known THEN pg_catalog.has_column_privilege($1::pg_catalog.name, c.oid,"
      " a.attnum, p.name) ELSE false END ORDER BY c.oid, a.attnum, p.place",
      {role, text::joined(of_columns(), ","), std::to_string(relation)});
  Held held;
  for (std::size_t row = 0; row < result.size(); ++row) {
    held.role_exists = result.boolean(row, "known");
    if (!result.at(row, "oid")) continue;
    held.relations[static_cast<std::uint32_t>(result.integer(row, "oid"))][result.text(row, "name")]
        .push_back(result.text(row, "privilege"));
  }
  return held;
}

/// PUBLIC is a pseudo-role: has_column_privilege knows it as `public`.
const Held& held_by(db::Connection& connection, const Subject& subject, const std::string& role) {
  const std::string name = text::lower(role) == "public" ? "public" : role;
  return Snapshot::of(connection)
      .kept<Held>(fmt::format("column privileges {} {}", subject.relation()->oid, name),
                  [&] { return read_held(connection, subject.relation()->oid, name); });
}

std::vector<std::string> expanded(const std::vector<std::string>& privileges) {
  for (const std::string& one : privileges) {
    if (one == "ALL") return of_columns();
    if (std::find(of_columns().begin(), of_columns().end(), one) == of_columns().end()) {
      throw Error{Code::argument, "{} is no privilege on a column", one}.hint(
          "On columns there are SELECT, INSERT, UPDATE and REFERENCES.");
    }
  }
  return privileges;
}

bool contains(const std::vector<std::string>& list, const std::string& word) {
  return std::find(list.begin(), list.end(), word) != list.end();
}

/// Holds where `is_right` says so of what the role may do with each column.
template <typename IsRight>
event::Outcome of_each(db::Connection& connection, const Subject& subject,
                       const ColumnPrivileges& wanted, std::string name, std::string expected,
                       IsRight is_right) {
  if (subject.relation() == nullptr) return absent(subject, std::move(name), std::move(expected));
  const Held& held = held_by(connection, subject, wanted.role);
  if (!held.role_exists)
    return failed(std::move(name), std::move(expected), "no such role " + wanted.role);
  const auto found = held.relations.find(subject.relation()->oid);
  std::vector<std::string> wrong;
  for (const std::string& column : wanted.columns) {
    if (subject.relation()->column(column) == nullptr) {
      wrong.push_back(fmt::format(
          "{}: {}", column, nothing_like("column", column, names_of(subject.relation()->columns))));
      continue;
    }
    std::vector<std::string> may;
    if (found != held.relations.end()) {
      const auto there = found->second.find(column);
      if (there != found->second.end()) may = there->second;
    }
    if (!is_right(may)) wrong.push_back(fmt::format("{}: {}", column, list_of(may)));
  }
  return wrong.empty() ? verify::held(std::move(name), std::move(expected))
                       : failed(std::move(name), std::move(expected), text::joined(wrong, "; "));
}

std::string on_columns(const Subject& subject, const ColumnPrivileges& wanted) {
  return fmt::format("{} of {}", text::listed(wanted.columns), subject.label());
}

}  // namespace

event::Outcome has_column_privileges(db::Connection& connection, const Subject& subject,
                                     const ColumnPrivileges& wanted) {
  const auto privileges = expanded(wanted.privileges);
  return of_each(connection, subject, wanted,
                 fmt::format("{} has {} on {}", wanted.role, text::listed(wanted.privileges),
                             on_columns(subject, wanted)),
                 list_of(privileges), [&](const auto& may) {
                   return std::all_of(privileges.begin(), privileges.end(),
                                      [&](const std::string& one) { return contains(may, one); });
                 });
}

event::Outcome has_no_column_privileges(db::Connection& connection, const Subject& subject,
                                        const ColumnPrivileges& wanted) {
  const auto privileges = expanded(wanted.privileges);
  const std::string what = privileges.empty() ? "privilege" : text::listed(wanted.privileges, "or");
  return of_each(connection, subject, wanted,
                 fmt::format("{} has no {} on {}", wanted.role, what, on_columns(subject, wanted)),
                 privileges.empty() ? "none" : "no " + what, [&](const auto& may) {
                   return std::none_of(may.begin(), may.end(), [&](const std::string& one) {
                     return privileges.empty() || contains(privileges, one);
                   });
                 });
}

event::Outcome column_privileges_are(db::Connection& connection, const Subject& subject,
                                     const ColumnPrivileges& wanted) {
  const auto privileges = expanded(wanted.privileges);
  return of_each(connection, subject, wanted,
                 fmt::format("{} has exactly these privileges on {}", wanted.role,
                             on_columns(subject, wanted)),
                 list_of(privileges), [&](const auto& may) { return same_set(privileges, may); });
}

event::Outcome any_column_privileges_are(db::Connection& connection, const Subject& subject,
                                         const ColumnPrivileges& wanted) {
  const auto privileges = expanded(wanted.privileges);
  const std::string name = fmt::format("{} has exactly these privileges on some column of {}",
                                       wanted.role, subject.label());
  if (subject.relation() == nullptr) return absent(subject, name, list_of(privileges));
  const Held& held = held_by(connection, subject, wanted.role);
  if (!held.role_exists) return failed(name, list_of(privileges), "no such role " + wanted.role);
  std::vector<std::string> may;
  const auto found = held.relations.find(subject.relation()->oid);
  for (const std::string& one : of_columns()) {
    if (found == held.relations.end()) break;
    if (std::any_of(found->second.begin(), found->second.end(),
                    [&](const auto& column) { return contains(column.second, one); }))
      may.push_back(one);
  }
  return same_set(privileges, may) ? verify::held(name, list_of(privileges))
                                   : failed(name, list_of(privileges), list_of(may));
}

}  // namespace engine::verify
