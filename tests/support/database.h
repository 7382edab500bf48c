// A fresh database of the test server, dropped at the end of its scope.
#pragma once

#include <string>

namespace test {

/// The folder of the server's socket; it listens nowhere else. Its superuser is `postgres`, without
/// a password; the role `with_password` (password `correct-horse`) must give one.
std::string socket_folder();

class Database {
 public:
  explicit Database(const std::string& made_from = "template0",
                    std::string server = socket_folder());
  Database(const Database&) = delete;
  Database& operator=(const Database&) = delete;
  ~Database();

  const std::string& name() const { return name_; }
  /// The folder of its server's socket.
  const std::string& server() const { return server_; }
  /// A key/value connection string.
  std::string conninfo(const std::string& user = "postgres") const;

  /// Runs SQL as superuser on a connection of its own; a failure fails the test.
  void sql(const std::string& text) const;
  /// The first column of the first row as text; "" for NULL or no row.
  std::string value(const std::string& query) const;

 private:
  std::string server_, name_;
};

}  // namespace test
