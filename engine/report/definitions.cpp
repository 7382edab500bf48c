#include "report/definitions.h"

#include <algorithm>
#include <map>

#include "base/redactor.h"
#include "base/text.h"
#include "report/layout.h"

namespace engine::report {
namespace {

using event::Difference;

constexpr std::size_t lines_of_an_object = 20, lines_in_all = 120;
constexpr std::size_t names_in_a_row = 5;
constexpr std::string_view whole = "--json and --report show all";

// Of a body or a query a reader wants more than of a list.
std::size_t context_of(const std::string& object) {
  return object.starts_with("function ") || object.starts_with("procedure ") ||
                 object.find("view ") != std::string::npos
             ? 2
             : 1;
}

/// What changed, without the object's own name and what stands around it.
std::string key_of(const SchemaChange& change) {
  std::string key;
  for (const diff::Line& line : change.lines) {
    if (line.mark == '-' || line.mark == '+') key += line.mark + line.text + "\n";
  }
  for (const std::string& words : change.words) key += words + "\n";
  const std::string& object = change.objects.front()->object;
  const std::string name =
      object.substr(object.rfind("table ") == std::string::npos ? object.find(' ') + 1
                                                                : object.rfind("table ") + 6);
  if (name.empty()) return key;
  for (std::size_t at = key.find(name); at != std::string::npos; at = key.find(name, at + 1))
    key.replace(at, name.size(), "\n");
  return key;
}

/// A line of a definition at most that wide; what is broken off stands further in.
std::vector<std::string> folded(const std::string& line, std::size_t columns) {
  std::string spaced;
  for (const char c : line) spaced += c == '\t' ? std::string{"  "} : std::string(1, c);
  const std::size_t begin = std::min(spaced.find_first_not_of(' '), spaced.size());
  const std::size_t indent = std::min(begin, columns / 3);
  std::vector<std::string> lines;
  for (const std::string& part :
       wrap(text::printable(std::string_view{spaced}.substr(begin)), columns - indent - 4))
    lines.push_back(std::string(indent + (lines.empty() ? 0 : 4), ' ') + part);
  return lines;
}

std::vector<std::string> changed(const SchemaChange& change, const Paint& paint,
                                 std::size_t columns) {
  std::vector<std::string> names;
  for (const Difference* object : change.objects)
    names.push_back(shown_on_one_line(object->object));
  std::vector<std::string> page{"  " + paint.yellow("~ ") + paint.bold(names.front())};
  if (names.size() > 1) {
    std::string others;
    for (std::size_t i = 1; i < std::min(names.size(), names_in_a_row + 1); ++i)
      others += (i > 1 ? ", " : "") + names[i];
    if (names.size() > names_in_a_row + 1)
      others += fmt::format(" and {} more", names.size() - names_in_a_row - 1);
    for (const std::string& line : wrap("and alike: " + others, columns - 6))
      page.push_back("      " + line);
  }
  std::vector<std::string> body;
  for (const diff::Line& line : change.lines) {
    if (line.mark == '~') {
      body.push_back(paint.dim("  …"));
      continue;
    }
    char mark = line.mark;
    for (const std::string& part : folded(line.text, columns - 8)) {
      const std::string marked = std::string(1, std::exchange(mark, ' ')) + " " + part;
      body.push_back(line.mark == '-'   ? paint.red(marked)
                     : line.mark == '+' ? paint.green(marked)
                                        : paint.dim(marked));
    }
  }
  for (const std::string& words : change.words) {
    for (const std::string& line : wrap(shown_on_one_line(words), columns - 6))
      body.push_back(line);
  }
  for (std::size_t i = 0; i < std::min(body.size(), lines_of_an_object); ++i)
    page.push_back("      " + body[i]);
  if (body.size() > lines_of_an_object)
    page.push_back(
        fmt::format("      … and {} more lines ({})", body.size() - lines_of_an_object, whole));
  return page;
}

std::string come_or_gone(const Difference& difference, const Paint& paint, std::size_t columns) {
  std::string line = shown_on_one_line(difference.object);
  if (!difference.words.empty()) line += ": " + shown_on_one_line(difference.words.front());
  return "  " + (difference.mark == "new" ? paint.green("+ ") : paint.red("- ")) +
         text::shortened(line, columns - 4);
}

}  // namespace

std::vector<SchemaChange> schema_changes(const std::vector<Difference>& differences) {
  std::vector<SchemaChange> changes;
  std::map<std::string, std::size_t> known;
  for (const Difference& difference : differences) {
    if (difference.kind != "schema") continue;
    SchemaChange change{{&difference}, {}, {}};
    if (difference.mark == "changed") {
      change.lines =
          diff::unified(redactor::redact(difference.before), redactor::redact(difference.after),
                        context_of(difference.object));
      if (change.lines.empty()) change.words = difference.words;
      const auto [same, is_first] = known.emplace(key_of(change), changes.size());
      if (!is_first) {
        changes[same->second].objects.push_back(&difference);
        continue;
      }
    }
    changes.push_back(std::move(change));
  }
  return changes;
}

std::string definitions(const std::vector<Difference>& differences, const Paint& paint, int width) {
  const std::size_t columns = std::max<std::size_t>(static_cast<std::size_t>(width), 40);
  std::string page;
  std::size_t lines = 0, left_out = 0;
  for (const SchemaChange& change : schema_changes(differences)) {
    if (lines >= lines_in_all) {
      left_out += change.objects.size();
      continue;
    }
    const Difference& first = *change.objects.front();
    const std::vector<std::string> told = first.mark == "changed"
                                              ? changed(change, paint, columns)
                                              : std::vector{come_or_gone(first, paint, columns)};
    lines += told.size();
    page += text::joined(told, "\n") + "\n";
  }
  if (left_out > 0) page += fmt::format("  … and {} more objects ({})\n", left_out, whole);
  return page;
}

}  // namespace engine::report
