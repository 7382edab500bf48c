// A fixture: an SQL file with a plan's before-state, which loads as superuser into an empty
// database.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "db/target.h"

namespace engine::cluster {

/// A run of lines of one file, between two include lines.
struct FixturePiece {
  std::string file;
  int first_line = 1;
  std::string text;
};

/// The file with what it includes. Lines that begin with `-- engine:` are for the engine: `role
/// NAME`, whom the plan runs as, and `include NAME`, a known text or a file seen from the one that
/// includes it.
class Fixture {
 public:
  /// The text of a known include ("supabase"); nothing where the name is none.
  using Known = std::function<std::optional<std::string>(const std::string& name)>;

  /// Throws Error{file} naming file and line where an include or a word of the engine's is unknown.
  static Fixture read(const std::string& path, const Known& known);

  const std::string& path() const { return path_; }
  const std::string& role() const { return role_; }  // empty: the superuser
  const std::string& checksum() const { return checksum_; }
  const std::vector<FixturePiece>& pieces() const { return pieces_; }

 private:
  friend class FixtureReader;
  std::string path_, role_, checksum_;
  std::vector<FixturePiece> pieces_;
};

enum class FixtureState {
  loaded,  // just now
  there,   // before, as it is
  edited,  // before, and the file has changed since: the database is as the old one left it
};

/// All of it in one transaction, or nothing; which one was loaded is kept in the database's
/// comment, where no schema's fingerprint sees it. Throws Error with file and line of the statement
/// that failed.
///
/// A role that it names and that is missing by then is made, so that what pg_dump prints loads: it
/// cannot log in and may do nothing. `made_role` is told each, after the commit.
FixtureState load_fixture(const db::Target& superuser, const Fixture& fixture,
                          const std::function<void(const std::string&)>& made_role = {});

}  // namespace engine::cluster
