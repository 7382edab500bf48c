#include "cluster/fixture.h"

#include <algorithm>
#include <cctype>
#include <set>

#include "base/file.h"
#include "base/hash.h"
#include "base/names.h"
#include "base/text.h"
#include "db/connection.h"
#include "db/pipeline.h"
#include "db/transaction.h"
#include "sql/roles.h"
#include "sql/statement.h"

namespace engine::cluster {

class FixtureReader {
 public:
  explicit FixtureReader(const Fixture::Known& known) : known_(known) {}

  void read(const std::string& file, const std::string& folder, const std::string& content) {
    open_.push_back(file);
    std::string pending;
    int first_line = 1;
    int number = 0;
    for (const std::string& line : text::lines(content)) {
      ++number;
      const Source here{file, number};
      if (!line.starts_with(mark)) {
        pending += line + "\n";
        continue;
      }
      keep({file, first_line, std::exchange(pending, "")});
      first_line = number + 1;
      follow(text::trimmed(line.substr(mark.size())), folder, here);
    }
    keep({file, first_line, std::move(pending)});
    open_.pop_back();
  }

  Fixture finish(const std::string& path) {
    std::string all;
    for (const FixturePiece& piece : fixture_.pieces_) all += piece.text + '\0';
    fixture_.path_ = path;
    fixture_.checksum_ = hash::sha256(all + fixture_.role_);
    return std::move(fixture_);
  }

 private:
  static constexpr std::string_view mark = "-- engine:";

  void keep(FixturePiece piece) {
    if (!text::trimmed(piece.text).empty()) fixture_.pieces_.push_back(std::move(piece));
  }

  void follow(const std::string& words, const std::string& folder, const Source& here) {
    const auto blank = std::min(words.find(' '), words.size());
    const std::string word = words.substr(0, blank);
    const std::string name = text::trimmed(words.substr(blank));
    if (word != "role" && word != "include") {
      throw Error{Code::file, "{} line {}: \"{}\" is not a fixture directive{}",
                  here.file,  here.line,
                  word,       text::did_you_mean(word, {"role", "include"})}
          .at(here);
    }
    if (name.empty())
      throw Error{Code::file, "{} line {}: {} needs a name", here.file, here.line, word}.at(here);
    if (word == "include") {
      include(name, folder, here);
    } else if (fixture_.role_.empty() || open_.size() < role_depth_) {
      fixture_.role_ = name;  // the including file's own word counts before an included one's
      role_depth_ = open_.size();
    }
  }

  void include(const std::string& name, const std::string& folder, const Source& here) {
    const auto known = known_ ? known_(name) : std::nullopt;
    const std::string path = known ? name : file::resolve(folder, name);
    if (std::find(open_.begin(), open_.end(), path) != open_.end()) {
      throw Error{Code::file, "{} line {}: {} includes itself", here.file, here.line, name}.at(
          here);
    }
    if (!known && !file::exists(path)) {
      throw Error{Code::file,
                  "{} line {}: {} is neither a file in the same folder nor a known include",
                  here.file, here.line, name}
          .at(here);
    }
    read(path, file::folder_of(path), known ? *known : file::read(path));
  }

  const Fixture::Known& known_;
  Fixture fixture_;
  std::vector<std::string> open_;
  std::size_t role_depth_ = 0;
};

Fixture Fixture::read(const std::string& path, const Known& known) {
  FixtureReader reader{known};
  reader.read(path, file::folder_of(path), file::read(path));
  return reader.finish(path);
}

namespace {

/// Line breaks before a character of the statement; the server counts characters, from 1.
int lines_before(const std::string& text, int position) {
  int characters = 0;
  int lines = 0;
  for (const char c : text) {
    const bool continues = (static_cast<unsigned char>(c) & 0xC0) == 0x80;
    if (!continues && ++characters >= position) break;
    if (c == '\n') ++lines;
  }
  return lines;
}

/// One statement with the place it came from.
struct Placed {
  sql::Statement statement;
  Source at;
};

/// What pg_dump prints around its text: it tells psql to take no other command from in between.
bool restricts_psql(const sql::Statement& statement) {
  if (statement.refusal != sql::Refusal::psql_meta_command) return false;
  for (const std::string_view command : {"\\restrict ", "\\unrestrict "}) {
    if (!statement.text.starts_with(command)) continue;
    const std::string key = text::trimmed(statement.text.substr(command.size()));
    return !key.empty() && std::all_of(key.begin(), key.end(),
                                       [](unsigned char c) { return std::isalnum(c) != 0; });
  }
  return false;
}

std::string instead_of(const sql::Statement& statement) {
  if (statement.refusal != sql::Refusal::copy_from_client) return statement.instead;
  return "Write the rows as INSERT … VALUES; pg_dump --inserts prints them so.";
}

std::vector<Placed> statements_of(const Fixture& fixture) {
  std::vector<Placed> found;
  for (const FixturePiece& piece : fixture.pieces()) {
    for (sql::Statement& statement : sql::split(piece.text)) {
      const Source at{piece.file, piece.first_line + statement.line - 1};
      if (restricts_psql(statement)) continue;
      if (statement.refusal != sql::Refusal::none || !statement.transaction_block) {
        throw Error{Code::refused,
                    "{} line {}: {} is not possible in a fixture, which loads in one transaction",
                    at.file, at.line, statement.tag}
            .hint(instead_of(statement))
            .at(at);
      }
      found.push_back({std::move(statement), at});
    }
  }
  return found;
}

Error failed(const Error& error, const Placed& placed) {
  Source at = placed.at;
  if (error.position() > 0) at.line += lines_before(placed.statement.text, error.position());
  return Error{error.code(), "{} line {}: {}", at.file, at.line, error.message()}
      .sqlstate(error.sqlstate())
      .detail(error.detail())
      .hint(error.hint())
      .statement(placed.statement.text)
      .at(at);
}

constexpr std::string_view role_made = "00E14";  // SQLSTATE of the message that tells it

/// Right before the statement that would fail without it: what the fixture makes itself, and how,
/// is its own. INFO reaches the client whatever the fixture set client_min_messages to.
std::string make_role(const std::string& name) {
  const std::string literal = db::Connection::quote_literal(name);
  const std::string body = fmt::format(
      "BEGIN IF NOT EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = {0}) THEN "
      "CREATE ROLE {1} NOLOGIN; RAISE INFO USING MESSAGE = {0}, ERRCODE = '{2}'; END IF; "
      "EXCEPTION WHEN insufficient_privilege OR duplicate_object OR unique_violation OR "
      "reserved_name THEN NULL; END",
      literal, quote_identifier(name), role_made);
  return "DO " + db::Connection::quote_literal(body);
}

void execute(db::Connection& connection, const std::vector<Placed>& statements) {
  db::Pipeline pipeline{connection};
  std::vector<std::size_t> origins;  // of each command the statement that it is or stands before
  std::set<std::string> named;
  for (std::size_t i = 0; i < statements.size(); ++i) {
    const sql::Statement& statement = statements[i].statement;
    if (statement.tag != "INSERT") {
      for (const std::string& role : sql::roles_named(statement.text)) {
        if (!named.insert(role).second) continue;
        pipeline.add({make_role(role), {}});
        origins.push_back(i);
      }
    }
    pipeline.add({statement.text, {}, db::Lookup::session});
    origins.push_back(i);
  }
  try {
    pipeline.run();
  } catch (const Error& error) {
    if (error.code() == Code::interrupted || pipeline.failed() >= origins.size()) throw;
    throw failed(error, statements[origins[pipeline.failed()]]);
  }
}

constexpr std::string_view marker_beginning = "engine fixture ";

std::string marker_of(const Fixture& fixture) {
  const auto slash = fixture.path().rfind('/');
  const std::string name =
      slash == std::string::npos ? fixture.path() : fixture.path().substr(slash + 1);
  return fmt::format("{}{}, SHA-256 {}", marker_beginning, name, fixture.checksum());
}

}  // namespace

FixtureState load_fixture(const db::Target& superuser, const Fixture& fixture,
                          const std::function<void(const std::string&)>& made_role) {
  // A session of its own: what the fixture sets ends with it.
  auto connection = db::Connection::open(superuser);
  db::Transaction transaction{connection};
  // Another engine may be loading it: the second waits, and finds it there.
  connection.query("SELECT pg_catalog.pg_advisory_xact_lock(1701734254, 2)");
  const auto comment = connection.query(
      "SELECT COALESCE(pg_catalog.shobj_description(oid, 'pg_database'), '') AS marker, "
      "pg_catalog.quote_ident(datname) AS name"
      "  FROM pg_catalog.pg_database WHERE datname = pg_catalog.current_database()");
  const std::string marker = marker_of(fixture);
  if (comment.text(0, "marker") == marker) return FixtureState::there;
  if (comment.text(0, "marker").starts_with(marker_beginning)) return FixtureState::edited;

  std::vector<std::string> made;
  connection.on_notice([&](const db::Notice& notice) {
    if (notice.sqlstate == role_made) made.push_back(notice.message);
  });
  execute(connection, statements_of(fixture));
  connection.script("RESET SESSION AUTHORIZATION; RESET ROLE");
  if (!fixture.role().empty() &&
      connection
          .query("SELECT 1 FROM pg_catalog.pg_roles WHERE rolname = $1 AND rolcanlogin",
                 {fixture.role()})
          .empty()) {
    throw Error{Code::missing_object, "{} names role {}, which does not exist or cannot log in",
                fixture.path(), fixture.role()}
        .hint(fmt::format("Create it there: CREATE ROLE {} LOGIN;", fixture.role()));
  }
  connection.query(fmt::format("COMMENT ON DATABASE {} IS {}", comment.text(0, "name"),
                               db::Connection::quote_literal(marker)));
  transaction.commit();
  if (made_role) std::for_each(made.begin(), made.end(), made_role);
  return FixtureState::loaded;
}

}  // namespace engine::cluster
