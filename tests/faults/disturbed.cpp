#include "faults/disturbed.h"

#include <chrono>
#include <sstream>
#include <thread>

using namespace std::chrono_literals;

namespace test {
namespace {

// A schema of this name is in no picture. Grants have no object of their own.
constexpr const char* watch = R"(
  CREATE SCHEMA engine_watch;
  CREATE TABLE engine_watch.change (transaction xid8 DEFAULT pg_current_xact_id(), tag text, object text);
  CREATE TABLE engine_watch.record (transaction xid8 DEFAULT pg_current_xact_id(), step text, status text);
  CREATE FUNCTION engine_watch.recorded() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
  BEGIN
    INSERT INTO engine_watch.record (step, status) VALUES (NEW.title, NEW.status);
    RETURN NULL;
  END $$;
  CREATE FUNCTION engine_watch.made() RETURNS event_trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
  BEGIN
    INSERT INTO engine_watch.change (tag, object)
    SELECT command_tag, coalesce(object_identity, object_type)
    FROM pg_event_trigger_ddl_commands();
    IF EXISTS (SELECT FROM pg_event_trigger_ddl_commands()
               WHERE command_tag = 'CREATE TABLE' AND object_identity = 'engine.step') THEN
      CREATE TRIGGER recorded AFTER INSERT OR UPDATE ON engine.step
        FOR EACH ROW EXECUTE FUNCTION engine_watch.recorded();
    END IF;
  END $$;
  CREATE FUNCTION engine_watch.dropped() RETURNS event_trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
  BEGIN
    INSERT INTO engine_watch.change (tag, object)
    SELECT TG_TAG, object_identity FROM pg_event_trigger_dropped_objects() WHERE original;
  END $$;
  CREATE EVENT TRIGGER made ON ddl_command_end EXECUTE FUNCTION engine_watch.made();
  CREATE EVENT TRIGGER dropped ON sql_drop EXECUTE FUNCTION engine_watch.dropped();
)";

// The journal's own tables come in a transaction of their own. Backups are named after their run.
constexpr const char* committed = R"(
  WITH line AS (
    SELECT coalesce((SELECT string_agg(r.step, ' and ') FROM engine_watch.record r
                     WHERE r.transaction = c.transaction), 'outside')
           || ' | ' || tag || ' ' || regexp_replace(object, '20\d{6}_\d{6}_[0-9a-f]{4}', 'RUN') AS text
    FROM engine_watch.change c
    WHERE NOT EXISTS (SELECT FROM engine_watch.change j
                      WHERE j.transaction = c.transaction AND j.object = 'engine.step')
    UNION ALL
    SELECT step || ' | ' || status FROM engine_watch.record)
  SELECT string_agg(text, E'\n' ORDER BY text COLLATE "C") FROM line
)";

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream stream{text};
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

}  // namespace

Disturbed::Disturbed(const std::string& server)
    : esquisse(Esquisse::Start::with_few_sessions, server), proxy(folder.path(), server) {
  esquisse.database.sql(watch);
}

Words Disturbed::flags() const {
  return {
      "-d",
      "host=" + folder.path() + " dbname=" + esquisse.database.name() + " user=" + Esquisse::owner,
      "--answers", source("examples/esquisse_multisession/answers.json"), "--yes"};
}

Surroundings Disturbed::surroundings() const {
  Surroundings surroundings;
  surroundings.folder = esquisse.folder.path();
  return surroundings;
}

Ended Disturbed::command(const std::string& name) const {
  return run_engine(Words{name, esquisse.plan} + flags(), surroundings());
}

Changes Disturbed::changes() const { return lines_of(esquisse.database.value(committed)); }

void Disturbed::forget_changes() const {
  esquisse.database.sql("DELETE FROM engine_watch.change; DELETE FROM engine_watch.record");
}

std::string Disturbed::journal() const {
  return esquisse.database.value(
      "SELECT (SELECT string_agg(s.status, ' ' ORDER BY s.position) FROM engine.step s"
      " WHERE s.run = r.id) || ', ' || r.status FROM engine.run r ORDER BY r.sequence DESC LIMIT "
      "1");
}

bool Disturbed::becomes_quiet() const {
  for (const auto give_up = std::chrono::steady_clock::now() + 10s;
       std::chrono::steady_clock::now() < give_up; std::this_thread::sleep_for(5ms)) {
    if (esquisse.database.value(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
            " AND pid <> pg_backend_pid() AND backend_type = 'client backend'") == "0") {
      return true;
    }
  }
  return false;
}

}  // namespace test
