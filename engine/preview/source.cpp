#include "preview/source.h"

#include "base/names.h"

namespace engine::preview {

void FixtureSource::make(const cluster::ShadowServer& shadow, const std::string& database) {
  db::Connection::open(shadow.target("postgres"))
      .execute("CREATE DATABASE " + quote_identifier(shadow.name_of(database)) +
               " TEMPLATE template0");
  cluster::load_fixture(shadow.target(database), fixture_);
}

}  // namespace engine::preview
