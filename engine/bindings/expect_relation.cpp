#include "bindings/expect.h"
#include "verify/options.h"

namespace engine::bindings {
namespace {

using verify::Noun;

template <Noun noun>
int relation(Call& call) {
  call.no_more_than(1);
  auto subject = verify::Subject::read(connection_of(call), noun, call.table_name(1, "the name"));
  call.record(exists(subject));
  return call.push_subject(RelationChain{std::move(subject), {}});
}

template <Noun noun>
int no_relation(Call& call) {
  call.no_more_than(1);
  call.record(does_not_exist(
      verify::Subject::read(connection_of(call), noun, call.table_name(1, "the name"))));
  return 0;
}

int has_comment(Call& call) {
  call.no_more_than(1);
  const auto& subject = call.subject<RelationChain>().subject;
  return record<verify::Subject>(call, verify::has_comment(subject, call.text(1, "the comment")));
}

int has_no_comment(Call& call) {
  call.no_more_than(0);
  return record<verify::Subject>(call,
                                 verify::has_no_comment(call.subject<RelationChain>().subject));
}

void add_relation(Registry& add, const char* name, const char* example, script::Body body) {
  add({.name = name,
       .effect = Effect::reads,
       .parameters = {"name string"},
       .returns = {name},
       .doc = "Checks that it exists, and passes it to the checks that follow. The catalog is read "
              "once, now.",
       .example = example,
       .body = body});
}

void add_no_relation(Registry& add, const char* name, const char* example, script::Body body) {
  add({.name = name,
       .effect = Effect::reads,
       .parameters = {"name string"},
       .returns = {},
       .doc = "Checks that none of this name exists.",
       .example = example,
       .body = body});
}

}  // namespace

void expect_relation(Registry& add) {
  add_relation(add, "expect.table",
               "expect.table \"esquisse_sessions\" :has_primary_key { \"id\" }",
               relation<Noun::table>);
  add_relation(add, "expect.view", "expect.view \"esquisse_overview\" :has_column \"email\"",
               relation<Noun::view>);
  add_relation(add, "expect.matview", "expect.matview \"monthly_usage\" :is_populated()",
               relation<Noun::matview>);
  add_relation(add, "expect.sequence", "expect.sequence \"invoice_number\"",
               relation<Noun::sequence>);
  add_relation(add, "expect.relation",
               "expect.relation \"esquisse_sessions\" :owned_by \"postgres\"",
               relation<Noun::relation>);
  add_no_relation(add, "expect.no_relation", "expect.no_relation \"sessions\"",
                  no_relation<Noun::relation>);
  add_no_relation(add, "expect.no_table", "expect.no_table \"sessions\"", no_relation<Noun::table>);
  add_no_relation(add, "expect.no_view", "expect.no_view \"sessions\"", no_relation<Noun::view>);
  add_no_relation(add, "expect.no_matview", "expect.no_matview \"sessions\"",
                  no_relation<Noun::matview>);
  add_no_relation(add, "expect.no_sequence", "expect.no_sequence \"sessions\"",
                  no_relation<Noun::sequence>);
  add_named<verify::Subject>(add, OF_ANY("named"));
  add_each(add, OF_ANY("has_comment"),
           {.name = "",
            .effect = Effect::reads,
            .parameters = {"comment string"},
            .returns = {"self"},
            .doc = "Checks its comment.",
            .example = "expect.table \"esquisse_sessions\" :has_comment \"The esquisse "
                       "conversation of a user\"",
            .body = has_comment});
  add_each(add, OF_ANY("has_no_comment"),
           {.name = "",
            .effect = Effect::reads,
            .parameters = {},
            .returns = {"self"},
            .doc = "Checks that it has no comment.",
            .example = "expect.table \"t\" :has_no_comment()",
            .body = has_no_comment});
}

}  // namespace engine::bindings
