#include "bindings/registry.h"
#include "copy/rows.h"
#include "runner/session/session.h"
#include "script/value.h"

namespace engine::bindings {
namespace {

using copy::Mapping;
using script::Value;

Mapping mapping_of(const Call& call, const std::string& column, const Value& value) {
  switch (value.kind) {
    case Value::Kind::text:
    case Value::Kind::sql:
      if (value.text == "default") return {column, Mapping::Kind::preset, ""};
      return {column, Mapping::Kind::value, value.text};
    case Value::Kind::boolean:
      if (!value.boolean) return {column, Mapping::Kind::skipped, ""};
      [[fallthrough]];
    default:
      throw Error{Code::argument, "{}: column {} must be a source column, an expression or false",
                  call.primitive().name, column}
          .hint("Write \"default\" for its default, or false to omit it.");
  }
}

std::optional<std::vector<Mapping>> mappings_of(const Call& call, const Value& columns) {
  if (columns.kind == Value::Kind::nothing) return std::nullopt;
  if (columns.kind != Value::Kind::table) {
    throw Error{Code::argument,
                "{}: columns must be a table: target column = source column or expression",
                call.primitive().name};
  }
  std::vector<Mapping> mappings;
  for (const auto& [column, value] : columns.fields) {
    mappings.push_back(mapping_of(call, column, value));
  }
  for (const auto& item : columns.items) mappings.push_back(mapping_of(call, item.text, item));
  return mappings;
}

QualifiedName table_of(const Call& call, script::Options& given, const char* key) {
  const auto name = given.text(key);
  if (!name) {
    throw Error{Code::argument, "{}: option {} is missing", call.primitive().name, key}.hint(
        "copy.rows { from = \"…\", into = \"…\", columns = { … } }");
  }
  return QualifiedName::parse(*name);
}

int copy_all(Call& call) {
  call.no_more_than(1);
  auto given = call.options(1, "the options");
  copy::RowsOptions options;
  options.from = table_of(call, given, "from");
  options.into = table_of(call, given, "into");
  options.columns = mappings_of(call, given.value("columns"));
  options.where = given.text("where").value_or("");
  const auto conflicts = given.text("on_conflict").value_or("error");
  given.finish();
  if (conflicts != "error" && conflicts != "skip") {
    throw Error{Code::argument, "{}: on_conflict must be \"error\" or \"skip\", not \"{}\"",
                call.primitive().name, conflicts};
  }
  options.skip_conflicts = conflicts == "skip";

  auto& session = call.session();
  const auto copied = copy::rows(session.connection(), options);
  const auto where = call.where();
  event::StatementDone done;
  done.file = where.file;
  done.line = where.line;
  done.sql = copied.statement;
  done.tag = fmt::format("INSERT 0 {}", copied.rows);
  done.rows = copied.rows;
  session.statement(done);
  return call.push(copied.rows);
}

}  // namespace

void copy_rows(Registry& add) {
  add({.name = "copy.rows",
       .effect = Effect::writes,
       .parameters = {"options { from: string, into: string, columns: table?, where: string?, "
                      "on_conflict: string? } "
                      "columns: target = source column or expression, \"default\", or false; "
                      "on_conflict: \"error\" or \"skip\""},
       .returns = {"integer rows"},
       .doc = "Copies rows from one table into another in one statement. Every column of the "
              "target must get a value: a column without one is an error. Without `columns`, "
              "columns of the same name "
              "are copied.",
       .example = "copy.rows { from = \"old\", into = \"new\", columns = { id = \"id\", "
                  "name = \"upper(name)\", note = false } }",
       .body = copy_all});
}

}  // namespace engine::bindings
