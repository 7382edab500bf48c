// The esquisse plan against a database of its own, as an operator would run it.
#pragma once

#include <string>
#include <vector>

#include "scenarios/picture.h"
#include "support/database.h"
#include "support/folder.h"
#include "support/program.h"

namespace test {

using Words = std::vector<std::string>;

/// A database as the example's fixture makes it, without loading it again. As on hosted Supabase
/// the tables belong to a role that is no superuser: `esquisse_owner` here, since `postgres` is the
/// test server's superuser.
class Esquisse {
 public:
  static constexpr const char* owner = "esquisse_owner";

  enum class Start { as_the_guide_finds_it, with_few_sessions, without_sessions };
  explicit Esquisse(Start start = Start::as_the_guide_finds_it);

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
  std::string plan;  // its file
};

Words operator+(Words left, const Words& right);

/// Does the text have it, wherever its lines are broken?
bool has(const std::string& text, const std::string& part);

/// A file below the repository's root.
std::string source(const std::string& path);

}  // namespace test
