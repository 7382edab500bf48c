#include "bindings/expect.h"
#include "bindings/expect_facts.h"
#include "verify/indexes.h"

namespace engine::bindings {
namespace {

using verify::Subject;

const Subject& subject_of(Call& call) { return call.subject<RelationChain>().subject; }

void read(script::Options& options, const Primitive& primitive, verify::IndexSpec& spec) {
  spec.unique = options.boolean("unique");
  spec.valid = options.boolean("valid").value_or(true);
  spec.where = expression_option(options, "where", primitive);
  spec.method = options.text("method").value_or("");
}

int has_index(Call& call) {
  call.no_more_than(2);
  verify::IndexSpec spec;
  spec.name = call.text(1, "the name");
  auto options = call.options(2, "the options");
  spec.columns = options.texts("columns").value_or(std::vector<std::string>{});
  read(options, call.primitive(), spec);
  const auto facts = read_facts(options, call.primitive(), verify::part_rules(verify::Part::index));
  options.finish();
  return record<Subject>(call, with_facts(verify::has_index(subject_of(call), spec),
                                          subject_of(call), verify::Part::index, spec.name, facts));
}

template <event::Outcome (*assertion)(const Subject&, const verify::IndexSpec&)>
int index_on(Call& call) {
  call.no_more_than(2);
  verify::IndexSpec spec;
  spec.columns = call.texts(1, "the columns");
  auto options = call.options(2, "the options");
  read(options, call.primitive(), spec);
  options.finish();
  if (spec.columns.empty()) throw Error{Code::argument, "{} needs a column", call.primitive().name};
  return record<Subject>(call, assertion(subject_of(call), spec));
}

int has_no_index(Call& call) {
  call.no_more_than(1);
  return record<Subject>(call, verify::has_no_index(subject_of(call), call.text(1, "the name")));
}

int indexes_are(Call& call) {
  call.no_more_than(1);
  return record<Subject>(call, verify::indexes_are(subject_of(call), call.texts(1, "the names")));
}

}  // namespace

void expect_indexes(Registry& add) {
  add_each(
      add, OF_STORED("has_index"),
      {.name = "",
       .effect = Effect::reads,
       .parameters = {"name string",
                      kept("options? " + shape_with("columns: string|string[], unique: boolean, "
                                                    "valid: boolean, where: any, method: string",
                                                    verify::Part::index))},
       .returns = {"self"},
       .doc = "Checks that the index exists, is valid and has the given properties. Columns are "
              "written as in CREATE INDEX, \"created_at DESC\"; where = null: it has no "
              "condition.",
       .example = "expect.table \"t\" :has_index(\"t_name_idx\", { columns = { \"name\" }, "
                  "where = \"name IS NOT NULL\" })",
       .body = has_index});
  constexpr const char* shape =
      "options? { unique: boolean, valid: boolean, where: any, method: string }";
  add_each(add, OF_STORED("has_index_on"),
           {.name = "",
            .effect = Effect::reads,
            .parameters = {"columns string|string[]", shape},
            .returns = {"self"},
            .doc = "Checks that a valid index on exactly these columns exists, of any name.",
            .example = "expect.table \"t\" :has_index_on { \"user_id\", \"created_at DESC\" }",
            .body = index_on<verify::has_index_on>});
  add_each(add, OF_STORED("has_no_index_on"),
           {.name = "",
            .effect = Effect::reads,
            .parameters = {"columns string|string[]", shape},
            .returns = {"self"},
            .doc = "Checks that no valid index is on exactly these columns.",
            .example = "expect.table \"t\" :has_no_index_on \"name\"",
            .body = index_on<verify::has_no_index_on>});
  add_each(add, OF_STORED("has_no_index"),
           {.name = "",
            .effect = Effect::reads,
            .parameters = {"name string"},
            .returns = {"self"},
            .doc = "Checks that the index does not exist.",
            .example = "expect.table \"t\" :has_no_index \"t_old_idx\"",
            .body = has_no_index});
  add_each(add, OF_STORED("indexes_are"),
           {.name = "",
            .effect = Effect::reads,
            .parameters = {"names string[]"},
            .returns = {"self"},
            .doc = "Checks that the table has exactly these indexes, including those of keys and "
                   "constraints.",
            .example = "expect.table \"t\" :indexes_are { \"t_pkey\", \"t_name_idx\" }",
            .body = indexes_are});
}

}  // namespace engine::bindings
