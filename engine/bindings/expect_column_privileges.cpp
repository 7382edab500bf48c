#include "bindings/expect.h"
#include "verify/column_privileges.h"
#include "verify/privileges.h"

namespace engine::bindings {
namespace {

using verify::ColumnPrivileges;
using verify::Subject;

using Assertion = event::Outcome (*)(db::Connection&, const Subject&, const ColumnPrivileges&);

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
         "Checks that the role has all these privileges on each of the columns, by a grant on the "
         "column or on the table.",
         "expect.table \"t\" :has_column_privileges(\"authenticated\", { \"id\", \"name\" }, "
         "\"SELECT\")",
         of_columns<verify::has_column_privileges>);
  method(OF_READABLE("has_no_column_privileges"),
         {"roles string|string[]", "columns string|string[]", "privileges? string"},
         "Checks that the role has none of these privileges on any of the columns. Without "
         "privileges: that it has no privilege on them.",
         "expect.table \"t\" :has_no_column_privileges(\"anon\", \"email\")",
         of_columns<verify::has_no_column_privileges>);
  method(OF_READABLE("column_privileges_are"),
         {"roles string|string[]", "columns string|string[]", "privileges? string"},
         "Checks that the role has exactly these privileges on each of the columns, by a grant on "
         "the column or on the table.",
         "expect.table \"t\" :column_privileges_are(\"anon\", \"name\", \"SELECT\")",
         of_columns<verify::column_privileges_are>);
  method(OF_READABLE("any_column_privileges_are"), {"roles string|string[]", "privileges? string"},
         "Checks that the role has exactly these privileges on at least one column.",
         "expect.table \"t\" :any_column_privileges_are(\"anon\", \"SELECT\")", of_any_column);
}

}  // namespace engine::bindings
