#include "bindings/expect.h"
#include "bindings/expect_count.h"
#include "verify/rows.h"

namespace engine::bindings {
namespace {

using verify::Subject;

int has_rows(Call& call) {
  const auto wanted = read_count(call, Where::allowed);
  return record<Subject>(
      call, verify::has_rows(connection_of(call), call.subject<RelationChain>().subject,
                             wanted.count, wanted.where));
}

int has_no_rows(Call& call) {
  call.no_more_than(1);
  auto options = call.options(1, "the options");
  const auto where = options.text("where").value_or("");
  options.finish();
  return record<Subject>(
      call, verify::has_rows(connection_of(call), call.subject<RelationChain>().subject,
                             verify::Count::exactly(0), where));
}

int has_rows_of(Call& call) {
  call.no_more_than(2);
  const auto name = call.table_name(1, "the other table");
  auto options = call.options(2, "the options");
  const auto columns = options.texts("columns").value_or(std::vector<std::string>{});
  options.finish();
  const auto other = Subject::read(connection_of(call), verify::Noun::table, name);
  return record<Subject>(
      call, verify::has_rows_of(connection_of(call), call.subject<RelationChain>().subject, other,
                                columns));
}

}  // namespace

void expect_rows(Registry& add) {
  add_each(add, OF_READABLE("has_rows"),
           {.name = "",
            .effect = Effect::reads,
            .parameters = {"count integer|{ at_least: integer, at_most: integer, where: string }",
                           "options? { where: string }"},
            .returns = {"self"},
            .doc = "Checks how many rows the current role sees; `where` is an SQL condition.",
            .example = "expect.table \"t\" :has_rows { at_least = 1, where = \"completed\" }",
            .body = has_rows});
  add_each(add, OF_READABLE("has_no_rows"),
           {.name = "",
            .effect = Effect::reads,
            .parameters = {"options? { where: string }"},
            .returns = {"self"},
            .doc = "Checks that the table has no rows, or none that meet the condition.",
            .example = "expect.table \"t\" :has_no_rows { where = \"user_id IS NULL\" }",
            .body = has_no_rows});
  add_each(add, OF_READABLE("has_rows_of"),
           {.name = "",
            .effect = Effect::reads,
            .parameters = {"table string", "options? { columns: string[] }"},
            .returns = {"self"},
            .doc = "Checks that the table has the same rows as the other table in any order. "
                   "Compares the columns that the other table has, or the given ones.",
            .example = "expect.table \"backup\" :has_rows_of \"t\"",
            .body = has_rows_of});
}

}  // namespace engine::bindings
