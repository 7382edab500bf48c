#include <unordered_map>

#include "catalog/array.h"
#include "catalog/catalog.h"
#include "catalog/parts.h"
#include "catalog/queries.h"
#include "db/pipeline.h"

namespace engine::catalog {
namespace {

// Where a part of a kind is appended: to the relation that its row names.
class Assembly {
 public:
  explicit Assembly(const db::Result& result) {
    for_each_row(result, [&](const Row& row) {
      relations_.push_back(relation_of(row));
      positions_.emplace(relations_.back().oid, relations_.size() - 1);
    });
  }

  template <typename Part>
  void add(const db::Result& result, std::vector<Part> Relation::*parts,
           Part (*part_of)(const Row&)) {
    for_each_row(result, [&](const Row& row) {
      if (Relation* relation = find(row.oid("relation"))) {
        (relation->*parts).push_back(part_of(row));
      }
    });
  }

  // A foreign key belongs to the table that carries it and is seen from the other; one within a
  // table is its own.
  void add_constraints(const db::Result& result) {
    for_each_row(result, [&](const Row& row) {
      const auto table = row.oid("relation"), referenced = row.oid("referenced_relation");
      if (Relation* relation = find(table)) relation->constraints.push_back(constraint_of(row));
      if (referenced == table || row.flag("type") != 'f' || row.boolean("of_parent")) return;
      if (Relation* relation = find(referenced)) {
        relation->referenced_by.push_back(constraint_of(row));
      }
    });
  }

  std::vector<Relation> take() { return std::move(relations_); }

 private:
  Relation* find(std::uint32_t oid) {
    const auto found = positions_.find(oid);
    return found == positions_.end() ? nullptr : &relations_[found->second];
  }

  std::vector<Relation> relations_;
  std::unordered_map<std::uint32_t, std::size_t> positions_;
};

// pg_get_…def, pg_get_expr and format_type leave out the schema of what the search_path finds. So
// that a definition means the same everywhere, they are printed with Lookup::catalog: everything
// else is qualified. What `resolve` found is a setting, local to the transaction; outside one, to
// the flush, which the server treats as one until its sync.
std::vector<Relation> read(db::Connection& connection, db::Command resolve) {
  db::Pipeline pipeline{connection};
  pipeline.add(std::move(resolve));
  const auto add = [&](std::string_view name) { return pipeline.add({query(name), {}}); };
  const auto relations = add("relations");
  const auto columns = add("columns"), constraints = add("constraints"), indexes = add("indexes");
  const auto triggers = add("triggers"), policies = add("policies"), rules = add("rules");
  const auto statistics = add("statistics"), sequences = add("sequences");
  const auto publications =
      add(connection.server_version() >= 150000 ? "publications" : "publications_14");

  const std::vector<db::Answer> answers = pipeline.run();
  Assembly assembly{answers[relations].result};
  assembly.add(answers[columns].result, &Relation::columns, column_of);
  assembly.add_constraints(answers[constraints].result);
  assembly.add(answers[indexes].result, &Relation::indexes, index_of);
  assembly.add(answers[triggers].result, &Relation::triggers, trigger_of);
  assembly.add(answers[policies].result, &Relation::policies, policy_of);
  assembly.add(answers[rules].result, &Relation::rules, rule_of);
  assembly.add(answers[statistics].result, &Relation::statistics, statistics_of);
  assembly.add(answers[sequences].result, &Relation::sequences, sequence_of);
  assembly.add(answers[publications].result, &Relation::publications, publication_of);
  return assembly.take();
}

}  // namespace

std::vector<Relation> describe(db::Connection& connection,
                               const std::vector<QualifiedName>& names) {
  if (names.empty()) return {};
  std::vector<std::string> schemas, bare_names;
  for (const auto& name : names) {
    schemas.push_back(name.schema);
    bare_names.push_back(name.name);
  }
  return read(connection,
              {query("resolve"), {array_of(schemas), array_of(bare_names)}, db::Lookup::session});
}

std::optional<Relation> describe(db::Connection& connection, const QualifiedName& name) {
  auto found = describe(connection, std::vector{name});
  if (found.empty()) return std::nullopt;
  return std::move(found.front());
}

std::vector<Relation> describe_schemas(db::Connection& connection,
                                       const std::vector<std::string>& schemas,
                                       const std::string& engine_schema) {
  return read(connection, {query("resolve_schemas"), {array_of(schemas), engine_schema}});
}

}  // namespace engine::catalog
