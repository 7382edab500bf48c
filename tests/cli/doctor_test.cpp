#include <nlohmann/json.hpp>

#include "base/text.h"
#include "cli/workplace.h"
#include "support/catch.h"

using test::run_engine;

TEST_CASE("doctor finds a good target good") {
  const test::Database database;
  const test::Folder folder;
  const auto ended = run_engine({"doctor", "-d", database.conninfo()}, {folder.path(), {}});
  INFO(ended.all());
  CHECK(ended.status == 0);
  CHECK_THAT(ended.out, ContainsSubstring("LuaJIT"));
  CHECK_THAT(ended.out, ContainsSubstring("postgres, a superuser"));
  CHECK_THAT(ended.out, ContainsSubstring("schema engine can be created"));
  CHECK(ended.out.find("fail") == std::string::npos);
}

TEST_CASE("doctor ends with 7 and says what is wrong with a target that does not answer") {
  const test::Folder folder;
  const auto ended =
      run_engine({"doctor", "-d", "host=/nonexistent dbname=x"}, {folder.path(), {}});
  CHECK(ended.status == 7);
  CHECK_THAT(ended.out, ContainsSubstring("fail  target"));
}

TEST_CASE("doctor names the grant that the journal wants") {
  const test::Database database;
  const test::Folder folder;
  const auto ended = run_engine({"doctor", "--json", "-d", database.conninfo("with_password")},
                                {folder.path(), {"PGPASSWORD=correct-horse"}});
  CHECK(ended.status == 7);
  bool named = false;
  for (const std::string& line : engine::text::lines(ended.out)) {
    const auto object = nlohmann::json::parse(line);
    CHECK(object["event"] == "doctor");
    named = named || object["advice"].get<std::string>().starts_with("GRANT CREATE ON DATABASE");
  }
  CHECK(named);
}
