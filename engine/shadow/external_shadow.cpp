#include "shadow/external_shadow.h"

#include <fmt/format.h>

#include <functional>
#include <optional>

#include "base/error.h"
#include "base/interrupt.h"
#include "base/names.h"
#include "base/text.h"
#include "shadow/queries.h"

namespace engine::shadow {
namespace {

// "engine-shadow": of this database alone, since advisory locks are.
constexpr const char* lock_query =
    "SELECT pg_catalog.pg_try_advisory_lock(7307749437105071470) AS taken";

constexpr const char* rights_query = R"(
SELECT r.rolsuper, r.rolsuper OR r.rolcreatedb AS makes_databases, d.oid::text AS database
  FROM pg_catalog.pg_roles AS r, pg_catalog.pg_database AS d
 WHERE r.rolname = current_user AND d.datname = pg_catalog.current_database()
)";

constexpr const char* databases_query =
    "SELECT datname, datistemplate FROM pg_catalog.pg_database"
    " WHERE pg_catalog.starts_with(datname, $1)";

/// While an interruption is requested nothing would be executed, and one that comes meanwhile ends
/// what is: the work is done again then.
class Uninterrupted {
 public:
  Uninterrupted() { clear(); }
  Uninterrupted(const Uninterrupted&) = delete;
  Uninterrupted& operator=(const Uninterrupted&) = delete;
  ~Uninterrupted() {
    if (was_) interrupt::request();
  }

  template <typename Work>
  void until_done(Work work) {
    for (;;) {
      try {
        return work();
      } catch (const Error& error) {
        if (error.code() != Code::interrupted) throw;
        clear();
      }
    }
  }

 private:
  void clear() {
    was_ = was_ || interrupt::requested();
    interrupt::clear();
  }
  bool was_ = false;
};

/// FORCE ends the preview's own sessions that are still there. Autovacuum's it may end for a
/// superuser only; without FORCE the server sends autovacuum away and waits for others.
void drop_database(db::Connection& keeper, const std::string& name) {
  constexpr int tries = 4;
  const std::string statement = "DROP DATABASE IF EXISTS " + quote_identifier(name);
  for (int i = 1;; ++i) {
    try {
      keeper.execute(statement + (i % 2 == 1 ? " WITH (FORCE)" : ""));
      return;
    } catch (const Error& error) {
      const bool in_use = error.sqlstate() == "42501" || error.sqlstate() == "55006";
      if (!in_use || i == tries) throw;
    }
  }
}

}  // namespace

Identity identity_of(db::Connection& connection) {
  const db::Result found = connection.query(
      "SELECT s.system_identifier::text AS system, d.oid::text AS database FROM "
      "pg_catalog.pg_control_system() AS s, pg_catalog.pg_database AS d WHERE d.datname = "
      "pg_catalog.current_database()");
  return {found.text(0, "system"), found.text(0, "database")};
}

ExternalShadow::ExternalShadow(const db::Target& lent, const Identity& forbidden)
    : lent_(lent), keeper_(db::Connection::open(lent)) {
  refuse_unfit(forbidden);
  try {
    drop_databases();
  } catch (const Error& error) {
    if (error.sqlstate().empty()) throw;
    throw Error{Code::refused,
                "databases that an earlier preview left beside the database of --shadow cannot "
                "be removed: {}",
                error.message()}
        .sqlstate(error.sqlstate())
        .detail(error.detail())
        .hint(fmt::format("Drop the databases whose names begin with {} as a superuser.", prefix_));
  }
  roles_ = Roles::of(keeper_);
  if (identity_of(keeper_).system == forbidden.system) {
    remarks_.push_back(
        "the shadow is on the target's own server: roles that the plan creates or changes are also "
        "the target's until the preview ends");
  }
  if (!superuser_) {
    remarks_.push_back(
        "the shadow's role is not a superuser: the plan runs as that role instead of the target's, "
        "and "
        "rows come only where it may set session_replication_role");
  }
}

void ExternalShadow::refuse_unfit(const Identity& forbidden) {
  if (identity_of(keeper_) == forbidden)
    throw Error{Code::refused, "--shadow names the target itself"}.hint(
        "Give an empty database, or omit --shadow: then the engine creates its own server.");
  if (keeper_.behind_pooler())
    throw Error{Code::refused, "--shadow leads to a pooler"}.hint("Give the server's own port.");
  const db::Result rights = keeper_.query(rights_query);
  superuser_ = rights.boolean(0, "rolsuper");
  prefix_ = "engine_shadow_" + rights.text(0, "database") + "_";
  if (!keeper_.query(lock_query).boolean(0, "taken"))
    throw Error{Code::refused, "another preview uses the database of --shadow"}.hint(
        "Wait until it ends, or give another database.");
  std::vector<std::string> objects;
  const db::Result contents = keeper_.query(query("contents"));
  for (std::size_t row = 0; row < contents.size(); ++row)
    objects.push_back(contents.text(row, "object"));
  if (!objects.empty()) {
    throw Error{Code::refused, "the database of --shadow is not empty: it has {}",
                text::joined(objects, ", ")}
        .hint("Give an empty database: CREATE DATABASE shadow TEMPLATE template0");
  }
  if (!rights.boolean(0, "makes_databases"))
    throw Error{Code::refused, "the role of --shadow may not create databases"}.hint(
        "Use a superuser or a role with CREATEDB: the preview creates databases on that server.");
}

void ExternalShadow::drop_databases() {
  const db::Result found = keeper_.query(databases_query, {prefix_});
  std::optional<Error> failure;
  for (std::size_t row = 0; row < found.size(); ++row) {
    const std::string& name = found.text(row, "datname");
    try {
      if (found.boolean(row, "datistemplate"))
        keeper_.execute("ALTER DATABASE " + quote_identifier(name) + " IS_TEMPLATE false");
      drop_database(keeper_, name);
    } catch (const Error& error) {
      if (error.code() == Code::interrupted) throw;
      if (!failure) failure = error;  // the others go nevertheless
    }
  }
  if (failure) throw *failure;
}

ExternalShadow::~ExternalShadow() {
  Uninterrupted uninterrupted;
  const std::function<void()> works[]{[this] { drop_databases(); },
                                      [this] { roles_.restore(keeper_); }};
  for (const auto& work : works) {
    try {
      uninterrupted.until_done(work);
    } catch (const Error&) {
      // The server has gone, or its role may not: the next engine that is lent it tries again.
    }
  }
}

std::string ExternalShadow::name_of(const std::string& database) const {
  return prefix_ + database;
}

db::Target ExternalShadow::target(const std::string& database) const {
  db::Target target = lent_;
  if (database != "postgres") target.set("dbname", name_of(database));
  return target;
}

// A role of its own has no password here, so the session begins in it: RESET ROLE leads back to it.
db::Target ExternalShadow::target(const std::string& database, const std::string& role) const {
  db::Target target = this->target(database);
  if (role.empty() || !superuser_) return target;
  std::string escaped;
  for (const char c : role) {
    if (c == ' ' || c == '\\') escaped += '\\';
    escaped += c;
  }
  const auto options = target.parameters().find("options");
  const std::string before = options == target.parameters().end() ? "" : options->second + " ";
  return target.set("options", before + "-c role=" + escaped);
}

}  // namespace engine::shadow
