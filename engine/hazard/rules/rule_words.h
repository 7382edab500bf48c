// What several rules ask of a trace or a picture.
#pragma once

#include <functional>
#include <string>

#include "hazard/rules/rule.h"
#include "trace/words.h"

namespace engine::hazard {

using Changed = std::function<void(const catalog::Relation& was, const catalog::Relation& now)>;
/// What stood at its place before the plan: under its name where that is of the same sort, else
/// itself under another one. A view that takes the name of a renamed table is new, and the table
/// is not. nullptr: nothing did.
const catalog::Relation* predecessor(const RuleContext& context, const catalog::Relation& now);
/// Relations after the plan that have a predecessor.
void each_kept(const RuleContext& context, const Changed& call);
/// Tables (partitioned ones too) that are new.
void each_new_table(const RuleContext& context,
                    const std::function<void(const catalog::Relation&)>& call);
/// Columns that are new, in tables old and new.
void each_new_column(
    const RuleContext& context,
    const std::function<void(const catalog::Relation& table, const catalog::Column& column)>& call);
/// Constraints that are new, in tables old and new.
void each_new_constraint(const RuleContext& context,
                         const std::function<void(const catalog::Relation& table,
                                                  const catalog::Constraint& constraint)>& call);

/// PUBLIC, anon and authenticated stand for whoever comes, by Supabase's and PostgREST's names.
bool is_public(const std::string& role);
/// Those of them that have privileges on the relation.
std::vector<std::string> open_to(const catalog::Relation& relation);

}  // namespace engine::hazard
