// Hazards of views, functions and triggers: what a replacement leaves out, and what still names
// what has gone.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <regex>
#include <set>

#include "base/text.h"
#include "hazard/rules/rule_words.h"

namespace engine::hazard {
namespace {

using catalog::Relation;
using catalog::Trigger;

void view_options(const RuleContext& context, Findings& findings) {
  each_kept(context, [&](const Relation& was, const Relation& now) {
    if (now.kind != 'v') return;
    for (const std::string& option : was.options) {
      if (std::find(now.options.begin(), now.options.end(), option) != now.options.end() ||
          option.ends_with("=false"))
        continue;
      findings.add(now.name.quoted(),
                   fmt::format("View {} loses the option {}", now.name.display(), option), "VIEW");
    }
  });
}

/// Words of pg_get_functiondef() that stand before the body.
std::set<std::string> attributes(const std::string& definition) {
  std::set<std::string> found;
  const std::string head = definition.substr(0, definition.find("\nAS "));
  for (const char* word : {"SECURITY DEFINER", "IMMUTABLE", "STABLE", "STRICT", "LEAKPROOF",
                           "PARALLEL SAFE", "PARALLEL RESTRICTED"}) {
    if (head.find(word) != std::string::npos) found.insert(word);
  }
  for (const std::string& line : text::lines(head)) {
    if (line.starts_with(" SET ")) found.insert(line.substr(1, line.find(' ', 5) - 1));
  }
  return found;
}

void function_attributes(const RuleContext& context, Findings& findings) {
  for (const auto& [object, was] : context.before.objects) {
    const auto now = context.after.objects.find(object);
    if (!database_state::is_function(object) || now == context.after.objects.end() ||
        now->second == was)
      continue;
    const std::set<std::string> kept = attributes(now->second);
    std::vector<std::string> lost;
    for (const std::string& attribute : attributes(was)) {
      if (!kept.contains(attribute)) lost.push_back(attribute);
    }
    if (lost.empty()) continue;
    const std::string name = object.substr(object.find(' ') + 1);
    findings.add(name.substr(0, name.find('(')),
                 fmt::format("{} loses {}", object, text::listed(lost)), "FUNCTION");
  }
}

template <typename Call>
void each_trigger(const std::vector<Trigger>& triggers, const std::vector<Trigger>& others,
                  Call call) {
  for (const Trigger& trigger : triggers) {
    const auto other = std::find_if(others.begin(), others.end(),
                                    [&](const Trigger& one) { return one.name == trigger.name; });
    call(trigger, other == others.end() ? nullptr : &*other);
  }
}

void trigger_created(const RuleContext& context, Findings& findings) {
  each_kept(context, [&](const Relation& was, const Relation& now) {
    each_trigger(now.triggers, was.triggers, [&](const Trigger& trigger, const Trigger* before) {
      if (before != nullptr) return;
      findings.add(
          now.name.quoted(),
          fmt::format("Every {} on {} calls {} from now on", text::listed(trigger.events, "or"),
                      now.name.display(), trigger.function.display()),
          trigger.name);
    });
  });
}

/// Its function is the same one, whatever its name.
bool calls_the_same(const RuleContext& context, const Trigger& was, const Trigger& now) {
  const auto had = context.before.routines.find("function " + was.function.quoted() + "()");
  const auto has = context.after.routines.find("function " + now.function.quoted() + "()");
  if (had == context.before.routines.end() || has == context.after.routines.end())
    return was.function == now.function;
  return had->second.oid == has->second.oid || was.function == now.function;
}

/// "WHEN (…)" and "UPDATE OF …" of its definition; "" where it has none.
std::string narrowing(const Trigger& trigger) {
  const auto between = [&](const std::string& from, const std::string& to) {
    const auto begin = trigger.definition.find(from);
    if (begin == std::string::npos) return std::string{};
    return trigger.definition.substr(begin + 1, trigger.definition.find(to, begin) - begin - 1);
  };
  return text::trimmed(between(" UPDATE OF ", " ON ") + " " + between(" WHEN (", " EXECUTE "));
}

/// What a trigger of the same name does less; "" where it does as much.
std::string does_less(const RuleContext& context, const Relation& was, const Relation& now,
                      const Trigger& before, const Trigger& trigger) {
  std::vector<std::string> events = before.events;
  std::erase_if(events, [&](const std::string& event) {
    return std::find(trigger.events.begin(), trigger.events.end(), event) != trigger.events.end();
  });
  if (!events.empty() || !calls_the_same(context, before, trigger))
    return text::listed(events.empty() ? before.events : events, "or");
  const bool renamed = std::any_of(was.columns.begin(), was.columns.end(), [&](const auto& column) {
    return now.column(column.name) == nullptr;
  });
  const std::string only = narrowing(trigger);
  if (renamed || only.empty() || only == narrowing(before)) return "";
  return text::listed(before.events, "or") + " other than " + only;
}

void trigger_dropped(const RuleContext& context, Findings& findings) {
  each_kept(context, [&](const Relation& was, const Relation& now) {
    each_trigger(was.triggers, now.triggers, [&](const Trigger& trigger, const Trigger* after) {
      const bool renamed =
          after == nullptr &&
          std::any_of(now.triggers.begin(), now.triggers.end(), [&](const Trigger& other) {
            return calls_the_same(context, trigger, other) && other.events == trigger.events &&
                   other.timing == trigger.timing && narrowing(other) == narrowing(trigger);
          });
      if (renamed) return;
      const std::string less = after == nullptr ? text::listed(trigger.events, "or")
                                                : does_less(context, was, now, trigger, *after);
      if (less.empty()) return;
      findings.add(now.name.quoted(),
                   fmt::format("{} on {} no longer calls {}", less, now.name.display(),
                               trigger.function.display()),
                   trigger.name);
    });
  });
}

/// The names after "DISABLE TRIGGER", say: one of each subcommand.
std::vector<std::string> triggers_after(const std::string& sql, const std::string& words) {
  std::vector<std::string> names;
  const std::regex subcommand{words + "\\s+TRIGGER\\s+(\"[^\"]+\"|[^\\s,;]+)", std::regex::icase};
  for (std::sregex_iterator at{sql.begin(), sql.end(), subcommand}, end; at != end; ++at)
    names.push_back(text::lower((*at)[1].str()));
  return names;
}

/// Do later statements of its transaction enable all that it disables? Nobody else writes
/// meanwhile: its lock lasts until the commit.
bool enabled_again(const RuleContext& context, const trace::StatementTrace& statement,
                   const std::string& table) {
  std::vector<std::string> enabled;
  for (auto later = context.statements.begin() + (&statement - context.statements.data()) + 1;
       later != context.statements.end() && !statement.alone; ++later) {
    if (later->alone || later->transaction != statement.transaction ||
        !trace::says(*later, trace::bare_name(table)))
      continue;
    const auto names = triggers_after(later->sql, "ENABLE(?:\\s+ALWAYS|\\s+REPLICA)?");
    enabled.insert(enabled.end(), names.begin(), names.end());
  }
  const std::vector<std::string> disabled = triggers_after(statement.sql, "DISABLE");
  return std::all_of(disabled.begin(), disabled.end(), [&](const std::string& name) {
    return std::any_of(enabled.begin(), enabled.end(),
                       [&](const std::string& one) { return one == "all" || one == name; });
  });
}

void trigger_disabled(const RuleContext& context, Findings& findings) {
  for (const trace::StatementTrace& statement : context.statements) {
    if (!trace::says(statement, "DISABLE TRIGGER")) continue;
    const trace::Lock* lock = strongest(statement, context, trace::share_row_exclusive);
    if (lock == nullptr || enabled_again(context, statement, lock->table)) continue;
    findings.add(
        statement, lock->table,
        fmt::format("Writes to {}, in other sessions too, run without the disabled triggers",
                    lock->table));
  }
}

void rule_created(const RuleContext& context, Findings& findings) {
  each_kept(context, [&](const Relation& was, const Relation& now) {
    for (const auto& rule : now.rules) {
      if (std::any_of(was.rules.begin(), was.rules.end(),
                      [&](const auto& other) { return other.name == rule.name; }))
        continue;
      findings.add(now.name.quoted(),
                   fmt::format("Rule {} rewrites statements on {}", rule.name, now.name.display()),
                   "RULE");
    }
  });
}

constexpr std::array rules{
    Rule{"view.options-lost", Severity::danger, Evidence::proved,
         "CREATE OR REPLACE VIEW without WITH resets security_invoker and security_barrier: the "
         "view then reads as its owner and bypasses the reader's row security.",
         "Repeat the options: CREATE OR REPLACE VIEW … WITH (security_invoker = true) AS …",
         view_options},
    Rule{"function.attributes-lost", Severity::warning, Evidence::proved,
         "CREATE OR REPLACE FUNCTION resets attributes that it does not repeat: SECURITY DEFINER, "
         "SET, volatility.",
         "Repeat the attributes: CREATE OR REPLACE FUNCTION … STABLE SECURITY DEFINER SET "
         "search_path = ''.",
         function_attributes},
    Rule{"trigger.created", Severity::info, Evidence::proved,
         "CREATE TRIGGER holds SHARE ROW EXCLUSIVE until its step commits: writes wait, and every "
         "later write runs the trigger.",
         "Use a step of its own, and a test that writes as the application does.", trigger_created},
    Rule{"trigger.dropped", Severity::warning, Evidence::proved,
         "What the trigger maintained (a timestamp, an audit log, a copy) is no longer updated; "
         "DROP TRIGGER takes ACCESS EXCLUSIVE.",
         "Use CREATE OR REPLACE TRIGGER, or drop the trigger once nobody reads what it maintained.",
         trigger_dropped},
    Rule{
        "trigger.disabled", Severity::danger, Evidence::proved,
        "Triggers also enforce foreign keys: rows written while ALL are disabled can violate them.",
        "Use DISABLE and ENABLE TRIGGER by name in one step: no other session can write to the "
        "table until it commits.",
        trigger_disabled},
    Rule{"rule.created", Severity::warning, Evidence::proved,
         "A rule changes what a statement on its table does, and how often the statement's "
         "functions are called.",
         "Use a trigger, or a view with INSTEAD OF triggers.", rule_created},
};

}  // namespace

std::span<const Rule> code_rules() { return rules; }

}  // namespace engine::hazard
