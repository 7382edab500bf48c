#include "shadow/clone.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/environment.h"
#include "base/error.h"
#include "base/file.h"
#include "base/names.h"
#include "base/process.h"
#include "base/text.h"
#include "cluster/template.h"
#include "shadow/checked_masks.h"
#include "shadow/clone_backups.h"
#include "shadow/extensions.h"
#include "shadow/printed_schema.h"
#include "shadow/queries.h"
#include "shadow/roles.h"
#include "sql/statement.h"

namespace engine::shadow {
namespace {

constexpr std::size_t together = 64;  // statements in one message, where not all could be

constexpr const char* as_loader = "SET session_replication_role = replica";

// A journal tells which server it belongs to; on the shadow that is the shadow.
// What the target's catalog was when a run began says nothing of the shadow's, where other roles
// own what is built in: an empty one means that the run looks again.
constexpr const char* adopt_journal = R"(
WITH begun AS (INSERT INTO {0}.event (run, step, event, data)
               SELECT DISTINCT run, '', event, '{{}}'::jsonb FROM {0}.event WHERE event = 'catalog at start')
UPDATE {0}.run SET system_identifier = (SELECT system_identifier FROM pg_catalog.pg_control_system()),
       database_oid = (SELECT oid FROM pg_catalog.pg_database WHERE datname = pg_catalog.current_database())
)";

constexpr const char* sequences_query = R"(
SELECT pg_catalog.format('SELECT pg_catalog.setval(%L, %s)', pg_catalog.format('%I.%I', schemaname, sequencename),
         last_value) AS statement
  FROM pg_catalog.pg_sequences WHERE last_value IS NOT NULL
)";

constexpr const char* populated_query = R"(
SELECT pg_catalog.format('%I.%I', n.nspname, c.relname) AS name
  FROM pg_catalog.pg_class AS c JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
 WHERE c.relkind = 'm' AND c.relispopulated ORDER BY c.oid
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

/// What pg_dump would lock or read and this role may not; "" where that is nothing.
std::string unreadable(TargetReader& reader) {
  const db::Result found = reader.query(query("unreadable"));
  return found.empty() ? "" : found.text(0, "name");
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

void copy_database_rights(const db::Result& statements, db::Connection& shadow,
                          std::vector<std::string>& missing) {
  execute_each(statements, shadow, missing);
}

Clone::Clone(const db::Target& target, std::string journal, Bounds bounds, Masks masks)
    : reader_(target),
      rows_(reader_, bounds, checked_masks(reader_, masks)),
      journal_(std::move(journal)) {
  read_facts();
}

void Clone::read_facts() {
  const db::Result found = reader_.query(query("facts"));
  for (std::size_t row = 0; row < found.size(); ++row) {
    facts_[found.text(row, "name")] = {found.integer(row, "rows"), found.integer(row, "bytes"),
                                       found.integer(row, "uses")};
  }
}

std::vector<std::string> Clone::missing() const {
  std::vector<std::string> all = missing_;
  for (std::string& phrase : rows_.missing()) all.push_back(std::move(phrase));
  return all;
}

void Clone::schema(const cluster::ShadowServer& shadow, const std::string& database) {
  try {
    make_schema(shadow, database);
  } catch (const Error& error) {
    throw reader_.explained(error);
  }
}

void Clone::make_schema(const cluster::ShadowServer& shadow, const std::string& database) {
  std::optional<std::string> script;
  try {
    script = dump();
  } catch (const Error& error) {
    // It locks every table, and that wants SELECT, also of what the plan has no business with.
    const std::string refused = error.code() == Code::unreachable && error.sqlstate().empty()
                                    ? unreadable(reader_)
                                    : std::string{};
    if (refused.empty()) throw;
    miss(
        fmt::format("what only pg_dump prints: it may not read {}, so the schema was printed from "
                    "the catalog",
                    refused));
  }
  db::Connection first = db::Connection::open(shadow.target("postgres"));
  Roles::of(reader_.query(query("roles"), {std::string{cluster::superuser}})).make(first, missing_);
  first.execute("CREATE DATABASE " + quote_identifier(shadow.name_of(database)) +
                " TEMPLATE template0");
  copy_database_rights(reader_.query(query("database"), {shadow.name_of(database)}), first,
                       missing_);
  db::Connection connection = db::Connection::open(shadow.target(database));
  const Extensions extensions{reader_, connection};
  missing_.insert(missing_.end(), extensions.missing().begin(), extensions.missing().end());
  details_ = extensions.details();
  if (script) {
    load(connection, extensions.replaced(*script));
  } else {
    print(connection, extensions);
  }
  sequences(connection);
  refresh(connection);
  journal(connection);
}

// Triggers, rules and foreign keys do not act on rows that are taken over as they are.
void Clone::rows(const db::Target& target, const std::set<std::string>& tables) {
  db::Connection shadow = db::Connection::open(target);
  if (!become_loader(shadow)) return;
  const std::set<std::string> filled = rows_.add(shadow, tables);
  if (filled.empty()) return;
  refresh(shadow);
  shadow.script("ANALYZE " + text::joined({filled.begin(), filled.end()}, ", "));
}

void Clone::parents(const db::Target& target, const std::vector<Shape::Key>& keys) {
  db::Connection shadow = db::Connection::open(target);
  if (become_loader(shadow)) rows_.add_parents(shadow, keys);
}

void Clone::journal(db::Connection& shadow) {
  const db::Result found = reader_.query(
      "SELECT pg_catalog.format('%I.%I', schemaname, tablename) AS name FROM pg_catalog.pg_tables "
      "WHERE schemaname = $1",
      {journal_});
  has_journal_ = !found.empty();
  if (!has_journal_) return;
  std::set<std::string> tables;
  for (std::size_t row = 0; row < found.size(); ++row) tables.insert(found.text(row, "name"));
  if (!become_loader(shadow)) return;
  rows_.add_whole(shadow, tables);
  clone_backups(reader_, rows_, shadow, journal_);
}

void Clone::adopt(db::Connection& shadow) const {
  if (has_journal_) shadow.query(fmt::format(adopt_journal, quote_identifier(journal_)));
}

// One may be made of another: what fails is tried again as long as any other succeeds.
void Clone::refresh(db::Connection& shadow) {
  if (!views_) {
    views_.emplace();
    const db::Result found = reader_.query(populated_query);
    for (std::size_t row = 0; row < found.size(); ++row) views_->push_back(found.text(row, "name"));
  }
  std::vector<std::string> left = *views_;
  std::string why;
  for (std::size_t before = left.size() + 1; !left.empty() && left.size() < before;) {
    before = left.size();
    std::erase_if(left, [&](const std::string& name) {
      try {
        shadow.execute("REFRESH MATERIALIZED VIEW " + name);
        return true;
      } catch (const Error& error) {
        if (error.sqlstate().empty()) throw;
        why = error.message();
        return false;
      }
    });
  }
  for (const std::string& name : left) miss(fmt::format("rows of {}: {}", name, why));
}

std::optional<std::string> Clone::dump() const {
  const auto program = dumper(major());
  // The password of a client's key could only be given among the arguments, which others can read.
  if (!program || reader_.target().parameters().contains("sslpassword")) return std::nullopt;
  process::Options options;
  // What libpq reads besides the connection string.
  options.environment = environment::matching({"PG*", "KRB5*"});
  const auto password = reader_.target().parameters().find("password");
  if (password != reader_.target().parameters().end())
    options.environment.insert(options.environment.begin(), "PGPASSWORD=" + password->second);
  const process::Finished finished = process::run(
      {*program, "--schema-only", "--snapshot=" + reader_.snapshot(), "--no-tablespaces",
       "--no-subscriptions", "--no-security-labels", "--lock-wait-timeout=2s", "--no-password",
       "--dbname=" + conninfo_of(reader_.target())},
      options);
  if (finished.status != 0) {
    if (!reader_.in_the_way().empty())
      throw Error{Code::unreachable, "pg_dump did not get its locks in time"}.sqlstate("55P03");
    throw Error{Code::unreachable, "the schema of the target could not be read"}.detail(
        text::trimmed(finished.errors));
  }
  return finished.output;
}

void Clone::print(db::Connection& shadow, const Extensions& extensions) {
  PrintedSchema printed = print_schema(reader_);
  for (const std::string& phrase : printed.missing) miss(phrase);
  shadow.script("SET check_function_bodies = off");
  for (const std::string& phrase : load_printed(std::move(printed.scripts), shadow, extensions))
    miss(phrase);
}

bool Clone::become_loader(db::Connection& shadow) {
  try {
    shadow.script(as_loader);
    return true;
  } catch (const Error& error) {
    if (error.sqlstate().empty()) throw;
    miss("rows: " + error.message());
    return false;
  }
}

void Clone::miss(const std::string& phrase) {
  if (std::find(missing_.begin(), missing_.end(), phrase) == missing_.end())
    missing_.push_back(phrase);
}

// All at once; where that fails, some at a time; where that fails, one by one, so that one
// extension that is missing here does not cost the rest.
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
  std::vector<std::string> statements;
  for (const sql::Statement& statement : sql::split(sql)) statements.push_back(statement.text);
  for (std::size_t at = 0; at < statements.size(); at += together)
    load_some(shadow, statements, at, std::min(at + together, statements.size()));
}

void Clone::load_some(db::Connection& shadow, const std::vector<std::string>& statements,
                      std::size_t from, std::size_t to) {
  try {
    std::string script;
    for (std::size_t i = from; i < to; ++i) script += statements[i] + ";\n";
    shadow.script(script);
  } catch (const Error& error) {
    if (error.sqlstate().empty()) throw;
    if (to - from == 1) {
      miss(fmt::format("{}: {}", text::shortened(text::printable(statements[from]), 100),
                       error.message()));
      return;
    }
    const std::size_t middle = from + (to - from) / 2;
    load_some(shadow, statements, from, middle);
    load_some(shadow, statements, middle, to);
  }
}

// pg_dump gives each its definition alone.
void Clone::sequences(db::Connection& shadow) {
  const db::Result found = reader_.query(sequences_query);
  std::vector<std::string> statements;
  for (std::size_t row = 0; row < found.size(); ++row)
    statements.push_back(found.text(row, "statement"));
  for (std::size_t at = 0; at < statements.size(); at += together)
    load_some(shadow, statements, at, std::min(at + together, statements.size()));
}

}  // namespace engine::shadow
