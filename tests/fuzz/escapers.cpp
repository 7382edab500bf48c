// Text of others in a terminal, a page, a name and a literal of SQL.
#include "base/error.h"
#include "base/names.h"
#include "base/text.h"
#include "base/utf8.h"
#include "fuzz/fuzz.h"
#include "report/html.h"
#include "report/layout.h"
#include "sql/statement.h"

namespace {

void check_terminal(const std::string& text) {
  const std::string shown = engine::text::printable(text);
  for (const char c : shown)
    fuzz::require(static_cast<unsigned char>(c) >= 0x20 && c != 0x7F, "no control character");
  fuzz::require(engine::utf8::valid(shown), "what is shown is UTF-8");
  for (const std::size_t columns : {1, 10, 40})
    fuzz::require(engine::text::width(engine::text::shortened(shown, columns)) <= columns,
                  "what is shortened fits");
}

void check_html(const std::string& text) {
  const std::string html = engine::report::html_text(text);
  for (const char c : html) fuzz::require(c != '<' && c != '>' && c != '"', "no markup");
}

void check_name(const std::string& text) {
  try {
    const auto statements =
        engine::sql::split("SELECT 1 AS " + engine::quote_identifier(text) + "; SELECT 2");
    fuzz::require(statements.size() == 2, "a name stays one name");
  } catch (const engine::Error&) {
  }
  try {
    const auto name = engine::QualifiedName::parse(text);
    fuzz::require(engine::QualifiedName::parse(name.quoted()) == name, "a quoted name is the same");
  } catch (const engine::Error&) {
  }
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text = fuzz::text_of(data, size);
  check_terminal(text);
  check_html(text);
  check_name(text);
  return 0;
}
