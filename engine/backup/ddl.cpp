#include "backup/ddl.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "db/connection.h"

namespace engine::backup {
namespace {

using catalog::Constraint;
using catalog::Index;
using catalog::Relation;

std::string option_name(const std::string& option) { return option.substr(0, option.find('=')); }

std::string role_list(const std::vector<std::string>& roles) {
  std::vector<std::string> quoted;
  for (const auto& role : roles) quoted.push_back(role == "PUBLIC" ? role : quote_identifier(role));
  return text::joined(quoted, ", ");
}

std::string when_checked(const Constraint& constraint) {
  if (!constraint.deferrable) return "";
  return constraint.deferred ? " DEFERRABLE INITIALLY DEFERRED" : " DEFERRABLE";
}

// What an index bears besides its definition.
Statements mark_index(const Relation& table, const Index& index) {
  Statements statements;
  const std::string alter = "ALTER INDEX " + index.name.quoted();
  for (std::size_t i = 0; i < index.statistics_targets.size(); ++i) {
    if (index.statistics_targets[i] < 0) continue;
    statements.push_back(fmt::format("{} ALTER COLUMN {} SET STATISTICS {}", alter, i + 1,
                                     index.statistics_targets[i]));
  }
  if (!index.tablespace.empty()) {
    statements.push_back(alter + " SET TABLESPACE " + quote_identifier(index.tablespace));
  }
  if (index.clustered) {
    statements.push_back(fmt::format("ALTER {} {} CLUSTER ON {}", table.kind_name(),
                                     table.name.quoted(), quote_identifier(index.name.name)));
  }
  if (!index.comment.empty()) {
    statements.push_back(fmt::format("COMMENT ON INDEX {} IS {}", index.name.quoted(),
                                     comment_value(index.comment)));
  }
  return statements;
}

}  // namespace

std::string comment_value(const std::string& comment) {
  return comment.empty() ? "NULL" : db::Connection::quote_literal(comment);
}

std::string name_list(const std::vector<std::string>& names) {
  std::vector<std::string> quoted;
  for (const auto& name : names) quoted.push_back(quote_identifier(name));
  return text::joined(quoted, ", ");
}

std::string create_policy(const QualifiedName& table, const catalog::Policy& policy) {
  std::string statement = fmt::format(
      "CREATE POLICY {} ON {} AS {} FOR {} TO {}", quote_identifier(policy.name), table.quoted(),
      policy.permissive ? "PERMISSIVE" : "RESTRICTIVE", policy.command, role_list(policy.roles));
  if (!policy.using_expression.empty()) statement += " USING (" + policy.using_expression + ")";
  if (!policy.check_expression.empty()) {
    statement += " WITH CHECK (" + policy.check_expression + ")";
  }
  return statement;
}

Statements create_index(const Relation& table, const Index& index) {
  Statements statements{index.definition};
  for (auto& mark : mark_index(table, index)) statements.push_back(std::move(mark));
  return statements;
}

// A key is made from its index: the index's definition also says what the constraint's does not (storage parameters,
// operator classes). Only a plain b-tree can become a key that way.
Statements create_constraint(const Relation& table, const Constraint& constraint) {
  const std::string alter = fmt::format("ALTER TABLE {} ADD CONSTRAINT {} ", constraint.table.quoted(),
                                        quote_identifier(constraint.name));
  const Index* index = constraint.index.empty() ? nullptr : table.index(constraint.index);
  Statements statements;
  if (index && index->method == "btree" && (constraint.type == 'p' || constraint.type == 'u')) {
    statements.push_back(index->definition);
    statements.push_back(fmt::format("{}{} USING INDEX {}{}", alter,
                                     constraint.type == 'p' ? "PRIMARY KEY" : "UNIQUE",
                                     quote_identifier(constraint.index), when_checked(constraint)));
  } else {
    statements.push_back(alter + constraint.definition);
  }
  if (index) {
    for (auto& mark : mark_index(table, *index)) statements.push_back(std::move(mark));
  }
  if (!constraint.comment.empty()) {
    statements.push_back(fmt::format("COMMENT ON CONSTRAINT {} ON {} IS {}",
                                     quote_identifier(constraint.name), constraint.table.quoted(),
                                     comment_value(constraint.comment)));
  }
  return statements;
}

std::string sequence_parameters(const catalog::Sequence& sequence) {
  return fmt::format("INCREMENT BY {} MINVALUE {} MAXVALUE {} START WITH {} CACHE {} {}CYCLE",
                     sequence.increment, sequence.minimum, sequence.maximum, sequence.start,
                     sequence.cache, sequence.cycle ? "" : "NO ");
}

Statements create_sequence(const Relation& table, const catalog::Sequence& sequence) {
  // It may stand, and only have been cut off from the table.
  const std::string name = sequence.name.quoted();
  Statements statements{
      fmt::format("CREATE SEQUENCE IF NOT EXISTS {} AS {}", name, sequence.type),
      fmt::format("ALTER SEQUENCE {} AS {} {}", name, sequence.type, sequence_parameters(sequence))};
  // A sequence and the table that owns it belong to one role.
  statements.push_back(
      fmt::format("ALTER SEQUENCE {} OWNER TO {}", name, quote_identifier(sequence.owner)));
  if (!sequence.owned_by_column.empty()) {
    statements.push_back(fmt::format("ALTER SEQUENCE {} OWNED BY {}.{}", name, table.name.quoted(),
                                     quote_identifier(sequence.owned_by_column)));
  }
  return statements;
}

std::string add_to_publication(const QualifiedName& table,
                               const catalog::Publication& publication) {
  std::string statement = fmt::format("ALTER PUBLICATION {} ADD TABLE {}",
                                      quote_identifier(publication.name), table.quoted());
  if (!publication.columns.empty()) statement += " (" + name_list(publication.columns) + ")";
  if (!publication.filter.empty()) statement += " WHERE (" + publication.filter + ")";
  return statement;
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
    statements.push_back(fmt::format(
        "{} SET ({}{} = {})", alter, prefix, option_name(option),
        db::Connection::quote_literal(option.substr(std::min(option.find('=') + 1, option.size())))));
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
