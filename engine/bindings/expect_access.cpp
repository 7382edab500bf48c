#include "bindings/expect.h"
#include "bindings/settings.h"
#include "verify/access.h"
#include "verify/query.h"

namespace engine::bindings {
namespace {

using verify::ObjectSubject;
using verify::Query;
using verify::Subject;

/// Role and settings are the arguments after the subject, which lies below them on the stack.
verify::Trial read_trial(Call& call, int role) {
  call.no_more_than(role + 1);
  call.options(role + 1, "the settings");
  verify::Trial trial;
  trial.command = call.subject<Chain<Query>>().subject.command();
  trial.role = call.text(role, "the role");
  if (call.given(role + 1)) trial.settings = read_settings(call, role + 2);
  return trial;
}

template <event::Outcome (*assertion)(db::Connection&, const verify::Trial&)>
int tried(Call& call) {
  const auto trial = read_trial(call, 1);
  return record<Query>(call, assertion(connection_of(call), trial));
}

int rows_visible_as(Call& call) {
  const auto trial = read_trial(call, 2);
  const auto count = verify::Count::exactly(call.integer(1, "the count"));
  return record<Query>(call, verify::sees_rows(connection_of(call), trial, count));
}

int access_is(Call& call) {
  call.no_more_than(1);
  call.options(1, "the access");
  verify::AccessMatrix matrix;
  for (const auto& [role, value] : call.value(1, "the access").fields) {
    if (!value.is_text())
      throw Error{Code::argument, "{}: the privileges of {} must be a string",
                  call.primitive().name, role}
          .hint("Write { anon = \"\", authenticated = \"SELECT, INSERT\" }.");
    matrix.emplace_back(role, verify::parse_privileges(value.text));
  }
  if (matrix.empty()) throw Error{Code::argument, "{} says nothing", call.primitive().name};
  return record<Subject>(
      call, verify::access_is(connection_of(call), call.subject<RelationChain>().subject, matrix));
}

verify::DefaultPrivileges read_default_privileges(Call& call) {
  verify::DefaultPrivileges read;
  read.kind = call.text(1, "the kind of objects");
  read.role = call.text(2, "the role");
  const int options_at = call.given(3) && call.value(3, "").is_text() ? 4 : 3;
  if (options_at == 4) read.privileges = verify::parse_privileges(call.text(3, "the privileges"));
  auto options = call.options(options_at, "the options");
  read.maker = options.text("made_by").value_or("");
  options.finish();
  call.no_more_than(4);
  return read;
}

template <event::Outcome (*assertion)(db::Connection&, const ObjectSubject&,
                                      const verify::DefaultPrivileges&)>
int default_privileges(Call& call) {
  const auto read = read_default_privileges(call);
  return record<ObjectSubject>(
      call, assertion(connection_of(call), call.subject<Chain<ObjectSubject>>().subject, read));
}

}  // namespace

void expect_access(Registry& add) {
  const auto method = [&](std::initializer_list<const char*> names,
                          std::vector<const char*> parameters, const char* doc, const char* example,
                          script::Body body) {
    add_each(add, names, {"", Effect::reads, std::move(parameters), {"self"}, doc, example, body});
  };
  constexpr const char* settings = "settings? table<string, any> strings; a table becomes JSON";
  method({"expect.query:can_as"}, {"role string", settings},
         "Checks that the role may run the query. Its changes are rolled back.",
         "expect.query \"SELECT * FROM t\" :can_as(\"authenticated\", { [\"request.jwt.claims\"] = "
         "{ sub = \"7\" } })",
         tried<verify::can>);
  method({"expect.query:cannot_as"}, {"role string", settings},
         "Checks that the server refuses the query to the role: the role lacks a privilege, or row "
         "security forbids it (42501).",
         "expect.query \"DELETE FROM t\" :cannot_as \"anon\"", tried<verify::cannot>);
  method({"expect.query:rows_visible_as"}, {"count integer", "role string", settings},
         "Checks how many rows the query returns to the role.",
         "expect.query \"SELECT * FROM t\" :rows_visible_as(0, \"anon\")", rows_visible_as);
  method(OF_RELATIONS("access_is"), {"access table<string, string> by role; \"\" is nothing"},
         "Checks that each role has exactly these privileges, by whatever grant.",
         "expect.table \"t\" :access_is { anon = \"\", authenticated = \"SELECT, INSERT\" }",
         access_is);
  method({"expect.schema:has_default_privileges"},
         {"kind string tables, sequences, functions or types", "role string", "privileges string",
          "options? { made_by: string }"},
         "Checks the default privileges: what the role will be granted on objects that are created "
         "there later.",
         "expect.schema \"public\" :has_default_privileges(\"tables\", \"anon\", \"SELECT\")",
         default_privileges<verify::has_default_privileges>);
  method({"expect.schema:has_no_default_privileges"},
         {"kind string", "role string", "options? { made_by: string }"},
         "Checks that the default privileges grant the role nothing on objects that are created "
         "there later.",
         "expect.schema \"public\" :has_no_default_privileges(\"tables\", \"anon\")",
         default_privileges<verify::has_no_default_privileges>);
}

}  // namespace engine::bindings
