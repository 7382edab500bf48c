#include "guides/guide_page.h"

#include <fmt/format.h>

#include <sstream>
#include <stdexcept>

namespace test {
namespace {

std::string trimmed(const std::string& text) {
  const auto begin = text.find_first_not_of(" \t\n");
  if (begin == std::string::npos) return {};
  return text.substr(begin, text.find_last_not_of(" \t\n") - begin + 1);
}

bool starts(const std::string& text, const std::string& with) { return text.rfind(with, 0) == 0; }

// What stands before the first of `ends` outside of quotes.
std::size_t outside_quotes(const std::string& text, std::size_t from, const std::string& ends) {
  bool quoted = false;
  for (std::size_t at = from; at < text.size(); ++at) {
    if (text[at] == '"') quoted = !quoted;
    if (!quoted && ends.find(text[at]) != std::string::npos) return at;
  }
  return text.size();
}

}  // namespace

Marker read_marker(const std::string& text) {
  const std::string carried = "carried by:", left_out = "left out:";
  Marker marker;
  if (starts(text, left_out)) {
    marker.left_out = true;
    marker.note = trimmed(text.substr(left_out.size()));
    if (marker.note.empty()) throw std::runtime_error{"left out, and no reason beside it"};
    return marker;
  }
  if (!starts(text, carried)) throw std::runtime_error{"neither carried by: nor left out: " + text};
  std::size_t at = carried.size();
  while (at < text.size()) {
    const std::size_t end = outside_quotes(text, at, ",:");
    marker.names.push_back(trimmed(text.substr(at, end - at)));
    if (end < text.size() && text[end] == ':') marker.note = trimmed(text.substr(end + 1));
    at = end < text.size() && text[end] == ':' ? text.size() : end + 1;
  }
  if (marker.names.empty() || marker.names.front().empty())
    throw std::runtime_error{"carried by nothing"};
  return marker;
}

std::vector<GuidePart> guide_parts(const std::string& page) {
  std::vector<GuidePart> parts;
  std::vector<Marker> pending;  // comments since the last heading, block or other text
  std::size_t heading = 0;      // place of the last one, from 1
  std::istringstream lines{page};
  std::string line, fence;  // fence: of the block that is open
  int number = 0;

  const auto give_to_heading = [&](std::size_t keep) {
    while (pending.size() > keep) {
      if (heading == 0 || parts[heading - 1].marker)
        throw std::runtime_error{fmt::format("line {}: a comment speaks of nothing", number)};
      parts[heading - 1].marker = pending.front();
      pending.erase(pending.begin());
    }
  };

  while (std::getline(lines, line)) {
    ++number;
    const std::string words = trimmed(line);
    if (!fence.empty()) {
      if (words == "```") {
        fence.clear();
      } else if (fence == "```sql") {
        parts.back().text += line + "\n";
      }
    } else if (starts(words, "```")) {
      fence = words;
      if (fence != "```sql") continue;
      give_to_heading(1);
      parts.push_back({false, heading == 0 ? 0 : parts[heading - 1].level, number, "", {}});
      if (!pending.empty()) parts.back().marker = pending.front();
      pending.clear();
    } else if (starts(words, "<!-- carried by:") || starts(words, "<!-- left out:")) {
      std::string comment = words;
      while (comment.find("-->") == std::string::npos && std::getline(lines, line)) {
        ++number;
        comment += " " + trimmed(line);
      }
      pending.push_back(read_marker(trimmed(comment.substr(4, comment.find("-->") - 4))));
    } else if (starts(line, "#") && line.find(' ') != std::string::npos) {
      give_to_heading(0);
      const std::size_t level = line.find(' ');
      parts.push_back({true, static_cast<int>(level), number, trimmed(line.substr(level)), {}});
      heading = parts.size();
    } else if (!words.empty()) {
      give_to_heading(0);
    }
  }
  give_to_heading(0);
  return parts;
}

}  // namespace test
