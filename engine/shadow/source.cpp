#include "shadow/source.h"

#include <algorithm>

#include "base/names.h"

namespace engine::shadow {

void FixtureSource::make(const cluster::ShadowServer& shadow, const std::string& database) {
  db::Connection::open(shadow.target("postgres"))
      .execute("CREATE DATABASE " + quote_identifier(shadow.name_of(database)) +
               " TEMPLATE template0");
  cluster::load_fixture(shadow.target(database), fixture_);
}

// What was not asked for rows of its own is a materialized view, or nothing that the plan touches:
// statistics, which may be old, have to do.
RowCoverage TargetSource::came(const std::string& table, std::int64_t rows_here) const {
  const RowCoverage known = clone_.came(table);
  if (known != RowCoverage::not_asked) return known;
  const Facts& facts = clone_.facts();
  const auto found = facts.find(table);
  if (found == facts.end() || found->second.bytes == 0) return RowCoverage::whole;
  constexpr std::int64_t slack = 10;
  const std::int64_t there = found->second.rows;
  const bool all =
      rows_here > 0 && there >= 0 && there <= rows_here + std::max(slack, rows_here / 10);
  return all ? RowCoverage::whole : RowCoverage::cut_by_number;
}

}  // namespace engine::shadow
