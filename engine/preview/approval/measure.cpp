#include "preview/approval/measure.h"

#include "preview/queries/queries.h"
#include "preview/trace/trace.h"

namespace engine::preview {
namespace {

std::map<std::string, Written> rows_of(const db::Result& found) {
  std::map<std::string, Written> rows;
  for (std::size_t row = 0; row < found.size(); ++row) {
    if (!found.at(row, "relation")) continue;
    rows[found.text(row, "relation")] = {found.integer(row, "inserted"),
                                         found.integer(row, "updated"),
                                         found.integer(row, "deleted")};
  }
  return rows;
}

}  // namespace

db::Command Measure::starting() const { return {query("written_rows"), {journal_}}; }

void Measure::started(const db::Result& rows) { before_ = rows_of(rows); }

Measured Measure::finish(db::Connection& works, db::Connection& watches) const {
  Measured measured;
  const db::Result rows = works.query(query("written_rows"), {journal_});
  for (const auto& [table, now] : rows_of(rows)) {
    const auto known = before_.find(table);
    const Written was = known == before_.end() ? Written{} : known->second;
    const Written done{now.inserted - was.inserted, now.updated - was.updated,
                       now.deleted - was.deleted};
    if (done != Written{}) measured.rows[table] = done;
  }
  // A pooler answers with process ids of its own, so the server is asked.
  const db::Result locks = watches.query(query("held_locks"), {rows.text(0, "pid"), journal_});
  for (std::size_t row = 0; row < locks.size(); ++row) {
    std::string& strongest = measured.locks[locks.text(row, "relation")];
    const std::string& mode = locks.text(row, "mode");
    if (strongest.empty() || strength(mode) > strength(strongest)) strongest = mode;
  }
  return measured;
}

}  // namespace engine::preview
