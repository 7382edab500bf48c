// Hazards of row security: which rows somebody sees who did not, or no longer does.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <regex>

#include "base/text.h"
#include "preview/rules/rule_words.h"

namespace engine::preview {
namespace {

using catalog::Policy;
using catalog::Relation;

void off(const Scene& scene, Findings& findings) {
  each_kept(scene, [&](const Relation& was, const Relation& now) {
    if (!was.row_security || now.row_security) return;
    findings.add(now.name.quoted(),
                 fmt::format("Row security of {} was on and is off afterwards", now.name.display()),
                 "SECURITY");
  });
}

void no_longer_forced(const Scene& scene, Findings& findings) {
  each_kept(scene, [&](const Relation& was, const Relation& now) {
    if (!was.force_row_security || now.force_row_security) return;
    findings.add(
        now.name.quoted(),
        fmt::format("Row security of {} no longer holds for its owner", now.name.display()),
        "FORCE");
  });
}

void without_policy(const Scene& scene, Findings& findings) {
  for (const Relation& relation : scene.after.relations) {
    const Relation* was = scene.before.relation(relation.name.quoted());
    if (!relation.row_security || !relation.policies.empty()) continue;
    if (was != nullptr && was->row_security && was->policies.empty()) continue;
    findings.add(relation.name.quoted(),
                 fmt::format("{} has row security and no policy: only its owner and roles past row "
                             "security see rows",
                             relation.name.display()),
                 "SECURITY");
  }
}

void partition_open(const Scene& scene, Findings& findings) {
  for (const Relation& partition : scene.after.relations) {
    const Relation* was = scene.before.relation(partition.name.quoted());
    if (partition.row_security || open_to(partition).empty() ||
        (was != nullptr && !was->parents.empty() && was->row_security == partition.row_security &&
         !open_to(*was).empty()))
      continue;
    for (const QualifiedName& name : partition.parents) {
      const Relation* parent = scene.after.relation(name.quoted());
      if (parent == nullptr || !parent->row_security) continue;
      findings.add(partition.name.quoted(),
                   fmt::format("{} is open to {}, and the row security of {} does not count there",
                               partition.name.display(), text::listed(open_to(partition)),
                               parent->name.display()));
    }
  }
}

/// Policies that are new.
template <typename Call>
void each_new_policy(const Scene& scene, Call call) {
  for (const Relation& relation : scene.after.relations) {
    const Relation* was = scene.before.relation(relation.name.quoted());
    for (const Policy& policy : relation.policies) {
      const Policy* before = was == nullptr ? nullptr : was->policy(policy.name);
      if (before != nullptr && before->using_expression == policy.using_expression &&
          before->check_expression == policy.check_expression && before->roles == policy.roles)
        continue;
      call(relation, policy, before);
    }
  }
}

void for_everyone(const Scene& scene, Findings& findings) {
  each_new_policy(scene, [&](const Relation& table, const Policy& policy, const Policy*) {
    const bool open = std::any_of(policy.roles.begin(), policy.roles.end(), is_public);
    if (!policy.permissive || !open ||
        (policy.using_expression != "true" && policy.check_expression != "true"))
      return;
    findings.add(table.name.quoted(),
                 fmt::format("Policy \"{}\" of {} lets {} {} every row", policy.name,
                             table.name.display(), text::joined(policy.roles, ", "),
                             policy.command == "ALL" ? "do anything with" : policy.command),
                 policy.name);
    if (policy.command != "SELECT") findings.last().severity = "danger";
  });
}

/// Without the sub-select that makes a query ask once who the user is.
std::string asked_plainly(const std::string& expression) {
  static const std::regex asked_once{
      R"(\( ?SELECT (auth\.\w+\(\)|current_setting\([^()]*\))( AS \w+)?\))"};
  return std::regex_replace(expression, asked_once, "$1");
}

bool means_the_same(const Policy& policy, const Policy& before) {
  return policy.roles == before.roles &&
         asked_plainly(policy.using_expression) == asked_plainly(before.using_expression) &&
         asked_plainly(policy.check_expression) == asked_plainly(before.check_expression);
}

void changed(const Scene& scene, Findings& findings) {
  each_new_policy(scene, [&](const Relation& table, const Policy& policy, const Policy* before) {
    if (before == nullptr || means_the_same(policy, *before)) return;
    findings.add(table.name.quoted(),
                 fmt::format("Policy \"{}\" of {} was for {} USING ({}), and is for {} USING ({})",
                             policy.name, table.name.display(), text::joined(before->roles, ", "),
                             before->using_expression, text::joined(policy.roles, ", "),
                             policy.using_expression),
                 policy.name);
  });
}

void by_user_metadata(const Scene& scene, Findings& findings) {
  each_new_policy(scene, [&](const Relation& table, const Policy& policy, const Policy*) {
    if (policy.using_expression.find("user_metadata") == std::string::npos &&
        policy.check_expression.find("user_metadata") == std::string::npos)
      return;
    findings.add(
        table.name.quoted(),
        fmt::format("Policy \"{}\" of {} goes by user_metadata", policy.name, table.name.display()),
        policy.name);
  });
}

/// A call of auth.uid() and its like that is not in a sub-select.
bool asks_each_row(const std::string& expression) {
  for (const char* call : {"auth.uid()", "auth.jwt()", "auth.role()", "current_setting("}) {
    for (auto at = expression.find(call); at != std::string::npos;
         at = expression.find(call, at + 1)) {
      if (at < 7 || expression.substr(at - 7, 7) != "SELECT ") return true;
    }
  }
  return false;
}

void per_row(const Scene& scene, Findings& findings) {
  each_new_policy(scene, [&](const Relation& table, const Policy& policy, const Policy*) {
    if (!asks_each_row(policy.using_expression) && !asks_each_row(policy.check_expression)) return;
    findings.add(table.name.quoted(),
                 fmt::format("Policy \"{}\" of {} asks who the user is for each row", policy.name,
                             table.name.display()),
                 policy.name);
  });
}

void dropped(const Scene& scene, Findings& findings, bool permissive) {
  each_kept(scene, [&](const Relation& was, const Relation& now) {
    for (const Policy& policy : was.policies) {
      if (policy.permissive != permissive || now.policy(policy.name) != nullptr) continue;
      const bool replaced =
          std::any_of(now.policies.begin(), now.policies.end(), [&](const Policy& other) {
            return other.command == policy.command && other.roles == policy.roles &&
                   other.using_expression == policy.using_expression &&
                   other.check_expression == policy.check_expression &&
                   other.permissive == policy.permissive;
          });
      if (replaced || (permissive && !now.row_security)) continue;
      findings.add(
          now.name.quoted(),
          fmt::format("{} policy \"{}\" of {} is gone", permissive ? "Permissive" : "Restrictive",
                      policy.name, now.name.display()),
          policy.name);
    }
  });
}

void restrictive_dropped(const Scene& scene, Findings& findings) {
  dropped(scene, findings, false);
}

void permissive_dropped(const Scene& scene, Findings& findings) { dropped(scene, findings, true); }

void several_permissive(const Scene& scene, Findings& findings) {
  each_new_policy(scene, [&](const Relation& table, const Policy& policy, const Policy* before) {
    if (before != nullptr || !policy.permissive) return;
    for (const Policy& other : table.policies) {
      if (&other == &policy || !other.permissive || other.roles != policy.roles ||
          (other.command != policy.command && other.command != "ALL"))
        continue;
      findings.add(
          table.name.quoted(),
          fmt::format("Policies \"{}\" and \"{}\" of {} both let {} {}", policy.name, other.name,
                      table.name.display(), text::joined(policy.roles, ", "), policy.command),
          policy.name);
      break;
    }
  });
}

constexpr std::array rules{
    Rule{"access.row-security-off", "danger", "proved",
         "Policies that stand there no longer count.", "Leave it enabled; ALTER POLICY instead.",
         off},
    Rule{"access.row-security-not-forced", "warning", "proved",
         "Whoever owns the table, and views that read as the owner, see every row.",
         "Leave FORCE ROW LEVEL SECURITY, and give the owner a policy.", no_longer_forced},
    Rule{"access.row-security-without-policy", "info", "proved",
         "Where the application reads it as another role, it sees an empty table.",
         "CREATE POLICY, or accept = { … } where this is meant.", without_policy},
    Rule{"access.partition-open", "danger", "proved",
         "Row security of a partitioned table holds for queries of that table alone.",
         "ENABLE ROW LEVEL SECURITY on each partition, or REVOKE ALL ON it FROM anon, "
         "authenticated.",
         partition_open},
    Rule{"access.policy-for-everyone", "warning", "proved",
         "Row security then narrows nothing for them.",
         "Name whose rows they are: USING (user_id = (SELECT auth.uid())).", for_everyone},
    Rule{"access.policy-changed", "warning", "proved",
         "Who sees which rows changes at this commit, in both directions.",
         "CREATE POLICY the new one, test it with supabase.as_user, then DROP POLICY the old one.",
         changed},
    Rule{"access.policy-user-metadata", "danger", "proved",
         "Users write their user_metadata themselves.",
         "auth.jwt() -> 'app_metadata', which they cannot change.", by_user_metadata},
    Rule{"access.policy-per-row", "info", "proved",
         "A scan of many rows then takes many times longer.",
         "(SELECT auth.uid()), which is asked once a query.", per_row},
    Rule{"access.policy-dropped", "warning", "proved",
         "Those whom it let in see fewer rows from this commit on.",
         "CREATE POLICY what takes its place before, in the same step.", permissive_dropped},
    Rule{"access.restrictive-policy-dropped", "danger", "proved",
         "It narrowed what all other policies let through.",
         "CREATE POLICY … AS RESTRICTIVE what takes its place, in the same step.",
         restrictive_dropped},
    Rule{"access.policies-overlap", "info", "proved",
         "Each is evaluated for every row, and the wider one decides.",
         "One policy: USING (this OR that).", several_permissive},
};

}  // namespace

std::span<const Rule> policy_rules() { return rules; }

}  // namespace engine::preview
