#include <fmt/format.h>

#include <algorithm>

#include "backup/alter.h"
#include "backup/ddl.h"
#include "base/text.h"
#include "catalog/definition.h"

namespace engine::backup {
namespace {

using catalog::Column;
using catalog::Constraint;
using catalog::Relation;

// A missing part has the comment that it is made with: none.
template <typename Part>
std::string comment_of(const Part* part) {
  return part ? part->comment : std::string{};
}

class Tightening {
 public:
  Tightening(const Relation& want, const Relation& have)
      : want_(want),
        have_(have),
        table_(want.name.quoted()),
        kind_(std::string{want.kind_name()}),
        alter_(fmt::format("ALTER {} {}", kind_, table_)) {}

  Statements statements() {
    const bool stores_rows = want_.kind == 'r';
    owner();
    if (stores_rows) sequences();
    for (const auto& column : want_.columns) restore(column);
    // What refers to a key comes after it.
    for (const char type : {'n', 'c', 'p', 'u', 'x', 'f'}) constraints(want_.constraints, type);
    indexes();
    if (stores_rows) storage();
    options();
    statistics();
    triggers();
    rules();
    policies();
    publications();
    constraints(want_.referenced_by, 'f');
    if (want_.comment != have_.comment) {
      add("COMMENT ON {} {} IS {}", kind_, table_, comment_value(want_.comment));
    }
    return std::move(statements_);
  }

 private:
  template <typename... Args>
  void add(fmt::format_string<Args...> format, Args&&... args) {
    statements_.push_back(fmt::format(format, std::forward<Args>(args)...));
  }
  void add_all(Statements more) {
    for (auto& statement : more) statements_.push_back(std::move(statement));
  }

  const catalog::Sequence* standing(const catalog::Sequence& sequence) const {
    const auto found = std::find_if(have_.sequences.begin(), have_.sequences.end(),
                                    [&](const auto& each) { return each.name == sequence.name; });
    return found == have_.sequences.end() ? nullptr : &*found;
  }

  void sequences() {
    for (const auto& sequence : want_.sequences) {
      if (sequence.identity) continue;
      if (!sequence.owned_by_column.empty() && sequence.owned_by_table != want_.name) continue;
      const auto* have = standing(sequence);
      const std::string name = sequence.name.quoted();
      if (!have) {
        add_all(create_sequence(want_, sequence));
      } else {
        if (have->type != sequence.type ||
            sequence_parameters(*have) != sequence_parameters(sequence)) {
          add("ALTER SEQUENCE {} AS {} {}", name, sequence.type, sequence_parameters(sequence));
        }
        if (have->owned_by_column != sequence.owned_by_column) {
          add("ALTER SEQUENCE {} OWNED BY {}", name,
              sequence.owned_by_column.empty()
                  ? "NONE"
                  : table_ + "." + quote_identifier(sequence.owned_by_column));
        }
      }
      if (comment_of(have) != sequence.comment) {
        add("COMMENT ON SEQUENCE {} IS {}", name, comment_value(sequence.comment));
      }
    }
  }

  void restore(const Column& column) {
    const Column* have = have_.column(column.name);
    const std::string alter =
        fmt::format("{} ALTER COLUMN {} ", alter_, quote_identifier(column.name));
    if (want_.kind == 'r') restore_stored(column, *have, alter);
    if (!column.generated && column.default_expression &&
        column.default_expression != have->default_expression) {
      add("{}SET DEFAULT {}", alter, *column.default_expression);
    }
    if (column.comment != have->comment) {
      add("COMMENT ON COLUMN {}.{} IS {}", table_, quote_identifier(column.name),
          comment_value(column.comment));
    }
  }

  void restore_stored(const Column& column, const Column& have, const std::string& alter) {
    if (column.not_null && !have.not_null) add("{}SET NOT NULL", alter);
    if (column.identity != have.identity) {
      const std::string generated = fmt::format("GENERATED {}", column.identity);
      if (have.identity.empty()) {
        add("{}ADD {} AS IDENTITY{}", alter, generated, identity_sequence(column));
      } else {
        add("{}SET {}", alter, generated);
      }
    }
    if (column.storage != have.storage && !column.storage.empty()) {
      add("{}SET STORAGE {}", alter, column.storage);
    }
    if (column.compression != have.compression) {
      add("{}SET COMPRESSION {}", alter,
          column.compression.empty() ? "default" : column.compression);
    }
    if (column.statistics_target != have.statistics_target) {
      add("{}SET STATISTICS {}", alter, column.statistics_target);
    }
    add_all(change_options(text::trimmed(alter), column.options, have.options, ""));
  }

  std::string identity_sequence(const Column& column) const {
    for (const auto& sequence : want_.sequences) {
      if (sequence.identity && sequence.owned_by_column == column.name) {
        return fmt::format(" (SEQUENCE NAME {} {})", sequence.name.quoted(),
                           sequence_parameters(sequence));
      }
    }
    return "";
  }

  void constraints(const std::vector<Constraint>& wanted, char type) {
    const bool own = &wanted == &want_.constraints;
    const auto& standing = own ? have_.constraints : have_.referenced_by;
    for (const auto& constraint : wanted) {
      if (constraint.type != type) continue;
      const auto have = std::find_if(standing.begin(), standing.end(), [&](const Constraint& each) {
        return each.name == constraint.name && each.table == constraint.table;
      });
      const bool missing = have == standing.end();
      if (missing) statements_.push_back(catalog::print::constraint(constraint.table, constraint));
      if ((missing ? "" : have->comment) != constraint.comment) {
        add("COMMENT ON CONSTRAINT {} ON {} IS {}", quote_identifier(constraint.name),
            constraint.table.quoted(), comment_value(constraint.comment));
      }
    }
  }

  void indexes() {
    bool clustered = false;
    for (const auto& index : want_.indexes) {
      const auto* have = have_.index(index.name.name);
      clustered = clustered || index.clustered;
      if (!have) add_all(missing_index(index));
      if (index.clustered && !(have && have->clustered)) {
        add("{} CLUSTER ON {}", alter_, quote_identifier(index.name.name));
      }
      if (index.comment != comment_of(have)) {
        add("COMMENT ON INDEX {} IS {}", index.name.quoted(), comment_value(index.comment));
      }
    }
    const bool was_clustered = std::any_of(have_.indexes.begin(), have_.indexes.end(),
                                           [](const auto& index) { return index.clustered; });
    if (was_clustered && !clustered) add("{} SET WITHOUT CLUSTER", alter_);
  }

  // That of a constraint came with it, without its storage parameters.
  Statements missing_index(const catalog::Index& index) const {
    Relation only;
    only.name = want_.name;
    only.indexes.push_back(index);
    return catalog::print::indexes(only);
  }

  void storage() {
    if (want_.persistence != have_.persistence) {
      add("{} SET {}LOGGED", alter_, want_.persistence == 'u' ? "UN" : "");
    }
    if (want_.tablespace != have_.tablespace) {
      add("{} SET TABLESPACE {}", alter_,
          want_.tablespace.empty() ? "pg_default" : quote_identifier(want_.tablespace));
    }
    replica_identity();
    if (want_.row_security != have_.row_security) {
      add("{} {} ROW LEVEL SECURITY", alter_, want_.row_security ? "ENABLE" : "DISABLE");
    }
    if (want_.force_row_security != have_.force_row_security) {
      add("{} {}FORCE ROW LEVEL SECURITY", alter_, want_.force_row_security ? "" : "NO ");
    }
  }

  void replica_identity() {
    const auto by_index = [](const Relation& relation) {
      for (const auto& index : relation.indexes) {
        if (index.replica_identity) return index.name.name;
      }
      return std::string{};
    };
    if (want_.replica_identity == have_.replica_identity && by_index(want_) == by_index(have_)) {
      return;
    }
    switch (want_.replica_identity) {
      case 'i':
        add("{} REPLICA IDENTITY USING INDEX {}", alter_, quote_identifier(by_index(want_)));
        break;
      case 'f':
        add("{} REPLICA IDENTITY FULL", alter_);
        break;
      case 'n':
        add("{} REPLICA IDENTITY NOTHING", alter_);
        break;
      default:
        add("{} REPLICA IDENTITY DEFAULT", alter_);
    }
  }

  void options() {
    add_all(change_options(alter_, want_.options, have_.options, ""));
    add_all(change_options(alter_, want_.toast_options, have_.toast_options, "toast."));
  }

  void statistics() {
    for (const auto& wanted : want_.statistics) {
      const auto have = std::find_if(have_.statistics.begin(), have_.statistics.end(),
                                     [&](const auto& each) { return each.name == wanted.name; });
      const bool missing = have == have_.statistics.end();
      const std::string name = wanted.name.quoted();
      if (missing) statements_.push_back(wanted.definition);
      if (wanted.target != (missing ? -1 : have->target)) {
        add("ALTER STATISTICS {} SET STATISTICS {}", name, wanted.target);
      }
      if (missing || wanted.owner != have->owner) {
        add("ALTER STATISTICS {} OWNER TO {}", name, quote_identifier(wanted.owner));
      }
      if (wanted.comment != (missing ? "" : have->comment)) {
        add("COMMENT ON STATISTICS {} IS {}", name, comment_value(wanted.comment));
      }
    }
  }

  // Those that stood throughout were silent while the rows were exchanged.
  void triggers() {
    for (const auto& trigger : want_.triggers) {
      const auto* have = have_.trigger(trigger.name);
      if (!have) statements_.push_back(trigger.definition);
      if ((have ? have->enabled : 'O') != trigger.enabled) {
        add("ALTER TABLE {} {} TRIGGER {}", table_, enabling(trigger.enabled),
            quote_identifier(trigger.name));
      }
      if (comment_of(have) != trigger.comment) {
        add("COMMENT ON TRIGGER {} ON {} IS {}", quote_identifier(trigger.name), table_,
            comment_value(trigger.comment));
      }
    }
  }

  void rules() {
    for (const auto& rule : want_.rules) {
      const auto found = std::find_if(have_.rules.begin(), have_.rules.end(),
                                      [&](const auto& each) { return each.name == rule.name; });
      const catalog::Rule* have = found == have_.rules.end() ? nullptr : &*found;
      if (!have) statements_.push_back(rule.definition);
      if ((have ? have->enabled : 'O') != rule.enabled) {
        add("ALTER TABLE {} {} RULE {}", table_, enabling(rule.enabled),
            quote_identifier(rule.name));
      }
      if (comment_of(have) != rule.comment) {
        add("COMMENT ON RULE {} ON {} IS {}", quote_identifier(rule.name), table_,
            comment_value(rule.comment));
      }
    }
  }

  void policies() {
    for (const auto& policy : want_.policies) {
      const auto* have = have_.policy(policy.name);
      if (!have) statements_.push_back(catalog::print::policy(want_.name, policy));
      if (comment_of(have) != policy.comment) {
        add("COMMENT ON POLICY {} ON {} IS {}", quote_identifier(policy.name), table_,
            comment_value(policy.comment));
      }
    }
  }

  void publications() {
    for (const auto& publication : want_.publications) {
      const bool standing =
          std::any_of(have_.publications.begin(), have_.publications.end(),
                      [&](const auto& each) { return each.name == publication.name; });
      if (standing) continue;
      Relation only;
      only.name = want_.name;
      only.publications.push_back(publication);
      add_all(catalog::print::publications(only));
    }
  }

  void owner() {
    if (want_.owner != have_.owner) {
      add("{} OWNER TO {}", alter_, quote_identifier(want_.owner));
    }
  }

  const Relation& want_;
  const Relation& have_;
  const std::string table_, kind_, alter_;
  Statements statements_;
};

}  // namespace

Statements tighten(const Relation& want, const Relation& have) {
  return Tightening{want, have}.statements();
}

}  // namespace engine::backup
