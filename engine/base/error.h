// The one exception type of the engine.
#pragma once

#include <fmt/format.h>

#include <exception>
#include <string>
#include <string_view>
#include <utility>

namespace engine {

/// The statuses that a command of the engine ends with: numbers that scripts rely on.
struct Exit {
  enum Status : int {
    done = 0,
    failed = 1,
    misused = 2,
    steps_stand = 3,  // finished steps of a run that failed
    checks_failed = 4,
    refused = 5,
    rollback_failed = 6,
    unreachable = 7,
    findings = 8,
    waiting = 9,
    interrupted = 130,
  };
};

enum class Code {
#define ERROR_CODE(name, exit_status, sentence) name,
#include "base/error_codes.def"
#undef ERROR_CODE
};

std::string_view name_of(Code code);      // "lock_held"
Exit::Status exit_status_of(Code code);   // 5
std::string_view sentence_of(Code code);  // "Another engine works on this database."

/// A place in a plan or an SQL file. Lines count from 1; 0 means unknown.
struct Source {
  std::string file;
  int line = 0;
  explicit operator bool() const { return line > 0; }
};

/// What went wrong, where, why, and what to type next.
///
/// `message` is lower case without a full stop and says what and where; `hint` is a sentence with
/// the next thing to do. `sqlstate`, `detail`, `constraint` and `table` are the server's own words
/// where a server spoke.
class Error : public std::exception {
 public:
  Error(Code code, std::string message) : code_(code), message_(std::move(message)) {}

  template <typename... Args>
  Error(Code code, fmt::format_string<Args...> format, Args&&... args)
      : Error(code, fmt::format(format, std::forward<Args>(args)...)) {}

  Error& hint(std::string text) & { return hint_ = std::move(text), *this; }
  Error&& hint(std::string text) && { return hint_ = std::move(text), std::move(*this); }
  Error& detail(std::string text) & { return detail_ = std::move(text), *this; }
  Error&& detail(std::string text) && { return detail_ = std::move(text), std::move(*this); }
  Error& at(Source source) & { return source_ = std::move(source), *this; }
  Error&& at(Source source) && { return source_ = std::move(source), std::move(*this); }
  Error& statement(std::string sql) & { return statement_ = std::move(sql), *this; }
  Error&& statement(std::string sql) && { return statement_ = std::move(sql), std::move(*this); }
  Error& sqlstate(std::string state) & { return sqlstate_ = std::move(state), *this; }
  Error&& sqlstate(std::string state) && { return sqlstate_ = std::move(state), std::move(*this); }
  Error& constraint(std::string name) & { return constraint_ = std::move(name), *this; }
  Error&& constraint(std::string name) && {
    return constraint_ = std::move(name), std::move(*this);
  }
  Error& context(std::string text) & { return context_ = std::move(text), *this; }
  Error&& context(std::string text) && { return context_ = std::move(text), std::move(*this); }
  Error& position(int character) & { return position_ = character, *this; }
  Error&& position(int character) && { return position_ = character, std::move(*this); }

  Code code() const { return code_; }
  const std::string& message() const { return message_; }
  const std::string& hint() const { return hint_; }
  const std::string& detail() const { return detail_; }
  const std::string& sqlstate() const { return sqlstate_; }
  const std::string& constraint() const { return constraint_; }
  const Source& source() const { return source_; }
  const std::string& statement() const { return statement_; }
  /// The server's CONTEXT: the PL/pgSQL function and line, the row of a COPY.
  const std::string& context() const { return context_; }
  /// The character of the statement that the server points at, from 1; 0 where it points at none.
  int position() const { return position_; }

  const char* what() const noexcept override { return message_.c_str(); }

 private:
  Code code_;
  std::string message_;
  std::string hint_;
  std::string detail_;
  std::string sqlstate_;
  std::string constraint_;
  Source source_;
  std::string statement_;
  std::string context_;
  int position_ = 0;
};

}  // namespace engine
