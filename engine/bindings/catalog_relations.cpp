#include "bindings/registry.h"
#include "catalog/catalog.h"
#include "catalog/relation_json.h"
#include "runner/session/session.h"

namespace engine::bindings {
namespace {

std::optional<catalog::Relation> described(Call& call) {
  const QualifiedName name = call.table_name(1, "the name");
  call.no_more_than(1);
  return catalog::describe(call.session().connection(), name);
}

int has_kind(Call& call, std::string_view kinds) {
  const auto relation = described(call);
  return call.push(relation && kinds.find(relation->kind) != std::string_view::npos);
}

int has_table(Call& call) { return has_kind(call, "rpf"); }
int has_view(Call& call) { return has_kind(call, "vm"); }
int has_sequence(Call& call) { return has_kind(call, "S"); }

int describe(Call& call) {
  const auto relation = described(call);
  return relation ? call.push_json(catalog::to_plain_json(*relation)) : call.push_nothing();
}

int uses(Call& call) {
  const QualifiedName name = call.table_name(1, "the name");
  const auto column = call.text_or_nothing(2, "the column");
  call.no_more_than(2);
  db::Connection& connection = call.session().connection();
  return call.push_json(
      catalog::to_plain_json(column ? catalog::uses_of_column(connection, name, *column)
                                    : catalog::uses(connection, name)));
}

}  // namespace

void catalog_relations(Registry& add) {
  const std::vector<const char*> name{
      "name string a name without a schema is found by the search_path"};
  add({.name = "catalog.has_table",
       .effect = Effect::reads,
       .parameters = name,
       .returns = {"boolean"},
       .doc = "Returns whether a table of this name exists. Partitioned and foreign tables count, "
              "views do not.",
       .example = "return catalog.has_table \"sessions\", \"starting fresh\"  -- in a step's when",
       .body = has_table});
  add({.name = "catalog.has_view",
       .effect = Effect::reads,
       .parameters = name,
       .returns = {"boolean"},
       .doc = "Returns whether a view or a materialized view of this name exists.",
       .example = "catalog.has_view \"active_sessions\"",
       .body = has_view});
  add({.name = "catalog.has_sequence",
       .effect = Effect::reads,
       .parameters = name,
       .returns = {"boolean"},
       .doc = "Returns whether a sequence of this name exists.",
       .example = "catalog.has_sequence \"sessions_id_seq\"",
       .body = has_sequence});
  add({.name = "catalog.describe",
       .effect = Effect::reads,
       .parameters = name,
       .returns = {"table? relation nil if it does not exist"},
       .doc = "Returns everything that the catalog records about a table, a view or a sequence: "
              "columns, "
              "constraints, "
              "indexes, policies, triggers, grants and more, each a list.",
       .example = "for _, column in ipairs(catalog.describe(\"sessions\").columns) do "
                  "note(column.name) end",
       .body = describe});
  add({.name = "catalog.uses",
       .effect = Effect::reads,
       .parameters =
           {"name string a table, a view, a sequence, a function or a type",
            "column? string a column of the table: list only what depends on that column"},
       .returns = {"table[] users each with kind, name, of_table and description"},
       .doc = "Lists what uses an object: the objects that DROP … CASCADE would drop with it, "
              "nearest first, and functions whose text contains its name.",
       .example = "for _, user in ipairs(catalog.uses \"sessions\") do note(user.description) end",
       .body = uses});
}

}  // namespace engine::bindings
