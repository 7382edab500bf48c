#include "catalog/relation_json.h"

#include <nlohmann/json.hpp>

#include "base/error.h"
#include "base/json_depth.h"

// Flags such as relkind are read by people as well: "r", not 114.
template <>
struct nlohmann::adl_serializer<char> {
  static void to_json(json& out, char flag) { out = std::string(1, flag); }
  static void from_json(const json& in, char& flag) { flag = in.get<std::string>().at(0); }
};

template <typename Value>
struct nlohmann::adl_serializer<std::optional<Value>> {
  static void to_json(json& out, const std::optional<Value>& value) {
    if (value) {
      out = *value;
    } else {
      out = nullptr;
    }
  }
  static void from_json(const json& in, std::optional<Value>& value) {
    if (!in.is_null()) value = in.get<Value>();
  }
};

namespace engine {

NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE_WITH_DEFAULT(QualifiedName, schema, name)

namespace catalog {

// A manifest may be older than the engine that reads it: a missing key means the member's default.
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE_WITH_DEFAULT(Grant, grantee, grantor, privilege, grantable)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE_WITH_DEFAULT(Column, name, type, not_null, default_expression,
                                                identity, generated, generated_virtual, local,
                                                collation, storage, compression, statistics_target,
                                                options, grants, comment, type_schema, type_name)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE_WITH_DEFAULT(Constraint, name, type, definition, columns,
                                                validated, local, deferrable, deferred, index,
                                                table, references, referenced_columns, on_delete,
                                                on_update, comment)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE_WITH_DEFAULT(Index, name, definition, method, columns, orders,
                                                included, predicate, unique, primary, valid, ready,
                                                clustered, replica_identity, constraint,
                                                statistics_targets, options, tablespace, comment)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE_WITH_DEFAULT(Trigger, name, definition, function, timing, events,
                                                for_each_row, of_parent, enabled, comment)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE_WITH_DEFAULT(Policy, name, command, permissive, roles,
                                                using_expression, check_expression, comment)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE_WITH_DEFAULT(Rule, name, definition, enabled, comment)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE_WITH_DEFAULT(ExtendedStatistics, name, definition, target, owner,
                                                comment)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE_WITH_DEFAULT(Sequence, name, owner, type, start, increment,
                                                minimum, maximum, cache, cycle, owned_by_table,
                                                owned_by_column, identity, last_value, is_called,
                                                grants, comment)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE_WITH_DEFAULT(Publication, name, filter, columns)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE_WITH_DEFAULT(Relation, oid, name, kind, persistence, owner,
                                                comment, access_method, tablespace, options,
                                                toast_options, replica_identity, row_security,
                                                force_row_security, partition_key, partition_bound,
                                                parents, children, view_definition, populated,
                                                estimated_rows, bytes, columns, constraints,
                                                referenced_by, indexes, triggers, policies, rules,
                                                statistics, sequences, publications, grants)

NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE_WITH_DEFAULT(Dependent, kind, name, of_table, description, oid)

namespace {

constexpr int format = 1;

// What the server sends is UTF-8 unless the database is SQL_ASCII; then odd bytes are replaced.
std::string text_of(const nlohmann::json& json) {
  return json.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

nlohmann::json plain(const nlohmann::json& value) {
  if (value.is_array()) {
    auto items = nlohmann::json::array();
    for (const auto& item : value) items.push_back(plain(item));
    return items;
  }
  if (!value.is_object()) return value;
  if (value.size() == 2 && value.contains("schema") && value.contains("name")) {
    const auto name = value.get<QualifiedName>();
    return name.name.empty() ? nlohmann::json{} : nlohmann::json(name.display());
  }
  auto members = nlohmann::json::object();
  for (const auto& [key, member] : value.items()) {
    auto shown = plain(member);
    if (!shown.is_null() && shown != "") members[key] = std::move(shown);
  }
  return members;
}

}  // namespace

std::string to_plain_json(const Relation& relation) { return text_of(plain(relation)); }

std::string to_plain_json(const std::vector<Dependent>& dependents) {
  return text_of(plain(dependents));
}

std::string to_json(const Relation& relation) {
  return text_of({{"format", format}, {"relation", relation}});
}

Relation from_json(std::string_view json) {
  if (json_is_deeper_than(json, deepest_json))
    throw Error{Code::backup, "the manifest of a relation is nested more than {} deep",
                deepest_json};
  try {
    const auto document = nlohmann::json::parse(json);
    const int written = document.at("format").get<int>();
    if (written > format) {
      throw Error{Code::backup, "the manifest has format {}, but this engine reads format {}",
                  written, format}
          .hint("Use the engine that wrote it, or a newer one.");
    }
    return document.at("relation").get<Relation>();
  } catch (const nlohmann::json::exception& problem) {
    throw Error{Code::backup, "the manifest of a relation cannot be read: {}", problem.what()};
  } catch (const std::out_of_range&) {
    throw Error{Code::backup, "the manifest of a relation holds an empty flag"};
  }
}

}  // namespace catalog
}  // namespace engine
