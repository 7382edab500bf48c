#include "runner/step/index_leftovers.h"

#include <fmt/format.h>

#include <algorithm>

namespace engine::runner {
namespace {

void add_detail(Error& error, const std::string& sentence) {
  error.detail(error.detail().empty() ? sentence : error.detail() + "\n" + sentence);
}

void add_hint(Error& error, const std::string& sentence) {
  error.hint(error.hint().empty() ? sentence : error.hint() + " " + sentence);
}

}  // namespace

bool has_name(const Intent& intent, const IndexNow& index) {
  return intent.name.empty() || intent.name == hash_of(index.name);
}

bool explain(db::Connection& connection, Error& error, const Intent& intent) {
  if (intent.kind == Intent::Kind::detach) {
    if (intent.objects.empty()) return true;
    const bool pending =
        attachment(connection, intent.objects[0], intent.objects[1]) == Attachment::detach_pending;
    if (pending)
      add_detail(error, "The detach is pending. The next run finishes it with FINALIZE.");
    return !pending;
  }
  bool nothing = intent.kind != Intent::Kind::reindex;
  for (const IndexNow& index : invalid_indexes(connection)) {
    const bool stood = intent.lists(index.oid);
    if (intent.kind == Intent::Kind::create && !stood && has_name(intent, index) &&
        index.is_within(intent.scope) && !index.building) {
      add_detail(error,
                 fmt::format("Index {} is left INVALID. The next run drops it and builds it again.",
                             index.shown));
      nothing = false;
    } else if (intent.kind == Intent::Kind::reindex && !stood && index.is_left_by_reindex() &&
               index.is_within(intent.scope) && !index.building) {
      add_detail(error, fmt::format("Index {} is left INVALID. The next run drops it first.",
                                    index.shown));
    } else if (intent.kind == Intent::Kind::drop && stood) {
      add_detail(error, fmt::format("Index {} is INVALID. The next run drops it.", index.shown));
      nothing = false;
    }
  }
  if (error.sqlstate() != "42P07" || intent.name.empty()) return nothing;
  for (const IndexNow& index : indexes_of(connection, intent.scope.oid)) {
    if (!has_name(intent, index) || !intent.lists(index.oid)) continue;
    add_detail(error, fmt::format("Index {} existed before this statement{}.", index.shown,
                                  index.valid ? "" : ", INVALID"));
    add_hint(
        error,
        fmt::format("The plan did not create that index, so the engine keeps it. If nobody needs "
                    "it: DROP INDEX CONCURRENTLY {}; otherwise give the plan's index another name.",
                    index.quoted));
  }
  return nothing;
}

std::vector<std::string> unfinished(db::Connection& connection, const History& history,
                                    const std::string& moment) {
  std::vector<std::string> sentences;
  const auto is_of = [](const Intent& intent, const IndexNow& index) {
    if (intent.kind == Intent::Kind::drop) return intent.lists(index.oid);
    if (!index.is_within(intent.scope)) return false;
    return intent.kind == Intent::Kind::create ? has_name(intent, index)
                                               : index.is_left_by_reindex();
  };
  for (const IndexNow& index : invalid_indexes(connection)) {
    if (history.was_invalid(index.oid) || index.building) continue;
    const bool ours =
        std::any_of(history.intents.begin(), history.intents.end(), [&](const Intent& intent) {
          return intent.moment == moment && intent.kind != Intent::Kind::detach &&
                 is_of(intent, index);
        });
    if (ours) sentences.push_back("index " + index.shown + " is INVALID");
  }
  for (const Intent& intent : history.intents) {
    if (intent.moment != moment || intent.objects.empty()) continue;
    if (attachment(connection, intent.objects[0], intent.objects[1]) == Attachment::detach_pending)
      sentences.emplace_back("the detach of a partition is pending");
  }
  return sentences;
}

}  // namespace engine::runner
