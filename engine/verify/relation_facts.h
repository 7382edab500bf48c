// What is said of a relation itself: persistence, replica identity, partitioning, the numbers of a
// sequence.
#pragma once

#include <vector>

#include "verify/object_kinds.h"
#include "verify/objects.h"
#include "verify/subject.h"

namespace engine::verify {

/// Of tables, views and materialized views, or of sequences.
const std::vector<FactRule>& relation_rules(Noun noun);

event::Outcome relation_is(db::Connection& connection, const Subject& subject,
                           const ExpectedFacts& expected);

event::Outcome relation_is_not(db::Connection& connection, const Subject& subject,
                               const ExpectedFacts& expected);

/// As a child or partition, at any depth.
event::Outcome inherits_from(db::Connection& connection, const Subject& subject,
                             const QualifiedName& parent);
event::Outcome does_not_inherit_from(db::Connection& connection, const Subject& subject,
                                     const QualifiedName& parent);

struct RuleSpec {
  std::string name;
  ExpectedFacts facts;  // event, instead, enabled
};
const std::vector<FactRule>& rule_rules();
event::Outcome has_rule(db::Connection& connection, const Subject& subject, const RuleSpec& spec);
event::Outcome has_no_rule(db::Connection& connection, const Subject& subject,
                           const std::string& rule);

}  // namespace engine::verify
