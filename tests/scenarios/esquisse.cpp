#include "scenarios/esquisse.h"

namespace test {
namespace {

const char* changes_of(Esquisse::Start start) {
  switch (start) {
    case Esquisse::Start::as_the_guide_finds_it:
      return "";
    case Esquisse::Start::with_few_sessions:
      return "DELETE FROM auth.users WHERE id NOT IN"
             " (SELECT md5('user ' || n)::uuid FROM generate_series(1, 100) n)";
    case Esquisse::Start::without_sessions:
      return "DROP TABLE esquisse_exports; DROP TABLE esquisse_sessions CASCADE";
  }
  return "";
}

}  // namespace

Esquisse::Esquisse(Start start, const std::string& server)
    : Example("esquisse_multisession", changes_of(start), server) {}

}  // namespace test
