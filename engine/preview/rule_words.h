// What several rules ask of a trace or a picture.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "preview/rule.h"

namespace engine::preview {

constexpr int share_update_exclusive = 4, share = 5, share_row_exclusive = 6, exclusive = 7,
              access_exclusive = 8;

/// The strongest lock that the statement took on a table that others may be using; else one that
/// its transaction has on a table that it names.
const Lock* strongest(const StatementTrace& statement, const Scene& scene, int at_least);

/// "orders" of "public.orders".
std::string bare_name(const std::string& qualified);

/// Does the text have the word, in any case, not as a part of another?
bool mentions(std::string_view text, std::string_view word);
inline bool says(const StatementTrace& statement, std::string_view word) {
  return mentions(statement.sql, word);
}

/// Was a table written anew?
bool rewrote(const StatementTrace& statement);

using Changed = std::function<void(const catalog::Relation& was, const catalog::Relation& now)>;
/// Relations that stood before the plan and stand after it under their name.
void each_kept(const Scene& scene, const Changed& call);
/// Tables (partitioned ones too) that are new.
void each_new_table(const Scene& scene, const std::function<void(const catalog::Relation&)>& call);
/// Columns that are new, in tables old and new.
void each_new_column(
    const Scene& scene,
    const std::function<void(const catalog::Relation& table, const catalog::Column& column)>& call);
/// Constraints that are new, in tables old and new.
void each_new_constraint(const Scene& scene,
                         const std::function<void(const catalog::Relation& table,
                                                  const catalog::Constraint& constraint)>& call);

/// PUBLIC, anon and authenticated stand for whoever comes, by Supabase's and PostgREST's names.
bool is_public(const std::string& role);
/// Those of them that have privileges on the relation.
std::vector<std::string> open_to(const catalog::Relation& relation);
bool is_table(const catalog::Relation& relation);
/// By its name in a picture: "function public.f(integer)".
bool is_function(const std::string& object);

}  // namespace engine::preview
