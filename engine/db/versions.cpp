#include "db/versions.h"

#include <fmt/format.h>
#include <libpq-fe.h>

#include <pqxx/version>

namespace engine::db {

std::string libpq_version() {
  const int version = PQlibVersion();
  return fmt::format("{}.{}", version / 10000, version % 10000);
}

std::string libpqxx_version() { return PQXX_VERSION; }

}  // namespace engine::db
