// SQL taken apart: statements lie in the text in their order and do not overlap; nothing throws.
#include "fuzz/fuzz.h"
#include "sql/expression.h"
#include "sql/foreign_keys.h"
#include "sql/named_relations.h"
#include "sql/roles.h"
#include "sql/row_copies.h"
#include "sql/statement.h"

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text = fuzz::text_of(data, size);
  std::size_t at = 0;
  for (const engine::sql::Statement& statement : engine::sql::split(text)) {
    fuzz::require(statement.offset >= at, "statements follow one another");
    fuzz::require(text.compare(statement.offset, statement.text.size(), statement.text) == 0,
                  "a statement is a part of the text");
    fuzz::require(!statement.text.empty(), "a statement has text");
    fuzz::require(statement.problem_at <= text.size(), "a problem lies in the text");
    at = statement.offset + statement.text.size();
    engine::sql::roles_named(statement.text);
    engine::sql::named_relations(statement.text);
    engine::sql::row_copies(statement.text);
    engine::sql::renamed_tables(statement.text);
    engine::sql::added_foreign_keys(statement.text);
  }
  const std::string other = text.substr(0, text.size() / 2);
  engine::sql::same_expression(text, other);
  engine::sql::same_type(text, other);
  engine::sql::same_query(text, text + " ");
  return 0;
}
