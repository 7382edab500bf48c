#include "shadow/clone_backups.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "backup/manifest.h"
#include "backup/rows.h"
#include "base/names.h"
#include "catalog/array.h"
#include "journal/snapshots.h"

namespace engine::shadow {
namespace {

using json = nlohmann::json;

// Of relations by OID ($1) or by name ($2): their columns by number.
constexpr const char* relations_query = R"(
SELECT c.oid, pg_catalog.format('%I.%I', n.nspname, c.relname) AS name,
       COALESCE((SELECT pg_catalog.json_object_agg(a.attname, a.attnum) FROM pg_catalog.pg_attribute AS a
                  WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped), '{}')::text AS numbers
  FROM pg_catalog.pg_class AS c
  JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
 WHERE c.oid = ANY ($1::pg_catalog.oid[])
    OR c.oid = ANY (ARRAY(SELECT pg_catalog.to_regclass(w.name)::pg_catalog.oid FROM pg_catalog.unnest($2::text[]) AS w (name)))
)";

struct Known {
  std::uint32_t oid = 0;
  std::string name;
  std::map<std::string, int> numbers;
};

std::vector<Known> known_of(const db::Result& found) {
  std::vector<Known> all;
  for (std::size_t row = 0; row < found.size(); ++row) {
    all.push_back({static_cast<std::uint32_t>(found.integer(row, "oid")), found.text(row, "name"),
                   json::parse(found.text(row, "numbers")).get<std::map<std::string, int>>()});
  }
  return all;
}

/// From the target's OIDs and column numbers to the shadow's, by name.
class Translation {
 public:
  Translation(TargetReader& reader, db::Connection& shadow, const std::set<std::uint32_t>& oids) {
    std::vector<std::string> texts, names;
    for (const std::uint32_t oid : oids) texts.push_back(std::to_string(oid));
    for (const Known& one :
         known_of(reader.query(relations_query, {catalog::array_of(texts), "{}"}))) {
      names.push_back(one.name);
      there_[one.oid] = one;
    }
    for (const Known& one :
         known_of(shadow.query(relations_query, {"{}", catalog::array_of(names)})))
      here_[one.name] = one;
  }

  /// 0 where the target has it no more: no relation has that OID.
  std::uint32_t oid(std::uint32_t of_target) const {
    const Known* known = here(of_target);
    return known == nullptr ? 0 : known->oid;
  }

  /// A column that has been renamed since is found by its number.
  int number(std::uint32_t of_target, int number) const {
    const Known* known = here(of_target);
    const auto there = there_.find(of_target);
    if (known == nullptr || there == there_.end()) return number;
    for (const auto& [name, value] : there->second.numbers) {
      if (value != number) continue;
      const auto found = known->numbers.find(name);
      if (found != known->numbers.end()) return found->second;
    }
    return number;
  }

 private:
  const Known* here(std::uint32_t of_target) const {
    const auto there = there_.find(of_target);
    if (there == there_.end()) return nullptr;
    const auto found = here_.find(there->second.name);
    return found == here_.end() ? nullptr : &found->second;
  }

  std::map<std::uint32_t, Known> there_;
  std::map<std::string, Known> here_;
};

std::set<std::uint32_t> oids_of(const journal::SnapshotRow& row, const backup::Manifest& manifest) {
  std::set<std::uint32_t> oids{static_cast<std::uint32_t>(row.table_oid), manifest.table.oid};
  for (const backup::RowSet& set : manifest.rows) oids.insert({set.oid, set.copy_oid});
  for (const auto& [name, oid] : manifest.referrers) oids.insert(oid);
  return oids;
}

void recount(db::Connection& shadow, backup::Manifest& manifest) {
  for (std::size_t i = 0; i < manifest.rows.size(); ++i) {
    backup::RowSet& set = manifest.rows[i];
    if (set.copy_oid == 0) continue;
    const backup::Checksum now = backup::checksum(
        shadow, set.copy, set.columns, backup::belongs(manifest.rows, i, backup::Side::copy, "t"));
    set.rows = now.rows;
    set.checksum = now.sum;
  }
}

void translate(journal::SnapshotRow& row, backup::Manifest& manifest, const Translation& to) {
  const auto table = static_cast<std::uint32_t>(row.table_oid);
  for (auto& [column, number] : manifest.numbers) number = to.number(table, number);
  row.table_oid = to.oid(table);
  manifest.table.oid = to.oid(manifest.table.oid);
  for (backup::RowSet& set : manifest.rows) {
    set.oid = to.oid(set.oid);
    set.copy_oid = to.oid(set.copy_oid);
  }
  for (auto& [name, oid] : manifest.referrers) oid = to.oid(oid);
}

}  // namespace

void clone_backups(TargetReader& reader, RowClone& rows, db::Connection& shadow,
                   const std::string& journal) {
  std::set<std::string> copies;
  std::set<std::uint32_t> oids;
  std::vector<std::pair<journal::SnapshotRow, backup::Manifest>> present;
  for (journal::SnapshotRow& row : journal::Snapshots{shadow, journal}.all()) {
    if (row.status != "present") continue;
    backup::Manifest manifest = backup::manifest_from_json(row.manifest);
    oids.merge(oids_of(row, manifest));
    copies.insert(QualifiedName{row.copy_schema, row.copy_name}.quoted());
    for (const backup::RowSet& set : manifest.rows) copies.insert(set.copy.quoted());
    present.emplace_back(std::move(row), std::move(manifest));
  }
  if (present.empty()) return;
  rows.add(shadow, copies);
  const Translation translation{reader, shadow, oids};
  for (auto& [row, manifest] : present) {
    translate(row, manifest, translation);
    recount(shadow, manifest);
    const bool counted = !manifest.rows.empty() && manifest.rows.front().copy_oid != 0;
    shadow.query(fmt::format("UPDATE {}.snapshot SET table_oid = $1, manifest = $2, rows = $3, "
                             "checksum = $4 WHERE id = $5",
                             quote_identifier(journal)),
                 {std::to_string(row.table_oid), backup::to_json(manifest),
                  std::to_string(counted ? manifest.rows.front().rows : row.rows),
                  counted ? manifest.rows.front().checksum : row.checksum, std::to_string(row.id)});
  }
}

}  // namespace engine::shadow
