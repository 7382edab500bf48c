#include "verify/impersonation.h"

#include "base/error.h"

namespace engine::verify {
namespace {

db::Connection& in_transaction(db::Connection& connection, const std::string& role) {
  if (connection.status() == db::TransactionStatus::in_transaction) return connection;
  throw Error{Code::wrong_moment, "no transaction is open, and role {} would stay after its work",
              role}
      .hint("Use it in `verify`, or in a step that is one transaction.");
}

/// One round trip for all of them. A setting that nobody knows yet reads as NULL, and is given back
/// as ''.
LocalSettings values_of(db::Connection& connection, const LocalSettings& settings) {
  db::Params names;
  std::string columns = "pg_catalog.current_setting('role')";
  for (const auto& [name, value] : settings) {
    names.emplace_back(name);
    columns += fmt::format(", pg_catalog.current_setting(${}, true)", names.size());
  }
  const auto result = connection.query("SELECT " + columns, names);
  LocalSettings values{{"role", result.at(0, std::size_t{0}).value_or("none")}};
  for (std::size_t i = 0; i < settings.size(); ++i) {
    values.emplace_back(settings[i].first, result.at(0, i + 1).value_or(""));
  }
  return values;
}

/// set_config with `true` is SET LOCAL, for `role` as well.
void set_local(db::Connection& connection, const LocalSettings& settings) {
  db::Params params;
  std::string columns;
  for (const auto& [name, value] : settings) {
    params.emplace_back(name);
    params.emplace_back(value);
    columns += fmt::format("{}pg_catalog.set_config(${}, ${}, true)", columns.empty() ? "" : ", ",
                           params.size() - 1, params.size());
  }
  connection.query("SELECT " + columns, params);
}

}  // namespace

Impersonation::Impersonation(db::Connection& connection, const std::string& role,
                             const LocalSettings& settings)
    : connection_(in_transaction(connection, role)),
      before_(values_of(connection, settings)),
      savepoint_(connection) {
  LocalSettings wanted = settings;
  wanted.emplace_back("role", role);
  set_local(connection_, wanted);
}

void Impersonation::end() {
  set_local(connection_, before_);
  savepoint_.release();
}

}  // namespace engine::verify
