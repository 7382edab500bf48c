#include "bindings/expect.h"
#include "verify/object_kinds.h"
#include "verify/privileges.h"

namespace engine::bindings {
namespace {

using Assertion = event::Outcome (*)(db::Connection&, const verify::Securable&, const std::string&,
                                     const std::vector<std::string>&);

/// One check a role, so that each says who may not.
template <typename T, Assertion assertion>
int privileges(Call& call) {
  call.no_more_than(2);
  const auto roles = call.texts(1, "the role");
  const auto wanted =
      verify::parse_privileges(call.text_or_nothing(2, "the privileges").value_or(""));
  const bool may_be_none = assertion != verify::has_privileges;
  if (wanted.empty() && !may_be_none) {
    throw Error{Code::argument, "{} needs privileges: \"SELECT, INSERT\"", call.primitive().name};
  }
  if (roles.empty()) throw Error{Code::argument, "{} needs a role", call.primitive().name};
  int pushed = 0;
  for (const auto& role : roles) {
    pushed = record<T>(
        call, assertion(connection_of(call), call.subject<Chain<T>>().subject, role, wanted));
  }
  return pushed;
}

template <typename T>
void add_methods(Registry& add, std::initializer_list<const char*> has,
                 std::initializer_list<const char*> has_no,
                 std::initializer_list<const char*> are) {
  add_each(
      add, has,
      {.name = "",
       .effect = Effect::reads,
       .parameters = {"roles string|string[]", "privileges string"},
       .returns = {"self"},
       .doc = "Checks that the role has all these privileges, by whatever grant. \"ALL\" means "
              "every privilege.",
       .example = "expect.table \"t\" :has_privileges({ \"authenticated\", \"service_role\" }, "
                  "\"SELECT, INSERT\")",
       .body = privileges<T, verify::has_privileges>});
  add_each(add, has_no,
           {.name = "",
            .effect = Effect::reads,
            .parameters = {"roles string|string[]", "privileges? string"},
            .returns = {"self"},
            .doc = "Checks that the role has none of these privileges, not even on one column. "
                   "Without privileges: that it has no privilege.",
            .example = "expect.table \"t\" :has_no_privileges \"anon\"",
            .body = privileges<T, verify::has_no_privileges>});
  add_each(add, are,
           {.name = "",
            .effect = Effect::reads,
            .parameters = {"roles string|string[]", "privileges? string"},
            .returns = {"self"},
            .doc = "Checks that the role has exactly these privileges.",
            .example = "expect.table \"t\" :privileges_are(\"authenticated\", \"SELECT\")",
            .body = privileges<T, verify::privileges_are>});
}

}  // namespace

void expect_privileges(Registry& add) {
  add_methods<verify::Subject>(add, OF_RELATIONS("has_privileges"),
                               OF_RELATIONS("has_no_privileges"), OF_RELATIONS("privileges_are"));
  add_methods<verify::RoutineSubject>(add, {"expect.routine:has_privileges"},
                                      {"expect.routine:has_no_privileges"},
                                      {"expect.routine:privileges_are"});
  for (const auto& family : verify::families()) {
    if (family.securable[0] == '\0') continue;
    const auto method = [&](const char* name) {
      return kept(fmt::format("expect.{}:{}", family.word, name));
    };
    add_methods<verify::ObjectSubject>(add, {method("has_privileges")},
                                       {method("has_no_privileges")}, {method("privileges_are")});
  }
}

}  // namespace engine::bindings
