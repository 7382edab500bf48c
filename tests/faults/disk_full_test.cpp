// A server that cannot write any more: the step is not there, the journal is, and with room again
// the run goes on.
#include "scenarios/example.h"
#include "support/catch.h"
#include "support/server.h"

using namespace test;

namespace {

// Half a block beyond the size of a WAL segment, so that the block there is written in part.
constexpr unsigned limit = 16 * 1024 + 4;  // KiB

const std::string plan = R"lua(
return plan "Much" {
  step "Table" { run = sql [[ CREATE TABLE much (line text) ]], rollback = sql [[ DROP TABLE much ]] },
  step "Rows" {
    run      = sql [[ INSERT INTO much SELECT repeat(md5(n::text), 30) FROM generate_series(1, 20000) n ]],
    rollback = sql [[ TRUNCATE much ]],
  },
}
)lua";

}  // namespace

TEST_CASE("a full disk fails the step with the server's words and what to do, and is got over") {
  const Server server;
  const Database database{"template0", server.socket()};
  const Folder folder;
  folder.write("plan.lua", plan);
  const Words words = {"run", "plan.lua", "-d", database.conninfo(), "--yes"};
  const std::string journal = "SELECT string_agg(status, ' ' ORDER BY position) FROM engine.step";

  server.limit_files(limit);
  const Ended full = run_engine(words, {folder.path(), {}, std::chrono::seconds{60}});
  INFO(full.all());
  CHECK(full.status == 3);
  // From 16 on the server allocates before it writes, and this limit's refusal is not its 53100.
  const bool named = has(full.err, "53100") || has(full.err, "File too large");
  CHECK(named);
  CHECK(has(full.err, "could not extend file"));
  CHECK(has(full.err, "Check free disk space"));
  CHECK(has(full.err, "engine run plan.lua"));
  CHECK(database.value("SELECT count(*) FROM much") == "0");
  CHECK(database.value(journal) == "done failed");

  server.halt();
  server.start_again();
  const Ended again = run_engine(words, {folder.path(), {}, std::chrono::seconds{60}});
  INFO(again.all());
  CHECK(again.status == 0);
  CHECK(database.value("SELECT count(*) FROM much") == "20000");
  CHECK(database.value(journal) == "done done");
}
