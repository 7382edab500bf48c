#include "approval/sent.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "sql/named_relations.h"

namespace engine::approval {
namespace {

// They mean something else in a transaction block, or nothing outside of one.
constexpr std::array<std::string_view, 7> of_their_own{
    "LOCK TABLE",   "DECLARE CURSOR",  "FETCH",     "MOVE",
    "CLOSE CURSOR", "SET CONSTRAINTS", "CHECKPOINT"};

}  // namespace

std::set<std::string> said_by(const sql::Statement& statement) {
  const bool tells = statement.known() && (statement.effect == sql::Effect::writes ||
                                           statement.effect == sql::Effect::destroys);
  if (!tells) return {};
  const std::vector<sql::NamedRelation> relations = sql::named_relations(statement.text);
  // Where it says what it does to one, the others are read.
  const bool says = std::any_of(relations.begin(), relations.end(),
                                [](const sql::NamedRelation& one) { return !one.done.empty(); });
  std::set<std::string> said;
  for (const sql::NamedRelation& relation : relations) {
    if (says && relation.done.empty()) continue;
    said.insert((says ? relation.done : statement.tag) + " " + relation.name.display());
  }
  if (said.empty()) said.insert(statement.tag);
  return said;
}

bool may_be_enclosed(const sql::Statement& statement) {
  return statement.known() && statement.transaction_block && !statement.changes_session &&
         std::find(of_their_own.begin(), of_their_own.end(), statement.tag) == of_their_own.end();
}

bool only_reads(const sql::Statement& statement) {
  return statement.known() && statement.effect == sql::Effect::reads;
}

}  // namespace engine::approval
