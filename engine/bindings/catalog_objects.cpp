#include "bindings/registry.h"
#include "catalog/objects.h"
#include "runner/session/session.h"

namespace engine::bindings {
namespace {

std::string name_of(Call& call) {
  std::string name = call.text(1, "the name");
  call.no_more_than(1);
  return name;
}

int has_function(Call& call) {
  const std::string signature = name_of(call);
  return call.push(!catalog::functions(call.session().connection(), signature).empty());
}

int has_type(Call& call) {
  const QualifiedName name = call.table_name(1, "the name");
  call.no_more_than(1);
  return call.push(catalog::type(call.session().connection(), name).has_value());
}

int has_role(Call& call) {
  const std::string name = name_of(call);
  return call.push(catalog::role(call.session().connection(), name).has_value());
}

int has_extension(Call& call) {
  const std::string name = name_of(call);
  return call.push(catalog::extension(call.session().connection(), name).has_value());
}

int has_schema(Call& call) {
  const std::string name = name_of(call);
  return call.push(catalog::schema(call.session().connection(), name).has_value());
}

}  // namespace

void catalog_objects(Registry& add) {
  const auto primitive = [&](const char* name, const char* parameter, const char* doc,
                             const char* example, script::Body body) {
    add({.name = name,
         .effect = Effect::reads,
         .parameters = {parameter},
         .returns = {"boolean"},
         .doc = doc,
         .example = example,
         .body = body});
  };
  primitive("catalog.has_function",
            "signature string name(types), or only the name for any signature",
            "Returns whether this function or procedure exists.",
            "catalog.has_function \"update_updated_at_column()\"", has_function);
  primitive("catalog.has_type", "name string", "Returns whether this type, domain or enum exists.",
            "catalog.has_type \"session_status\"", has_type);
  primitive("catalog.has_role", "name string", "Returns whether this role exists on the server.",
            "catalog.has_role \"authenticated\"", has_role);
  primitive("catalog.has_extension", "name string",
            "Returns whether this extension is installed in this database.",
            "catalog.has_extension \"pgcrypto\"", has_extension);
  primitive("catalog.has_schema", "name string", "Returns whether this schema exists.",
            "catalog.has_schema \"auth\"", has_schema);
}

}  // namespace engine::bindings
