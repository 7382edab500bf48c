#include "preview/sql_script.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <utility>

#include "base/names.h"
#include "base/redactor.h"
#include "base/text.h"
#include "db/connection.h"
#include "sql/scanner.h"
#include "sql/statement.h"

namespace engine::preview {
namespace {

constexpr const char* introduction = R"(--
-- To read, and to compare with. `engine run` is what runs the plan: it asks, verifies, journals, retries and resumes.
-- Left out: what only read, what was rolled back (checks, tests, conditions), and the engine's journal.
-- A value that the plan had read is that of the shadow: other rows would have given other statements.
\set ON_ERROR_STOP on
)";

std::string comment(const std::string& text) {
  std::string lines;
  for (const std::string& line : text::lines(text)) lines += "-- " + text::printable(line) + "\n";
  return lines;
}

/// "engine_2" of "SAVEPOINT engine_2".
std::string last_word(const std::string& sql) { return sql.substr(sql.rfind(' ') + 1); }

/// Where the last thing is a comment, a semicolon behind it would be a part of that.
std::string terminated(const std::string& sql) {
  sql::Token last;
  for (std::size_t at = 0; at < sql.size();) {
    const sql::Token token = sql::token_at(sql, at);
    if (token.kind != sql::TokenKind::blank) last = token;
    at = token.end;
  }
  if (last.kind == sql::TokenKind::semicolon) return sql + "\n";
  return sql + (last.kind == sql::TokenKind::comment ? "\n;\n" : ";\n");
}

bool mentions(const std::string& sql, const std::string& schema) {
  const std::string prefix = quote_identifier(schema) + ".";
  for (std::size_t at = sql.find(prefix); at != std::string::npos; at = sql.find(prefix, at + 1)) {
    const char before = at == 0 ? ' ' : sql[at - 1];
    if (std::isalnum(static_cast<unsigned char>(before)) == 0 && before != '_' && before != '"')
      return true;
  }
  return false;
}

/// What the engine sets for itself: time limits, names, the session as it was, and transactions
/// around single statements.
bool is_housekeeping(const std::string& sql) {
  static constexpr std::array begins{"RESET ",
                                     "SET CONSTRAINTS ",
                                     "DECLARE engine_",
                                     "FETCH ",
                                     "CLOSE engine_",
                                     "START TRANSACTION",
                                     "END",
                                     "ABORT",
                                     "SET LOCAL role TO DEFAULT",
                                     "SET LOCAL SESSION AUTHORIZATION DEFAULT"};
  static constexpr std::array settings{
      "'lock_timeout'",    "'application_name'",   "'engine.",
      "AS engine_setting", "'extra_float_digits'", "client_connection_check_interval"};
  return std::any_of(begins.begin(), begins.end(),
                     [&](const char* word) { return sql.starts_with(word); }) ||
         std::any_of(settings.begin(), settings.end(),
                     [&](const char* word) { return sql.find(word) != std::string::npos; });
}

/// A query that a primitive looks with; one that sets a sequence, or a setting for the plan, is
/// more.
bool only_looks(const std::string& sql) {
  const std::string_view words =
      std::string_view{sql}.substr(sql::trimmed(sql, {0, sql.size()}).begin);
  return (words.starts_with("SELECT") || words.starts_with("WITH")) &&
         sql.find("setval(") == std::string::npos && sql.find("set_config(") == std::string::npos;
}

bool only_reads(const std::string& sql) {
  const std::vector<sql::Statement> statements = sql::split(sql);
  return std::all_of(statements.begin(), statements.end(), [](const sql::Statement& statement) {
    return statement.effect == sql::Effect::reads && !statement.changes_session;
  });
}

}  // namespace

std::string literal_of(const std::string& value) {
  if (text::printable(value, true) == value) return db::Connection::quote_literal(value);
  std::string quoted = "E'";
  for (const char c : value) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte >= 0x20 && byte < 0x7f) {
      if (c == '\'' || c == '\\') quoted += c;
      quoted += c;
    } else {
      quoted += fmt::format("\\x{:02x}", byte);
    }
  }
  return quoted + "'";
}

std::string inlined(const db::Command& command) {
  std::string sql;
  const std::string& text = command.sql;
  for (std::size_t at = 0; at < text.size();) {
    const sql::Token token = sql::token_at(text, at);
    const sql::Token next = sql::token_at(text, token.end);
    const std::string_view word = token.in(text);
    at = token.end;
    if (word != "$" || next.kind != sql::TokenKind::number) {
      sql += word;
      continue;
    }
    const std::size_t number = std::stoul(std::string{next.in(text)});
    at = next.end;
    if (number == 0 || number > command.params.size()) {
      sql += fmt::format("${}", number);
    } else {
      const auto& value = command.params[number - 1];
      sql += value ? literal_of(redactor::redact(*value)) : "NULL";
    }
  }
  return redactor::redact(sql);
}

SqlScript::SqlScript(const plan::Plan& plan, const runner::RunOptions& options)
    : plan_(plan), journal_(options.schema), lock_timeout_(options.lock_timeout) {}

void SqlScript::hear(const db::Command& command) {
  if (chapters_.empty()) return;
  std::vector<Entry>& entries = chapters_.back().entries;
  const std::string& sql = command.sql;
  if (sql.starts_with("BEGIN")) {
    reading_ = sql.find("READ ONLY") != std::string::npos;
    entries.push_back({Kind::begin, command, {}, false});
  } else if (sql == "COMMIT") {
    reading_ = false;
    entries.push_back({Kind::commit, command, {}, false});
  } else if (sql == "ROLLBACK") {
    reading_ = false;
    take_back(Kind::begin, "");
  } else if (sql.starts_with("SAVEPOINT ")) {
    entries.push_back({Kind::savepoint, command, {}, false});
  } else if (sql.starts_with("ROLLBACK TO SAVEPOINT ")) {
    const std::string first = sql.substr(0, sql.find(';'));
    take_back(Kind::savepoint, last_word(first));
  } else if (!sql.starts_with("RELEASE SAVEPOINT ") && !reading_) {
    entries.push_back({Kind::statement, command, {}, false});
  }
}

// From the last of that kind (and name) on.
void SqlScript::take_back(Kind kind, const std::string& name) {
  std::vector<Entry>& entries = chapters_.back().entries;
  for (std::size_t i = entries.size(); i-- > 0;) {
    if (entries[i].kind != kind || (!name.empty() && last_word(entries[i].command.sql) != name))
      continue;
    entries.resize(i);
    return;
  }
}

void SqlScript::hear(const event::Event& event) {
  if (const auto* started = std::get_if<event::StepStarted>(&event.body)) {
    Chapter chapter;
    chapter.step = started->step;
    chapter.heading =
        fmt::format("Step {} of {}: {}", started->number, started->of, started->title);
    if (!started->phase.empty()) chapter.heading += " (" + started->phase + ")";
    chapters_.push_back(std::move(chapter));
  }
  if (chapters_.empty()) return;
  if (const auto* finished = std::get_if<event::StepFinished>(&event.body)) {
    for (Chapter& chapter : chapters_) {
      if (chapter.step == finished->step && finished->status == event::StepStatus::skipped)
        chapter.reason = "skipped: " + finished->reason;
    }
  }
  const auto* done = std::get_if<event::StatementDone>(&event.body);
  if (done == nullptr) return;
  std::vector<Entry>& entries = chapters_.back().entries;
  for (auto entry = entries.rbegin(); entry != entries.rend(); ++entry) {
    if (entry->kind != Kind::statement || entry->command.sql != done->sql) continue;
    entry->own = true;
    entry->at = {done->file, done->line};
    return;
  }
}

bool SqlScript::is_shown(const Entry& entry) const {
  if (entry.kind != Kind::statement) return false;
  const std::string& sql = entry.command.sql;
  if (entry.own) return !sql.empty();
  return !mentions(sql, journal_) && !is_housekeeping(inlined(entry.command)) && !only_looks(sql) &&
         !only_reads(sql);
}

std::string SqlScript::settings(const std::string& step, bool local) const {
  const auto found = std::find_if(plan_.steps.begin(), plan_.steps.end(),
                                  [&](const plan::Step& one) { return one.id == step; });
  std::string lock = plan_.lock_timeout.empty() ? lock_timeout_ : plan_.lock_timeout;
  std::string statement = plan_.statement_timeout.empty() ? "0" : plan_.statement_timeout;
  if (found != plan_.steps.end() && !found->lock_timeout.empty()) lock = found->lock_timeout;
  if (found != plan_.steps.end() && !found->statement_timeout.empty())
    statement = found->statement_timeout;
  const char* const set = local ? "SET LOCAL" : "SET";
  std::string lines = fmt::format("{0} lock_timeout = {1};\n{0} statement_timeout = {2};\n", set,
                                  literal_of(lock), literal_of(statement));
  // A list of names, which a literal would make one name of.
  if (!plan_.search_path.empty())
    lines += fmt::format("SELECT pg_catalog.set_config('search_path', {}, {});\n",
                         literal_of(plan_.search_path), local);
  return lines;
}

std::string SqlScript::body(const Chapter& chapter) const {
  std::string lines;
  std::string waiting;  // BEGIN, until something stands in it
  bool open = false, begun = false;
  std::string last;  // origin
  for (const Entry& entry : chapter.entries) {
    if (entry.kind == Kind::begin) {
      waiting = "BEGIN;\n" + settings(chapter.step, true);
    } else if (entry.kind == Kind::commit) {
      if (open) lines += "COMMIT;\n";
      open = false;
      waiting.clear();
    } else if (is_shown(entry)) {
      if (!waiting.empty()) {
        lines += std::exchange(waiting, "");
        open = true;
      } else if (!open && !std::exchange(begun, true)) {
        lines += "-- Outside a transaction.\n" + settings(chapter.step, false);
      }
      const std::string sql = inlined(entry.command);
      const std::string origin = !entry.own ? "of a primitive that the step calls"
                                 : entry.at.line > 0
                                     ? fmt::format("{}:{}", entry.at.file, entry.at.line)
                                     : "of the plan";
      if (origin != last) lines += comment(origin);
      last = origin;
      if (sql.find("***") != std::string::npos) lines += comment("a secret may be masked here");
      // A result that nobody asked for says nothing in a script; a function that is called may do
      // something.
      lines +=
          entry.own && only_reads(entry.command.sql) ? comment("read: " + sql) : terminated(sql);
    }
  }
  if (open) lines += "COMMIT;\n";
  return lines;
}

std::string SqlScript::text(const approval::Approval& approval, const std::string& role) const {
  std::string page = comment(fmt::format("engine preview: {} ({})", approval.title, approval.plan));
  page +=
      comment(fmt::format("{}, {}, engine {}. Verdict: {}.", approval.target, approval.made,
                          approval.engine, approval.verdict ? name_of(*approval.verdict) : "none"));
  if (!role.empty()) page += comment("Run as role " + role + ".");
  page += introduction;
  for (const Chapter& chapter : chapters_) {
    const std::string lines = body(chapter);
    page += "\n" + comment(chapter.heading);
    if (!chapter.reason.empty()) {
      page += comment(chapter.reason);
    } else if (lines.empty()) {
      page += comment("Changes nothing by itself.");
    }
    page += lines;
  }
  return redactor::redact(page);
}

}  // namespace engine::preview
