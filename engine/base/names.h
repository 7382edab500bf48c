// Names of database objects: parsed, quoted, compared.
#pragma once

#include <string>
#include <string_view>

namespace engine {

/// `users` or, where it must be, `"Users"`. Refuses the empty name, NUL bytes and more than 63
/// bytes (Error{argument}).
std::string quote_identifier(std::string_view name);

/// schema.name; the schema is empty where the plan left it to the search_path.
struct QualifiedName {
  std::string schema;
  std::string name;

  /// `esquisse_sessions`, `public.esquisse_sessions`, `"Odd Schema"."T"`: unquoted parts fold to
  /// lower case.
  static QualifiedName parse(std::string_view text);

  std::string quoted() const;   // for SQL
  std::string display() const;  // for people: quoted only where needed; the same text as quoted()
  auto operator<=>(const QualifiedName&) const = default;
};

}  // namespace engine
