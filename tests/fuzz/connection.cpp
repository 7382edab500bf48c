// Connection strings: what is told of one never holds its password, and neither does an error.
#include "base/error.h"
#include "base/redactor.h"
#include "db/target.h"
#include "fuzz/fuzz.h"

namespace {

void parse(const std::string& text) {
  try {
    const auto target = engine::db::Target::parse(text);
    target.describe();
  } catch (const engine::Error&) {
  }
}

constexpr const char* password = "corr3ct-h0rse";

void check_password(const std::string& conninfo) {
  try {
    const auto target = engine::db::Target::parse(conninfo);
    fuzz::require(target.describe().find(password) == std::string::npos,
                  "a description holds no password");
  } catch (const engine::Error& error) {
    for (const std::string& words : {error.message(), error.hint(), error.detail()})
      fuzz::require(words.find(password) == std::string::npos, "an error holds no password");
  }
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text = fuzz::text_of(data, size);
  parse(text);
  // What stands there as another word too, a host or a user, is shown.
  if (text.find(password) != std::string::npos) return 0;
  check_password("password=" + std::string{password} + " " + text);
  check_password("postgresql://user:" + std::string{password} + "@" + text);
  static const bool known = (engine::redactor::add_secret("s3cret'%value"), true);
  fuzz::require(
      known && engine::redactor::redact(text + "s3cret'%value" + text).find("s3cret'%value") ==
                   std::string::npos,
      "no secret is left");
  return 0;
}
