// What a shadow cannot show: effects outside of the database that it has a copy of.
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/text.h"
#include "hazard/rules/rule_words.h"

namespace engine::hazard {
namespace {

void whole_server(const RuleContext& context, Findings& findings) {
  for (const trace::StatementTrace& statement : context.statements) {
    const std::string& tag = statement.tag;
    if (tag != "CREATE DATABASE" && tag != "DROP DATABASE" && tag != "ALTER DATABASE" &&
        tag != "ALTER SYSTEM" && tag != "CREATE TABLESPACE" && tag != "DROP TABLESPACE")
      continue;
    findings.add(statement, "",
                 fmt::format("{} ran on the shadow's server, not on the target's", tag));
    if (tag == "DROP DATABASE") findings.last().severity = Severity::danger;
  }
}

void other_systems(const RuleContext& context, Findings& findings) {
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
  for (const trace::StatementTrace& statement : context.statements) {
    for (const char* word : words) {
      if (!trace::says(statement, word) ||
          (std::string_view{word} == "COPY" && !statement.tag.starts_with("COPY")))
        continue;
      findings.add(statement, "", fmt::format("{} reads or writes outside the database", word));
      break;
    }
  }
}

// PostgREST is told to read the schema again in every plan that changes it, and does nothing else.
void notify(const RuleContext& context, Findings& findings) {
  for (const trace::StatementTrace& statement : context.statements) {
    const bool sends = trace::says(statement, "NOTIFY") || trace::says(statement, "pg_notify");
    if (sends && !trace::says(statement, "pgrst"))
      findings.add(statement, "",
                   "Sessions that LISTEN on the target are notified when the step commits");
  }
}

void foreign_table(const RuleContext& context, Findings& findings) {
  for (const trace::StatementTrace& statement : context.statements) {
    for (const trace::Lock& lock : statement.locks) {
      if (lock.kind != 'f' || !context.stood(lock.table)) continue;
      findings.add(
          statement, lock.table,
          fmt::format("{} is a foreign table: its rows are on another server", lock.table));
    }
  }
}

constexpr std::array rules{
    Rule{"outside.server", Severity::warning, Evidence::unrehearsable,
         "The statement affects other databases of the target's server, and a rollback of this "
         "database does not undo it.",
         "Let an administrator do it: manual \"…\" { why = … }.", whole_server},
    Rule{"outside.effect", Severity::warning, Evidence::unrehearsable,
         "The preview did not reach the target's listeners, servers and files, and a rollback does "
         "not take back what they received.",
         "Use a step of its own after the last one that may fail, with rollback = impossible "
         "\"why\".",
         other_systems},
    Rule{"outside.notify", Severity::info, Evidence::unrehearsable,
         "Nobody listens on the shadow: the preview did not show what listeners do, and a rollback "
         "does not undo it.",
         "Send it in the last step, when listeners read the data as the plan leaves it.", notify},
    Rule{"outside.foreign-table", Severity::warning, Evidence::unrehearsable,
         "The preview did not show whether the foreign server accepts the statement.",
         "Try the statement on that server by hand: manual \"…\" { why = … }.", foreign_table},
};

}  // namespace

std::span<const Rule> outside_rules() { return rules; }

}  // namespace engine::hazard
