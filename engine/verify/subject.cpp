#include "verify/subject.h"

#include "base/text.h"
#include "catalog/catalog.h"
#include "verify/wording.h"

namespace engine::verify {
namespace {

std::string_view kinds_of(Noun noun) {
  switch (noun) {
    case Noun::table:
      return "rpf";
    case Noun::view:
      return "v";
    case Noun::matview:
      return "m";
    case Noun::sequence:
      return "S";
  }
  return "";
}

/// Names as a person would write them here: without the schema where the search_path finds them.
std::vector<std::string> relation_names(db::Connection& connection, Noun noun) {
  const auto result = connection.query(
      "SELECT CASE WHEN pg_catalog.pg_table_is_visible(c.oid) THEN "
      "pg_catalog.quote_ident(c.relname)"
      " ELSE pg_catalog.quote_ident(n.nspname) || '.' || pg_catalog.quote_ident(c.relname) END AS "
      "name"
      " FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace"
      " WHERE pg_catalog.strpos($1, c.relkind::pg_catalog.text) > 0"
      " AND n.nspname NOT IN ('pg_catalog', 'information_schema') AND n.nspname !~ '^pg_toast'"
      " ORDER BY 1 LIMIT 10000",
      {std::string{kinds_of(noun)}});
  std::vector<std::string> names;
  for (std::size_t row = 0; row < result.size(); ++row) names.push_back(result.text(row, "name"));
  return names;
}

}  // namespace

std::string_view word_of(Noun noun) {
  switch (noun) {
    case Noun::table:
      return "table";
    case Noun::view:
      return "view";
    case Noun::matview:
      return "materialized view";
    case Noun::sequence:
      return "sequence";
  }
  return "";
}

Subject Subject::read(db::Connection& connection, Noun noun, const QualifiedName& name) {
  Subject subject;
  subject.noun_ = noun;
  subject.name_ = name;
  subject.relation_ = catalog::describe(connection, name);
  if (!subject.relation_) {
    subject.absence_ =
        nothing_like(word_of(noun), name.display(), relation_names(connection, noun));
  }
  return subject;
}

std::string Subject::label() const { return fmt::format("{} {}", word_of(noun_), name_.display()); }

Outcome exists(const Subject& subject) {
  const std::string name = subject.label() + " exists";
  const catalog::Relation* relation = subject.relation();
  if (relation == nullptr) return absent(subject, name, subject.label());
  if (kinds_of(subject.noun()).find(relation->kind) != std::string_view::npos) {
    return held(name, subject.label());
  }
  return failed(name, subject.label(),
                fmt::format("{} {}", relation->kind_name(), subject.name().display()));
}

Outcome does_not_exist(const Subject& subject) {
  const std::string name = fmt::format("there is no {}", subject.label());
  const catalog::Relation* relation = subject.relation();
  const std::string none = fmt::format("no {}", subject.label());
  if (relation == nullptr ||
      kinds_of(subject.noun()).find(relation->kind) == std::string_view::npos) {
    return held(name, none);
  }
  return failed(name, none, fmt::format("{} {}", relation->kind_name(), relation->name.display()));
}

}  // namespace engine::verify
