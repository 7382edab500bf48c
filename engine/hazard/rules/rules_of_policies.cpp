// Hazards of row security: which rows somebody sees who did not, or no longer does.
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/text.h"
#include "hazard/rules/policy_words.h"

namespace engine::hazard {
namespace {

using catalog::Policy;
using catalog::Relation;

void off(const RuleContext& context, Findings& findings) {
  each_kept(context, [&](const Relation& was, const Relation& now) {
    if (!was.row_security || now.row_security) return;
    findings.add(now.name.quoted(),
                 fmt::format("The plan disables row security of {}", now.name.display()),
                 "SECURITY");
  });
}

void no_longer_forced(const RuleContext& context, Findings& findings) {
  each_kept(context, [&](const Relation& was, const Relation& now) {
    if (!was.force_row_security || now.force_row_security) return;
    findings.add(
        now.name.quoted(),
        fmt::format("Row security of {} no longer applies to its owner", now.name.display()),
        "FORCE");
  });
}

void partition_open(const RuleContext& context, Findings& findings) {
  for (const Relation& partition : context.after.relations) {
    const Relation* was = context.before.relation(partition.name.quoted());
    if (partition.row_security || open_to(partition).empty() ||
        (was != nullptr && !was->parents.empty() && was->row_security == partition.row_security &&
         !open_to(*was).empty()))
      continue;
    for (const QualifiedName& name : partition.parents) {
      const Relation* parent = context.after.relation(name.quoted());
      if (parent == nullptr || !parent->row_security) continue;
      findings.add(
          partition.name.quoted(),
          fmt::format("Partition {} is open to {}, and the row security of {} does not apply to it",
                      partition.name.display(), text::listed(open_to(partition)),
                      parent->name.display()));
    }
  }
}

bool means_the_same(const Policy& policy, const Policy& before) {
  return policy.roles == before.roles && policy.command == before.command &&
         policy.permissive == before.permissive &&
         asked_plainly(policy.using_expression) == asked_plainly(before.using_expression) &&
         asked_plainly(policy.check_expression) == asked_plainly(before.check_expression);
}

/// "for ALL to authenticated USING (a = 1)"
std::string spoken(const Policy& policy) {
  std::string words = fmt::format("{}for {} to {}", policy.permissive ? "" : "restrictive, ",
                                  policy.command, text::joined(policy.roles, ", "));
  if (!policy.using_expression.empty())
    words += fmt::format(" USING ({})", policy.using_expression);
  if (!policy.check_expression.empty())
    words += fmt::format(" WITH CHECK ({})", policy.check_expression);
  return words;
}

void changed(const RuleContext& context, Findings& findings) {
  each_new_policy(context, [&](const Relation& table, const Policy& policy, const Policy* before) {
    if (before == nullptr || means_the_same(policy, *before)) return;
    findings.add(table.name.quoted(),
                 fmt::format("Policy \"{}\" of {} was {}, and is now {}", policy.name,
                             table.name.display(), spoken(*before), spoken(policy)),
                 policy.name);
  });
}

void dropped(const RuleContext& context, Findings& findings, bool permissive) {
  each_kept(context, [&](const Relation& was, const Relation& now) {
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
          fmt::format("The plan drops {} policy \"{}\" of {}",
                      permissive ? "permissive" : "restrictive", policy.name, now.name.display()),
          policy.name);
    }
  });
}

void restrictive_dropped(const RuleContext& context, Findings& findings) {
  dropped(context, findings, false);
}

void permissive_dropped(const RuleContext& context, Findings& findings) {
  dropped(context, findings, true);
}

constexpr std::array rules{
    Rule{"access.row-security-off", Severity::danger, Evidence::proved,
         "Policies of a table have no effect while its row security is disabled.",
         "Leave row security enabled, and use ALTER POLICY instead.", off},
    Rule{"access.row-security-not-forced", Severity::warning, Evidence::proved,
         "The table's owner, and views that read as the owner, see every row.",
         "Keep FORCE ROW LEVEL SECURITY, and give the owner a policy.", no_longer_forced},
    Rule{"access.partition-open", Severity::danger, Evidence::proved,
         "Row security of a partitioned table applies to queries of that table, not to queries of "
         "its partitions.",
         "ENABLE ROW LEVEL SECURITY on each partition, or REVOKE ALL ON it FROM anon, "
         "authenticated.",
         partition_open},
    Rule{"access.policy-changed", Severity::warning, Evidence::proved,
         "Roles may see more rows or fewer rows as soon as the step commits.",
         "CREATE POLICY the new one, test it with supabase.as_user, then DROP POLICY the old one.",
         changed},
    Rule{"access.policy-dropped", Severity::warning, Evidence::proved,
         "Roles that a dropped policy let in see fewer rows as soon as the step commits.",
         "CREATE POLICY its replacement first, in the same step.", permissive_dropped},
    Rule{"access.restrictive-policy-dropped", Severity::danger, Evidence::proved,
         "A restrictive policy narrows what all other policies allow; without it, roles can reach "
         "more rows.",
         "CREATE POLICY … AS RESTRICTIVE as its replacement, in the same step.",
         restrictive_dropped},
};

}  // namespace

std::span<const Rule> policy_rules() { return rules; }

}  // namespace engine::hazard
