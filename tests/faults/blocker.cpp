#include "faults/blocker.h"

#include <future>

#include "db/connection.h"

using namespace engine;

namespace test {

Blocker::Blocker(const Database& database, std::chrono::milliseconds lasting) {
  std::promise<void> ready;
  auto stands = ready.get_future();
  thread_ = std::thread{[conninfo = database.conninfo(), lasting, &ready] {
    auto connection = db::Connection::open(db::Target::parse(conninfo));
    connection.execute("SELECT set_config('application_name', $1, false)", {name});
    connection.execute("BEGIN ISOLATION LEVEL REPEATABLE READ");
    connection.execute(
        "DO $$ DECLARE t regclass; BEGIN"
        " FOR t IN SELECT c.oid FROM pg_class c WHERE relkind = 'r'"
        "          AND relnamespace = 'public'::regnamespace LOOP"
        "   EXECUTE format('LOCK TABLE %s IN ROW EXCLUSIVE MODE', t);"
        " END LOOP; END $$");
    ready.set_value();
    std::this_thread::sleep_for(lasting);
    connection.execute("ROLLBACK");
  }};
  stands.wait();
}

Blocker::~Blocker() { thread_.join(); }

}  // namespace test
