#include "preview/sample.h"

#include <fmt/format.h>

#include <map>

#include "base/text.h"
#include "trace/words.h"

namespace engine::preview {

std::set<std::string> sampled_tables(const shadow::ShadowSource& source,
                                     const database_state::DatabaseState& before) {
  std::set<std::string> tables;
  for (const auto& [table, rows] : before.counts) {
    if (!source.is_whole(table, rows)) tables.insert({table, before.root(table)});
  }
  return tables;
}

SampleEvents sample_events(const shadow::ShadowSource& source,
                           const database_state::DatabaseState& before,
                           const std::set<std::string>& sampled,
                           const std::vector<trace::StatementTrace>& statements) {
  SampleEvents told;
  std::set<std::string> roots;
  for (const trace::StatementTrace& statement : statements) {
    for (const trace::Lock& lock : statement.locks) {
      if (!sampled.contains(lock.table)) continue;
      const bool writes = trace::strength(lock.mode) >= trace::row_exclusive;
      told.written = told.written || writes;
      if (writes || statement.decides) roots.insert(before.root(lock.table));
    }
  }
  std::map<std::string, std::int64_t> here;
  std::map<std::string, std::set<shadow::RowCoverage>> why;
  for (const auto& [table, rows] : before.counts) {
    const std::string root = before.root(table);
    if (!roots.contains(root)) continue;
    here[root] += rows;
    if (sampled.contains(table)) why[root].insert(source.came(table, rows));
  }
  std::vector<std::string> parts;
  std::set<std::string> more;
  for (const auto& [root, reasons] : why) {
    // What may not be read is told with its reason, as lacking.
    if (reasons.contains(shadow::RowCoverage::cut_by_number)) more.insert("--rows N");
    if (reasons.contains(shadow::RowCoverage::cut_by_size)) more.insert("--bytes SIZE");
    if (reasons != std::set<shadow::RowCoverage>{shadow::RowCoverage::unreadable})
      parts.push_back(fmt::format("{} of {}", text::grouped(here[root]), root));
  }
  if (parts.empty()) return told;
  told.note = fmt::format("The preview did not copy all rows of the target: {}{}. {} take{} more.",
                          parts.size() > 1 ? "" : "only ", text::listed(parts),
                          text::listed({more.begin(), more.end()}), more.size() > 1 ? "" : "s");
  return told;
}

}  // namespace engine::preview
