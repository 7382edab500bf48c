#include "journal/protection.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/names.h"
#include "base/text.h"
#include "db/pipeline.h"
#include "db/transaction.h"
#include "journal/journal.h"

namespace engine::journal {
namespace {

using nlohmann::json;

constexpr std::string_view line_start = "Production target: ";
constexpr const char* no_right = "42501";

// A row for each schema whose comment may hold a mark; one row where none does.
constexpr const char* comments_sql = R"(
SELECT d.datname AS database, d.oid::pg_catalog.int8 AS oid, c.nspname AS schema,
       c.description AS comment
  FROM pg_catalog.pg_database AS d
  LEFT JOIN (SELECT n.nspname, e.description
               FROM pg_catalog.pg_description AS e
               JOIN pg_catalog.pg_namespace AS n ON n.oid = e.objoid
              WHERE e.classoid = 'pg_catalog.pg_namespace'::pg_catalog.regclass
                AND e.objsubid = 0
                AND pg_catalog.strpos(e.description, $1) > 0) AS c ON true
 WHERE d.datname = pg_catalog.current_database()
 ORDER BY c.nspname
)";

constexpr const char* identifier_sql =
    "SELECT s.system_identifier AS identifier FROM pg_catalog.pg_control_system() AS s";

constexpr const char* comment_sql = R"(
SELECT COALESCE(pg_catalog.obj_description(n.oid, 'pg_namespace'), '') AS comment,
       pg_catalog.quote_ident(pg_catalog.pg_get_userbyid(n.nspowner)) AS owner,
       pg_catalog.quote_ident(current_user) AS role,
       current_user AS role_name,
       pg_catalog.to_char(pg_catalog.clock_timestamp() AT TIME ZONE 'UTC',
                          'YYYY-MM-DD"T"HH24:MI:SS"Z"') AS now
  FROM pg_catalog.pg_namespace AS n
 WHERE n.nspname = $1
)";

bool is_mark(const std::string& line) { return line.starts_with(line_start); }

std::string without_mark(const std::string& comment) {
  std::vector<std::string> lines = text::lines(comment);
  lines.erase(std::remove_if(lines.begin(), lines.end(), is_mark), lines.end());
  return text::joined(lines, "\n");
}

/// Nothing where the line is none of ours: whoever owns a schema can write anything there.
std::optional<Mark> mark_of(const std::string& line, const std::string& schema) {
  const json object = json::parse(line.substr(line_start.size()), nullptr, false);
  if (!object.is_object()) return std::nullopt;
  const auto text = [&](const char* key) {
    const auto found = object.find(key);
    return found != object.end() && found->is_string() ? found->get<std::string>() : "";
  };
  const auto database = object.find("database");
  if (text("name").empty() || database == object.end() || !database->is_number_integer())
    return std::nullopt;
  return Mark{text("name"),
              {text("system_identifier"), database->get<std::int64_t>()},
              text("by"),
              text("at"),
              schema};
}

std::string line_of(const Mark& mark) {
  const nlohmann::ordered_json object{{"name", mark.name},
                                      {"system_identifier", mark.server.system_identifier},
                                      {"database", mark.server.database},
                                      {"by", mark.by},
                                      {"at", mark.at}};
  return std::string{line_start} + object.dump(-1, ' ', false, json::error_handler_t::replace);
}

Protection protection_of(const db::Result& comments, const std::string& identifier) {
  Protection protection;
  protection.database = comments.text(0, "database");
  protection.server = {identifier, comments.integer(0, "oid")};
  for (std::size_t row = 0; row < comments.size(); ++row) {
    for (const std::string& line : text::lines(comments.at(row, "comment").value_or(""))) {
      if (!is_mark(line)) continue;
      const auto mark = mark_of(line, comments.text(row, "schema"));
      if (!mark) continue;
      const bool here = may_be_same(mark->server, protection.server);
      (here ? protection.marks : protection.others).push_back(*mark);
    }
  }
  return protection;
}

void comment(db::Connection& connection, const std::string& schema, const db::Result& row,
             const std::string& text) {
  try {
    connection.query(fmt::format("COMMENT ON SCHEMA {} IS {}", quote_identifier(schema),
                                 db::Connection::quote_literal(text)));
  } catch (const Error& error) {
    if (error.sqlstate() != no_right) throw;
    throw Error{Code::refused,
                "role {} may not change the production mark, which is in schema {} of {}",
                row.text(0, "role"), schema, row.text(0, "owner")}
        .sqlstate(no_right)
        .hint(fmt::format("Do it as {}, or: GRANT {} TO {};", row.text(0, "owner"),
                          row.text(0, "owner"), row.text(0, "role")));
  }
}

}  // namespace

std::pair<db::Result, Protection> read_with_protection(db::Connection& connection,
                                                       const db::Command& query) {
  // Where the role may not execute pg_control_system(), all but the last is answered.
  db::Result asked;
  db::Result comments;
  std::string identifier;
  db::Pipeline pipeline{connection};
  pipeline.add(query);
  pipeline.add({comments_sql, {std::string{line_start}}});
  pipeline.add({identifier_sql, {}});
  try {
    pipeline.run([&](std::size_t index, const db::Answer& answer) {
      if (index == 0) asked = answer.result;
      if (index == 1) comments = answer.result;
      if (index == 2) identifier = answer.result.text(0, "identifier");
    });
  } catch (const Error& error) {
    if (error.sqlstate() != no_right || comments.empty()) throw;
  }
  return {asked, protection_of(comments, identifier)};
}

Protection read_protection(db::Connection& connection) {
  return read_with_protection(connection, {"SELECT", {}}).second;
}

void protect(db::Connection& connection, const std::string& schema, const std::string& name) {
  const Server server = Journal::open(connection, schema).server();
  const db::Result row = connection.query(comment_sql, {schema});
  const Mark mark{name, server, row.text(0, "role_name"), row.text(0, "now"), schema};
  const std::string rest = without_mark(row.text(0, "comment"));
  comment(connection, schema, row, rest + (rest.empty() ? "" : "\n") + line_of(mark));
}

void unprotect(db::Connection& connection) {
  const Protection protection = read_protection(connection);
  db::Transaction transaction{connection};
  for (const auto* marks : {&protection.marks, &protection.others}) {
    for (const Mark& mark : *marks) {
      const db::Result row = connection.query(comment_sql, {mark.schema});
      comment(connection, mark.schema, row, without_mark(row.text(0, "comment")));
    }
  }
  transaction.commit();
}

}  // namespace engine::journal
