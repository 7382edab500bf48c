#include "bindings/expect.h"
#include "bindings/expect_facts.h"
#include "verify/constraints.h"

namespace engine::bindings {
namespace {

using verify::Subject;

const Subject& subject_of(Call& call) { return call.subject<RelationChain>().subject; }

std::vector<std::string> columns_or_none(Call& call) {
  return call.given(1) ? call.texts(1, "the columns") : std::vector<std::string>{};
}

int has_primary_key(Call& call) {
  call.no_more_than(1);
  return record<Subject>(call, verify::has_primary_key(subject_of(call), columns_or_none(call)));
}

int has_unique(Call& call) {
  call.no_more_than(1);
  return record<Subject>(call, verify::has_unique(subject_of(call), columns_or_none(call)));
}

int has_no_unique(Call& call) {
  call.no_more_than(1);
  return record<Subject>(call, verify::has_no_unique(subject_of(call), columns_or_none(call)));
}

/// "auth.users", or "auth.users(id)"
void read_reference(verify::ForeignKeySpec& spec, const std::string& written) {
  const auto open = written.find('(');
  spec.references =
      QualifiedName::parse(written.substr(0, written.find_last_not_of(' ', open - 1) + 1));
  if (open == std::string::npos) return;
  std::string columns = written.substr(open + 1, written.find(')', open) - open - 1);
  for (std::size_t from = 0; from <= columns.size();) {
    const auto comma = std::min(columns.find(',', from), columns.size());
    spec.referenced_columns.push_back(
        QualifiedName::parse(columns.substr(from, comma - from)).name);
    from = std::min(columns.find_first_not_of(' ', comma + 1), columns.size() + 1);
  }
}

verify::ForeignKeySpec foreign_key_of(Call& call) {
  auto options = call.options(1, "the foreign key");
  verify::ForeignKeySpec spec;
  spec.columns = options.texts("columns").value_or(std::vector<std::string>{});
  const auto references = options.text("references");
  spec.on_delete = upper(options.text("on_delete").value_or(""));
  spec.on_update = upper(options.text("on_update").value_or(""));
  spec.valid = options.boolean("valid");
  options.finish();
  if (!references && spec.columns.empty()) {
    throw Error{Code::argument, "{} needs columns, or references = \"the other table\"",
                call.primitive().name};
  }
  if (references) read_reference(spec, *references);
  return spec;
}

int has_foreign_key(Call& call) {
  call.no_more_than(1);
  const auto spec = call.given(1) ? foreign_key_of(call) : verify::ForeignKeySpec{};
  return record<Subject>(call, verify::has_foreign_key(subject_of(call), spec));
}

int has_no_primary_key(Call& call) {
  call.no_more_than(1);
  return record<Subject>(call, verify::has_no_primary_key(subject_of(call), columns_or_none(call)));
}

int has_no_foreign_key(Call& call) {
  call.no_more_than(1);
  verify::ForeignKeySpec spec;
  if (call.given(1) && call.value(1, "the key").kind == script::Value::Kind::table) {
    spec = foreign_key_of(call);
  } else if (call.given(1)) {
    read_reference(spec, call.text(1, "the other table"));
  }
  return record<Subject>(call, verify::has_no_foreign_key(subject_of(call), spec));
}

template <event::Outcome (*assertion)(const Subject&, const verify::CheckSpec&)>
int check(Call& call) {
  call.no_more_than(1);
  verify::CheckSpec spec;
  if (call.given(1) && call.value(1, "the check").kind == script::Value::Kind::table) {
    auto options = call.options(1, "the check");
    spec.columns = options.texts("columns").value_or(std::vector<std::string>{});
    options.finish();
  } else {
    spec.condition = call.text_or_nothing(1, "the condition").value_or("");
  }
  return record<Subject>(call, assertion(subject_of(call), spec));
}

int has_constraint(Call& call) {
  call.no_more_than(2);
  verify::ConstraintSpec spec;
  spec.name = call.text(1, "the name");
  auto options = call.options(2, "the options");
  spec.valid = options.boolean("valid");
  spec.deferrable = options.boolean("deferrable");
  spec.definition = options.text("definition").value_or("");
  const auto facts =
      read_facts(options, call.primitive(), verify::part_rules(verify::Part::constraint));
  options.finish();
  return record<Subject>(
      call, with_facts(verify::has_constraint(subject_of(call), spec), subject_of(call),
                       verify::Part::constraint, spec.name, facts));
}

int has_no_constraint(Call& call) {
  call.no_more_than(1);
  return record<Subject>(call,
                         verify::has_no_constraint(subject_of(call), call.text(1, "the name")));
}

int constraints_are(Call& call) {
  call.no_more_than(1);
  return record<Subject>(call,
                         verify::constraints_are(subject_of(call), call.texts(1, "the names")));
}

}  // namespace

void expect_constraints(Registry& add) {
  const auto method = [&](std::initializer_list<const char*> names,
                          std::vector<const char*> parameters, const char* doc, const char* example,
                          script::Body body) {
    add_each(add, names, {"", Effect::reads, std::move(parameters), {"self"}, doc, example, body});
  };
  method(OF_TABLES("has_primary_key"), {"columns? string|string[]"},
         "Checks the primary key: its columns in order, or only that it exists.",
         "expect.table \"t\" :has_primary_key { \"id\" }", has_primary_key);
  method(OF_STORED("has_unique"), {"columns? string|string[]"},
         "Checks that a constraint, or a valid index without a condition, makes the columns unique "
         "together. Without columns: that the table has any uniqueness besides the primary key.",
         "expect.table \"t\" :has_unique { \"user_id\", \"session_name\" }", has_unique);
  method(OF_STORED("has_no_unique"), {"columns? string|string[]"},
         "Checks that no constraint or index of any name makes exactly these columns unique. "
         "Without columns: that the table has no uniqueness besides the primary key.",
         "expect.table \"t\" :has_no_unique { \"user_id\" }", has_no_unique);
  method(OF_TABLES("has_foreign_key"),
         {"key? { references: string, columns: string|string[], on_delete: string, on_update: "
          "string, valid: boolean }"},
         "Checks that a foreign key like this exists, of any name. Without arguments: that any "
         "foreign key exists.",
         "expect.table \"t\" :has_foreign_key { columns = \"user_id\", references = "
         "\"auth.users\", on_delete = \"CASCADE\" }",
         has_foreign_key);
  method(OF_TABLES("has_no_primary_key"), {"columns? string|string[]"},
         "Checks that the table has no primary key, or none of exactly these columns.",
         "expect.table \"t\" :has_no_primary_key()", has_no_primary_key);
  method(OF_TABLES("has_no_foreign_key"),
         {"key? string|{ references: string, columns: string|string[], on_delete: string, "
          "on_update: string, valid: boolean }"},
         "Checks that the table has no foreign key, none to this table, or none like this.",
         "expect.table \"t\" :has_no_foreign_key \"auth.users\"", has_no_foreign_key);
  method(OF_TABLES("has_check"), {"condition? string|{ columns: string|string[] }"},
         "Checks that a CHECK constraint of any name exists: with this condition, on exactly these "
         "columns, or any.",
         "expect.table \"t\" :has_check \"approach IN ('forward', 'backward')\"",
         check<verify::has_check>);
  method(OF_TABLES("has_no_check"), {"condition? string|{ columns: string|string[] }"},
         "Checks that the table has no CHECK constraint with this condition, none on exactly these "
         "columns, or none at all.",
         "expect.table \"t\" :has_no_check \"age > 18\"", check<verify::has_no_check>);
  method(OF_TABLES("has_constraint"),
         {"name string",
          kept("options? " + shape_with("valid: boolean, deferrable: boolean, definition: "
                                        "string",
                                        verify::Part::constraint))},
         "Checks that the constraint exists and has the given properties; a definition is what the "
         "server prints.",
         "expect.table \"t\" :has_constraint(\"t_user_fkey\", { valid = true })", has_constraint);
  method(OF_TABLES("has_no_constraint"), {"name string"},
         "Checks that the constraint does not exist.",
         "expect.table \"t\" :has_no_constraint \"t_user_id_key\"", has_no_constraint);
  method(OF_TABLES("constraints_are"), {"names string[]"},
         "Checks that the table has exactly these constraints. NOT NULL constraints do not count.",
         "expect.table \"t\" :constraints_are { \"t_pkey\", \"t_user_id_fkey\" }", constraints_are);
}

}  // namespace engine::bindings
