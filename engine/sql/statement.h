// SQL text taken apart by PostgreSQL's own grammar.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace engine::sql {

/// What a statement does by its text. `destroys`: DROP, TRUNCATE, a dropped column, UPDATE and
/// DELETE of every row. A query that calls a function which is not PostgreSQL's own is `unknown`:
/// such a function may write (`SELECT cron.schedule(…)`). So are DO, CALL and EXECUTE. What
/// triggers, rules, views, operators and casts call is not seen.
enum class Effect { reads, writes, destroys, unknown };

/// Why a statement may not stand in a plan. `none` where it may.
enum class Refusal {
  none,
  transaction_control,  // BEGIN, COMMIT, ROLLBACK, SAVEPOINT, PREPARE TRANSACTION …
  psql_meta_command,    // \i, \d, \copy …
  discard_all,          // DISCARD ALL
  unlock_all,           // pg_advisory_unlock_all()
  copy_from_client,     // COPY … FROM STDIN, COPY … TO STDOUT
};

struct Statement {
  std::string text;        // without its semicolon and the blanks around it; comments inside stay
  std::size_t offset = 0;  // bytes from the start of the text it was split from
  int line = 1;            // of its first word, from 1, in that text
  std::string tag;         // "CREATE INDEX", "UPDATE"; what the parser cannot read: "unknown"
  Effect effect = Effect::unknown;
  // false: CREATE INDEX CONCURRENTLY, VACUUM, ALTER SYSTEM, CREATE DATABASE …
  bool transaction_block = true;
  bool concurrent = false;  // says CONCURRENTLY: it waits for old transactions and blocks nobody
  // SET, RESET, SET ROLE, set_config: the engine restores it before its own SQL
  bool changes_session = false;
  bool returns_rows = false;
  bool takes_values = false;  // says $1: nobody gives it to the SQL of a step
  Refusal refusal = Refusal::none;
  std::string instead;         // what to use instead of a refused statement, a sentence
  std::string problem;         // the parser's words, where it does not know the statement
  std::size_t problem_at = 0;  // the byte it points at, from the start of that text

  bool known() const { return problem.empty(); }
};

/// Splits a text into statements and classifies each. Never throws for odd SQL: what PostgreSQL's
/// grammar does not know is a Statement with `problem` set and Effect::unknown. Parser first; where
/// it fails, scanner pieces parsed one by one.
std::vector<Statement> split(std::string_view text);

/// The major version of the grammar (15).
int grammar_version();

/// Line (from 1) and column (from 1) of a byte offset in a text.
struct Position {
  int line = 1;
  int column = 1;
};
Position position_of(std::string_view text, std::size_t offset);

/// The byte where a character begins, counted from 1 as the server counts (Error::position); the
/// end of the text where it has no such character.
std::size_t byte_offset(std::string_view text, std::size_t character);

}  // namespace engine::sql
