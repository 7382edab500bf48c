// What to do about a connection that failed, by its cause. Private to db.
#pragma once

#include <string>

namespace engine::db {

/// What a server said of a connection that it refused.
struct Words {
  std::string message;   // all of it, without the verbose parts
  std::string sqlstate;  // of the last server that answered; "" where none did
  std::string function;  // of the server's source, never translated: "ClientAuthentication"
};

/// Where the attempt went, as libpq understood it.
struct Attempt {
  std::string host, port, user, database;
  bool socket = false, encrypts = true;
  bool database_given = false, options_given = false, gave_password = false;
};

/// By the SQLSTATE of a server that answered.
std::string hint_of_server(const Attempt& to, const Words& words);

/// By libpq's own words, which this process never translates.
std::string hint_of_libpq(const Attempt& to, const std::string& message);

}  // namespace engine::db
