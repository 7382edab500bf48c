// What hangs on a relation: keys, indexes, triggers, rules, policies, statistics, comments.
#include "catalog/printing.h"

namespace engine::catalog::print {
namespace {

// pg_get_ruledef ends with a semicolon.
std::string without_semicolon(std::string statement) {
  if (statement.ends_with(';')) statement.pop_back();
  return statement;
}

// D, R and A of tgenabled and ev_enabled; O is how they are made.
std::string firing(const QualifiedName& table, char enabled, const std::string& what) {
  const std::string alter = "ALTER TABLE " + table.quoted();
  switch (enabled) {
    case 'D':
      return alter + " DISABLE " + what;
    case 'R':
      return alter + " ENABLE REPLICA " + what;
    case 'A':
      return alter + " ENABLE ALWAYS " + what;
    default:
      return "";
  }
}

void comment_on(Statements& statements, const std::string& object, const std::string& comment) {
  if (!comment.empty()) statements.push_back("COMMENT ON " + object + " IS " + literal(comment));
}

}  // namespace

std::string constraint(const QualifiedName& table, const Constraint& constraint) {
  return "ALTER TABLE " + table.quoted() + " ADD CONSTRAINT " + quote_identifier(constraint.name) +
         " " + constraint.definition;
}

Statements constraints(const Relation& relation) {
  Statements statements;
  for (const auto& each : relation.constraints) {
    // A valid NOT NULL stands in its column's clause.
    if (each.type == 'f' || (each.type == 'n' && each.validated)) continue;
    if (comes_from_parent(relation, each.local)) continue;
    statements.push_back(constraint(relation.name, each));
  }
  return statements;
}

Statements foreign_keys(const Relation& relation) {
  Statements statements;
  for (const auto& each : relation.constraints) {
    // Those of a parent come with ATTACH PARTITION.
    if (each.type != 'f' || !each.local) continue;
    statements.push_back(constraint(relation.name, each));
    comment_on(statements,
               "CONSTRAINT " + quote_identifier(each.name) + " ON " + relation.name.quoted(),
               each.comment);
  }
  return statements;
}

Statements inbound_foreign_keys(const Relation& relation) {
  Statements statements;
  for (const auto& each : relation.referenced_by) {
    statements.push_back(constraint(each.table, each));
    comment_on(statements,
               "CONSTRAINT " + quote_identifier(each.name) + " ON " + each.table.quoted(),
               each.comment);
  }
  return statements;
}

Statements indexes(const Relation& relation) {
  Statements statements;
  for (const auto& index : relation.indexes) {
    const std::string alter = "ALTER INDEX " + index.name.quoted();
    if (index.constraint.empty()) {
      statements.push_back(index.definition);
    } else if (!index.options.empty()) {
      statements.push_back(alter + " SET (" + option_list(index.options) + ")");
    }
    if (!index.tablespace.empty()) {
      statements.push_back(alter + " SET TABLESPACE " + quote_identifier(index.tablespace));
    }
    for (std::size_t i = 0; i < index.statistics_targets.size(); ++i) {
      if (index.statistics_targets[i] < 0) continue;
      statements.push_back(fmt::format("{} ALTER COLUMN {} SET STATISTICS {}", alter, i + 1,
                                       index.statistics_targets[i]));
    }
  }
  return statements;
}

Statements marks(const Relation& relation) {
  Statements statements;
  if (relation.kind == 'v' || relation.kind == 'S') return statements;
  const std::string alter = "ALTER TABLE " + relation.name.quoted();
  if (relation.replica_identity == 'f') statements.push_back(alter + " REPLICA IDENTITY FULL");
  if (relation.replica_identity == 'n') statements.push_back(alter + " REPLICA IDENTITY NOTHING");
  for (const auto& index : relation.indexes) {
    if (index.replica_identity) {
      statements.push_back(alter + " REPLICA IDENTITY USING INDEX " +
                           quote_identifier(index.name.name));
    }
    if (index.clustered) {
      statements.push_back("ALTER " + std::string{keyword(relation)} + " " +
                           relation.name.quoted() + " CLUSTER ON " +
                           quote_identifier(index.name.name));
    }
  }
  return statements;
}

Statements statistics(const Relation& relation) {
  Statements statements;
  for (const auto& each : relation.statistics) {
    statements.push_back(each.definition);
    if (each.target >= 0) {
      statements.push_back(
          fmt::format("ALTER STATISTICS {} SET STATISTICS {}", each.name.quoted(), each.target));
    }
  }
  return statements;
}

Statements trigger(const QualifiedName& table, const Trigger& trigger) {
  Statements statements{trigger.definition};
  const auto state = firing(table, trigger.enabled, "TRIGGER " + quote_identifier(trigger.name));
  if (!state.empty()) statements.push_back(state);
  return statements;
}

Statements triggers(const Relation& relation) {
  Statements statements;
  for (const auto& each : relation.triggers) {
    if (each.of_parent) continue;
    for (auto& statement : trigger(relation.name, each)) statements.push_back(std::move(statement));
  }
  return statements;
}

Statements rules(const Relation& relation) {
  Statements statements;
  for (const auto& rule : relation.rules) {
    statements.push_back(without_semicolon(rule.definition));
    const auto state = firing(relation.name, rule.enabled, "RULE " + quote_identifier(rule.name));
    if (!state.empty()) statements.push_back(state);
  }
  return statements;
}

std::string policy(const QualifiedName& table, const Policy& policy) {
  std::vector<std::string> roles;
  for (const auto& name : policy.roles) roles.push_back(role(name));
  std::string statement = fmt::format(
      "CREATE POLICY {} ON {} AS {} FOR {} TO {}", quote_identifier(policy.name), table.quoted(),
      policy.permissive ? "PERMISSIVE" : "RESTRICTIVE", policy.command, text::joined(roles, ", "));
  if (!policy.using_expression.empty()) statement += "\n  USING (" + policy.using_expression + ")";
  if (!policy.check_expression.empty())
    statement += "\n  WITH CHECK (" + policy.check_expression + ")";
  return statement;
}

Statements policies(const Relation& relation) {
  Statements statements;
  for (const auto& each : relation.policies) statements.push_back(policy(relation.name, each));
  return statements;
}

Statements row_security(const Relation& relation) {
  Statements statements;
  const std::string alter = "ALTER TABLE " + relation.name.quoted();
  if (relation.row_security) statements.push_back(alter + " ENABLE ROW LEVEL SECURITY");
  if (relation.force_row_security) statements.push_back(alter + " FORCE ROW LEVEL SECURITY");
  return statements;
}

Statements comments(const Relation& relation) {
  Statements statements;
  const std::string on = " ON " + relation.name.quoted();
  if (relation.kind != 'S') {
    comment_on(statements, std::string{keyword(relation)} + " " + relation.name.quoted(),
               relation.comment);
  }
  for (const auto& column : relation.columns) {
    comment_on(statements, "COLUMN " + relation.name.quoted() + "." + quote_identifier(column.name),
               column.comment);
  }
  for (const auto& each : relation.constraints) {
    if (each.type == 'f') continue;
    comment_on(statements, "CONSTRAINT " + quote_identifier(each.name) + on, each.comment);
  }
  for (const auto& index : relation.indexes) {
    comment_on(statements, "INDEX " + index.name.quoted(), index.comment);
  }
  for (const auto& each : relation.triggers) {
    comment_on(statements, "TRIGGER " + quote_identifier(each.name) + on, each.comment);
  }
  for (const auto& each : relation.policies) {
    comment_on(statements, "POLICY " + quote_identifier(each.name) + on, each.comment);
  }
  for (const auto& rule : relation.rules) {
    comment_on(statements, "RULE " + quote_identifier(rule.name) + on, rule.comment);
  }
  for (const auto& each : relation.statistics) {
    comment_on(statements, "STATISTICS " + each.name.quoted(), each.comment);
  }
  for (const auto& sequence : relation.sequences) {
    if (sequence.owned_by_table != relation.name && sequence.name != relation.name) continue;
    comment_on(statements, "SEQUENCE " + sequence.name.quoted(), sequence.comment);
  }
  return statements;
}

Statements publications(const Relation& relation) {
  Statements statements;
  for (const auto& publication : relation.publications) {
    std::string statement = "ALTER PUBLICATION " + quote_identifier(publication.name) +
                            " ADD TABLE ONLY " + relation.name.quoted();
    if (!publication.columns.empty()) statement += " (" + name_list(publication.columns) + ")";
    if (!publication.filter.empty()) statement += " WHERE (" + publication.filter + ")";
    statements.push_back(std::move(statement));
  }
  return statements;
}

}  // namespace engine::catalog::print
