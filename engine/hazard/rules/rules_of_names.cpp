// Hazards of names: what is found under another one, and what still names what has gone.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <regex>

#include "base/text.h"
#include "hazard/rules/access_words.h"
#include "hazard/rules/bodies.h"

namespace engine::hazard {
namespace {

using catalog::Relation;

bool has_schema(const database_state::DatabaseState& picture, const std::string& name) {
  return picture.objects.contains("schema " + quote_identifier(name));
}

const Relation* itself_after(const RuleContext& context, const Relation& was) {
  const auto found = std::find_if(context.after.relations.begin(), context.after.relations.end(),
                                  [&](const Relation& now) { return now.oid == was.oid; });
  return found == context.after.relations.end() ? nullptr : &*found;
}

void schema_renamed(const RuleContext& context, Findings& findings) {
  for (const trace::StatementTrace& statement : context.statements) {
    for (const trace::Nested& nested : statement.nested) {
      if (nested.tag == "ALTER SCHEMA" && trace::says(statement, "RENAME") &&
          !context.before.objects.contains("schema " + nested.object))
        findings.add(statement, nested.object,
                     fmt::format("The plan renames a schema to {}, and the running application "
                                 "still uses its old name",
                                 nested.object));
    }
  }
}

/// Columns that whoever still uses the old name does not find there.
std::vector<std::string> missing_in(const Relation& now, const Relation& was) {
  std::vector<std::string> missing;
  for (const catalog::Column& column : was.columns) {
    if (now.column(column.name) == nullptr) missing.push_back(column.name);
  }
  return missing;
}

bool owned(const database_state::SequenceState& sequence) {
  return std::any_of(sequence.columns.begin(), sequence.columns.end(),
                     [](const database_state::Numbered& column) { return column.owner; });
}

bool goes_with_table(const RuleContext& context, const Relation& sequence) {
  const auto state = context.before.sequences.find(sequence.name.quoted());
  return sequence.kind == 'S' && (state == context.before.sequences.end() || owned(state->second));
}

void relation_renamed(const RuleContext& context, Findings& findings) {
  for (const Relation& was : context.before.relations) {
    const Relation* now = itself_after(context, was);
    if (now == nullptr || now->name == was.name || !has_schema(context.after, was.name.schema) ||
        goes_with_table(context, was))
      continue;
    std::string words = fmt::format(
        "The plan renames {} to {}, and the running application still uses the old name",
        was.name.display(), now->name.display());
    if (const Relation* instead = context.after.relation(was.name.quoted())) {
      const std::vector<std::string> missing = missing_in(*instead, was);
      if (missing.empty()) continue;
      words = fmt::format("The relation that is now called {} lacks columns of the old one: {}",
                          was.name.display(), text::listed(missing));
    }
    findings.add_at(with_word(context, was.name.quoted(), {"RENAME", "SET SCHEMA"}),
                    was.name.quoted(), words);
  }
}

/// The old name of what the statement renames: "a" of "RENAME COLUMN a TO b".
std::string renamed_column(const trace::StatementTrace& statement) {
  static const std::regex renames{R"re(RENAME\s+(?:COLUMN\s+)?("[^"]+"|\w+)\s+TO\s)re",
                                  std::regex::icase};
  std::smatch found;
  if (!std::regex_search(statement.sql, found, renames)) return "";
  const std::string name = found[1].str();
  return name.front() == '"' ? name.substr(1, name.size() - 2) : text::lower(name);
}

/// The one that stood, of a relation that the plan knows by whatever name.
const Relation* stood_as(const RuleContext& context, const std::string& quoted) {
  const Relation* now = context.after.relation(quoted);
  const Relation* was = now == nullptr ? nullptr : context.origin(*now);
  return was == nullptr ? context.before.relation(quoted) : was;
}

void column_renamed(const RuleContext& context, Findings& findings) {
  for (const trace::StatementTrace& statement : context.statements) {
    if (!trace::says(statement, "RENAME")) continue;
    for (const trace::Nested& nested : statement.nested) {
      if (nested.event != "command" || !nested.type.ends_with(" column")) continue;
      const std::string object = nested.object.substr(0, nested.object.rfind('.'));
      const Relation* was = stood_as(context, object);
      if (was == nullptr) continue;
      const Relation* now = context.after.relation(was->name.quoted());
      if (now == nullptr) now = itself_after(context, *was);
      const std::string name = renamed_column(statement);
      const bool there = now == nullptr || now->column(name) != nullptr;
      if (!name.empty() && (was->column(name) == nullptr || there)) continue;
      findings.add(
          statement, was->name.quoted(),
          fmt::format("The running application still uses the old name of a column of {}{}",
                      was->name.display(), name.empty() ? "" : ": " + name));
    }
  }
}

void routine_renamed(const RuleContext& context, Findings& findings) {
  for (const auto& [object, was] : context.before.routines) {
    const auto now = database_state::with_oid(context.after.routines, was.oid);
    if (now == context.after.routines.end() || now->first == object || was.trigger ||
        context.after.routines.contains(object))
      continue;
    const auto name_at = object.find(' ') + 1;
    const std::string name = object.substr(name_at, object.find('(') - name_at);
    // One that is called with a type of another name is the same.
    if (now->first.starts_with(object.substr(0, object.find('(') + 1)) ||
        !has_schema(context.after, name.substr(0, name.find('.'))))
      continue;
    findings.add_at(
        with_word(context, name, {"RENAME", "SET SCHEMA"}), name,
        fmt::format(
            "The plan renames {} to {}, and the running application still uses the old name",
            object, now->first));
  }
}

void renamed(const RuleContext& context, Findings& findings) {
  schema_renamed(context, findings);
  relation_renamed(context, findings);
  column_renamed(context, findings);
  routine_renamed(context, findings);
}

/// A name that stood for something and no longer does.
struct Gone {
  std::string told, object;         // for people, and of the finding
  std::string schema, name;         // as code names it
  const Relation* table = nullptr;  // of a column
};

std::vector<Gone> gone_names(const RuleContext& context) {
  std::vector<Gone> gone;
  for (const Relation& was : context.before.relations) {
    const Relation* now = context.after.relation(was.name.quoted());
    if (now == nullptr) {
      gone.push_back({was.name.display(), was.name.quoted(), was.name.schema, was.name.name});
      now = itself_after(context, was);
    }
    if (now == nullptr || was.kind == 'S') continue;
    for (const std::string& column : missing_in(*now, was))
      gone.push_back({fmt::format("column {} of {}", column, was.name.display()),
                      was.name.quoted() + "." + quote_identifier(column), "", column, &was});
  }
  for (const auto& [object, routine] : context.before.routines) {
    const std::string overloads = object.substr(0, object.find('(') + 1);
    const auto other = context.after.routines.lower_bound(overloads);
    if (other != context.after.routines.end() && other->first.starts_with(overloads)) continue;
    const auto name_at = object.find(' ') + 1;
    const std::string schema = object.substr(name_at, object.find('.') - name_at);
    gone.push_back({object, overloads.substr(name_at, overloads.size() - name_at - 1), schema,
                    routine.name + "("});
  }
  return gone;
}

/// What NEW and OLD are of.
bool is_trigger_of(const Relation& table, const std::string& routine) {
  return std::any_of(table.triggers.begin(), table.triggers.end(), [&](const auto& trigger) {
    return routine.starts_with("function " + trigger.function.quoted() + "(");
  });
}

bool speaks_of(const std::string& code, const std::string& routine, const Gone& gone) {
  if (!names(code, gone.schema, gone.name)) return false;
  if (gone.table == nullptr) return true;
  if (names(code, gone.table->name.schema, gone.table->name.name)) return true;
  return is_trigger_of(*gone.table, routine) &&
         (trace::mentions(code, "NEW." + gone.name) || trace::mentions(code, "OLD." + gone.name));
}

/// By its name without schema: that of a column, or of what is gone itself.
const trace::StatementTrace* taking(const RuleContext& context, const Gone& gone) {
  return with_word(context, gone.object, {"RENAME", "DROP", "SET SCHEMA"});
}

/// Bodies in text are not followed by renames, nor do they keep anybody from a DROP.
void stale_body(const RuleContext& context, Findings& findings) {
  const std::vector<Gone> gone = gone_names(context);
  if (gone.empty()) return;
  std::map<std::string, std::string> codes;
  for (const auto& [object, routine] : context.after.routines) {
    const auto was = database_state::with_oid(context.before.routines, routine.oid);
    if (routine.is_text && was != context.before.routines.end() && was->second.body == routine.body)
      codes[object] = code_of(routine.body);
  }
  for (const Gone& one : gone) {
    std::vector<std::string> routines;
    for (const auto& [object, code] : codes) {
      if (speaks_of(code, object, one)) routines.push_back(object);
    }
    if (routines.empty()) continue;
    findings.add_at(taking(context, one), one.object,
                    fmt::format("{} still {} {}, which no longer exists", Alike::listed(routines),
                                routines.size() == 1 ? "names" : "name", one.told));
  }
}

void stale_jobs(const RuleContext& context, Findings& findings) {
  if (context.production.jobs.empty()) return;
  for (const Gone& one : gone_names(context)) {
    std::vector<std::string> jobs;
    for (const auto& [job, command] : context.production.jobs) {
      if (speaks_of(code_of(command), "", one)) jobs.push_back(job);
    }
    if (jobs.empty()) continue;
    findings.add_at(taking(context, one), one.object,
                    fmt::format("The pg_cron job{} {} still {} {}, which no longer exists",
                                jobs.size() == 1 ? "" : "s", Alike::listed(jobs),
                                jobs.size() == 1 ? "names" : "name", one.told));
  }
}

constexpr std::array rules{
    Rule{"rename", Severity::warning, Evidence::assumed,
         "Queries of the running application that use the old name fail from this commit until its "
         "next deployment.",
         "In the same step, create a view of the old name, or a function that calls the new one; "
         "for a column, add the new one beside the old one.",
         renamed},
    Rule{"function.names-what-is-gone", Severity::warning, Evidence::assumed,
         "A rename or drop does not change the text of function bodies: the function fails when it "
         "is called.",
         "Use CREATE OR REPLACE FUNCTION in the same step, with the new name in its body.",
         stale_body},
    Rule{"job.names-what-is-gone", Severity::warning, Evidence::assumed,
         "A pg_cron job that names a missing object fails at every run, and only pg_cron's log "
         "shows it.",
         "Run SELECT cron.schedule('the same name', …) with the new name in the same step.",
         stale_jobs},
};

}  // namespace

std::span<const Rule> name_rules() { return rules; }

}  // namespace engine::hazard
