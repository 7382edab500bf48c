#include "shadow/printed_schema.h"

#include <fmt/format.h>

#include "base/text.h"
#include "catalog/catalog.h"
#include "catalog/definition.h"
#include "database_state/queries.h"
#include "shadow/queries.h"

namespace engine::shadow {
namespace {

// As the journal's, which comes along like any other: no schema is called that.
constexpr const char* no_schema = "engine shadow";

void add_publications(TargetReader& reader, std::vector<PrintedSchema::Script>& scripts) {
  const db::Result publications = reader.query(query("publications"));
  for (std::size_t row = 0; row < publications.size(); ++row)
    scripts.push_back({publications.text(row, "statement"), publications.text(row, "owner")});
  if (reader.major() < 15) return;
  const db::Result schemas = reader.query(query("published_schemas"));
  for (std::size_t row = 0; row < schemas.size(); ++row)
    scripts.push_back({schemas.text(row, "statement")});
}

}  // namespace

PrintedSchema print_schema(TargetReader& reader) {
  PrintedSchema printed;
  using Script = PrintedSchema::Script;
  std::vector<Script>& scripts = printed.scripts;
  std::vector<Script> first, at_last;
  const db::Result others = reader.query(query("other_objects"));
  for (std::size_t row = 0; row < others.size(); ++row) {
    const std::string& statement = others.text(row, "statement");
    const std::int64_t position = others.integer(row, "position");
    (position < 4 ? first : position == 9 ? at_last : scripts).push_back({statement});
  }
  const db::Result types = reader.query(database_state::query("types"), {no_schema});
  for (std::size_t row = 0; row < types.size(); ++row) {
    const std::string& object = types.text(row, "object");
    first.push_back({types.text(row, "statement"),
                     fmt::format("ALTER TYPE {} OWNER TO {}", object.substr(object.find(' ') + 1),
                                 types.text(row, "owner"))});
  }
  add_publications(reader, scripts);
  scripts.insert(scripts.begin(), first.begin(), first.end());
  const std::vector<catalog::Relation> relations =
      catalog::describe_schemas(reader.connection(), {}, no_schema);
  std::vector<catalog::Definition> definitions;
  for (const catalog::Relation& relation : relations) {
    if (relation.kind != 'f') definitions.push_back(catalog::define(relation));
  }
  const auto add = [&](const catalog::Statements catalog::Definition::*part) {
    for (const catalog::Definition& definition : definitions) {
      if (!(definition.*part).empty()) printed.scripts.push_back(definition.*part);
    }
  };
  add(&catalog::Definition::before_rows);
  add(&catalog::Definition::after_rows);
  add(&catalog::Definition::at_last);
  printed.scripts.insert(printed.scripts.end(), at_last.begin(), at_last.end());

  std::vector<std::string> kinds;
  const db::Result left_out = reader.query(query("not_printed"));
  for (std::size_t row = 0; row < left_out.size(); ++row)
    kinds.push_back(left_out.text(row, "number") + " " + left_out.text(row, "kind"));
  printed.missing.push_back(
      "what the engine's own printer does not cover, since no pg_dump here can read the "
      "target" +
      (kinds.empty() ? std::string{} : ": " + text::joined(kinds, ", ")));
  return printed;
}

}  // namespace engine::shadow
