// Hazards of names: what is found under another one, and what still names what has gone.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <regex>

#include "base/text.h"
#include "preview/rules/access_words.h"
#include "preview/rules/bodies.h"

namespace engine::preview {
namespace {

using catalog::Relation;

bool has_schema(const Picture& picture, const std::string& name) {
  return picture.objects.contains("schema " + quote_identifier(name));
}

const Relation* itself_after(const Scene& scene, const Relation& was) {
  const auto found = std::find_if(scene.after.relations.begin(), scene.after.relations.end(),
                                  [&](const Relation& now) { return now.oid == was.oid; });
  return found == scene.after.relations.end() ? nullptr : &*found;
}

void schema_renamed(const Scene& scene, Findings& findings) {
  for (const StatementTrace& statement : scene.statements) {
    for (const Nested& nested : statement.nested) {
      if (nested.tag == "ALTER SCHEMA" && says(statement, "RENAME") &&
          !scene.before.objects.contains("schema " + nested.object))
        findings.add(
            statement, nested.object,
            fmt::format("The running application knows schema {} by its old name", nested.object));
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

bool owned(const SequenceState& sequence) {
  return std::any_of(sequence.columns.begin(), sequence.columns.end(),
                     [](const Numbered& column) { return column.owner; });
}

bool goes_with_table(const Scene& scene, const Relation& sequence) {
  const auto state = scene.before.sequences.find(sequence.name.quoted());
  return sequence.kind == 'S' && (state == scene.before.sequences.end() || owned(state->second));
}

void relation_renamed(const Scene& scene, Findings& findings) {
  for (const Relation& was : scene.before.relations) {
    const Relation* now = itself_after(scene, was);
    if (now == nullptr || now->name == was.name || !has_schema(scene.after, was.name.schema) ||
        goes_with_table(scene, was))
      continue;
    std::string words =
        fmt::format("The running application knows {} by its old name, and it is {} now",
                    was.name.display(), now->name.display());
    if (const Relation* instead = scene.after.relation(was.name.quoted())) {
      const std::vector<std::string> missing = missing_in(*instead, was);
      if (missing.empty()) continue;
      words =
          fmt::format("What is called {} now has no {}", was.name.display(), text::listed(missing));
    }
    findings.add_at(with_word(scene, was.name.quoted(), {"RENAME", "SET SCHEMA"}),
                    was.name.quoted(), words);
  }
}

/// The old name of what the statement renames: "a" of "RENAME COLUMN a TO b".
std::string renamed_column(const StatementTrace& statement) {
  static const std::regex renames{R"re(RENAME\s+(?:COLUMN\s+)?("[^"]+"|\w+)\s+TO\s)re",
                                  std::regex::icase};
  std::smatch found;
  if (!std::regex_search(statement.sql, found, renames)) return "";
  const std::string name = found[1].str();
  return name.front() == '"' ? name.substr(1, name.size() - 2) : text::lower(name);
}

/// The one that stood, of a relation that the plan knows by whatever name.
const Relation* stood_as(const Scene& scene, const std::string& quoted) {
  const Relation* now = scene.after.relation(quoted);
  const Relation* was = now == nullptr ? nullptr : scene.origin(*now);
  return was == nullptr ? scene.before.relation(quoted) : was;
}

void column_renamed(const Scene& scene, Findings& findings) {
  for (const StatementTrace& statement : scene.statements) {
    if (!says(statement, "RENAME")) continue;
    for (const Nested& nested : statement.nested) {
      if (nested.event != "command" || !nested.type.ends_with(" column")) continue;
      const std::string object = nested.object.substr(0, nested.object.rfind('.'));
      const Relation* was = stood_as(scene, object);
      if (was == nullptr) continue;
      const Relation* now = scene.after.relation(was->name.quoted());
      if (now == nullptr) now = itself_after(scene, *was);
      const std::string name = renamed_column(statement);
      const bool there = now == nullptr || now->column(name) != nullptr;
      if (!name.empty() && (was->column(name) == nullptr || there)) continue;
      findings.add(statement, was->name.quoted(),
                   fmt::format("The running application knows a column of {} by its old name{}",
                               was->name.display(), name.empty() ? "" : ", " + name));
    }
  }
}

void routine_renamed(const Scene& scene, Findings& findings) {
  for (const auto& [object, was] : scene.before.routines) {
    const auto now = with_oid(scene.after.routines, was.oid);
    if (now == scene.after.routines.end() || now->first == object || was.trigger ||
        scene.after.routines.contains(object))
      continue;
    const auto name_at = object.find(' ') + 1;
    const std::string name = object.substr(name_at, object.find('(') - name_at);
    // One that is called with a type of another name is the same.
    if (now->first.starts_with(object.substr(0, object.find('(') + 1)) ||
        !has_schema(scene.after, name.substr(0, name.find('.'))))
      continue;
    findings.add_at(
        with_word(scene, name, {"RENAME", "SET SCHEMA"}), name,
        fmt::format("The running application knows {} by its old name, and it is {} now", object,
                    now->first));
  }
}

void renamed(const Scene& scene, Findings& findings) {
  schema_renamed(scene, findings);
  relation_renamed(scene, findings);
  column_renamed(scene, findings);
  routine_renamed(scene, findings);
}

/// A name that stood for something and no longer does.
struct Gone {
  std::string told, object;         // for people, and of the finding
  std::string schema, name;         // as code names it
  const Relation* table = nullptr;  // of a column
};

std::vector<Gone> gone_names(const Scene& scene) {
  std::vector<Gone> gone;
  for (const Relation& was : scene.before.relations) {
    const Relation* now = scene.after.relation(was.name.quoted());
    if (now == nullptr) {
      gone.push_back({was.name.display(), was.name.quoted(), was.name.schema, was.name.name});
      now = itself_after(scene, was);
    }
    if (now == nullptr || was.kind == 'S') continue;
    for (const std::string& column : missing_in(*now, was))
      gone.push_back({fmt::format("column {} of {}", column, was.name.display()),
                      was.name.quoted() + "." + quote_identifier(column), "", column, &was});
  }
  for (const auto& [object, routine] : scene.before.routines) {
    const std::string overloads = object.substr(0, object.find('(') + 1);
    const auto other = scene.after.routines.lower_bound(overloads);
    if (other != scene.after.routines.end() && other->first.starts_with(overloads)) continue;
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
         (mentions(code, "NEW." + gone.name) || mentions(code, "OLD." + gone.name));
}

/// By its name without schema: that of a column, or of what is gone itself.
const StatementTrace* taking(const Scene& scene, const Gone& gone) {
  return with_word(scene, gone.object, {"RENAME", "DROP", "SET SCHEMA"});
}

/// Bodies in text are not followed by renames, nor do they keep anybody from a DROP.
void stale_body(const Scene& scene, Findings& findings) {
  const std::vector<Gone> gone = gone_names(scene);
  if (gone.empty()) return;
  std::map<std::string, std::string> codes;
  for (const auto& [object, routine] : scene.after.routines) {
    const auto was = with_oid(scene.before.routines, routine.oid);
    if (routine.is_text && was != scene.before.routines.end() && was->second.body == routine.body)
      codes[object] = code_of(routine.body);
  }
  for (const Gone& one : gone) {
    std::vector<std::string> routines;
    for (const auto& [object, code] : codes) {
      if (speaks_of(code, object, one)) routines.push_back(object);
    }
    if (routines.empty()) continue;
    findings.add_at(taking(scene, one), one.object,
                    fmt::format("{} still {} {}, which is no longer there", Alike::listed(routines),
                                routines.size() == 1 ? "names" : "name", one.told));
  }
}

void stale_jobs(const Scene& scene, Findings& findings) {
  if (scene.production.jobs.empty()) return;
  for (const Gone& one : gone_names(scene)) {
    std::vector<std::string> jobs;
    for (const auto& [job, command] : scene.production.jobs) {
      if (speaks_of(code_of(command), "", one)) jobs.push_back(job);
    }
    if (jobs.empty()) continue;
    findings.add_at(taking(scene, one), one.object,
                    fmt::format("The job{} {} of pg_cron still {} {}, which is no longer there",
                                jobs.size() == 1 ? "" : "s", Alike::listed(jobs),
                                jobs.size() == 1 ? "names" : "name", one.told));
  }
}

constexpr std::array rules{
    Rule{"rename", "warning", "assumed",
         "Its queries fail between this commit and its next deployment.",
         "RENAME with a view of the old name in the same step, or a function that calls the new "
         "one; of a column, add the new one beside it.",
         renamed},
    Rule{"function.names-what-is-gone", "warning", "assumed",
         "Renames do not reach the text of a body; it fails when it is called.",
         "CREATE OR REPLACE FUNCTION in the same step, with the new name in its body.", stale_body},
    Rule{"job.names-what-is-gone", "warning", "assumed",
         "It fails each time that it runs, and nobody sees it.",
         "SELECT cron.schedule('the same name', …) with the new one in the same step.", stale_jobs},
};

}  // namespace

std::span<const Rule> name_rules() { return rules; }

}  // namespace engine::preview
