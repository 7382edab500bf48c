#include "bindings/expect.h"
#include "verify/row_security.h"

namespace engine::bindings {
namespace {

using verify::Subject;

const Subject& subject_of(Call& call) { return call.subject<RelationChain>().subject; }

int has_row_security(Call& call) {
  call.no_more_than(1);
  auto options = call.options(1, "the options");
  const auto forced = options.boolean("forced");
  options.finish();
  return record<Subject>(call, verify::has_row_security(subject_of(call), forced));
}

int has_no_row_security(Call& call) {
  call.no_more_than(0);
  return record<Subject>(call, verify::has_no_row_security(subject_of(call)));
}

verify::PolicySpec policy_of(std::string name, script::Options options,
                             const Primitive& primitive) {
  verify::PolicySpec spec;
  spec.name = std::move(name);
  spec.command = upper(options.text("command").value_or(""));
  spec.roles = options.texts("roles").value_or(std::vector<std::string>{});
  spec.using_expression = expression_option(options, "using", primitive);
  spec.check_expression = expression_option(options, "check", primitive);
  spec.permissive = options.boolean("permissive");
  options.finish();
  return spec;
}

int has_policy(Call& call) {
  call.no_more_than(2);
  const auto spec =
      policy_of(call.text(1, "the name"), call.options(2, "the options"), call.primitive());
  return record<Subject>(call, verify::has_policy(subject_of(call), spec));
}

int has_no_policy(Call& call) {
  call.no_more_than(1);
  return record<Subject>(call, verify::has_no_policy(subject_of(call), call.text(1, "the name")));
}

int policies_are(Call& call) {
  call.no_more_than(1);
  return record<Subject>(call, verify::policies_are(subject_of(call), call.texts(1, "the names")));
}

struct Policy {
  Subject table;
  std::string name;
};

int policy(Call& call) {
  call.no_more_than(2);
  Policy policy{
      Subject::read(connection_of(call), verify::Noun::table, call.table_name(1, "the table")),
      call.text(2, "the policy")};
  verify::PolicySpec spec;
  spec.name = policy.name;
  call.record(verify::has_policy(policy.table, spec));
  return call.push_subject(Chain<Policy>{std::move(policy), {}});
}

int policy_is(Call& call) {
  call.no_more_than(1);
  const auto& policy = call.subject<Chain<Policy>>().subject;
  const auto spec = policy_of(policy.name, call.options(1, "the policy"), call.primitive());
  return record<Policy>(call, verify::has_policy(policy.table, spec));
}

}  // namespace

void expect_row_security(Registry& add) {
  const auto method = [&](std::initializer_list<const char*> names,
                          std::vector<const char*> parameters, const char* doc, const char* example,
                          script::Body body) {
    add_each(add, names, {"", Effect::reads, std::move(parameters), {"self"}, doc, example, body});
  };
  constexpr const char* policy_options =
      "options? { command: string, roles: string|string[], using: any, check: any, permissive: "
      "boolean }";
  method(OF_TABLES("has_row_security"), {"options? { forced: boolean }"},
         "Checks that row security is enabled; forced: also for the table's owner.",
         "expect.table \"t\" :has_row_security()", has_row_security);
  method(OF_TABLES("has_no_row_security"), {}, "Checks that row security is not enabled.",
         "expect.table \"t\" :has_no_row_security()", has_no_row_security);
  method(
      OF_TABLES("has_policy"), {"name string", policy_options},
      "Checks that the policy exists and has the given properties; null means that it has no such "
      "expression.",
      "expect.table \"t\" :has_policy(\"own rows\", { command = \"SELECT\", using = \"auth.uid() = "
      "user_id\" })",
      has_policy);
  method(OF_TABLES("has_no_policy"), {"name string"}, "Checks that the policy does not exist.",
         "expect.table \"t\" :has_no_policy \"everybody\"", has_no_policy);
  method(OF_TABLES("policies_are"), {"names string[]"},
         "Checks that the table has exactly these policies: a permissive policy left over widens "
         "access.",
         "expect.table \"t\" :policies_are { \"own rows\" }", policies_are);
  add({.name = "expect.policy",
       .effect = Effect::reads,
       .parameters = {"table string", "policy string"},
       .returns = {"expect.policy"},
       .doc = "Checks that the table has the policy.",
       .example = "expect.policy(\"t\", \"own rows\"):is { command = \"SELECT\" }",
       .body = policy});
  method(
      {"expect.policy:is"}, {policy_options}, "Checks the policy's given properties.",
      "expect.policy(\"t\", \"own rows\"):is { roles = { \"authenticated\" }, permissive = true }",
      policy_is);
  add_named<Policy>(add, {"expect.policy:named"});
}

}  // namespace engine::bindings
