#include "hazard/target/production.h"

#include <algorithm>
#include <optional>

#include "hazard/queries.h"

namespace engine::hazard {

Production read_production(shadow::TargetReader& target) {
  Production production;
  std::optional<Error> refused;
  production.version = target.version();
  if (const auto found = target.attempt(query("activity"), {}, refused)) {
    for (std::size_t row = 0; row < found->size(); ++row) {
      production.statistics_s = found->integer(row, "seconds");
      const auto seconds = static_cast<double>(production.statistics_s);
      production.activity[found->text(row, "name")] = {
          static_cast<double>(found->integer(row, "reads")) / seconds,
          static_cast<double>(found->integer(row, "writes")) / seconds,
          found->integer(row, "heap_bytes")};
    }
  }
  if (const auto found = target.attempt(query("index_scans"), {}, refused)) {
    for (std::size_t row = 0; row < found->size(); ++row)
      production.index_scans[found->text(row, "name")] = found->integer(row, "scans");
  }
  if (const auto found = target.attempt(query("widths"), {}, refused)) {
    for (std::size_t row = 0; row < found->size(); ++row) {
      production.widths[found->text(row, "name")][found->text(row, "column_name")] = {
          std::stod(found->text(row, "width")), std::stod(found->text(row, "distinct_values"))};
    }
  }
  if (const auto found = target.attempt(query("waits"), {}, refused)) {
    production.oldest_transaction_s = found->integer(0, "oldest_s");
    production.oldest = found->text(0, "oldest");
    production.prepared = found->integer(0, "prepared");
  }
  if (target.query(query("cron_readable")).boolean(0, "readable")) {
    if (const auto found = target.attempt(query("cron_jobs"), {}, refused)) {
      for (std::size_t row = 0; row < found->size(); ++row)
        production.jobs[found->text(row, "name")] = found->text(row, "command");
    }
  }
  return production;
}

}  // namespace engine::hazard
