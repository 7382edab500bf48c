#include "bindings/expect.h"
#include "bindings/expect_facts.h"
#include "verify/integrity.h"
#include "verify/relation_facts.h"
#include "verify/routine.h"

namespace engine::bindings {
namespace {

using verify::Noun;
using verify::RoutineSubject;
using verify::Subject;

const Subject& subject_of(Call& call) { return call.subject<RelationChain>().subject; }

int relation_is(Call& call) {
  call.no_more_than(1);
  const auto facts = read_facts(call, 1, verify::relation_rules(subject_of(call).noun()));
  return record<Subject>(call, verify::relation_is(connection_of(call), subject_of(call), facts));
}

int relation_is_not(Call& call) {
  call.no_more_than(1);
  const auto facts = read_facts(call, 1, verify::relation_rules(subject_of(call).noun()));
  return record<Subject>(call,
                         verify::relation_is_not(connection_of(call), subject_of(call), facts));
}

template <event::Outcome (*assertion)(db::Connection&, const Subject&, const QualifiedName&)>
int inherits(Call& call) {
  call.no_more_than(1);
  return record<Subject>(
      call, assertion(connection_of(call), subject_of(call), call.table_name(1, "the parent")));
}

int has_no_comment(Call& call) {
  call.no_more_than(0);
  return record<RoutineSubject>(
      call, verify::has_no_comment(call.subject<Chain<RoutineSubject>>().subject));
}

int has_rule(Call& call) {
  call.no_more_than(2);
  verify::RuleSpec spec{call.text(1, "the rule"), {}};
  if (call.given(2)) spec.facts = read_facts(call, 2, verify::rule_rules());
  return record<Subject>(call, verify::has_rule(connection_of(call), subject_of(call), spec));
}

int has_no_rule(Call& call) {
  call.no_more_than(1);
  return record<Subject>(
      call, verify::has_no_rule(connection_of(call), subject_of(call), call.text(1, "the rule")));
}

template <typename T>
int owned_by(Call& call) {
  call.no_more_than(1);
  return record<T>(call,
                   verify::owned_by(call.subject<Chain<T>>().subject, call.text(1, "the role")));
}

int has_comment(Call& call) {
  call.no_more_than(1);
  return record<RoutineSubject>(call,
                                verify::has_comment(call.subject<Chain<RoutineSubject>>().subject,
                                                    call.text(1, "the comment")));
}

int has_no_orphans(Call& call) {
  call.no_more_than(1);
  if (call.value(1, "the key").kind != script::Value::Kind::table) {
    const std::string key = call.text_or_nothing(1, "the key").value_or("");
    return record<Subject>(call,
                           verify::has_no_orphans(connection_of(call), subject_of(call), key));
  }
  auto options = call.options(1, "the reference");
  verify::Reference reference;
  reference.columns = options.texts("columns").value_or(std::vector<std::string>{});
  reference.table = QualifiedName::parse(options.text("references").value_or(""));
  reference.referenced = options.texts("to").value_or(std::vector<std::string>{});
  options.finish();
  return record<Subject>(call,
                         verify::has_no_orphans(connection_of(call), subject_of(call), reference));
}

int has_sequences_ahead(Call& call) {
  call.no_more_than(0);
  return record<Subject>(call, verify::has_sequences_ahead(connection_of(call), subject_of(call)));
}

int has_checksum(Call& call) {
  call.no_more_than(2);
  const std::string checksum = call.text(1, "the checksum");
  auto options = call.options(2, "the options");
  const auto columns = options.texts("columns").value_or(std::vector<std::string>{});
  options.finish();
  return record<Subject>(
      call, verify::has_checksum(connection_of(call), subject_of(call), checksum, columns));
}

}  // namespace

void expect_details(Registry& add) {
  const auto method = [&](std::initializer_list<const char*> names,
                          std::vector<const char*> parameters, const char* doc, const char* example,
                          script::Body body) {
    add_each(add, names, {"", Effect::reads, std::move(parameters), {"self"}, doc, example, body});
  };
  method(OF_READABLE("is"), {kept("facts " + shape_of(verify::relation_rules(Noun::table)))},
         "Checks the given properties; null means that it has none. `valid`: all its constraints "
         "and indexes are valid.",
         "expect.table \"t\" :is { persistence = \"permanent\", replica_identity = \"full\" }",
         relation_is);
  method({"expect.sequence:is"},
         {kept("facts " + shape_of(verify::relation_rules(Noun::sequence)))},
         "Checks the given properties; null means that it has none. Write owned_by as "
         "\"table.column\".",
         "expect.sequence \"invoice_number\" :is { start = 1000, cycle = false }", relation_is);
  method(OF_READABLE("is_not"), {kept("facts " + shape_of(verify::relation_rules(Noun::table)))},
         "Checks that it exists, and that at least one of the given properties differs.",
         "expect.table \"t\" :is_not { persistence = \"unlogged\" }", relation_is_not);
  method({"expect.sequence:is_not"},
         {kept("facts " + shape_of(verify::relation_rules(Noun::sequence)))},
         "Checks that it exists, and that at least one of the given properties differs.",
         "expect.sequence \"invoice_number\" :is_not { cycle = true }", relation_is_not);
  method(
      OF_TABLES("inherits_from"), {"parent string"},
      "Checks that the table is a child or partition of the other table, directly or indirectly.",
      "expect.table \"usage_2025\" :inherits_from \"usage\"", inherits<verify::inherits_from>);
  method(OF_TABLES("does_not_inherit_from"), {"parent string"},
         "Checks that the table is not a child or partition of the other table, directly or "
         "indirectly.",
         "expect.table \"t\" :does_not_inherit_from \"usage\"",
         inherits<verify::does_not_inherit_from>);
  method({"expect.routine:has_no_comment"}, {}, "Checks that it has no comment.",
         "expect.routine \"f()\" :has_no_comment()", has_no_comment);
  method(OF_ANY("owned_by"), {"role string"}, "Checks its owner.",
         "expect.table \"t\" :owned_by \"postgres\"", owned_by<Subject>);
  method({"expect.routine:owned_by"}, {"role string"}, "Checks its owner.",
         "expect.routine \"f()\" :owned_by \"postgres\"", owned_by<RoutineSubject>);
  method({"expect.routine:has_comment"}, {"comment string"}, "Checks its comment.",
         "expect.routine \"f()\" :has_comment \"What it is for\"", has_comment);
  method({"expect.table:has_rule", "expect.view:has_rule"},
         {"name string", kept("facts? " + shape_of(verify::rule_rules()))},
         "Checks that the rule exists and has the given properties.",
         "expect.table \"t\" :has_rule(\"keep\", { event = \"DELETE\", instead = true })",
         has_rule);
  method({"expect.table:has_no_rule", "expect.view:has_no_rule"}, {"name string"},
         "Checks that the rule does not exist.", "expect.table \"t\" :has_no_rule \"keep\"",
         has_no_rule);
  method(
      OF_TABLES("has_no_orphans"),
      {"key? string|{ columns: string|string[], references: string, to: string|string[] }"},
      "Checks that every row that the table's rows refer to exists: for one foreign key, for all "
      "foreign keys, or for given columns without a foreign key.",
      "expect.table \"t\" :has_no_orphans { columns = \"user_id\", references = \"auth.users\" }",
      has_no_orphans);
  method(OF_TABLES("has_sequences_ahead"), {},
         "Checks that the sequences of its columns will next return numbers that no row has.",
         "expect.table \"t\" :has_sequences_ahead()", has_sequences_ahead);
  method(OF_READABLE("has_checksum"), {"checksum string", "options? { columns: string[] }"},
         "Checks the checksum of its rows in any order. A failed check shows the actual checksum.",
         "expect.table \"countries\" :has_checksum \"0\"", has_checksum);
}

}  // namespace engine::bindings
