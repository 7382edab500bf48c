// Which database, as libpq understands it.
#pragma once

#include <map>
#include <string>

namespace engine::db {

/// Connection parameters by libpq keyword (host, port, dbname, user, password, service …).
class Target {
 public:
  /// Any libpq URI or key/value string. Throws Error{usage} that never repeats the text: libpq's
  /// own message can contain the password.
  static Target parse(const std::string& conninfo);
  /// What PGHOST, PGDATABASE, PGSERVICE … say.
  static Target from_environment();

  /// An empty value also keeps away what the environment would give (PGHOSTADDR, PGOPTIONS).
  Target& set(const std::string& keyword, std::string value);
  const std::map<std::string, std::string>& parameters() const { return parameters_; }

  /// "esquisse on db.example.com:5432 as postgres": no secret in it.
  std::string describe() const;

 private:
  std::map<std::string, std::string> parameters_;
};

}  // namespace engine::db
