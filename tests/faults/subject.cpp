#include "faults/subject.h"

#include <filesystem>

#include "base/file.h"
#include "scenarios/esquisse.h"

namespace test {
namespace {

// What belongs to a database itself, and where the journal says that it is.
constexpr const char* settle = R"(
  DO $$
  BEGIN
    EXECUTE format('GRANT ALL ON DATABASE %I TO %I', current_database(), 'OWNER');
    EXECUTE format('ALTER DATABASE %I SET search_path TO "$user", public, extensions', current_database());
    IF to_regclass('engine.run') IS NOT NULL THEN
      UPDATE engine.run SET database_oid = (SELECT oid FROM pg_database WHERE datname = current_database());
    END IF;
  END $$)";

}  // namespace

Subject::Subject(std::string name, std::string plan, std::string user, Words answers,
                 std::shared_ptr<Database> database)
    : name_(std::move(name)),
      plan_(std::move(plan)),
      user_(std::move(user)),
      answers_(std::move(answers)),
      database_(std::move(database)) {}

Subject Subject::example(const std::string& name, const std::string& server) {
  const auto of = [](const auto& example) {
    return std::shared_ptr<Database>(example, &example->database);
  };
  const std::string plan = source("plans/" + name + ".lua");
  const Words answers{"--answers", source("examples/" + name + "/answers.json"), "--yes"};
  // Thousands of sessions show nothing more.
  const auto database =
      name == "esquisse_multisession"
          ? of(std::make_shared<Esquisse>(Esquisse::Start::with_few_sessions, server))
          : of(std::make_shared<Example>(name, "", server));
  return {name, plan, Example::owner, answers, database};
}

Subject Subject::small(const std::string& name, const std::string& server) {
  const std::string path = source("tests/faults/plans/" + name);
  auto database = std::make_shared<Database>("template0", server);
  database->sql(engine::file::read(path + ".sql"));
  Words answers{"--yes"};
  if (std::filesystem::exists(path + ".json")) answers = {"--answers", path + ".json", "--yes"};
  return {name, path + ".lua", "postgres", answers, database};
}

std::unique_ptr<Database> Subject::copy_of(const Database& database) const {
  auto copy = std::make_unique<Database>(database.name(), database.server());
  std::string sql = settle;
  sql.replace(sql.find("OWNER"), 5, user_);
  copy->sql(sql);
  return copy;
}

}  // namespace test
