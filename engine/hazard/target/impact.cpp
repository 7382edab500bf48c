#include "hazard/target/impact.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <optional>
#include <set>

#include "base/text.h"
#include "hazard/target/index_size.h"
#include "hazard/target/subject.h"
#include "trace/words.h"

namespace engine::hazard {

// Measured: a scan of 381 MB in 0.18 s, its rewrite with two indexes in 3.1 to 5.7 s with 1.4 times
// its size of WAL, an index on text of 2 million rows in 4.1 to 4.8 s, a foreign key of them in 0.3
// to 0.55 s, an update of them all in 13.4 s with 440 to 700 bytes of WAL each,
// a copy of 132 MB in 2.8 s with a primary key (1.5 times its size of WAL), in 8.5 s with three
// indexes (2.3 times). The slow end is a disk of 100 MB/s shared with others; its WAL has whole
// pages, as after a checkpoint.
const std::vector<Rate> rates{{"scan", 100, 2000, "MB", 0, 0},
                              {"rewrite", 20, 120, "MB", 1, 2.5},
                              {"index build", 100'000, 2'000'000, "rows", 25, 160},
                              {"foreign key", 200'000, 7'000'000, "rows", 0, 0},
                              {"rows", 20'000, 300'000, "rows", 200, 8'500},
                              {"copy", 5, 80, "MB", 1, 3.5}};

namespace {

constexpr double megabyte = 1 << 20;

const Rate& rate_of(std::string_view work) {
  return *std::find_if(rates.begin(), rates.end(),
                       [&](const Rate& rate) { return work == rate.work; });
}

std::int64_t whole(double number) { return static_cast<std::int64_t>(std::ceil(number)); }

struct Work {
  std::string kind, table;
  double amount = 0;  // bytes or rows, on the target; at most
  double least = amount;
  std::string basis{};              // where the two are not the same
  std::optional<SizeRange> room{};  // of an index
  const trace::StatementTrace* statement = nullptr;
  std::int64_t here = 0;  // rows on the shadow
};

/// What a statement writes into tables, from another of which the shadow has so many rows.
struct QuerySource {
  std::string table;
  double here = 0, there = 0, bytes = 0;
};

class Estimate {
 public:
  explicit Estimate(const RuleContext& context) : context_(context) {}

  /// What one line of a step does to one table is one work, as often as it is sent.
  std::vector<Work> all() const;
  event::Impact cost(const Work& work) const;

 private:
  const shadow::TableFacts* facts(const std::string& table) const {
    const auto found = context_.facts.find(table);
    return found == context_.facts.end() || !context_.stood(table) ? nullptr : &found->second;
  }
  double rows(const std::string& table) const {
    const shadow::TableFacts* known = facts(table);
    return known == nullptr ? 0 : static_cast<double>(std::max<std::int64_t>(known->rows, 0));
  }
  double bytes(const std::string& table) const {
    return facts(table) == nullptr ? 0 : static_cast<double>(facts(table)->bytes);
  }

  void add_rewrites(const trace::StatementTrace& statement, std::vector<Work>& found) const;
  void add_passes(const trace::StatementTrace& statement, std::vector<Work>& found) const;
  void add_builds(const trace::StatementTrace& statement, std::vector<Work>& found) const;
  void add_changes(const trace::StatementTrace& statement, std::vector<Work>& found) const;
  void add_copies(const trace::StatementTrace& statement, std::vector<Work>& found) const;
  std::optional<QuerySource> source_of(const trace::StatementTrace& statement) const;
  void size_up(Work& work) const;

  const RuleContext& context_;
};

// VACUUM FULL and CLUSTER say what they write anew only by the indexes that they build for it.
void Estimate::add_rewrites(const trace::StatementTrace& statement,
                            std::vector<Work>& found) const {
  std::set<std::string> tables;
  for (const std::string& table : tables_rewritten(context_, statement)) tables.insert(table);
  if (statement.tag == "CLUSTER" || (statement.tag == "VACUUM" && trace::says(statement, "FULL"))) {
    for (const std::string& table : tables_built_on(context_, statement)) tables.insert(table);
    for (const catalog::Relation& table : context_.before.relations) {
      if ((table.kind == 'r' || table.kind == 'm') && trace::says(statement, table.name.name))
        tables.insert(table.name.quoted());
    }
  }
  for (const std::string& table : tables) found.push_back({"rewrite", table, bytes(table)});
}

void Estimate::add_passes(const trace::StatementTrace& statement, std::vector<Work>& found) const {
  for (const std::string& table : tables_verified(context_, statement)) {
    const auto activity = context_.production.activity.find(table);
    if (activity != context_.production.activity.end())
      found.push_back({"scan", table, static_cast<double>(activity->second.heap_bytes)});
  }
  for (const std::string& table : tables_validated(context_, statement))
    found.push_back({"foreign key", table, rows(table)});
}

void Estimate::add_builds(const trace::StatementTrace& statement, std::vector<Work>& found) const {
  std::map<std::string, Work> builds;
  for (const std::string& table : tables_built_on(context_, statement)) {
    Work& work = builds.try_emplace(table, Work{"index build", table}).first->second;
    work.amount += rows(table);
    work.least = work.amount;
  }
  for (auto& [table, work] : builds) {
    const catalog::Relation* was = context_.before.relation(table);
    SizeRange all;
    for (const std::string& name : statement.built) {
      for (const catalog::Relation& now : context_.after.relations) {
        const catalog::Index* index =
            was != nullptr && now.oid == was->oid ? now.index(name) : nullptr;
        const auto one =
            index == nullptr ? std::nullopt : size_of_index(context_, *was, *index, rows(table));
        if (!one) continue;
        all.low += one->low;
        all.high += one->high;
      }
    }
    if (all.high > 0) work.room = all;
    found.push_back(std::move(work));
  }
}

void Estimate::add_changes(const trace::StatementTrace& statement, std::vector<Work>& found) const {
  for (const auto& [table, counts] : statement.rows) {
    const auto here = context_.before.counts.find(table);
    const std::int64_t changed = counts.updated + counts.deleted;
    if (changed == 0 || here == context_.before.counts.end() || here->second == 0) continue;
    Work work{"rows", table};
    work.here = changed;
    found.push_back(std::move(work));
  }
}

/// The largest of the tables that stood which the text names, or which are locked for reading.
std::optional<QuerySource> Estimate::source_of(const trace::StatementTrace& statement) const {
  std::optional<QuerySource> found;
  for (const auto& [table, here] : context_.before.counts) {
    const bool locked =
        std::any_of(statement.locks.begin(), statement.locks.end(), [&](const trace::Lock& lock) {
          return lock.relation == table && lock.mode == "AccessShareLock";
        });
    if (here == 0 || (!locked && !trace::says(statement, trace::bare_name(table))) ||
        facts(table) == nullptr)
      continue;
    if (!found || bytes(table) > found->bytes)
      found = QuerySource{table, static_cast<double>(here), rows(table), bytes(table)};
  }
  return found;
}

// A table that is new is as large as the share of the other that it gets.
void Estimate::add_copies(const trace::StatementTrace& statement, std::vector<Work>& found) const {
  const bool copies = trace::says(statement, "SELECT") || !statement.tag.starts_with("INSERT");
  std::int64_t inserted = 0;
  for (const auto& [table, counts] : statement.rows) inserted += counts.inserted;
  const std::optional<QuerySource> from =
      copies && inserted > 0 && !statement.taken_back ? source_of(statement) : std::nullopt;
  if (!from || from->there == 0) return;
  const double row = from->bytes / from->there;
  const auto number = static_cast<double>(inserted);
  const double most = std::max(number, number / from->here * std::max(from->here, from->there));
  Work work{"copy", from->table, most * row, number * row};
  work.here = inserted;
  found.push_back(std::move(work));
}

std::vector<Work> Estimate::all() const {
  std::vector<Work> all;
  for (const trace::StatementTrace& statement : context_.statements) {
    std::vector<Work> found;
    add_rewrites(statement, found);
    if (found.empty()) {
      add_passes(statement, found);
      add_builds(statement, found);
    }
    add_changes(statement, found);
    add_copies(statement, found);
    for (Work& work : found) {
      const auto same = std::find_if(all.begin(), all.end(), [&](const Work& other) {
        return other.kind == work.kind && other.table == work.table &&
               other.statement->step == statement.step && other.statement->file == statement.file &&
               other.statement->line == statement.line && statement.line > 0;
      });
      if (same == all.end()) {
        work.statement = &statement;
        all.push_back(std::move(work));
        continue;
      }
      same->amount += work.amount;
      same->least += work.least;
      same->here += work.here;
      if (same->room && work.room) {
        same->room->low += work.room->low;
        same->room->high += work.room->high;
      }
    }
  }
  for (Work& work : all) size_up(work);
  return all;
}

// The rows of the shadow may be the only ones that the statement means, or a sample of them.
void Estimate::size_up(Work& work) const {
  if (work.kind == "rows") {
    const std::int64_t here = context_.before.counts.at(work.table);
    const auto changed = static_cast<double>(work.here);
    work.least = changed;
    work.amount =
        std::max(changed, rows(work.table) * std::min(1.0, changed / static_cast<double>(here)));
    work.basis =
        fmt::format("; {} of the shadow's {} rows", text::grouped(work.here), text::grouped(here));
  } else if (work.kind == "copy") {
    work.basis = fmt::format("; {} from the shadow's {} rows", text::counted(work.here, "row"),
                             text::grouped(context_.before.counts.at(work.table)));
  } else if (work.room) {
    work.basis =
        fmt::format("; {} to {} on disk, by the widths of its columns",
                    text::bytes(whole(work.room->low)), text::bytes(whole(work.room->high)));
  }
}

event::Impact Estimate::cost(const Work& work) const {
  const trace::StatementTrace& statement = *work.statement;
  const Rate& rate = rate_of(work.kind);
  const bool bytes = std::string_view{rate.unit} == "MB";
  const double unit = bytes ? megabyte : 1;
  event::Impact impact;
  impact.step = statement.step;
  impact.file = statement.file;
  impact.line = statement.line;
  impact.sql = statement.sql;
  impact.relation = work.table;
  impact.work = work.kind;
  impact.low_ms = static_cast<std::int64_t>(work.least / unit / rate.high * 1000);
  impact.high_ms = whole(work.amount / unit / rate.low * 1000);
  impact.wal_low = whole(work.least * rate.wal_low);
  impact.wal_high = whole(work.amount * rate.wal_high);
  if (work.kind == "rewrite" || work.kind == "copy") impact.disk_bytes = whole(work.amount);
  if (work.room) {  // each of its pages is written ahead once
    impact.wal_low = whole(work.room->low);
    impact.wal_high = whole(work.room->high);
  }
  if (work.kind == "index build") impact.disk_bytes = impact.wal_high;
  impact.basis =
      fmt::format("{} at {} to {} {}/s", context_.size(work.table), text::grouped(whole(rate.low)),
                  text::grouped(whole(rate.high)), rate.unit) +
      work.basis;
  const trace::Lock* lock = strongest(statement, context_, trace::share);
  if (lock == nullptr) return impact;
  impact.blocks = trace::blocked_by(lock->mode);
  const auto activity = context_.production.activity.find(work.table);
  if (activity == context_.production.activity.end()) return impact;
  const std::int64_t hours = context_.production.statistics_s / 3600;
  if (hours == 0) {
    impact.basis += "; its statistics are too recent to show how busy it is";
    return impact;
  }
  double per_s = activity->second.writes_per_s;
  if (trace::strength(lock->mode) == trace::access_exclusive) per_s += activity->second.reads_per_s;
  impact.waiting_low = whole(per_s * static_cast<double>(impact.low_ms) / 1000);
  impact.waiting_high = whole(per_s * static_cast<double>(impact.high_ms) / 1000);
  impact.basis += fmt::format("; at most {:.1f} statements/s, by the statistics of {}", per_s,
                              text::counted(hours, "hour"));
  return impact;
}

}  // namespace

std::vector<event::Impact> impacts(const RuleContext& context) {
  std::vector<event::Impact> found;
  if (context.production.version == 0) return found;
  const Estimate estimate{context};
  for (const Work& work : estimate.all()) {
    if (work.amount > 0) found.push_back(estimate.cost(work));
  }
  return found;
}

}  // namespace engine::hazard
