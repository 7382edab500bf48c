#include "approval/measure.h"

#include "approval/queries.h"
#include "trace/trace.h"

namespace engine::approval {
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

/// `oids` and `files`: arrays, as SQL has them.
std::map<std::string, std::string> rewritten_of(db::Connection& works, const std::string& oids,
                                                const std::string& files) {
  std::map<std::string, std::string> rewritten;
  if (oids == "{}") return rewritten;
  const db::Result found = works.query(query("rewritten"), {oids, files});
  for (std::size_t row = 0; row < found.size(); ++row)
    rewritten[found.text(row, "relation")] =
        found.text(row, "empty") == "true" ? emptied : written_anew;
  return rewritten;
}

void append(std::string& array, const std::string& item) {
  array.insert(array.size() - 1, (array == "{}" ? "" : ",") + item);
}

}  // namespace

Measured that_block(Measured measured) {
  std::erase_if(measured.locks, [](const auto& lock) {
    return trace::strength(lock.second) < trace::strength("ShareLock");
  });
  return measured;
}

db::Command Measure::starting() const { return {query("written_rows"), {journal_}}; }

void Measure::started(const db::Result& rows) {
  before_ = rows_of(rows);
  catalog_before_ = rows.text(0, "catalog");
}

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
  measured.catalog = rows.text(0, "catalog") != catalog_before_ || rows.text(0, "counts") != "true";
  // A pooler answers with process ids of its own, so the server is asked.
  const db::Result locks = watches.query(query("held_locks"), {rows.text(0, "pid"), journal_});
  std::string oids = "{}", files = "{}";
  for (std::size_t row = 0; row < locks.size(); ++row) {
    std::string& strongest = measured.locks[locks.text(row, "relation")];
    const std::string& mode = locks.text(row, "mode");
    if (strongest.empty() || trace::strength(mode) > trace::strength(strongest)) strongest = mode;
    if (mode != "AccessExclusiveLock") continue;
    append(oids, locks.text(row, "oid"));
    append(files, locks.text(row, "file"));
  }
  measured.rewritten = rewritten_of(works, oids, files);
  return measured;
}

void TableFiles::look(db::Connection& works) {
  oids_ = files_ = "{}";
  const db::Result found = works.query(query("table_files"), {journal_});
  for (std::size_t row = 0; row < found.size(); ++row) {
    append(oids_, found.text(row, "oid"));
    append(files_, found.text(row, "file"));
  }
}

std::map<std::string, std::string> TableFiles::rewritten(db::Connection& works) const {
  return rewritten_of(works, oids_, files_);
}

}  // namespace engine::approval
