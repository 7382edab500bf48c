#include "preview/shadow/source.h"

#include <algorithm>

#include "base/names.h"

namespace engine::preview {

void FixtureSource::make(const cluster::ShadowServer& shadow, const std::string& database) {
  db::Connection::open(shadow.target("postgres"))
      .execute("CREATE DATABASE " + quote_identifier(shadow.name_of(database)) +
               " TEMPLATE template0");
  cluster::load_fixture(shadow.target(database), fixture_);
}

// Statistics may be old, so that both the limit and what they say must leave room.
bool TargetSource::is_whole(const std::string& table, std::int64_t rows_here) const {
  if (!bounds_.data || rows_here >= bounds_.rows) return false;
  const auto found = clone_.facts().find(table);
  if (found == clone_.facts().end()) return true;
  constexpr std::int64_t slack = 10;
  return found->second.rows <= rows_here + std::max(slack, rows_here / 10);
}

}  // namespace engine::preview
