#include <algorithm>

#include "bindings/expect.h"
#include "bindings/expect_facts.h"
#include "verify/objects.h"

namespace engine::bindings {
namespace {

using verify::Family;
using verify::Listing;
using verify::ObjectSubject;

using Object = Chain<ObjectSubject>;

const ObjectSubject& object_of(Call& call) { return call.subject<Object>().subject; }

std::string after(std::string_view name, char mark) {
  return std::string{name.substr(name.rfind(mark) + 1)};
}

const Family& family_of(const Call& call) {
  std::string word = after(call.primitive().name, '.');
  return verify::family(word.starts_with("no_") ? word.substr(3) : word);
}

std::string written_name(Call& call) {
  return family_of(call).example[0] == '\0' ? call.text_or_nothing(1, "the name").value_or("")
                                            : call.text(1, "the name");
}

int object(Call& call) {
  call.no_more_than(1);
  auto subject = ObjectSubject::read(connection_of(call), family_of(call), written_name(call));
  call.record(exists(subject));
  return call.push_subject(Object{std::move(subject), {}});
}

int no_object(Call& call) {
  call.no_more_than(1);
  call.record(does_not_exist(
      ObjectSubject::read(connection_of(call), family_of(call), written_name(call))));
  return 0;
}

int object_is(Call& call) {
  call.no_more_than(1);
  const auto expected = read_facts(call, 1, object_of(call).family().facts);
  return record<ObjectSubject>(call, verify::object_is(object_of(call), expected));
}

int object_is_not(Call& call) {
  call.no_more_than(1);
  const auto expected = read_facts(call, 1, object_of(call).family().facts);
  return record<ObjectSubject>(call, verify::object_is_not(object_of(call), expected));
}

int has_no_comment(Call& call) {
  call.no_more_than(0);
  return record<ObjectSubject>(call, verify::has_no_comment(object_of(call)));
}

template <event::Outcome (*assertion)(const ObjectSubject&, const std::string&)>
int says(Call& call) {
  call.no_more_than(1);
  return record<ObjectSubject>(call, assertion(object_of(call), call.text(1, "the text")));
}

template <event::Outcome (*assertion)(db::Connection&, const ObjectSubject&, const std::string&)>
int membership(Call& call) {
  call.no_more_than(1);
  return record<ObjectSubject>(
      call, assertion(connection_of(call), object_of(call), call.text(1, "the group")));
}

template <typename T>
int listed_are(Call& call) {
  call.no_more_than(1);
  const std::string name = call.primitive().name;
  const auto dot = name.find('.'), colon = name.find(':');
  const Listing& listing =
      verify::listing(name.substr(dot + 1, colon - dot - 1), name.substr(colon + 1));
  return record<T>(
      call, verify::listed_are(connection_of(call), listing, call.subject<Chain<T>>().subject,
                               call.texts(1, "the names")));
}

/// "labels_are" lists the fact "labels".
template <bool ordered>
int items_are(Call& call) {
  call.no_more_than(1);
  const std::string method = after(call.primitive().name, ':');
  return record<ObjectSubject>(
      call, verify::items_are(object_of(call), method.substr(0, method.size() - 4),
                              call.texts(1, "the names"), ordered));
}

void add_family(Registry& add, const Family& family) {
  const std::string class_name = fmt::format("expect.{}", family.word);
  const char* const kept_class = kept(class_name);
  const bool only_one = family.example[0] == '\0';
  const std::string subject = only_one ? fmt::format("expect.{}()", family.word)
                                       : fmt::format("{} {}", class_name, family.example);
  const char* const parameter = only_one ? "name? string" : "name string";
  const auto method = [&](const char* name, std::vector<const char*> parameters,
                          const std::string& doc, const std::string& example, script::Body body) {
    add({kept(class_name + ":" + name),
         Effect::reads,
         std::move(parameters),
         {"self"},
         kept(doc),
         kept(fmt::format("{} :{}", subject, example)),
         body});
  };
  add({kept_class,
       Effect::reads,
       {parameter},
       {kept_class},
       kept(only_one ? std::string{"Starts checks of the database that the plan runs on."}
                     : fmt::format("Checks that the {} exists.", family.noun)),
       kept(subject),
       object});
  if (!only_one) {
    add({kept(fmt::format("expect.no_{}", family.word)),
         Effect::reads,
         {parameter},
         {},
         kept(fmt::format("Checks that the {} does not exist.", family.noun)),
         kept(fmt::format("expect.no_{} \"old\"", family.word)),
         no_object});
  }
  if (!family.facts.empty()) {
    method("is", {kept("facts " + shape_of(family.facts))},
           "Checks the given properties; others are not compared. null means that it has none.",
           fmt::format("is {}", family.is_example), object_is);
    method("is_not", {kept("facts " + shape_of(family.facts))},
           "Checks that it exists, and that at least one of the given properties differs.",
           fmt::format("is_not {}", family.is_example), object_is_not);
  }
  const std::string_view word = family.word;
  if (word != "role" && word != "cast")
    method("owned_by", {"role string"}, "Checks its owner.", "owned_by \"postgres\"",
           says<verify::owned_by>);
  method("has_comment", {"comment string"}, "Checks its comment.", "has_comment \"What it is for\"",
         says<verify::has_comment>);
  method("has_no_comment", {}, "Checks that it has no comment.", "has_no_comment()",
         has_no_comment);
  add_named<ObjectSubject>(add, {kept(class_name + ":named")});
}

void add_lists(Registry& add) {
  const auto method = [&](const char* name, const char* parameter, const char* doc,
                          const char* example, script::Body body) {
    add({name, Effect::reads, {parameter}, {"self"}, doc, example, body});
  };
  for (const char* name : {"expect.enum:labels_are", "expect.type:labels_are"})
    method(name, "labels string[]", "Checks the labels of an enum, in order.",
           "expect.enum \"mood\" :labels_are { \"calm\", \"busy\" }", items_are<true>);
  method("expect.composite:attributes_are", "attributes string[] \"name type\" each",
         "Checks the attributes, in order.",
         "expect.composite \"address\" :attributes_are { \"street text\" }", items_are<true>);
  method("expect.publication:tables_are", "tables string[]",
         "Checks that exactly these tables are published.",
         "expect.publication \"supabase_realtime\" :tables_are { \"messages\" }", items_are<false>);
  method("expect.role:members_are", "roles string[]",
         "Checks that exactly these roles are its direct members.",
         "expect.role \"anon\" :members_are { \"authenticator\" }", items_are<false>);
  method("expect.role:is_member_of", "group string",
         "Checks that the role is a member of the other role, directly or indirectly.",
         "expect.role \"authenticator\" :is_member_of \"anon\"", membership<verify::is_member_of>);
  method("expect.role:is_not_member_of", "group string",
         "Checks that the role is not a member of the other role, directly or indirectly.",
         "expect.role \"anon\" :is_not_member_of \"service_role\"",
         membership<verify::is_not_member_of>);
  for (const Listing& listing : verify::listings()) {
    const bool of_table = listing.scope == Listing::Scope::parent;
    const bool of_database = listing.scope == Listing::Scope::database;
    add({kept(fmt::format("expect.{}:{}", listing.of, listing.method)),
         Effect::reads,
         {"names string[]"},
         {"self"},
         kept(fmt::format("Checks that exactly these {} exist{}.", listing.nouns,
                          of_table ? "" : "; built-in ones and those of extensions do not count")),
         kept(fmt::format("expect.{}{} :{} {}", listing.of,
                          of_database ? "()"
                          : of_table  ? " \"t\""
                                      : " \"public\"",
                          listing.method, listing.example)),
         of_table ? listed_are<verify::Subject> : listed_are<ObjectSubject>});
  }
}

}  // namespace

void expect_objects(Registry& add) {
  for (const Family& family : verify::families()) add_family(add, family);
  add_lists(add);
}

}  // namespace engine::bindings
