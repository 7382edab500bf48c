#include "runner/index_repair.h"

#include "base/error.h"
#include "base/text.h"

namespace engine::runner {
namespace {

// Words, quoted names (with their quotes) and single characters; comments and blanks fall away.
std::vector<std::string> words_of(const std::string& sql) {
  std::vector<std::string> words;
  std::size_t i = 0;
  const auto is_word = [](char c) {
    return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '$' ||
           (c & 0x80) != 0;
  };
  while (i < sql.size()) {
    const std::size_t start = i;
    if (sql.compare(i, 2, "--") == 0) {
      i = std::min(sql.find('\n', i), sql.size());
    } else if (sql.compare(i, 2, "/*") == 0) {
      const std::size_t end = sql.find("*/", i + 2);
      i = end == std::string::npos ? sql.size() : end + 2;
    } else if (sql[i] == '"') {
      do {
        i = std::min(sql.find('"', i + 1), sql.size() - 1) + 1;
      } while (i < sql.size() && sql[i] == '"');
      words.push_back(sql.substr(start, i - start));
    } else if (is_word(sql[i])) {
      while (i < sql.size() && is_word(sql[i])) ++i;
      words.push_back(sql.substr(start, i - start));
    } else {
      if (std::isspace(static_cast<unsigned char>(sql[i])) == 0) words.push_back(sql.substr(i, 1));
      ++i;
    }
  }
  return words;
}

class Reader {
 public:
  explicit Reader(const std::string& sql) : words_(words_of(sql)) {}

  bool accept(const char* word) {
    if (at_ >= words_.size() || text::lower(words_[at_]) != word) return false;
    ++at_;
    return true;
  }
  bool accept_all(std::initializer_list<const char*> words) {
    const std::size_t start = at_;
    for (const char* word : words) {
      if (!accept(word)) return at_ = start, false;
    }
    return true;
  }
  std::string name() {
    std::string whole = at_ < words_.size() ? words_[at_++] : "";
    while (accept(".") && at_ < words_.size()) whole += "." + words_[at_++];
    return whole;
  }
  bool ended() const { return at_ >= words_.size(); }

 private:
  std::vector<std::string> words_;
  std::size_t at_ = 0;
};

// An index lives in its table's schema, whatever the search_path says.
db::Result look(db::Connection& connection, const IndexStatement& statement) {
  return connection.execute(
      "SELECT i.indisvalid AS valid, i.indexrelid::pg_catalog.regclass::text AS name,"
      " EXISTS (SELECT FROM pg_catalog.pg_stat_progress_create_index p"
      "         WHERE p.index_relid = i.indexrelid AND p.pid <> pg_catalog.pg_backend_pid()) AS "
      "building"
      " FROM pg_catalog.pg_index i JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid"
      " WHERE i.indrelid = pg_catalog.to_regclass($1)"
      " AND c.relname = (pg_catalog.parse_ident($2))[1]",
      {statement.table, statement.index});
}

}  // namespace

std::optional<IndexStatement> concurrent_index(const std::string& sql) {
  Reader reader{sql};
  if (reader.accept("create")) {
    reader.accept("unique");
    if (!reader.accept_all({"index", "concurrently"})) return std::nullopt;
    reader.accept_all({"if", "not", "exists"});
    if (reader.accept("on")) return std::nullopt;  // the server chooses the name
    IndexStatement statement{IndexStatement::Kind::create, reader.name(), ""};
    if (!reader.accept("on")) return std::nullopt;
    reader.accept("only");
    statement.table = reader.name();
    return statement;
  }
  if (!reader.accept_all({"drop", "index", "concurrently"})) return std::nullopt;
  reader.accept_all({"if", "exists"});
  IndexStatement statement{IndexStatement::Kind::drop, reader.name(), ""};
  if (reader.accept(",")) return std::nullopt;
  return statement;
}

std::string invalid_index(db::Connection& connection, const IndexStatement& statement) {
  if (statement.kind != IndexStatement::Kind::create) return "";
  const db::Result found = look(connection, statement);
  return found.empty() || found.boolean(0, "valid") ? "" : found.text(0, "name");
}

Repair prepare_index(db::Connection& connection, const IndexStatement& statement, bool in_doubt) {
  if (statement.kind == IndexStatement::Kind::drop) {
    if (!in_doubt) return {};
    const db::Result found =
        connection.execute("SELECT pg_catalog.to_regclass($1) IS NULL AS gone", {statement.index});
    if (!found.boolean(0, "gone")) return {};
    return {true, "index " + statement.index + " was dropped before the interruption"};
  }
  const db::Result found = look(connection, statement);
  if (found.empty()) return {};
  const std::string& name = found.text(0, "name");
  if (found.boolean(0, "building")) {
    throw Error{Code::refused, "another session is building index {}", name}.hint(
        "Wait until it has ended, then run again.");
  }
  if (found.boolean(0, "valid")) {
    if (!in_doubt) return {};
    return {true, "index " + name + " was finished before the interruption"};
  }
  connection.execute("DROP INDEX CONCURRENTLY " + name);
  return {false, "dropped index " + name + ", which an earlier attempt left INVALID"};
}

}  // namespace engine::runner
