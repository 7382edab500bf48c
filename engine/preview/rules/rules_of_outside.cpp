// What a shadow cannot show: effects outside of the database that it has a copy of.
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/text.h"
#include "preview/rules/rule_words.h"

namespace engine::preview {
namespace {

void whole_server(const Scene& scene, Findings& findings) {
  for (const StatementTrace& statement : scene.statements) {
    const std::string& tag = statement.tag;
    if (tag != "CREATE DATABASE" && tag != "DROP DATABASE" && tag != "ALTER DATABASE" &&
        tag != "ALTER SYSTEM" && tag != "CREATE TABLESPACE" && tag != "DROP TABLESPACE")
      continue;
    findings.add(statement, "", fmt::format("{} went on the shadow's own server", tag));
    if (tag == "DROP DATABASE") findings.last().severity = "danger";
  }
}

void other_systems(const Scene& scene, Findings& findings) {
  constexpr std::array words{"dblink",
                             "dblink_exec",
                             "pg_logical_emit_message",
                             "CREATE SUBSCRIPTION",
                             "cron.schedule",
                             "net.http_post",
                             "net.http_get",
                             "http_post",
                             "http_get",
                             "pg_read_file",
                             "COPY"};
  for (const StatementTrace& statement : scene.statements) {
    for (const char* word : words) {
      if (!says(statement, word) ||
          (std::string_view{word} == "COPY" && !statement.tag.starts_with("COPY")))
        continue;
      findings.add(statement, "", fmt::format("{} reaches out of the database", word));
      break;
    }
  }
}

// PostgREST is told to read the schema again in every plan that changes it, and does nothing else.
void notify(const Scene& scene, Findings& findings) {
  for (const StatementTrace& statement : scene.statements) {
    const bool sends = says(statement, "NOTIFY") || says(statement, "pg_notify");
    if (sends && !says(statement, "pgrst"))
      findings.add(statement, "", "Who listens on the target is told when this commits");
  }
}

void foreign_table(const Scene& scene, Findings& findings) {
  for (const StatementTrace& statement : scene.statements) {
    for (const Lock& lock : statement.locks) {
      if (lock.kind != 'f' || !scene.stood(lock.table)) continue;
      findings.add(
          statement, lock.table,
          fmt::format("{} is a foreign table: its rows are on another server", lock.table));
    }
  }
}

constexpr std::array rules{
    Rule{"outside.server", "warning", "unrehearsable",
         "Other databases of the target's server feel it, and a rollback of the database does not "
         "undo it.",
         "An administrator's step: manual \"…\" { why = … }.", whole_server},
    Rule{"outside.effect", "warning", "unrehearsable",
         "Listeners, other servers and files are not those of the target, and what they got is not "
         "taken back.",
         "A step of its own after the last one that may fail, with rollback = impossible \"why\".",
         other_systems},
    Rule{"outside.notify", "info", "unrehearsable",
         "Nobody listens on the shadow: what they do then was not seen, and a rollback of the plan "
         "does not undo it.",
         "In the last step, where what they read then is as the plan leaves it.", notify},
    Rule{"outside.foreign-table", "warning", "unrehearsable",
         "Whether that server lets the statement through was not seen.",
         "Try the statement there by hand: manual \"…\" { why = … }.", foreign_table},
};

}  // namespace

std::span<const Rule> outside_rules() { return rules; }

}  // namespace engine::preview
