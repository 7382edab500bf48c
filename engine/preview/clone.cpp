#include "preview/clone.h"

#include <fmt/format.h>

#include <utility>

#include "base/error.h"
#include "base/file.h"
#include "base/names.h"
#include "base/process.h"
#include "base/text.h"
#include "cluster/template.h"
#include "preview/queries.h"
#include "sql/statement.h"

namespace engine::preview {
namespace {

constexpr const char* begin = R"(
BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY;
SET LOCAL lock_timeout = '2s';
SET LOCAL row_security = off;
)";

/// Everything but the password, which travels in the environment: arguments can be read by others.
std::string conninfo_of(const db::Target& target) {
  std::string conninfo;
  for (const auto& [keyword, value] : target.parameters()) {
    if (keyword == "password" || value.empty()) continue;
    std::string quoted;
    for (const char c : value) {
      if (c == '\'' || c == '\\') quoted += '\\';
      quoted += c;
    }
    conninfo += fmt::format("{}='{}' ", keyword, quoted);
  }
  return conninfo;
}

std::optional<std::string> dumper(int major) {
  for (const cluster::Installation& one : cluster::installations(".")) {
    const std::string path = one.bin + "/pg_dump";
    if (one.major >= major && file::exists(path)) return path;
  }
  return std::nullopt;
}

/// Statements as rows; those that fail here are kept.
void execute_each(const db::Result& statements, db::Connection& shadow,
                  std::vector<std::string>& missing) {
  for (std::size_t row = 0; row < statements.size(); ++row) {
    const std::string& statement = statements.text(row, "statement");
    try {
      shadow.execute(statement);
    } catch (const Error& error) {
      if (error.sqlstate().empty()) throw;
      missing.push_back(fmt::format("{}: {}", statement, error.message()));
    }
  }
}

}  // namespace

void copy_database_rights(db::Connection& from, db::Connection& shadow, const std::string& database,
                          std::vector<std::string>& missing) {
  execute_each(from.query(query("database"), {database}), shadow, missing);
}

Clone::Clone(const db::Target& target, std::string journal)
    : target_(target),
      connection_([&] {
        db::Settings settings;
        settings.read_only = true;
        return db::Connection::open(target, settings);
      }()),
      journal_(std::move(journal)) {
  connection_.script(begin);
  const db::Result now =
      connection_.query("SELECT pg_catalog.pg_export_snapshot() AS snapshot, current_user AS role");
  snapshot_ = now.text(0, "snapshot");
  role_ = now.text(0, "role");
  read_facts();
}

void Clone::read_facts() {
  const db::Result found = connection_.query(query("facts"));
  for (std::size_t row = 0; row < found.size(); ++row) {
    facts_[found.text(row, "name")] = {found.integer(row, "rows"), found.integer(row, "bytes"),
                                       found.integer(row, "uses")};
  }
}

void Clone::schema(const cluster::Shadow& shadow, const std::string& database) {
  const std::string script = dump();
  db::Connection first = db::Connection::open(shadow.target("postgres"));
  make_roles(first);
  first.execute("CREATE DATABASE " + quote_identifier(database) + " TEMPLATE template0");
  copy_database_rights(connection_, first, database, missing_);
  db::Connection connection = db::Connection::open(shadow.target(database));
  load(connection, script);
}

void Clone::make_roles(db::Connection& shadow) {
  execute_each(connection_.query(query("roles"), {std::string{cluster::superuser}}), shadow,
               missing_);
}

std::string Clone::dump() const {
  const auto program = dumper(major());
  if (!program) {
    throw Error{Code::refused, "no pg_dump here is as new as the target (PostgreSQL {})", major()}
        .hint(fmt::format("Install postgresql-client-{}, or preview a fixture: --from FILE.sql.",
                          major()));
  }
  process::Options options;
  const auto password = target_.parameters().find("password");
  if (password != target_.parameters().end())
    options.environment.push_back("PGPASSWORD=" + password->second);
  const process::Finished finished =
      process::run({*program, "--schema-only", "--snapshot=" + snapshot_, "--no-tablespaces",
                    "--no-subscriptions", "--no-security-labels", "--lock-wait-timeout=2s",
                    "--no-password", "--dbname=" + conninfo_of(target_)},
                   options);
  if (finished.status != 0) {
    throw Error{Code::unreachable, "the schema of the target could not be read"}.detail(
        text::trimmed(finished.errors));
  }
  return finished.output;
}

// All at once; where that fails, one by one, so that one extension that is missing here does not
// cost the rest.
void Clone::load(db::Connection& shadow, const std::string& script) {
  std::string sql;
  for (const std::string& line : text::lines(script)) {
    if (!line.starts_with("\\restrict") && !line.starts_with("\\unrestrict")) sql += line + "\n";
  }
  try {
    shadow.script(sql);
    return;
  } catch (const Error& error) {
    if (error.sqlstate().empty()) throw;
  }
  for (const sql::Statement& statement : sql::split(sql)) {
    try {
      shadow.execute(statement.text);
    } catch (const Error& error) {
      if (error.sqlstate().empty()) throw;
      missing_.push_back(fmt::format(
          "{}: {}", text::shortened(text::printable(statement.text), 100), error.message()));
    }
  }
}

}  // namespace engine::preview
