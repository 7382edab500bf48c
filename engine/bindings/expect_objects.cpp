#include "bindings/expect.h"
#include "verify/objects.h"

namespace engine::bindings {
namespace {

struct Role {
  std::string name;
};
struct Type {
  QualifiedName name;
};

int role(Call& call) {
  call.no_more_than(1);
  Role role{call.text(1, "the role")};
  call.record(verify::has_role(connection_of(call), role.name));
  return call.push_subject(Chain<Role>{std::move(role), {}});
}

int is_member_of(Call& call) {
  call.no_more_than(1);
  const auto& role = call.subject<Chain<Role>>().subject;
  return record<Role>(
      call, verify::is_member_of(connection_of(call), role.name, call.text(1, "the group")));
}

int type(Call& call) {
  call.no_more_than(1);
  Type type{call.table_name(1, "the type")};
  call.record(verify::has_type(connection_of(call), type.name));
  return call.push_subject(Chain<Type>{std::move(type), {}});
}

int labels_are(Call& call) {
  call.no_more_than(1);
  const auto& type = call.subject<Chain<Type>>().subject;
  return record<Type>(
      call, verify::labels_are(connection_of(call), type.name, call.texts(1, "the labels")));
}

int no_type(Call& call) {
  call.no_more_than(1);
  call.record(verify::has_no_type(connection_of(call), call.table_name(1, "the type")));
  return 0;
}

template <verify::Outcome (*assertion)(db::Connection&, const std::string&)>
int plain(Call& call) {
  call.no_more_than(1);
  call.record(assertion(connection_of(call), call.text(1, "the name")));
  return 0;
}

}  // namespace

void expect_objects(Registry& add) {
  const auto word = [&](const char* name, const char* parameter, const char* doc,
                        const char* example, script::Body body,
                        std::vector<const char*> returns = {}) {
    add({name, Effect::reads, {parameter}, std::move(returns), doc, example, body});
  };
  word("expect.role", "role string", "Checks that the role exists.",
       "expect.role \"authenticated\"", role, {"expect.role"});
  word("expect.role:is_member_of", "group string",
       "Checks that the role belongs to the other, directly or not.",
       "expect.role \"authenticator\" :is_member_of \"anon\"", is_member_of, {"self"});
  add_named<Role>(add, {"expect.role:named"});
  word("expect.no_role", "role string", "Checks that there is no such role.",
       "expect.no_role \"old_app\"", plain<verify::has_no_role>);
  word("expect.type", "type string", "Checks that the type exists.", "expect.type \"mood\"", type,
       {"expect.type"});
  word("expect.type:labels_are", "labels string[]", "Checks the labels of an enum, in their order.",
       "expect.type \"mood\" :labels_are { \"calm\", \"busy\" }", labels_are, {"self"});
  add_named<Type>(add, {"expect.type:named"});
  word("expect.no_type", "type string", "Checks that there is no such type.",
       "expect.no_type \"old_mood\"", no_type);
  word("expect.schema", "schema string", "Checks that the schema exists.", "expect.schema \"auth\"",
       plain<verify::has_schema>);
  word("expect.no_schema", "schema string", "Checks that there is no such schema.",
       "expect.no_schema \"old\"", plain<verify::has_no_schema>);
  word("expect.extension", "extension string", "Checks that the extension is installed.",
       "expect.extension \"pgcrypto\"", plain<verify::has_extension>);
  word("expect.no_extension", "extension string", "Checks that the extension is not installed.",
       "expect.no_extension \"dblink\"", plain<verify::has_no_extension>);
}

}  // namespace engine::bindings
