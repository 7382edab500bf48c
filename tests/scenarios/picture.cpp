#include "scenarios/picture.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <regex>

#include "catalog/catalog.h"
#include "catalog/fingerprint.h"
#include "db/connection.h"

using namespace engine;

namespace test {
namespace {

// What belongs to no relation.
constexpr const char* others = R"(
  SELECT 'function ' || p.oid::regprocedure || ': ' || md5(pg_get_functiondef(p.oid)) || ' of '
         || p.proowner::regrole || ' for ' || coalesce(p.proacl::text, 'default') AS line
  FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
  WHERE p.prokind IN ('f', 'p') AND n.nspname !~ '^(pg_|information_schema$|engine(_|$))'
  UNION ALL
  SELECT 'schema ' || nspname || ' of ' || nspowner::regrole || ' for '
         || coalesce(nspacl::text, 'default')
  FROM pg_namespace WHERE nspname !~ '^(pg_|information_schema$|engine(_|$))'
  UNION ALL
  SELECT 'default privileges of ' || defaclrole::regrole || ' in ' || defaclnamespace::regnamespace
         || ' on ' || defaclobjtype::text || ': ' || defaclacl::text
  FROM pg_default_acl)";

const std::regex run_id{"20\\d{6}-\\d{6}-[0-9a-f]{4}"};  // a backup's comment names its run

std::string rows_of(db::Connection& connection, const catalog::Relation& relation,
                    const std::string& masked) {
  const std::string line = masked.empty() ? "r::text" : "regexp_replace(r::text, $1, '?', 'g')";
  const auto result = connection.execute(
      fmt::format(
          "SELECT count(*) AS n, coalesce(md5(string_agg(line, '|' ORDER BY line)), '-') AS sum"
          " FROM (SELECT {} AS line FROM {} r) l",
          line, relation.name.quoted()),
      masked.empty() ? db::Params{} : db::Params{masked});
  return fmt::format("rows of {}: {} {}", relation.name.display(), result.text(0, "n"),
                     result.text(0, "sum"));
}

}  // namespace

Picture picture(const db::Target& target, const std::string& masked) {
  db::Connection connection = db::Connection::open(target);
  Picture lines;
  for (const catalog::Relation& relation : catalog::describe_schemas(connection)) {
    for (const std::string& line : catalog::fingerprint(relation).lines) {
      lines.push_back(relation.name.display() + ": " + std::regex_replace(line, run_id, "RUN"));
    }
    if (relation.kind != 'S') lines.push_back(rows_of(connection, relation, masked));
  }
  const auto rest = connection.execute(others);
  for (std::size_t i = 0; i < rest.size(); ++i) lines.push_back(rest.text(i, "line"));
  std::sort(lines.begin(), lines.end());
  return lines;
}

std::vector<std::string> changes(const Picture& before, const Picture& after) {
  std::vector<std::string> lost, added, sentences;
  std::set_difference(before.begin(), before.end(), after.begin(), after.end(),
                      std::back_inserter(lost));
  std::set_difference(after.begin(), after.end(), before.begin(), before.end(),
                      std::back_inserter(added));
  for (const std::string& line : lost) sentences.push_back("lost: " + line);
  for (const std::string& line : added) sentences.push_back("new: " + line);
  return sentences;
}

}  // namespace test
