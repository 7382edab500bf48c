#include <fmt/format.h>

#include <algorithm>

#include "backup/alter.h"
#include "backup/ddl.h"

namespace engine::backup {
namespace {

using catalog::Constraint;
using catalog::Relation;

const QualifiedName& identity_of(const catalog::ExtendedStatistics& part) { return part.name; }
const QualifiedName& identity_of(const catalog::Index& part) { return part.name; }
template <typename Part>
const std::string& identity_of(const Part& part) {
  return part.name;
}

template <typename Part>
const Part* counterpart(const std::vector<Part>& parts, const Part& of) {
  const auto found = std::find_if(parts.begin(), parts.end(), [&](const Part& each) {
    return identity_of(each) == identity_of(of);
  });
  return found == parts.end() ? nullptr : &*found;
}

template <typename Part>
bool stays(const std::vector<Part>& wanted, const Part& part) {
  const Part* want = counterpart(wanted, part);
  return want && same(*want, part);
}

const Constraint* inbound(const Relation& relation, const Constraint& of) {
  const auto found = std::find_if(
      relation.referenced_by.begin(), relation.referenced_by.end(),
      [&](const Constraint& each) { return each.name == of.name && each.table == of.table; });
  return found == relation.referenced_by.end() ? nullptr : &*found;
}

// A constraint that is not validated does not refuse the rows that stand, but would refuse to take
// them back.
bool stays(const Relation& want, const Relation& have, const Constraint& constraint) {
  const Constraint* wanted = want.constraint(constraint.name);
  if (!wanted || wanted->definition != constraint.definition || !constraint.validated ||
      !wanted->validated || wanted->index != constraint.index) {
    return false;
  }
  const auto* was = want.index(constraint.index);
  const auto* is = have.index(constraint.index);
  return !was || !is || same(*was, *is);
}

std::string drop_constraint(const Constraint& constraint) {
  return fmt::format("ALTER TABLE {} DROP CONSTRAINT {}", constraint.table.quoted(),
                     quote_identifier(constraint.name));
}

bool unique_key(const Constraint& constraint) {
  return constraint.type == 'p' || constraint.type == 'u';
}

class Loosening {
 public:
  Loosening(const Relation& want, const Relation& have, const ColumnPlan& plan)
      : want_(want), have_(have), plan_(plan), table_(have.name.quoted()) {}

  Statements statements() {
    drop_attachments();
    drop_constraints();
    drop_indexes();
    change_columns();
    quieten();
    return std::move(statements_);
  }

 private:
  template <typename... Args>
  void add(fmt::format_string<Args...> format, Args&&... args) {
    statements_.push_back(fmt::format(format, std::forward<Args>(args)...));
  }

  // Policies, triggers, rules and row filters hold on to the columns that they name.
  void drop_attachments() {
    for (const auto& policy : have_.policies) {
      if (plan_.deep || !stays(want_.policies, policy)) {
        add("DROP POLICY {} ON {}", quote_identifier(policy.name), table_);
      }
    }
    for (const auto& trigger : have_.triggers) {
      if (plan_.deep || !stays(want_.triggers, trigger)) {
        add("DROP TRIGGER {} ON {}", quote_identifier(trigger.name), table_);
      } else {
        kept_triggers_ = true;
      }
    }
    for (const auto& rule : have_.rules) {
      if (plan_.deep || !stays(want_.rules, rule)) {
        add("DROP RULE {} ON {}", quote_identifier(rule.name), table_);
      } else {
        add("ALTER TABLE {} DISABLE RULE {}", table_, quote_identifier(rule.name));
      }
    }
    for (const auto& statistics : have_.statistics) {
      if (!stays(want_.statistics, statistics)) add("DROP STATISTICS {}", statistics.name.quoted());
    }
    for (const auto& publication : have_.publications) {
      if (plan_.deep || !stays(want_.publications, publication)) {
        add("ALTER PUBLICATION {} DROP TABLE {}", quote_identifier(publication.name), table_);
      }
    }
  }

  void drop_constraints() {
    bool key_goes = plan_.deep;
    for (const auto& constraint : have_.constraints) {
      key_goes = key_goes || (unique_key(constraint) && !stays(want_, have_, constraint));
    }
    for (const auto& index : have_.indexes) {
      const bool free = index.unique && index.constraint.empty();
      key_goes = key_goes || (free && !stays(want_.indexes, index));
    }
    for (const auto& key : have_.referenced_by) {
      const Constraint* wanted = inbound(want_, key);
      if (wanted && (key_goes || wanted->definition != key.definition)) {
        statements_.push_back(drop_constraint(key));
      }
    }
    // Foreign keys first: one of the table's own may refer to its own key.
    for (const bool foreign : {true, false}) {
      for (const auto& constraint : have_.constraints) {
        const bool goes = (plan_.deep && foreign) || !stays(want_, have_, constraint);
        if ((constraint.type == 'f') == foreign && goes) {
          statements_.push_back(drop_constraint(constraint));
        }
      }
    }
  }

  void drop_indexes() {
    for (const auto& index : have_.indexes) {
      if (index.constraint.empty() && !stays(want_.indexes, index)) {
        add("DROP INDEX {}", index.name.quoted());
      }
    }
  }

  void change_columns() {
    for (const auto& name : plan_.drop) {
      add("ALTER TABLE {} DROP COLUMN {}", table_, quote_identifier(name));
    }
    for (std::size_t i = 0; i < plan_.keep; ++i) {
      const auto& wanted = want_.columns[i];
      const auto* column = have_.column(wanted.name);
      const std::string alter =
          fmt::format("ALTER TABLE {} ALTER COLUMN {} ", table_, quote_identifier(wanted.name));
      if (!column->identity.empty() && wanted.identity.empty()) add("{}DROP IDENTITY", alter);
      if (column->not_null && !wanted.not_null) add("{}DROP NOT NULL", alter);
      if (!column->generated && column->default_expression &&
          column->default_expression != wanted.default_expression) {
        add("{}DROP DEFAULT", alter);
      }
    }
    for (std::size_t i = plan_.keep; i < want_.columns.size(); ++i) {
      add("ALTER TABLE {} ADD COLUMN {}", table_, bare_column(want_.columns[i]));
    }
  }

  void quieten() {
    if (kept_triggers_) add("ALTER TABLE {} DISABLE TRIGGER USER", table_);
  }

  const Relation& want_;
  const Relation& have_;
  const ColumnPlan& plan_;
  const std::string table_;
  Statements statements_;
  bool kept_triggers_ = false;
};

}  // namespace

Statements loosen(const Relation& want, const Relation& have, const ColumnPlan& plan) {
  return Loosening{want, have, plan}.statements();
}

Statements drop_keys(const Relation& want, const Relation& have) {
  Statements statements;
  for (const auto& key : have.referenced_by) {
    if (inbound(want, key)) statements.push_back(drop_constraint(key));
  }
  for (const auto& constraint : have.constraints) {
    if (constraint.type == 'f') statements.push_back(drop_constraint(constraint));
  }
  return statements;
}

}  // namespace engine::backup
