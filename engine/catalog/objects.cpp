#include "catalog/objects.h"

#include "base/error.h"
#include "base/text.h"
#include "catalog/array.h"
#include "catalog/queries.h"
#include "catalog/row.h"
#include "db/pipeline.h"

namespace engine::catalog {
namespace {

// "integer, numeric(10,2)" at the commas that separate types.
std::vector<std::string> types_of(std::string_view list) {
  std::vector<std::string> types;
  int depth = 0;
  std::string type;
  const auto finish = [&] {
    type = text::trimmed(type);
    if (!type.empty()) types.push_back(std::exchange(type, ""));
  };
  for (const char c : list) {
    if (c == '(') ++depth;
    if (c == ')') --depth;
    if (c == ',' && depth == 0) {
      finish();
    } else {
      type += c;
    }
  }
  finish();
  return types;
}

Function function_of(const Row& row) {
  Function function;
  function.oid = row.oid("oid");
  function.name = row.name();
  function.kind = row.text("kind");
  function.arguments = row.text("arguments");
  function.returns = row.text("returns");
  function.language = row.text("language");
  function.volatility = row.text("volatility");
  function.parallel = row.text("parallel");
  function.security_definer = row.boolean("security_definer");
  function.strict = row.boolean("strict");
  function.leakproof = row.boolean("leakproof");
  function.config = row.texts("config");
  function.owner = row.text("owner");
  function.grants = row.grants("grants");
  function.comment = row.text("comment");
  function.body = row.text("body");
  function.definition = row.text("definition");
  return function;
}

template <typename Object, typename Read>
std::optional<Object> first(const db::Result& result, Read read) {
  if (result.empty()) return std::nullopt;
  return read(Row{result, 0});
}

}  // namespace

std::vector<Function> functions(db::Connection& connection, std::string_view signature) {
  const auto open = signature.find('(');
  const std::string written = text::trimmed(signature);
  if (open != std::string_view::npos && !written.ends_with(')')) {
    throw Error{Code::argument, "\"{}\" is not the signature of a function", signature}.hint(
        "Write name, name() or name(type, type).");
  }
  const auto name = QualifiedName::parse(text::trimmed(signature.substr(0, open)));
  db::Param types;
  if (open != std::string_view::npos) {
    const auto inside = std::string_view{written}.substr(written.find('(') + 1);
    types = array_of(types_of(inside.substr(0, inside.size() - 1)));
  }
  db::Pipeline pipeline{connection};
  pipeline.add({query("argument_types"), {types}, db::Lookup::session});
  pipeline.add({query("functions"), {name.schema, name.name, types}});
  const db::Result result = pipeline.run().back().result;
  std::vector<Function> found;
  for_each_row(result, [&](const Row& row) { found.push_back(function_of(row)); });
  return found;
}

std::optional<Type> type(db::Connection& connection, const QualifiedName& name) {
  return first<Type>(connection.query(query("type"), {name.schema, name.name}), [](const Row& row) {
    return Type{row.name(),       row.text("kind"),  row.texts("labels"),
                row.text("base"), row.text("owner"), row.text("comment")};
  });
}

std::optional<Role> role(db::Connection& connection, const std::string& name) {
  return first<Role>(connection.query(query("role"), {name}), [](const Row& row) {
    Role role;
    role.name = row.text("name");
    role.superuser = row.boolean("superuser");
    role.login = row.boolean("login");
    role.inherit = row.boolean("inherit");
    role.create_database = row.boolean("create_database");
    role.create_role = row.boolean("create_role");
    role.replication = row.boolean("replication");
    role.bypass_row_security = row.boolean("bypass_row_security");
    role.member_of = row.texts("member_of");
    role.comment = row.text("comment");
    return role;
  });
}

std::optional<Extension> extension(db::Connection& connection, const std::string& name) {
  return first<Extension>(connection.query(query("extension"), {name}), [](const Row& row) {
    return Extension{row.text("name"), row.text("version"), row.text("schema"),
                     row.text("comment")};
  });
}

std::optional<Schema> schema(db::Connection& connection, const std::string& name) {
  return first<Schema>(connection.query(query("schema"), {name}), [](const Row& row) {
    return Schema{row.text("name"), row.text("owner"), row.text("comment"), row.grants("grants")};
  });
}

}  // namespace engine::catalog
