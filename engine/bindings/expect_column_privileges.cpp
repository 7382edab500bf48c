#include "bindings/expect.h"
#include "verify/column_privileges.h"
#include "verify/privileges.h"

namespace engine::bindings {
namespace {

using verify::ColumnPrivileges;
using verify::Subject;

using Assertion = verify::Outcome (*)(db::Connection&, const Subject&, const ColumnPrivileges&);

constexpr int privileges_after_columns = 3;

/// One check a role, so that each says who may not. `at`: where the privileges stand.
int each_role(Call& call, Assertion assertion, int at) {
  call.no_more_than(at);
  ColumnPrivileges wanted;
  const auto roles = call.texts(1, "the role");
  if (at == privileges_after_columns) wanted.columns = call.texts(2, "the columns");
  wanted.privileges =
      verify::parse_privileges(call.text_or_nothing(at, "the privileges").value_or(""));
  if (roles.empty()) throw Error{Code::argument, "{} needs a role", call.primitive().name};
  if (at == privileges_after_columns && wanted.columns.empty())
    throw Error{Code::argument, "{} needs a column", call.primitive().name};
  if (wanted.privileges.empty() && assertion == verify::has_column_privileges)
    throw Error{Code::argument, "{} needs privileges: \"SELECT, INSERT\"", call.primitive().name};
  int pushed = 0;
  for (const std::string& role : roles) {
    wanted.role = role;
    pushed = record<Subject>(
        call, assertion(connection_of(call), call.subject<RelationChain>().subject, wanted));
  }
  return pushed;
}

template <Assertion assertion>
int of_columns(Call& call) {
  return each_role(call, assertion, privileges_after_columns);
}

int of_any_column(Call& call) { return each_role(call, verify::any_column_privileges_are, 2); }

}  // namespace

void expect_column_privileges(Registry& add) {
  const auto method = [&](std::initializer_list<const char*> names,
                          std::vector<const char*> parameters, const char* doc, const char* example,
                          script::Body body) {
    add_each(add, names, {"", Effect::reads, std::move(parameters), {"self"}, doc, example, body});
  };
  method(OF_READABLE("has_column_privileges"),
         {"roles string|string[]", "columns string|string[]", "privileges string"},
         "Checks that the role may do all of this with each of the columns, by a grant on the "
         "column or on the whole.",
         "expect.table \"t\" :has_column_privileges(\"authenticated\", { \"id\", \"name\" }, "
         "\"SELECT\")",
         of_columns<verify::has_column_privileges>);
  method(OF_READABLE("has_no_column_privileges"),
         {"roles string|string[]", "columns string|string[]", "privileges? string"},
         "Checks that the role may do none of this with any of the columns; without privileges: "
         "nothing at all.",
         "expect.table \"t\" :has_no_column_privileges(\"anon\", \"email\")",
         of_columns<verify::has_no_column_privileges>);
  method(OF_READABLE("column_privileges_are"),
         {"roles string|string[]", "columns string|string[]", "privileges? string"},
         "Checks that the role may do exactly this with each of the columns, by a grant on the "
         "column or on the whole.",
         "expect.table \"t\" :column_privileges_are(\"anon\", \"name\", \"SELECT\")",
         of_columns<verify::column_privileges_are>);
  method(OF_READABLE("any_column_privileges_are"), {"roles string|string[]", "privileges? string"},
         "Checks that the role may do exactly this with some column, be it this or that.",
         "expect.table \"t\" :any_column_privileges_are(\"anon\", \"SELECT\")", of_any_column);
}

}  // namespace engine::bindings
