#include "catalog/fingerprint.h"

#include "base/error.h"
#include "catalog/relation_json.h"
#include "support/catch.h"

using namespace engine;
using namespace engine::catalog;

namespace {

Relation sessions() {
  Relation relation;
  relation.oid = 1;
  relation.name = {"public", "sessions"};
  relation.owner = "postgres";
  Column id, title;
  id.name = "id";
  id.type = "integer";
  title.name = "Title";
  title.type = "text";
  relation.columns = {id, title};
  Policy policy;
  policy.name = "x";
  policy.command = "SELECT";
  policy.roles = {"PUBLIC"};
  relation.policies = {policy};
  relation.grants = {{"anon", "postgres", "SELECT", false}};
  return relation;
}

}  // namespace

TEST_CASE("what only the server numbers is no difference") {
  const Relation before = sessions();
  Relation after = before;
  after.oid = 2;
  after.estimated_rows = 10;
  after.bytes = 8192;
  CHECK(differences(before, after).empty());
  CHECK(fingerprint(before).hash == fingerprint(after).hash);
}

TEST_CASE("differences are sentences that name the object and what it was") {
  const Relation before = sessions();
  Relation after = before;
  after.policies.clear();
  after.columns[0].type = "bigint";
  Column name;
  name.name = "session_name";
  after.columns.push_back(name);
  after.grants.clear();
  CHECK(differences(before, after) ==
        std::vector<std::string>{
            "column id: type is bigint, was integer",
            "policy x is missing",
            "table public.sessions: privileges of anon are none, were SELECT/postgres",
            "column session_name was added",
        });
  CHECK(fingerprint(before).hash != fingerprint(after).hash);
}

TEST_CASE("only an exchange of columns is a difference of order") {
  const Relation before = sessions();
  Relation shorter = before;
  shorter.columns.erase(shorter.columns.begin());
  CHECK(differences(before, shorter) == std::vector<std::string>{"column id is missing"});
  Relation turned = before;
  std::swap(turned.columns[0], turned.columns[1]);
  CHECK(differences(before, turned) ==
        std::vector<std::string>{"the order of the columns is \"Title\", id, was id, \"Title\""});
  CHECK(fingerprint(before).hash != fingerprint(turned).hash);
}

TEST_CASE("where sequences stand counts only when asked for") {
  Relation before = sessions();
  Sequence sequence;
  sequence.name = {"public", "s"};
  sequence.last_value = "1";
  before.sequences = {sequence};
  Relation after = before;
  after.sequences[0].last_value = "7";
  CHECK(differences(before, after).empty());
  CHECK(differences(before, after, {.sequence_values = true}).size() == 1);
}

TEST_CASE("a relation without a default and one with an empty one stay apart through JSON") {
  Relation relation = sessions();
  relation.columns[0].default_expression = "";
  const Relation read = from_json(to_json(relation));
  CHECK(read.columns[0].default_expression == "");
  CHECK_FALSE(read.columns[1].default_expression.has_value());
  CHECK(to_json(read) == to_json(relation));
  CHECK(differences(relation, read).empty());
}

TEST_CASE("a manifest that cannot be read is refused as a backup error") {
  const auto code_of = [](const char* text) {
    try {
      from_json(text);
    } catch (const Error& error) {
      return error.code();
    }
    return Code::internal;
  };
  CHECK(code_of("no json") == Code::backup);
  CHECK(code_of("{}") == Code::backup);
  CHECK(code_of(R"({"format":2,"relation":{}})") == Code::backup);
  CHECK(code_of(R"({"format":1,"relation":{"kind":""}})") == Code::backup);
  CHECK(code_of(R"({"format":1,"relation":{"columns":7}})") == Code::backup);
}
