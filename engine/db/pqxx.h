// Both generations of libpqxx (6.4 and 7.10) behind one class.
#pragma once

#include <libpq-fe.h>

#include <memory>
#include <string>

#include "db/result.h"

namespace engine::db {

/// Lends a PGconn to libpqxx for the engine's own queries. libpqxx never closes it, and can never
/// open another: 6.4 would reconnect silently, without the session's locks and settings.
class Pqxx {
 public:
  explicit Pqxx(PGconn* handle);
  Pqxx(const Pqxx&) = delete;
  Pqxx& operator=(const Pqxx&) = delete;
  ~Pqxx();

  /// Throws what libpqxx throws; `what()` has the server's words in the verbosity of the handle.
  Result exec(const std::string& sql, const Params& params);

 private:
  struct Borrowed;
  std::unique_ptr<Borrowed> borrowed_;
};

}  // namespace engine::db
