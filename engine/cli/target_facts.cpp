#include "cli/target_facts.h"

#include <fmt/format.h>

#include <cmath>
#include <ctime>

#include "journal/run_lock.h"
#include "sql/statement.h"

namespace engine::cli {
namespace {

constexpr int oldest = 14, newest = 18;  // supported servers
constexpr double clock_tolerance = 5;    // seconds

constexpr const char* facts_query = R"(
SELECT role.rolname AS role,
       role.rolsuper AS superuser,
       role.rolbypassrls AS bypasses,
       pg_catalog.current_database() AS database,
       pg_catalog.has_database_privilege(pg_catalog.current_database(), 'CREATE') AS may_create,
       pg_catalog.to_regnamespace(pg_catalog.quote_ident($1)) IS NOT NULL AS journal,
       pg_catalog.pg_is_in_recovery() AS standby,
       pg_catalog.current_setting('default_transaction_read_only') = 'on' AS read_only,
       pg_catalog.current_setting('server_version') AS version,
       pg_catalog.current_setting('server_encoding') AS encoding,
       extract(epoch FROM pg_catalog.clock_timestamp())::double precision AS clock,
       (SELECT ssl FROM pg_catalog.pg_stat_ssl WHERE pid = pg_catalog.pg_backend_pid()) AS ssl,
       pg_catalog.inet_server_addr() IS NULL AS socket
  FROM pg_catalog.pg_roles AS role
 WHERE role.rolname = current_user
)";

std::string parameter(const db::Target& target, const char* keyword) {
  const auto found = target.parameters().find(keyword);
  return found == target.parameters().end() ? "" : found->second;
}

void examine_version(const std::string& version, int number, Diagnosis& diagnosis) {
  const int major = number / 10000;
  if (major < oldest) {
    diagnosis.fail("server version", fmt::format("PostgreSQL {}", version),
                   fmt::format("PostgreSQL {} to {} are supported.", oldest, newest));
  } else if (major > newest) {
    diagnosis.warn("server version", fmt::format("PostgreSQL {}", version),
                   fmt::format("The engine is tested on {} to {}.", oldest, newest));
  } else if (major > sql::grammar_version()) {
    diagnosis.ok("server version", fmt::format("PostgreSQL {}; statements with syntax newer than "
                                               "{} run, but the engine cannot classify them",
                                               version, sql::grammar_version()));
  } else {
    diagnosis.ok("server version", fmt::format("PostgreSQL {}", version));
  }
}

void examine_rights(const db::Result& facts, const std::string& schema, Diagnosis& diagnosis) {
  const std::string& role = facts.text(0, "role");
  const bool superuser = facts.boolean(0, "superuser");
  diagnosis.ok("role", superuser ? role + ", a superuser" : role);
  if (facts.boolean(0, "standby")) {
    diagnosis.fail("writing", "the server is a standby", "Connect to the primary server.");
  } else if (facts.boolean(0, "read_only")) {
    diagnosis.fail("writing", "transactions are read only by default",
                   "Set default_transaction_read_only to off for this role or database.");
  } else if (facts.boolean(0, "may_create")) {
    diagnosis.ok("journal", facts.boolean(0, "journal")
                                ? fmt::format("schema {} is there", schema)
                                : fmt::format("schema {} can be created", schema));
  } else if (facts.boolean(0, "journal")) {
    diagnosis.ok("journal", fmt::format("schema {} is there", schema));
  } else {
    diagnosis.fail(
        "journal", fmt::format("{} may not create the schema {}", role, schema),
        fmt::format("GRANT CREATE ON DATABASE \"{}\" TO \"{}\";", facts.text(0, "database"), role));
  }
  if (superuser || facts.boolean(0, "bypasses")) {
    diagnosis.ok("row security", "the role sees every row");
  } else {
    diagnosis.warn(
        "row security", fmt::format("policies apply to {}", role),
        "Use the owner of the tables that the plan copies: a backup that a policy shortens is "
        "refused.");
  }
}

void examine_encryption(const db::Result& facts, const db::Target& target, Diagnosis& diagnosis) {
  if (facts.boolean(0, "socket")) {
    diagnosis.ok("encryption", "not needed: the connection uses a local socket");
    return;
  }
  const bool encrypted = facts.at(0, "ssl").value_or("f") == "t";
  if (!encrypted) {
    diagnosis.warn("encryption", "none", "Add sslmode=verify-full to the connection string.");
  } else if (parameter(target, "sslmode") != "verify-full") {
    diagnosis.warn("encryption", "TLS, but the server's name is not verified",
                   "Add sslmode=verify-full to the connection string.");
  } else {
    diagnosis.ok("encryption", "TLS, and the server's name is verified");
  }
}

void examine_text(const std::string& encoding, Diagnosis& diagnosis) {
  if (encoding == "UTF8") {
    diagnosis.ok("encoding", encoding);
  } else if (encoding == "SQL_ASCII") {
    diagnosis.warn("encoding", "SQL_ASCII: the server does not know the encoding of its text",
                   "The engine reads the text as UTF8. Bytes that are not valid UTF8 are refused "
                   "or shown as escapes.");
  } else {
    diagnosis.warn(
        "encoding", encoding + ": the database cannot store characters outside it",
        "Such a statement fails with SQLSTATE 22P05. A database of ENCODING 'UTF8' takes "
        "all.");
  }
}

}  // namespace

void examine_target(db::Connection& connection, const db::Target& target, const std::string& schema,
                    Diagnosis& diagnosis) {
  const db::Result facts = connection.query(facts_query, {schema});
  examine_version(facts.text(0, "version"), connection.server_version(), diagnosis);
  examine_text(facts.text(0, "encoding"), diagnosis);
  examine_rights(facts, schema, diagnosis);
  examine_encryption(facts, target, diagnosis);

  const double difference = std::stod(facts.text(0, "clock")) - static_cast<double>(std::time({}));
  if (std::abs(difference) <= clock_tolerance) {
    diagnosis.ok("clock", "agrees with this machine's");
  } else {
    diagnosis.warn("clock",
                   fmt::format("{:.0f} s {} this machine's", std::abs(difference),
                               difference > 0 ? "ahead of" : "behind"),
                   "The journal uses the server's clock. Correct the clock that is wrong.");
  }
  if (const auto holder = journal::RunLock::holder(connection)) {
    diagnosis.warn("lock", holder->describe(),
                   "`engine status --wait` waits for it, `engine status --end` ends it.");
  } else {
    diagnosis.ok("lock", "no engine works on this target now");
  }
}

}  // namespace engine::cli
