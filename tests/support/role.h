// A role for one test, removed with all it owns in its database.
#pragma once

#include <string>

#include "support/database.h"

namespace test {

class Role {
 public:
  explicit Role(const Database& database, const std::string& attributes = "LOGIN",
                const std::string& name = "role")
      : database_(database), name_(database.name() + "_" + name) {
    database_.sql("CREATE ROLE " + name_ + " " + attributes);
  }
  Role(const Role&) = delete;
  Role& operator=(const Role&) = delete;
  ~Role() { database_.sql("DROP OWNED BY " + name_ + " CASCADE; DROP ROLE " + name_); }

  const std::string& name() const { return name_; }

 private:
  const Database& database_;
  std::string name_;
};

}  // namespace test
