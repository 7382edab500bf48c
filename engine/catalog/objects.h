// What is there besides relations: functions, types, roles, extensions, schemas.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/names.h"
#include "catalog/relation.h"
#include "db/connection.h"

namespace engine::catalog {

struct Function {
  std::uint32_t oid = 0;
  QualifiedName name;
  std::string kind;       // "function", "procedure", "aggregate", "window"
  std::string arguments;  // their types, as DROP FUNCTION takes them: "integer, text"
  std::string returns;    // "" for a procedure
  std::string language;
  std::string volatility;  // "volatile", "stable", "immutable"
  std::string parallel;    // "unsafe", "restricted", "safe"
  bool security_definer = false;
  bool strict = false;
  bool leakproof = false;
  std::vector<std::string> config;  // "search_path=public"
  std::string owner;
  std::vector<Grant> grants;
  std::string comment;
  std::string body;        // prosrc; "" for one that SQL parsed when it was made
  std::string definition;  // pg_get_functiondef, by the session's search_path; "" for an aggregate

  /// app.f(integer, text)
  std::string signature() const { return name.display() + "(" + arguments + ")"; }
};

struct Type {
  QualifiedName name;
  std::string kind;                 // "enum", "composite", "domain", "range", "base"
  std::vector<std::string> labels;  // of an enum, in order
  std::string base;                 // of a domain: its type
  std::string owner;
  std::string comment;
};

struct Role {
  std::string name;
  bool superuser = false;
  bool login = false;
  bool inherit = true;
  bool create_database = false;
  bool create_role = false;
  bool replication = false;
  bool bypass_row_security = false;
  std::vector<std::string> member_of;  // directly
  std::string comment;
};

struct Extension {
  std::string name, version, schema, comment;
};

struct Schema {
  std::string name, owner, comment;
  std::vector<Grant> grants;
};

/// `touch()` and `app.touch(integer, text)` give at most one; `touch`, without parentheses, every
/// signature. Throws Error{argument} for what is neither.
std::vector<Function> functions(db::Connection& connection, std::string_view signature);

std::optional<Type> type(db::Connection& connection, const QualifiedName& name);
std::optional<Role> role(db::Connection& connection, const std::string& name);
std::optional<Extension> extension(db::Connection& connection, const std::string& name);
std::optional<Schema> schema(db::Connection& connection, const std::string& name);

}  // namespace engine::catalog
