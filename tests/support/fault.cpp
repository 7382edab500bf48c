#include <sstream>
#include <stdexcept>
#include <vector>

#include "support/proxy.h"

namespace test {
namespace {

std::vector<std::string> parts(const std::string& text, std::size_t most) {
  std::vector<std::string> found;
  std::istringstream stream{text};
  for (std::string part; found.size() + 1 < most && std::getline(stream, part, ':');) {
    found.push_back(part);
  }
  if (std::string rest; std::getline(stream, rest)) found.push_back(rest);
  return found;
}

Fault::Action action_of(const std::string& word) {
  if (word == "cut") return Fault::Action::cut;
  if (word == "freeze") return Fault::Action::freeze;
  if (word == "kill") return Fault::Action::kill;
  throw std::invalid_argument("a fault cuts, freezes or kills; it does not " + word);
}

Fault::When when_of(const std::string& word) {
  if (word == "before") return Fault::When::before;
  if (word == "after") return Fault::When::after;
  if (word == "after_reply") return Fault::When::after_reply;
  throw std::invalid_argument("a fault happens before, after or after_reply, not " + word);
}

}  // namespace

Fault Fault::parse(const std::string& text) {
  const auto words = parts(text, 5);
  if (words.size() < 4 || words[2].size() != 1) {
    throw std::invalid_argument("ACTION:WHEN:TYPE:NTH[:SQL] expected, not " + text);
  }
  Fault fault;
  fault.action = action_of(words[0]);
  fault.when = when_of(words[1]);
  fault.type = words[2] == "*" ? '\0' : words[2][0];
  fault.nth = std::stoi(words[3]);
  if (words.size() == 5) fault.containing = words[4];
  return fault;
}

std::string Counts::json() const {
  std::ostringstream text;
  text << "{\"sessions\": " << sessions << ", \"cancels\": " << cancels
       << ", \"round_trips\": " << round_trips << ", \"messages\": {";
  const char* between = "";
  for (const auto& [type, count] : messages) {
    text << between << '"' << type << "\": " << count;
    between = ", ";
  }
  text << "}}";
  return text.str();
}

}  // namespace test
