#include "cli/command_needs.h"

#include <fmt/format.h>

#include <charconv>
#include <filesystem>
#include <functional>
#include <optional>
#include <set>
#include <vector>

#include "base/error.h"
#include "base/process.h"
#include "base/text.h"
#include "cli/embedded_server.h"
#include "cluster/installation.h"
#include "journal/facts.h"
#include "journal/journal.h"

namespace engine::cli {
namespace {

constexpr std::uintmax_t shadow_bytes = std::uintmax_t{512} << 20;  // an empty server, and its rows
constexpr std::size_t names_shown = 3;

// What pg_dump would read, and this role may not.
constexpr const char* unreadable_query = R"(
SELECT pg_catalog.quote_ident(n.nspname) AS schema,
       pg_catalog.quote_ident(n.nspname) || '.' || pg_catalog.quote_ident(c.relname) AS name,
       pg_catalog.has_schema_privilege(n.oid, 'USAGE') AS usable,
       pg_catalog.quote_ident(current_user) AS role
  FROM pg_catalog.pg_class AS c
  JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
 WHERE c.relkind IN ('r', 'p', 'm', 'S')
   AND n.nspname <> 'information_schema'
   AND pg_catalog.left(n.nspname, 3) <> 'pg_'
   AND NOT (pg_catalog.has_table_privilege(c.oid, 'SELECT')
            AND pg_catalog.has_schema_privilege(n.oid, 'USAGE'))
 ORDER BY 2
)";

/// A line for each of these commands: what `check` refuses, or `good`. The first tells what to do.
void judge(Diagnosis& diagnosis, const std::vector<std::string>& names, const std::string& good,
           const std::function<void()>& check) {
  try {
    check();
    for (const std::string& name : names) diagnosis.ok(name, good);
  } catch (const Error& error) {
    if (error.code() != Code::refused) throw;
    for (const std::string& name : names)
      diagnosis.fail(name, error.message(), name == names.front() ? error.hint() : "");
  }
}

void refuse_writing(const journal::Facts& facts, const std::string& schema) {
  journal::check_writable(facts);
  journal::check_access(facts, schema, false);
  journal::check_search_path(facts, schema);
  if (facts.version != journal::schema_version()) journal::check_installation(facts, schema);
}

/// "pg_dump (PostgreSQL) 15.18": 15; 0 where it does not say.
int major_of(const std::string& program) {
  const std::string said = process::run({program, "--version"}).output;
  const std::size_t digits = said.find_first_of("0123456789");
  int major = 0;
  if (digits != std::string::npos)
    std::from_chars(said.data() + digits, said.data() + said.size(), major);
  return major;
}

int newest_pg_dump(const std::vector<cluster::Installation>& installations) {
  int newest = 0;
  for (const cluster::Installation& one : installations) {
    const std::string program = one.bin + "/pg_dump";
    if (std::filesystem::exists(program)) newest = std::max(newest, one.major);
  }
  if (const auto program = process::find_program("pg_dump"); program && newest == 0)
    newest = major_of(*program);
  return newest;
}

void examine_preview(db::Connection& connection, Diagnosis& diagnosis) {
  const int wanted = connection.server_version() / 10000;
  std::vector<cluster::Installation> installations;
  try {
    installations = cluster::installations(working_folder());
  } catch (const Error&) {
    // examine_machine() has told of it.
  }
  std::optional<cluster::Installation> fit;
  for (const cluster::Installation& one : installations) {
    if (one.major >= wanted && (!fit || one.major < fit->major)) fit = one;
  }
  if (!fit) {
    diagnosis.fail(
        "preview",
        fmt::format("this machine has no PostgreSQL {} or newer to run the plan on", wanted),
        fmt::format("apt-get install postgresql-{}, or lend an empty database: "
                    "--shadow URL",
                    wanted));
    return;
  }
  const auto space = std::filesystem::space(std::filesystem::temp_directory_path());
  if (space.available < shadow_bytes) {
    diagnosis.warn(
        "preview",
        fmt::format("{} free in {}", text::bytes(static_cast<std::int64_t>(space.available)),
                    std::filesystem::temp_directory_path().string()),
        "Free space there, or set TMPDIR to another folder.");
    return;
  }
  if (newest_pg_dump(installations) < wanted) {
    diagnosis.warn("preview",
                   fmt::format("runs on PostgreSQL {}; no pg_dump of version {} or newer, so the "
                               "engine prints the schema itself",
                               fit->version, wanted),
                   fmt::format("apt-get install postgresql-client-{}", wanted));
    return;
  }
  const db::Result unreadable = connection.query(unreadable_query);
  if (unreadable.empty()) {
    diagnosis.ok("preview", fmt::format("runs on PostgreSQL {}, reads every table", fit->version));
    return;
  }
  std::vector<std::string> names;
  std::set<std::string> grants;
  for (std::size_t row = 0; row < unreadable.size(); ++row) {
    if (row < names_shown) names.push_back(unreadable.text(row, "name"));
    const std::string& schema = unreadable.text(row, "schema");
    const std::string& role = unreadable.text(row, "role");
    if (!unreadable.boolean(row, "usable"))
      grants.insert(fmt::format("GRANT USAGE ON SCHEMA {} TO {};", schema, role));
    grants.insert(fmt::format("GRANT SELECT ON ALL TABLES IN SCHEMA {} TO {};", schema, role));
  }
  if (unreadable.size() > names_shown) names.emplace_back("others");
  diagnosis.warn(
      "preview",
      fmt::format("runs on PostgreSQL {}, but cannot copy rows of {}: the role may not read "
                  "them",
                  fit->version, text::listed(names)),
      text::joined({grants.begin(), grants.end()}, " "));
}

}  // namespace

void examine_commands(db::Connection& connection, const std::string& schema, Diagnosis& diagnosis) {
  journal::check_schema_name(schema);
  const journal::Facts facts = journal::read_facts(connection, schema);
  const std::string writes = facts.version
                                 ? fmt::format("may write the journal in schema {}", schema)
                                 : fmt::format("may create the journal in schema {}", schema);
  judge(diagnosis, {"run", "rollback", "resolve", "task"}, writes,
        [&] { refuse_writing(facts, schema); });
  const std::string reads =
      facts.version ? fmt::format("may read the journal in schema {}", schema)
                    : fmt::format("no plan has run here: schema {} does not exist", schema);
  judge(diagnosis, {"verify", "status"}, reads,
        [&] { journal::check_access(facts, schema, true); });
  examine_preview(connection, diagnosis);
}

}  // namespace engine::cli
