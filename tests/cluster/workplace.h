// A working directory with an embedded server, which goes with its scope.
#pragma once

#include <string>

#include "cluster/embedded.h"
#include "db/connection.h"
#include "support/folder.h"

struct Workplace {
  Workplace() : folder(scratch.path()), embedded(folder) {}
  explicit Workplace(const std::string& below)
      : folder(scratch.path() + "/" + below), embedded((make(), folder)) {}
  Workplace(const Workplace&) = delete;
  Workplace& operator=(const Workplace&) = delete;
  ~Workplace() {
    try {
      embedded.reset();
    } catch (const std::exception&) {
      // The test has failed already.
    }
  }

  void make() const { std::filesystem::create_directories(folder); }

  test::Folder scratch;
  std::string folder;
  engine::cluster::Embedded embedded;
};

inline std::string value(const engine::db::Target& target, const std::string& query) {
  auto connection = engine::db::Connection::open(target);
  return connection.execute(query).at(0, 0).value_or("");
}
