// A plan of the project against a database of its own, as an operator would run it.
#pragma once

#include <string>
#include <vector>

#include "scenarios/picture.h"
#include "support/database.h"
#include "support/folder.h"
#include "support/program.h"

namespace test {

using Words = std::vector<std::string>;

/// A database as the plan's fixture makes it, without loading it again. As on hosted Supabase the
/// tables belong to a role that is no superuser: `plan_owner` here, since `postgres` is the test
/// server's superuser.
class Example {
 public:
  static constexpr const char* owner = "plan_owner";

  /// `changes` is SQL that a superuser runs after the fixture.
  explicit Example(const std::string& name, const std::string& changes = "",
                   const std::string& server = socket_folder());

  /// Flags that say where, and answer every question: the example's answers, and yes.
  Words target(const std::string& user = owner) const { return {"-d", database.conninfo(user)}; }
  Words unattended(const std::string& user = owner) const;

  /// The program with a command, the plan and flags; without flags: unattended. From a folder that
  /// holds nothing else.
  Ended run(const Words& flags = {}) const { return command("run", flags); }
  Ended rollback(const Words& flags = {}) const { return command("rollback", flags); }
  Ended command(const std::string& name, const Words& flags = {}) const;

  Picture picture() const;

  Database database;
  Folder folder;
  std::string plan;     // its file
  std::string answers;  // the example's
};

/// Is the test server of this major version, or newer?
bool server_is_at_least(int major);

Words operator+(Words left, const Words& right);

/// Does the text have it, wherever its lines are broken?
bool has(const std::string& text, const std::string& part);

/// A file below the repository's root.
std::string source(const std::string& path);

}  // namespace test
