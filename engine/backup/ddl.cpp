#include "backup/ddl.h"

#include <fmt/format.h>

#include <algorithm>

#include "db/connection.h"

namespace engine::backup {
namespace {

using catalog::Relation;

std::string option_name(const std::string& option) { return option.substr(0, option.find('=')); }

}  // namespace

std::string comment_value(const std::string& comment) {
  return comment.empty() ? "NULL" : db::Connection::quote_literal(comment);
}

std::string sequence_parameters(const catalog::Sequence& sequence) {
  return fmt::format("INCREMENT BY {} MINVALUE {} MAXVALUE {} START WITH {} CACHE {} {}CYCLE",
                     sequence.increment, sequence.minimum, sequence.maximum, sequence.start,
                     sequence.cache, sequence.cycle ? "" : "NO ");
}

Statements create_sequence(const Relation& table, const catalog::Sequence& sequence) {
  const std::string name = sequence.name.quoted();
  Statements statements{fmt::format("CREATE SEQUENCE IF NOT EXISTS {} AS {}", name, sequence.type),
                        fmt::format("ALTER SEQUENCE {} AS {} {}", name, sequence.type,
                                    sequence_parameters(sequence))};
  // A sequence and the table that owns it belong to one role.
  statements.push_back(
      fmt::format("ALTER SEQUENCE {} OWNER TO {}", name, quote_identifier(sequence.owner)));
  if (sequence.owned_by_table == table.name) {
    statements.push_back(fmt::format("ALTER SEQUENCE {} OWNED BY {}.{}", name, table.name.quoted(),
                                     quote_identifier(sequence.owned_by_column)));
  }
  return statements;
}

std::string enabling(char enabled) {
  switch (enabled) {
    case 'D':
      return "DISABLE";
    case 'R':
      return "ENABLE REPLICA";
    case 'A':
      return "ENABLE ALWAYS";
    default:
      return "ENABLE";
  }
}

Statements change_options(const std::string& alter, const std::vector<std::string>& want,
                          const std::vector<std::string>& have, const std::string& prefix) {
  Statements statements;
  for (const auto& option : have) {
    const bool kept = std::any_of(want.begin(), want.end(), [&](const std::string& wanted) {
      return option_name(wanted) == option_name(option);
    });
    if (!kept) {
      statements.push_back(fmt::format("{} RESET ({}{})", alter, prefix, option_name(option)));
    }
  }
  for (const auto& option : want) {
    if (std::find(have.begin(), have.end(), option) != have.end()) continue;
    statements.push_back(fmt::format("{} SET ({}{} = {})", alter, prefix, option_name(option),
                                     db::Connection::quote_literal(option.substr(
                                         std::min(option.find('=') + 1, option.size())))));
  }
  return statements;
}

bool same(const catalog::Policy& a, const catalog::Policy& b) {
  return a.command == b.command && a.permissive == b.permissive && a.roles == b.roles &&
         a.using_expression == b.using_expression && a.check_expression == b.check_expression;
}
bool same(const catalog::Trigger& a, const catalog::Trigger& b) {
  return a.definition == b.definition;
}
bool same(const catalog::Rule& a, const catalog::Rule& b) { return a.definition == b.definition; }
bool same(const catalog::ExtendedStatistics& a, const catalog::ExtendedStatistics& b) {
  return a.definition == b.definition;
}
bool same(const catalog::Publication& a, const catalog::Publication& b) {
  return a.filter == b.filter && a.columns == b.columns;
}
bool same(const catalog::Index& a, const catalog::Index& b) {
  return a.definition == b.definition && a.valid == b.valid && a.ready == b.ready;
}

}  // namespace engine::backup
