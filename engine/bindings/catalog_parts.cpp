#include "bindings/registry.h"
#include "catalog/catalog.h"
#include "runner/session/session.h"

namespace engine::bindings {
namespace {

// Names of parts are taken as they stand in the catalog: "Users can view" has no need of quotes.
template <typename Part>
int has(Call& call, const char* what,
        const Part* (catalog::Relation::*part)(std::string_view) const) {
  const QualifiedName table = call.table_name(1, "the table");
  const std::string name = call.text(2, what);
  call.no_more_than(2);
  const auto relation = catalog::describe(call.session().connection(), table);
  return call.push(relation && ((*relation).*part)(name) != nullptr);
}

int has_column(Call& call) { return has(call, "the column", &catalog::Relation::column); }
int has_index(Call& call) { return has(call, "the index", &catalog::Relation::index); }
int has_constraint(Call& call) {
  return has(call, "the constraint", &catalog::Relation::constraint);
}
int has_policy(Call& call) { return has(call, "the policy", &catalog::Relation::policy); }
int has_trigger(Call& call) { return has(call, "the trigger", &catalog::Relation::trigger); }

}  // namespace

void catalog_parts(Registry& add) {
  const auto primitive = [&](const char* name, const char* parameter, const char* doc,
                             const char* example, script::Body body) {
    add({.name = name,
         .effect = Effect::reads,
         .parameters = {"table string", parameter},
         .returns = {"boolean"},
         .doc = doc,
         .example = example,
         .body = body});
  };
  primitive("catalog.has_column", "column string", "Returns whether the table has this column.",
            "catalog.has_column(\"sessions\", \"title\")", has_column);
  primitive("catalog.has_index", "index string", "Returns whether the table has this index.",
            "catalog.has_index(\"sessions\", \"sessions_user_id_idx\")", has_index);
  primitive("catalog.has_constraint", "constraint string",
            "Returns whether the table has this constraint.",
            "catalog.has_constraint(\"sessions\", \"sessions_pkey\")", has_constraint);
  primitive("catalog.has_policy", "policy string",
            "Returns whether the table has this row security policy.",
            "catalog.has_policy(\"sessions\", \"Users can view own sessions\")", has_policy);
  primitive("catalog.has_trigger", "trigger string", "Returns whether the table has this trigger.",
            "catalog.has_trigger(\"sessions\", \"update_sessions_updated_at\")", has_trigger);
}

}  // namespace engine::bindings
