// The page that leads from pgTAP's functions to our checks.
#include "bindings/pgtap.h"

#include <algorithm>
#include <fstream>
#include <set>
#include <sstream>

#include "bindings/registry.h"
#include "support/catch.h"

using namespace engine::bindings;

namespace {

std::vector<std::string> words(const std::string& text) {
  std::vector<std::string> found;
  std::istringstream parts{text};
  for (std::string part; std::getline(parts, part, ',');)
    found.push_back(part.substr(part.find_first_not_of(' ')));
  return found;
}

}  // namespace

TEST_CASE("every check that the page on pgTAP names is there") {
  for (const PgtapFamily& family : pgtap_families()) {
    for (const PgtapRow& row : family.rows) {
      for (const std::string& ours : words(row.ours)) {
        INFO(ours);
        CHECK(std::any_of(primitives().begin(), primitives().end(),
                          [&](const Primitive& one) { return one.name == ours; }));
      }
    }
  }
}

TEST_CASE("every function of pgTAP stands on the page once") {
  std::set<std::string> seen;
  for (const PgtapFamily& family : pgtap_families()) {
    for (const PgtapRow& row : family.rows) {
      for (const std::string& theirs : words(row.theirs)) {
        INFO(theirs);
        CHECK(seen.insert(theirs).second);
      }
    }
  }
  CHECK(seen.size() == 228);  // public functions of pgTAP 1.3
}

TEST_CASE("the page on pgTAP is printed from the table") {
  std::ifstream file{SOURCE_FOLDER "/docs/reference/pgtap.gen.md"};
  std::stringstream text;
  text << file.rdbuf();
  CHECK(text.str() == pgtap_page());
}
