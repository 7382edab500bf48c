#include "hazard/target/row_access.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <cstdlib>
#include <string_view>
#include <tuple>

#include "base/text.h"
#include "trace/words.h"

namespace engine::hazard {
namespace {

using Names = std::map<std::string, std::set<std::string>>;  // of each table and its partitions

bool begins_with_any(std::string_view text, std::initializer_list<std::string_view> words) {
  return std::any_of(words.begin(), words.end(),
                     [&](std::string_view word) { return text.starts_with(word); });
}

bool is_word(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; }

/// Without numbers and strings: a loop may write its values into the text.
std::string without_values(const std::string& sql) {
  std::string text;
  for (std::size_t i = 0; i < sql.size(); ++i) {
    if (sql[i] == '\'') {
      const std::size_t end = sql.find('\'', i + 1);
      if (end == std::string::npos) break;
      i = end;
      text += '?';
    } else if (std::isdigit(static_cast<unsigned char>(sql[i])) != 0 &&
               (i == 0 || (!is_word(sql[i - 1]) && sql[i - 1] != '$'))) {
      while (i + 1 < sql.size() && (is_word(sql[i + 1]) || sql[i + 1] == '.')) ++i;
      text += '?';
    } else {
      text += sql[i];
    }
  }
  return text;
}

/// The text without the table that an INSERT writes: it meets no row there.
std::string without_target(const std::string& sql) {
  const std::string lower = text::lower(sql);
  std::size_t at = lower.find("insert");
  at = at == std::string::npos ? at : lower.find("into", at);
  if (at == std::string::npos) return sql;
  std::size_t end = at + 4;
  while (end < sql.size() && std::isspace(static_cast<unsigned char>(sql[end])) != 0) ++end;
  while (end < sql.size() && (is_word(sql[end]) || sql[end] == '.' || sql[end] == '"')) ++end;
  return sql.substr(0, at) + sql.substr(end);
}

std::int64_t rows_told(const std::string& tag) {
  const std::size_t blank = tag.rfind(' ');
  return blank == std::string::npos ? 0 : std::atoll(tag.c_str() + blank + 1);
}

Names names_of(const RuleContext& context) {
  Names names;
  for (const std::string& table : context.sampled) names[context.before.root(table)] = {};
  for (const catalog::Relation& relation : context.before.relations) {
    const std::string quoted = relation.name.quoted();
    if (const auto found = names.find(context.before.root(quoted)); found != names.end())
      found->second.insert(trace::bare_name(quoted));
  }
  return names;
}

/// What each transaction has locked to write it: the lock is told of the first statement alone.
using Writing = std::map<std::string, std::set<std::string>>;

void add(Place& place, const trace::StatementTrace& statement, const RuleContext& context,
         const Names& names, Writing& writing) {
  const bool inserts = statement.tag.starts_with("INSERT");
  const std::string sql = inserts ? without_target(statement.sql) : statement.sql;
  std::set<std::string> locked, read;
  std::set<std::string>& before = writing[statement.transaction];
  for (const trace::Lock& lock : statement.locks) {
    const std::string root = context.before.root(lock.table);
    if (!names.contains(root)) continue;
    (lock.mode == "RowExclusiveLock" ? locked : read).insert(root);
  }
  for (const auto& [root, members] : names) {
    const bool named = std::any_of(members.begin(), members.end(), [&](const std::string& name) {
      return trace::mentions(sql, name);
    });
    const bool only_inserted = inserts && !named && !read.contains(root);
    const bool writes = locked.contains(root) || (named && before.contains(root)) ||
                        (named && statement.alone && place.changes_rows);
    if (writes && !only_inserted) {
      std::int64_t& rows = place.written[root];
      for (const auto& [table, counts] : statement.rows) {
        if (context.before.root(table) == root)
          rows += counts.inserted + counts.updated + counts.deleted;
      }
    } else if (named || read.contains(root)) {
      place.read.insert(root);
    }
  }
  if (place.changes_rows) place.rows += rows_told(statement.tag);
  if (!statement.alone) before.merge(locked);
}

}  // namespace

std::vector<Place> places(const RuleContext& context) {
  const Names names = names_of(context);
  std::vector<Place> found;
  if (names.empty()) return found;
  std::map<std::tuple<std::string, std::string, int, std::string>, std::size_t> known;
  Writing writing;
  for (const trace::StatementTrace& statement : context.statements) {
    const bool changes = begins_with_any(statement.tag, {"INSERT", "UPDATE", "DELETE", "MERGE"});
    // What a function or a block does is told by its locks.
    const bool calls = begins_with_any(statement.tag, {"SELECT", "DO", "CALL"});
    if (statement.taken_back || statement.sql.empty() || (!changes && !calls)) continue;
    const auto [at, is_new] = known.try_emplace(
        {statement.step, statement.file, statement.line, without_values(statement.sql)},
        found.size());
    if (is_new) found.push_back({&statement, {}, {}, changes, 0});
    add(found[at->second], statement, context, names, writing);
  }
  return found;
}

}  // namespace engine::hazard
