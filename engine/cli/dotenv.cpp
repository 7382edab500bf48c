#include "cli/dotenv.h"

#include <cctype>
#include <optional>

#include "base/error.h"
#include "base/text.h"

namespace engine::cli {
namespace {

bool is_name(std::string_view text) {
  if (text.empty() || std::isdigit(static_cast<unsigned char>(text.front())) != 0) return false;
  for (const char c : text) {
    if (std::isalnum(static_cast<unsigned char>(c)) == 0 && c != '_') return false;
  }
  return true;
}

bool only_a_comment(std::string_view rest) {
  const std::string text = text::trimmed(rest);
  return text.empty() || text.front() == '#';
}

std::optional<std::string> quoted(std::string_view text) {
  const char quote = text.front();
  std::string value;
  for (std::size_t i = 1; i < text.size(); ++i) {
    char c = text[i];
    if (c == quote) {
      return only_a_comment(text.substr(i + 1)) ? std::optional{value} : std::nullopt;
    }
    if (c == '\\' && quote == '"' && i + 1 < text.size()) {
      c = text[++i];
      if (c == 'n') c = '\n';
    }
    value += c;
  }
  return std::nullopt;  // the quote is open
}

std::optional<std::string> value_of(const std::string& text) {
  if (!text.empty() && (text.front() == '"' || text.front() == '\'')) return quoted(text);
  // As in a shell, # begins a comment only after a blank: passwords hold it too.
  const std::size_t comment = text.find(" #");
  return text::trimmed(text.substr(0, comment));
}

}  // namespace

std::map<std::string, std::string> parse_dotenv(std::string_view content, const std::string& path) {
  std::map<std::string, std::string> values;
  int number = 0;
  for (const std::string& raw : text::lines(content)) {
    ++number;
    std::string line = text::trimmed(raw);
    if (only_a_comment(line)) continue;
    if (line.starts_with("export ")) line = text::trimmed(line.substr(7));
    const std::size_t equals = line.find('=');
    std::optional<std::string> value;
    const std::string name = text::trimmed(line.substr(0, equals));
    if (equals != std::string::npos && is_name(name)) {
      value = value_of(text::trimmed(line.substr(equals + 1)));
    }
    if (!value) {
      throw Error{Code::usage, "line {} of {} is not NAME=VALUE", number, path}
          .at({path, number})
          .hint("Put values that contain blanks or # in quotes.");
    }
    values[name] = *value;
  }
  return values;
}

}  // namespace engine::cli
