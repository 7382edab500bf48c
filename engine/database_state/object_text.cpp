#include "database_state/object_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <string_view>
#include <utility>
#include <vector>

#include "base/names.h"
#include "base/text.h"
#include "database_state/database_state.h"

namespace engine::database_state {
namespace {

/// The elements of an array of text, as the server prints it.
std::vector<std::string> elements(std::string_view array) {
  std::vector<std::string> found;
  std::string current;
  bool quoted = false;
  for (std::size_t i = 1; i + 1 < array.size(); ++i) {
    const char c = array[i];
    if (c == '\\' && i + 2 < array.size()) {
      current += array[++i];
    } else if (c == '"') {
      quoted = !quoted;
    } else if (c == ',' && !quoted) {
      found.push_back(std::exchange(current, ""));
    } else {
      current += c;
    }
  }
  if (!current.empty()) found.push_back(std::move(current));
  return found;
}

constexpr std::array<std::pair<char, std::string_view>, 12> privileges{{{'r', "SELECT"},
                                                                        {'a', "INSERT"},
                                                                        {'w', "UPDATE"},
                                                                        {'d', "DELETE"},
                                                                        {'D', "TRUNCATE"},
                                                                        {'x', "REFERENCES"},
                                                                        {'t', "TRIGGER"},
                                                                        {'m', "MAINTAIN"},
                                                                        {'X', "EXECUTE"},
                                                                        {'U', "USAGE"},
                                                                        {'C', "CREATE"},
                                                                        {'T', "TEMPORARY"}}};

/// aclitem quotes what is no letter, digit or underscore, and leaves capitals as they are.
std::string role_of(std::string_view printed) {
  if (printed.empty()) return "PUBLIC";
  if (printed.front() == '"') return std::string{printed};
  return quote_identifier(printed);
}

std::string words_of(std::string_view letters, bool grantable) {
  std::vector<std::string> words;
  for (const auto& [letter, word] : privileges) {
    const auto at = letters.find(letter);
    if (at == std::string_view::npos) continue;
    if ((at + 1 < letters.size() && letters[at + 1] == '*') == grantable) words.emplace_back(word);
  }
  return text::joined(words, ", ");
}

/// `{=X/postgres,anon=X/postgres}` as GRANT EXECUTE ON … TO PUBLIC; and so on.
std::string grants(const std::string& acl, const std::string& on, const std::string& owner) {
  std::string lines;
  for (const std::string& item : elements(acl)) {
    const auto slash = item.rfind('/');
    const auto equals = item.rfind('=', slash);
    if (slash == std::string::npos || equals == std::string::npos) continue;
    const std::string grantee = role_of(std::string_view{item}.substr(0, equals));
    const std::string grantor = role_of(std::string_view{item}.substr(slash + 1));
    if (grantee == owner) continue;
    const std::string_view letters = std::string_view{item}.substr(equals + 1, slash - equals - 1);
    for (const bool grantable : {false, true}) {
      const std::string words = words_of(letters, grantable);
      if (words.empty()) continue;
      lines += fmt::format("GRANT {} ON {} TO {}{}{};\n", words, on, grantee,
                           grantable ? " WITH GRANT OPTION" : "",
                           owner.empty() || grantor == owner ? "" : " GRANTED BY " + grantor);
    }
  }
  return lines;
}

std::string upper(std::string text) {
  for (char& c : text) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  return text;
}

/// "FUNCTION public.f(integer)"
std::string sql_name(const std::string& object) {
  const auto space = object.find(' ');
  return upper(object.substr(0, space)) + object.substr(space);
}

std::string ended(std::string_view statement) {
  while (statement.ends_with('\n') || statement.ends_with(';')) statement.remove_suffix(1);
  return statement.empty() ? "" : std::string{statement} + ";\n";
}

}  // namespace

std::string object_text(const std::string& object, const std::string& definition) {
  constexpr std::string_view word = "owner ";
  if (object.starts_with("default privileges ")) {
    const std::string what = object.substr(object.rfind(' ') + 1);
    return grants(definition, upper(what), "");
  }
  const auto line = definition.rfind('\n');
  const std::size_t last = line == std::string::npos ? 0 : line + 1;
  const std::size_t acl = definition.rfind(" {");
  if (definition.compare(last, word.size(), word) != 0 || acl == std::string::npos || acl < last)
    return ended(definition);
  const std::string owner = definition.substr(last + word.size(), acl - last - word.size());
  const std::string name = sql_name(object);
  std::string text = object.starts_with("schema ")
                         ? "CREATE " + name + ";\n"
                         : ended(std::string_view{definition}.substr(0, last));
  text += fmt::format("ALTER {} OWNER TO {};\n", name, owner);
  return text + grants(definition.substr(acl + 1), name, owner);
}

std::string summary_of(const catalog::Relation& relation) {
  std::vector<std::string> words;
  const auto count = [&](std::size_t number, std::string_view one, std::string_view many) {
    if (number > 0) words.push_back(fmt::format("{} {}", number, number == 1 ? one : many));
  };
  if (relation.kind == 'S') {
    const catalog::Sequence* itself = relation.sequences.empty() ? nullptr : &relation.sequences[0];
    if (itself == nullptr || itself->owned_by_column.empty()) return "";
    return fmt::format("of {}.{}", itself->owned_by_table.display(),
                       quote_identifier(itself->owned_by_column));
  }
  for (const auto& parent : relation.parents) {
    words.push_back(
        relation.partition_bound.empty()
            ? "child of " + parent.display()
            : fmt::format("partition of {} {}", parent.display(), relation.partition_bound));
  }
  count(relation.columns.size(), "column", "columns");
  if (const catalog::Constraint* key = relation.primary_key()) {
    std::vector<std::string> columns;
    for (const std::string& column : key->columns) columns.push_back(quote_identifier(column));
    words.push_back("primary key (" + text::joined(columns, ", ") + ")");
  }
  count(static_cast<std::size_t>(std::count_if(
            relation.constraints.begin(), relation.constraints.end(),
            [](const catalog::Constraint& constraint) { return constraint.type == 'f'; })),
        "foreign key", "foreign keys");
  count(static_cast<std::size_t>(
            std::count_if(relation.indexes.begin(), relation.indexes.end(),
                          [](const catalog::Index& index) { return index.constraint.empty(); })),
        "index", "indexes");
  count(relation.triggers.size(), "trigger", "triggers");
  if (relation.row_security) words.emplace_back("row security");
  count(relation.policies.size(), "policy", "policies");
  return text::joined(words, ", ");
}

std::string summary_of(const std::string& object, const std::string& definition) {
  const std::string whole = object_text(object, definition);
  if (is_function(object)) {
    const auto head = whole.find('\n'), body = whole.find("\nAS ");
    const auto end = body == std::string::npos ? whole.find("\nALTER ") : body;
    if (head == std::string::npos || end == std::string::npos || end <= head) return "";
    std::vector<std::string> parts;
    for (const std::string& line : text::lines(std::string_view{whole}.substr(head, end - head)))
      if (std::string part = text::trimmed(line); !part.empty()) parts.push_back(std::move(part));
    return text::joined(parts, " ");
  }
  if (!object.starts_with("type ")) return "";
  const auto as = whole.find(" AS "), end = whole.find(";\n");
  return as == std::string::npos || end < as ? "" : whole.substr(as + 4, end - as - 4);
}

}  // namespace engine::database_state
