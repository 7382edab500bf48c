#include "db/server_words.h"

#include <array>
#include <charconv>
#include <string_view>
#include <vector>

#include "base/redactor.h"
#include "base/text.h"

namespace engine::db {
namespace {

/// Redacted where it enters: the server quotes values, and cuts them.
std::string field(const PGresult* result, int code) {
  const char* text = PQresultErrorField(result, code);
  return text == nullptr ? "" : redactor::redact(text);
}

std::string whole_message(const PGresult* result) {
  return redactor::redact(text::trimmed(PQresultErrorMessage(result)));
}

int number(const std::string& digits) {
  int value = 0;
  std::from_chars(digits.data(), digits.data() + digits.size(), value);
  return value;
}

// A label of the verbose form, and what follows it up to the next label.
struct Label {
  std::string_view text;
  std::string value;
};

}  // namespace

std::string one_line(std::string_view words) {
  std::vector<std::string> lines = text::lines(text::trimmed(words));
  for (std::string& line : lines) line = text::trimmed(line);
  return text::joined(lines, " ");
}

std::string one_line_without_guesses(std::string_view words) {
  std::string stated;
  for (const std::string& line : text::lines(words))
    if (!line.starts_with('\t')) stated += line + "\n";
  return one_line(stated);
}

Notice notice_of(const PGresult* result) {
  Notice notice{field(result, PG_DIAG_SEVERITY_NONLOCALIZED), field(result, PG_DIAG_SQLSTATE),
                field(result, PG_DIAG_MESSAGE_PRIMARY), field(result, PG_DIAG_MESSAGE_DETAIL),
                field(result, PG_DIAG_MESSAGE_HINT)};
  if (notice.message.empty()) notice.message = whole_message(result);
  if (notice.severity.empty()) notice.severity = "WARNING";
  return notice;
}

bool ends_session(const PGresult* result) {
  const std::string severity = field(result, PG_DIAG_SEVERITY_NONLOCALIZED);
  return severity == "FATAL" || severity == "PANIC";
}

Error error_of(const PGresult* result) {
  std::string message = field(result, PG_DIAG_MESSAGE_PRIMARY);
  if (message.empty()) message = whole_message(result);
  return Error{Code::sql, std::move(message)}
      .sqlstate(field(result, PG_DIAG_SQLSTATE))
      .detail(field(result, PG_DIAG_MESSAGE_DETAIL))
      .hint(field(result, PG_DIAG_MESSAGE_HINT))
      .constraint(field(result, PG_DIAG_CONSTRAINT_NAME))
      .context(field(result, PG_DIAG_CONTEXT))
      .position(number(field(result, PG_DIAG_STATEMENT_POSITION)));
}

Error error_of_verbose(const std::string& text) {
  // "ERROR:  42P01: relation "t" does not exist", then lines that begin with a label; a value that
  // holds a label at the start of one of its own lines is cut there.
  std::array<Label, 9> labels{{{"", ""},
                               {"LINE ", ""},
                               {"DETAIL:  ", ""},
                               {"HINT:  ", ""},
                               {"CONTEXT:  ", ""},
                               {"SCHEMA NAME:  ", ""},
                               {"TABLE NAME:  ", ""},
                               {"CONSTRAINT NAME:  ", ""},
                               {"LOCATION:  ", ""}}};
  Label* current = &labels.front();
  for (const std::string& line : text::lines(redactor::redact(text))) {
    std::string_view rest = line;
    for (Label& label : labels) {
      if (!label.text.empty() && rest.starts_with(label.text)) {
        current = &label;
        rest.remove_prefix(label.text.size());
        break;
      }
    }
    if (!current->value.empty()) current->value += '\n';
    current->value += rest;
  }

  constexpr std::size_t sqlstate_length = 5;
  std::string message = labels[0].value;
  std::string sqlstate;
  if (const auto severity = message.find(":  "); severity != std::string::npos) {
    const auto code = severity + 3;
    if (message.size() > code + sqlstate_length + 1 && message[code + sqlstate_length] == ':') {
      sqlstate = message.substr(code, sqlstate_length);
      message.erase(0, code + sqlstate_length + 2);
    } else {
      message.erase(0, code);
    }
  }
  return Error{Code::sql, text::trimmed(message)}
      .sqlstate(sqlstate)
      .detail(labels[2].value)
      .hint(labels[3].value)
      .constraint(labels[7].value)
      .context(labels[4].value);
}

}  // namespace engine::db
