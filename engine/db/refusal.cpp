#include "db/refusal.h"

#include <map>
#include <memory>
#include <regex>
#include <string>
#include <vector>

#include "base/redactor.h"
#include "base/text.h"
#include "db/refusal_hints.h"
#include "db/server_words.h"

namespace engine::db {
namespace {

constexpr std::size_t longest_line = 2000;

/// `FATAL:  28P01: password …` and, some lines later, `LOCATION:  auth_failed, auth.c:338`. The
/// severity and the message come in the server's language.
Words words_of(const std::string& text) {
  static const std::regex verbose{"(:  )([0-9A-Z]{5}): "};
  static const std::regex location{R"(^LOCATION:  (\w+), .*)"};
  Words words;
  std::vector<std::string> kept;
  for (const std::string& whole : text::lines(text)) {
    // The regular expressions of the standard library recurse once a character.
    const std::string line = whole.substr(0, longest_line);
    std::smatch found;
    if (std::regex_match(line, found, location)) {
      words.function = found[1];
      continue;
    }
    if (std::regex_search(line, found, verbose)) {
      words.sqlstate = found[2];
      words.function.clear();
    }
    kept.push_back(std::regex_replace(line, verbose, "$1"));
  }
  words.message = redactor::redact(one_line(text::joined(kept, "\n")));
  return words;
}

std::string or_nothing(const char* text) { return text == nullptr ? "" : text; }

Attempt attempt_of(const Target& target, PGconn* handle) {
  const std::unique_ptr<PQconninfoOption, decltype(&PQconninfoFree)> options{PQconninfo(handle),
                                                                             PQconninfoFree};
  std::map<std::string, std::string> values;
  for (const auto* option = options.get(); option != nullptr && option->keyword != nullptr;
       ++option) {
    values[option->keyword] = or_nothing(option->val);
  }
  Attempt attempt;
  attempt.host = or_nothing(PQhost(handle));
  attempt.port = or_nothing(PQport(handle));
  attempt.user = or_nothing(PQuser(handle));
  attempt.database = or_nothing(PQdb(handle));
  attempt.socket = attempt.host.empty() || attempt.host.front() == '/' || attempt.host[0] == '@';
  // Of a service it is not known, and PGDATABASE is somebody's word too.
  attempt.database_given = target.parameters().contains("dbname") ||
                           attempt.database != attempt.user || !values["service"].empty();
  attempt.options_given = !values["options"].empty();
  attempt.encrypts = values["sslmode"] != "disable";
  attempt.gave_password = PQconnectionUsedPassword(handle) != 0;
  return attempt;
}

/// `failed: FATAL:  …`: libpq's own reasons have no two blanks after a colon.
bool a_server_spoke(PGconn* handle) {
  static const std::regex severity{"(^|\n|failed: )\\S+( \\S+)?:  "};
  return std::regex_search(or_nothing(PQerrorMessage(handle)).substr(0, longest_line), severity);
}

}  // namespace

void ask_for_sqlstate(PGconn* handle) {
  if (PQconnectionNeedsPassword(handle) != 0 || !a_server_spoke(handle)) return;
  PQsetErrorVerbosity(handle, PQERRORS_VERBOSE);
  PQreset(handle);
  PQsetErrorVerbosity(handle, PQERRORS_DEFAULT);
}

Error refusal_of(const Target& target, PGconn* handle) {
  const Words words = words_of(PQerrorMessage(handle));
  const Attempt to = attempt_of(target, handle);
  Error error{Code::unreachable, "cannot connect to {}: {}", target.describe(), words.message};
  error.sqlstate(words.sqlstate);
  if (PQconnectionNeedsPassword(handle) != 0) {
    return error.hint("Give the password in PGPASSWORD or in ~/.pgpass.");
  }
  return error.hint(words.sqlstate.empty() && !a_server_spoke(handle)
                        ? hint_of_libpq(to, words.message)
                        : hint_of_server(to, words));
}

}  // namespace engine::db
