#include "backup/manifest.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "base/error.h"
#include "base/json_depth.h"
#include "catalog/relation_json.h"

namespace engine::backup {
namespace {

using Json = nlohmann::json;

constexpr int format_version = 1;

Json json_of(const QualifiedName& name) { return {{"schema", name.schema}, {"name", name.name}}; }

QualifiedName name_of(const Json& json) { return {json.at("schema"), json.at("name")}; }

Json json_of(const Link& link) {
  Json pairs = Json::array();
  for (const auto& pair : link.pairs) pairs.push_back({pair.column, pair.parent_column, pair.op});
  return {{"parent", link.parent}, {"pairs", pairs}};
}

Link link_of(const Json& json) {
  Link link{json.at("parent"), {}};
  for (const auto& pair : json.at("pairs")) {
    link.pairs.push_back({pair.at(0), pair.at(1), pair.at(2)});
  }
  return link;
}

Json json_of(const RowSet& set) {
  Json key = Json::array(), columns = Json::array(), links = Json::array();
  for (const auto& column : set.key) key.push_back({column.column, column.op});
  for (const auto& column : set.columns) {
    columns.push_back({{"name", column.name},
                       {"type", column.type},
                       {"generated", column.generated},
                       {"identity_always", column.identity_always}});
  }
  for (const auto& link : set.links) links.push_back(json_of(link));
  return {{"table", json_of(set.table)},
          {"copy", json_of(set.copy)},
          {"oid", set.oid},
          {"copy_oid", set.copy_oid},
          {"key", key},
          {"columns", columns},
          {"links", links},
          {"rows", set.rows},
          {"checksum", set.checksum}};
}

RowSet row_set_of(const Json& json) {
  RowSet set;
  set.table = name_of(json.at("table"));
  set.copy = name_of(json.at("copy"));
  set.oid = json.at("oid");
  set.copy_oid = json.at("copy_oid");
  for (const auto& column : json.at("key")) set.key.push_back({column.at(0), column.at(1)});
  for (const auto& column : json.at("columns")) {
    set.columns.push_back({column.at("name"), column.at("type"), column.at("generated"),
                           column.at("identity_always")});
  }
  for (const auto& link : json.at("links")) set.links.push_back(link_of(link));
  set.rows = json.at("rows");
  set.checksum = json.at("checksum");
  return set;
}

Json json_of(const Routine& routine) {
  Json grants = Json::array();
  for (const auto& grant : routine.grants) {
    grants.push_back({grant.grantee, grant.grantor, grant.privilege, grant.grantable});
  }
  return {{"kind", routine.kind},
          {"signature", routine.signature},
          {"definition", routine.definition},
          {"owner", routine.owner},
          {"comment", routine.comment},
          {"grants", grants}};
}

Routine routine_of(const Json& json) {
  Routine routine{json.at("kind"),  json.at("signature"), json.at("definition"),
                  json.at("owner"), json.at("comment"),   {}};
  for (const auto& grant : json.at("grants")) {
    routine.grants.push_back({grant.at(0), grant.at(1), grant.at(2), grant.at(3)});
  }
  return routine;
}

Json json_of(const Attached& attached) {
  Json json{{"depth", attached.depth}};
  switch (attached.kind) {
    case AttachedKind::routine:
      json["routine"] = json_of(attached.routine);
      break;
    case AttachedKind::view:
      json["view"] = Json::parse(catalog::to_json(attached.relation));
      break;
    case AttachedKind::policy:
      json["policy"] = Json::parse(catalog::to_json(attached.relation));
      break;
  }
  return json;
}

Attached attached_of(const Json& json) {
  Attached attached;
  attached.depth = json.at("depth");
  if (json.contains("routine")) {
    attached.kind = AttachedKind::routine;
    attached.routine = routine_of(json.at("routine"));
  } else {
    attached.kind = json.contains("view") ? AttachedKind::view : AttachedKind::policy;
    attached.relation =
        catalog::from_json(json.at(json.contains("view") ? "view" : "policy").dump());
    if (attached.kind == AttachedKind::policy && attached.relation.policies.empty())
      throw Error{Code::backup, "the manifest of the backup has a policy without a definition"};
  }
  return attached;
}

}  // namespace

std::string Attached::name() const {
  switch (kind) {
    case AttachedKind::view:
      return fmt::format("{} {}", relation.kind_name(), relation.name.display());
    case AttachedKind::routine:
      return fmt::format("{} {}", routine.kind, routine.signature);
    case AttachedKind::policy:
      return fmt::format("policy {} of {}", quote_identifier(relation.policies.front().name),
                         relation.name.display());
  }
  return {};
}

std::string to_json(const Manifest& manifest) {
  Json rows = Json::array(), attached = Json::array();
  for (const auto& set : manifest.rows) rows.push_back(json_of(set));
  for (const auto& item : manifest.attached) attached.push_back(json_of(item));
  return Json{{"manifest", format_version},
              {"table", Json::parse(catalog::to_json(manifest.table))},
              {"numbers", manifest.numbers},
              {"referrers", manifest.referrers},
              {"rows", rows},
              {"attached", attached},
              {"unsupported", manifest.unsupported}}
      .dump();
}

Manifest manifest_from_json(std::string_view text) {
  if (json_is_deeper_than(text, deepest_json))
    throw Error{Code::backup, "the manifest of the backup is nested more than {} deep",
                deepest_json};
  try {
    const Json json = Json::parse(text);
    if (json.at("manifest") != format_version) {
      throw Error{Code::backup, "the manifest has format {}, but this engine reads format {}",
                  json.at("manifest").dump(), format_version}
          .hint("Use the engine version that took the backup.");
    }
    Manifest manifest;
    manifest.table = catalog::from_json(json.at("table").dump());
    manifest.numbers = json.at("numbers").get<std::map<std::string, int>>();
    manifest.referrers = json.at("referrers").get<std::map<std::string, std::uint32_t>>();
    for (const auto& set : json.at("rows")) manifest.rows.push_back(row_set_of(set));
    for (std::size_t set = 0; set < manifest.rows.size(); ++set)
      for (const Link& link : manifest.rows[set].links)
        if (link.parent >= set)
          throw Error{Code::backup,
                      "the manifest of the backup has rows that refer to no earlier rows"};
    for (const auto& item : json.at("attached")) manifest.attached.push_back(attached_of(item));
    manifest.unsupported = json.at("unsupported").get<std::vector<std::string>>();
    return manifest;
  } catch (const Json::exception& problem) {
    throw Error{Code::backup, "the manifest of the backup cannot be read: {}", problem.what()};
  }
}

}  // namespace engine::backup
