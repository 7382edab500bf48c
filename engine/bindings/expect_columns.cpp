#include "bindings/expect.h"
#include "bindings/expect_facts.h"
#include "verify/columns.h"
#include "verify/part_facts.h"

namespace engine::bindings {
namespace {

using script::Value;

/// { "name", "type", null = …, default = … }, or the name alone. With `facts`, those as well.
verify::ColumnSpec column_of(const Value& value, const Primitive& primitive,
                             verify::ExpectedFacts* facts = nullptr) {
  verify::ColumnSpec spec;
  if (value.is_text()) {
    spec.name = value.text;
    return spec;
  }
  script::Options options{value, primitive};
  const auto& items = options.items();
  const bool words =
      std::all_of(items.begin(), items.end(), [](const auto& item) { return item.is_text(); });
  if (value.kind != Value::Kind::table || items.empty() || items.size() > 2 || !words) {
    throw Error{Code::argument,
                "{}: a column is a name, or {{ \"name\", \"type\", null = …, default = … }}",
                primitive.name};
  }
  spec.name = items[0].text;
  spec.type = options.text("type");
  if (items.size() == 2) spec.type = items[1].text;
  spec.null = options.boolean("null");
  spec.default_expression = expression_option(options, "default", primitive);
  spec.generated = options.boolean("generated");
  spec.identity = options.boolean("identity");
  spec.comment = options.text("comment");
  if (facts != nullptr)
    *facts = read_facts(options, primitive, verify::part_rules(verify::Part::column));
  options.finish();
  check_column(spec);
  return spec;
}

int has_column(Call& call) {
  Value row = call.value(1, "the column");
  if (call.given(2)) {  // has_column("name", { type = … }) is has_column { "name", type = … }
    call.options(2, "the options");
    Value named = call.value(2, "the options");
    named.items.insert(named.items.begin(), row);
    row = std::move(named);
  }
  call.no_more_than(2);
  verify::ExpectedFacts facts;
  const auto spec = column_of(row, call.primitive(), &facts);
  const auto& subject = call.subject<RelationChain>().subject;
  return record<verify::Subject>(
      call, with_facts(has_column(subject, spec), subject, verify::Part::column, spec.name, facts));
}

int has_no_column(Call& call) {
  call.no_more_than(1);
  const auto& subject = call.subject<RelationChain>().subject;
  return record<verify::Subject>(call, verify::has_no_column(subject, call.text(1, "the column")));
}

int columns_are(Call& call) {
  call.no_more_than(1);
  call.options(1, "the columns");
  script::Options columns{call.value(1, "the columns"), call.primitive()};
  std::vector<verify::ColumnSpec> specs;
  for (const Value& item : columns.items()) specs.push_back(column_of(item, call.primitive()));
  columns.finish();
  return record<verify::Subject>(call, columns_are(call.subject<RelationChain>().subject, specs));
}

}  // namespace

void expect_columns(Registry& add) {
  using verify::Part;
  const std::string said =
      "type: string, null: boolean, default: any, generated: boolean, identity: boolean, comment: "
      "string";
  add_each(
      add, OF_READABLE("has_column"),
      {.name = "",
       .effect = Effect::reads,
       .parameters = {kept("column string|" + shape_with("[1]: string, " + said, Part::column)),
                      kept("options? " + shape_with(said, Part::column))},
       .returns = {"self"},
       .doc = "Checks that the column exists and has the given properties. A default is SQL "
              "(\"'esquisse'\", \"now()\"); null: "
              "it has none.",
       .example =
           "expect.table \"t\" :has_column(\"session_name\", { type = \"text\", null = false })",
       .body = has_column});
  add_each(add, OF_READABLE("has_no_column"),
           {.name = "",
            .effect = Effect::reads,
            .parameters = {"column string"},
            .returns = {"self"},
            .doc = "Checks that the column does not exist.",
            .example = "expect.table \"t\" :has_no_column \"legacy\"",
            .body = has_no_column});
  add_each(add, OF_READABLE("columns_are"),
           {.name = "",
            .effect = Effect::reads,
            .parameters = {"columns table names, or { \"name\", \"type\", null = …, default = … }"},
            .returns = {"self"},
            .doc = "Checks that the table has exactly these columns, in any order.",
            .example =
                "expect.table \"t\" :columns_are { \"id\", { \"name\", \"text\", null = false } }",
            .body = columns_are});
}

}  // namespace engine::bindings
