#include "verify/privileges.h"

#include <algorithm>
#include <map>

#include "base/text.h"
#include "verify/outcomes.h"
#include "verify/snapshot.h"

namespace engine::verify {
namespace {

struct Held {
  bool role_exists = true;
  std::vector<std::string> everywhere;
  std::vector<std::string> on_columns;  // on some columns only
};

std::string known_privileges(const std::string& kind, int server_version) {
  if (kind == "function") return "EXECUTE";
  if (kind == "sequence") return "USAGE,SELECT,UPDATE";
  if (kind == "schema") return "CREATE,USAGE";
  if (kind == "database") return "CREATE,CONNECT,TEMPORARY";
  if (kind == "tablespace") return "CREATE";
  if (kind != "table") return "USAGE";  // language, type, server, foreign_data_wrapper
  const std::string table = "SELECT,INSERT,UPDATE,DELETE,TRUNCATE,REFERENCES,TRIGGER";
  return server_version >= 170000 ? table + ",MAINTAIN" : table;
}

using HeldByObject = std::map<std::uint32_t, Held>;

/// What has_…_privilege is asked of in one round trip: the object, and every other relation that
/// people made, for a check of the next is likely to follow.
std::string objects_of(const std::string& kind) {
  if (kind != "table" && kind != "sequence") return "SELECT $2::pg_catalog.oid AS oid";
  return fmt::format(
      "SELECT c.oid FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n"
      " ON n.oid = c.relnamespace WHERE c.relkind {} ('S') AND c.relkind IN"
      " ('r', 'p', 'v', 'm', 'f', 'S') AND (c.oid = $2::pg_catalog.oid OR n.nspname NOT IN"
      " ('pg_catalog', 'information_schema') AND n.nspname !~ '^pg_(toast|temp)')",
      kind == "sequence" ? "IN" : "NOT IN");
}

/// PUBLIC is a pseudo-role: the has_…_privilege functions know it as `public`.
HeldByObject read_held(db::Connection& connection, const Securable& object,
                       const std::string& role) {
  const std::string columns = object.kind == "table"
                                  ? "p.name IN ('SELECT', 'INSERT', 'UPDATE', 'REFERENCES')"
                                    " AND pg_catalog.has_any_column_privilege($1::pg_catalog.name,"
                                    " o.oid, p.name)"
                                  : "false";
  const std::string whole =
      fmt::format("pg_catalog.has_{}_privilege($1::pg_catalog.name, o.oid, p.name)", object.kind);
  const auto result = connection.query(
      fmt::format(
          "SELECT o.oid, p.name, r.known, CASE WHEN r.known THEN {} ELSE false END AS whole,"
          " CASE WHEN r.known THEN {} ELSE false END AS columns"
          " FROM pg_catalog.unnest(pg_catalog.string_to_array($3, ',')) WITH ORDINALITY"
          " AS p (name, place), ({}) o, (SELECT $1 = 'public' OR EXISTS (SELECT FROM"
          " pg_catalog.pg_roles WHERE rolname = $1) AS known) r ORDER BY o.oid, p.place",
          whole, columns, objects_of(object.kind)),
      {text::lower(role) == "public" ? "public" : role, std::to_string(object.oid),
       known_privileges(object.kind, connection.server_version())});
  HeldByObject all;
  for (std::size_t row = 0; row < result.size(); ++row) {
    Held& held = all[static_cast<std::uint32_t>(result.integer(row, "oid"))];
    held.role_exists = result.boolean(row, "known");
    const std::string& name = result.text(row, "name");
    if (result.boolean(row, "whole")) {
      held.everywhere.push_back(name);
    } else if (result.boolean(row, "columns")) {
      held.on_columns.push_back(name);
    }
  }
  return all;
}

Held held_by(db::Connection& connection, const Securable& object, const std::string& role) {
  const bool alone = object.kind != "table" && object.kind != "sequence";
  const std::string key = fmt::format("privileges {} {} {}", object.kind, role,
                                      alone ? std::to_string(object.oid) : "");
  Snapshot& snapshot = Snapshot::of(connection);
  const auto& all =
      snapshot.kept<HeldByObject>(key, [&] { return read_held(connection, object, role); });
  const auto found = all.find(object.oid);
  if (found != all.end()) return found->second;
  // A relation of the system's schemas, or a temporary one.
  const auto one = read_held(connection, object, role);
  return one.at(object.oid);
}

std::string phrase(const Held& held, const std::string& role) {
  if (!held.role_exists) return fmt::format("no such role {}", role);
  std::vector<std::string> words = held.everywhere;
  for (const auto& privilege : held.on_columns) words.push_back(privilege + " on some columns");
  return list_of(words);
}

bool contains(const std::vector<std::string>& list, const std::string& word) {
  return std::find(list.begin(), list.end(), word) != list.end();
}

/// ALL means each one that the object has.
std::vector<std::string> expanded(const std::vector<std::string>& privileges,
                                  const Securable& object, db::Connection& connection) {
  if (!contains(privileges, "ALL")) return privileges;
  std::vector<std::string> all;
  std::string known = known_privileges(object.kind, connection.server_version());
  for (std::size_t from = 0; from <= known.size();) {
    const auto comma = std::min(known.find(',', from), known.size());
    all.push_back(known.substr(from, comma - from));
    from = comma + 1;
  }
  return all;
}

}  // namespace

std::vector<std::string> parse_privileges(const std::string& written) {
  static const std::vector<std::string> known{
      "SELECT",   "INSERT", "UPDATE",  "DELETE", "TRUNCATE", "REFERENCES", "TRIGGER",
      "MAINTAIN", "USAGE",  "EXECUTE", "CREATE", "CONNECT",  "TEMPORARY",  "ALL"};
  std::vector<std::string> privileges;
  for (std::size_t from = 0; from <= written.size();) {
    const auto comma = std::min(written.find(',', from), written.size());
    std::string word = text::trimmed(written.substr(from, comma - from));
    std::transform(word.begin(), word.end(), word.begin(),
                   [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
    from = comma + 1;
    if (word.empty()) continue;
    if (word == "ALL PRIVILEGES") word = "ALL";
    if (!contains(known, word)) {
      throw Error{Code::argument, "\"{}\" is no privilege{}", word, text::did_you_mean(word, known)}
          .hint("Privileges are written as in GRANT: \"SELECT, INSERT\".");
    }
    privileges.push_back(std::move(word));
  }
  return privileges;
}

Securable::Securable(const Subject& subject)
    : label(subject.label()), kind(subject.noun() == Noun::sequence ? "sequence" : "table") {
  if (subject.relation() != nullptr) oid = subject.relation()->oid;
  absence = subject.relation() == nullptr ? subject.absence() : "";
}

Securable::Securable(const RoutineSubject& routine) : label(routine.label()), kind("function") {
  if (routine.only() != nullptr) oid = routine.only()->oid;
  absence = routine.only() == nullptr ? routine.absence() : "";
}

Securable::Securable(const ObjectSubject& object)
    : label(object.label()), absence(object.absence()), kind(object.family().securable) {
  if (object.item() != nullptr) oid = object.item()->oid;
}

event::Outcome has_privileges(db::Connection& connection, const Securable& object,
                              const std::string& role, const std::vector<std::string>& privileges) {
  const std::string name =
      fmt::format("{} has {} on {}", role, text::listed(privileges), object.label);
  const auto wanted = expanded(privileges, object, connection);
  if (!object.absence.empty()) return failed(name, list_of(wanted), object.absence);
  const Held held = held_by(connection, object, role);
  const bool all = std::all_of(wanted.begin(), wanted.end(),
                               [&](const auto& one) { return contains(held.everywhere, one); });
  return all ? verify::held(name, list_of(wanted))
             : failed(name, list_of(wanted), phrase(held, role));
}

event::Outcome has_no_privileges(db::Connection& connection, const Securable& object,
                                 const std::string& role,
                                 const std::vector<std::string>& privileges) {
  const std::string what = privileges.empty() ? "privilege" : text::listed(privileges, "or");
  const std::string name = fmt::format("{} has no {} on {}", role, what, object.label);
  const std::string expected = privileges.empty() ? "none" : "no " + text::listed(privileges, "or");
  if (!object.absence.empty()) return failed(name, expected, object.absence);
  const auto refused = expanded(privileges, object, connection);
  const Held held = held_by(connection, object, role);
  const auto is_refused = [&](const auto& one) {
    return refused.empty() || contains(refused, one);
  };
  const bool any = std::any_of(held.everywhere.begin(), held.everywhere.end(), is_refused) ||
                   std::any_of(held.on_columns.begin(), held.on_columns.end(), is_refused);
  return held.role_exists && !any ? verify::held(name, expected)
                                  : failed(name, expected, phrase(held, role));
}

event::Outcome privileges_are(db::Connection& connection, const Securable& object,
                              const std::string& role, const std::vector<std::string>& privileges) {
  const auto wanted = expanded(privileges, object, connection);
  const std::string name = fmt::format("{} has exactly these privileges on {}", role, object.label);
  if (!object.absence.empty()) return failed(name, list_of(wanted), object.absence);
  const Held held = held_by(connection, object, role);
  const bool same =
      held.role_exists && held.on_columns.empty() && same_set(wanted, held.everywhere);
  return same ? verify::held(name, list_of(wanted))
              : failed(name, list_of(wanted), phrase(held, role));
}

}  // namespace engine::verify
