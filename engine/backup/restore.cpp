#include <fmt/format.h>

#include <algorithm>

#include "backup/alter.h"
#include "backup/backup.h"
#include "backup/closure.h"
#include "backup/dependents.h"
#include "backup/grants.h"
#include "backup/keys.h"
#include "backup/later_rows.h"
#include "backup/lookup.h"
#include "backup/row_sync.h"
#include "backup/session_guards.h"
#include "base/text.h"
#include "catalog/catalog.h"
#include "catalog/definition.h"
#include "catalog/fingerprint.h"

namespace engine::backup {
namespace {

using catalog::Relation;

std::optional<QualifiedName> name_of(db::Connection& connection, std::uint32_t oid) {
  const auto rows = connection.query(
      "SELECT n.nspname AS schema, c.relname AS name FROM pg_catalog.pg_class c "
      "JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE c.oid = $1 AND c.relkind IN "
      "('r', 'p')",
      {std::to_string(oid)});
  if (rows.empty()) return std::nullopt;
  return QualifiedName{rows.text(0, "schema"), rows.text(0, "name")};
}

class Restoration {
 public:
  Restoration(db::Connection& connection, const Origin& origin, Manifest manifest,
              std::vector<journal::SnapshotRow> retired, const RestoreOptions& options)
      : connection_(connection),
        origin_(origin),
        taken_(std::move(manifest)),
        manifest_(taken_),
        want_(manifest_.table),
        sets_(manifest_.rows),
        retired_(std::move(retired)),
        options_(options) {}

  /// Of the table as it stands since: it may have been made again.
  Manifest manifest() const {
    Manifest standing = taken_;
    standing.table.oid = manifest_.table.oid;
    standing.numbers = manifest_.numbers;
    return standing;
  }

  Restored run() {
    // What the caller's statements deferred is checked now: ALTER TABLE refuses a table with
    // pending trigger events.
    connection_.execute("SET CONSTRAINTS ALL IMMEDIATE");
    verify_copies();
    leave_retired();
    follow_renamed_referrers();
    lock();
    keep_rows();
    give_names_back();
    const bool rebuilt = !stands_;
    if (rebuilt) rebuild();
    loosen_definition();
    const auto counts = exchange_rows(connection_, manifest_, sets_);
    const auto lost = orphans(connection_, sets_);
    if (!lost.empty()) refuse(lost);
    tighten_definition();
    prove();
    return report(rebuilt, counts);
  }

 private:
  [[noreturn]] void refuse(const std::vector<std::string>& sentences) const {
    throw Error{Code::backup, "{} cannot be restored exactly: {}", want_.name.display(),
                text::joined(sentences, "; ")}
        .hint("Nothing was changed. Correct this first. Then try again.");
  }

  Relation described() const {
    auto relation = catalog::describe(connection_, want_.name);
    if (!relation) throw Error{Code::backup, "table {} does not exist", want_.name.display()};
    return std::move(*relation);
  }

  // A backup is verified before it is trusted.
  void verify_copies() const {
    for (std::size_t i = 0; i < sets_.size(); ++i) {
      const auto& set = sets_[i];
      const auto copy = catalog::describe(connection_, set.copy);
      const auto missing = [&] {
        return !copy ||
               std::any_of(set.columns.begin(), set.columns.end(), [&](const auto& column) {
                 return copy->column(column.name) == nullptr;
               });
      };
      if (missing())
        refuse({fmt::format("its copy {} was dropped or has lost columns", set.copy.display())});
      const Checksum now =
          checksum(connection_, set.copy, set.columns, belongs(sets_, i, Side::copy, "t"));
      if (now != Checksum{set.rows, set.checksum}) {
        refuse({fmt::format("its copy {} was changed: {} now, {} when it was taken",
                            set.copy.display(), text::counted(now.rows, "row"), set.rows)});
      }
    }
  }

  // What was detached from a table that has been retired since comes back with that: its key would
  // let a DELETE here empty the trash.
  void leave_retired() {
    for (const auto& row : retired_) {
      std::erase_if(manifest_.table.referenced_by, [&](const catalog::Constraint& key) {
        const auto referrer = manifest_.referrers.find(key.table.quoted());
        if (referrer == manifest_.referrers.end() || referrer->second != row.table_oid) {
          return false;
        }
        left_.push_back(
            fmt::format("foreign key {} of {}", quote_identifier(key.name), key.table.display()));
        return true;
      });
      std::erase_if(manifest_.attached, [&](const Attached& item) {
        if (item.kind != AttachedKind::policy ||
            item.relation.name != QualifiedName{row.table_schema, row.table_name}) {
          return false;
        }
        left_.push_back(item.name());
        return true;
      });
    }
  }

  // A foreign key goes with its table when that is renamed.
  void follow_renamed_referrers() {
    for (auto& key : manifest_.table.referenced_by) {
      const auto referrer = manifest_.referrers.find(key.table.quoted());
      if (referrer == manifest_.referrers.end()) continue;
      if (const auto name = name_of(connection_, referrer->second)) key.table = *name;
    }
  }

  // Under whatever name it has by now. An OID is given anew one day, and a copied journal brings
  // those of another database: a table of another name that has none of the columns is not it.
  std::optional<QualifiedName> standing() const {
    auto name = name_of(connection_, want_.oid);
    if (!name || *name == want_.name) return name;
    const auto have = column_numbers(connection_, want_.oid);
    const bool is_it =
        std::any_of(manifest_.numbers.begin(), manifest_.numbers.end(), [&](const auto& column) {
          const auto found = have.find(column.first);
          return found != have.end() && found->second == column.second;
        });
    return is_it ? name : std::nullopt;
  }

  // The table, and the tables whose rows come along.
  void lock() {
    const auto found = standing();
    stands_ = found.has_value();
    sets_.front().oid = want_.oid;
    if (stands_) {
      sets_.front().table = *found;
      require_owner(connection_, {*found}, "putting back");
      connection_.execute(fmt::format("LOCK TABLE {} IN ACCESS EXCLUSIVE MODE", found->quoted()));
      // Forced row security binds the owner too; nobody else sees the table until it is as it was.
      connection_.execute(
          fmt::format("ALTER TABLE {} NO FORCE ROW LEVEL SECURITY", found->quoted()));
    } else if (!manifest_.unsupported.empty()) {
      throw Error{Code::backup, "{} was dropped together with objects that cannot be recreated: {}",
                  want_.name.display(), text::listed(manifest_.unsupported)}
          .detail(fmt::format("The rows are in {}.", sets_.front().copy.display()))
          .hint(
              "Nothing was changed. Recreate the table and these objects by hand from the copy, or "
              "use backup.retire instead of DROP TABLE in the plan.");
    }
    for (std::size_t i = 1; i < sets_.size(); ++i) {
      auto& set = sets_[i];
      if (const auto name = name_of(connection_, set.oid)) {
        set.table = *name;
      } else if (const auto other = catalog::describe(connection_, set.table)) {
        set.oid = other->oid;
      } else {
        refuse({fmt::format("table {}, whose rows refer to it, was dropped", set.table.display())});
      }
      require_owner(connection_, {set.table}, "restoring rows of");
      connection_.execute(
          fmt::format("LOCK TABLE {} IN SHARE ROW EXCLUSIVE MODE", set.table.quoted()));
    }
  }

  // Before anything is changed, with the names and columns that the tables have now.
  void keep_rows() {
    std::vector<RowComparison> comparisons;
    for (std::size_t i = 0; i < sets_.size(); ++i) {
      if (i == 0 && !stands_) {
        comparisons.emplace_back(sets_, i);
        kept_.emplace_back();
        continue;
      }
      const auto table = catalog::describe(connection_, sets_[i].table);
      const auto pairings = paired(*table, i);
      comparisons.emplace_back(sets_, i, table->name, pairings,
                               added_columns(connection_, *table, pairings));
      kept_.push_back(keep_written_since(connection_, origin_, table->name, comparisons.back(),
                                         i == 0 ? options_.since : ""));
    }
    if (!stands_) return;
    const auto held = held_rows(connection_, sets_, comparisons);
    if (!held.empty()) refuse(held);
  }

  std::vector<Pairing> paired(const Relation& table, std::size_t index) {
    if (index == 0) {
      return pair_columns(want_, manifest_.numbers, table, column_numbers(connection_, table.oid));
    }
    std::vector<Pairing> pairings;
    for (const auto& column : sets_[index].columns) {
      const auto* have = table.column(column.name);
      if (!have) {
        refuse({fmt::format("table {}, whose rows refer to it, has lost its column {}",
                            table.name.display(), quote_identifier(column.name))});
      }
      pairings.push_back({column.name, column.name, have->type == column.type});
    }
    return pairings;
  }

  void give_names_back() {
    const auto& own = sets_.front().table;
    if (!stands_ || own != want_.name) move_aside();
    if (stands_ && own.schema != want_.name.schema) {
      connection_.execute(fmt::format("ALTER TABLE {} SET SCHEMA {}", own.quoted(),
                                      quote_identifier(want_.name.schema)));
    }
    if (stands_ && own.name != want_.name.name) {
      connection_.execute(fmt::format("ALTER TABLE {} RENAME TO {}",
                                      QualifiedName{want_.name.schema, own.name}.quoted(),
                                      quote_identifier(want_.name.name)));
    }
    sets_.front().table = want_.name;
    if (!stands_) return;
    const auto have = described();
    run_all(connection_, rename_columns(have, paired(have, 0)));
  }

  // Keys that the backup has lead to the table again. Whatever has taken the name is kept, with its
  // rows, indexes and sequences, in a schema of its own.
  void move_aside() {
    const auto other = catalog::describe(connection_, want_.name);
    if (!other) return;
    for (const auto& key : other->referenced_by) {
      const bool ours = std::any_of(
          want_.referenced_by.begin(), want_.referenced_by.end(),
          [&](const auto& each) { return each.name == key.name && each.table == key.table; });
      if (!ours) continue;
      connection_.execute(fmt::format("ALTER TABLE {} DROP CONSTRAINT {}", key.table.quoted(),
                                      quote_identifier(key.name)));
    }
    const std::string schema = own_schema(connection_, origin_, "aside", want_.name.name);
    connection_.execute(fmt::format("ALTER {} {} SET SCHEMA {}", other->kind_name(),
                                    other->name.quoted(), quote_identifier(schema)));
    moved_aside_ = QualifiedName{schema, want_.name.name};
  }

  void rebuild() {
    run_all(connection_, catalog::print::sequences(want_));
    run_all(connection_, catalog::print::create(want_));
    manifest_.table.oid = sets_.front().oid = described().oid;
    manifest_.numbers = column_numbers(connection_, want_.oid);
  }

  void loosen_definition() {
    const Relation have = described();
    const ColumnPlan plan = plan_columns(want_, have);
    drop_attached(connection_, manifest_, plan.deep);
    run_all(connection_, loosen(want_, have, plan));
  }

  // What may call a function or read a view that stands on the table itself comes after that.
  void tighten_definition() {
    Relation first = want_;
    first.policies.clear();
    first.triggers.clear();
    first.rules.clear();
    std::erase_if(first.constraints, [](const auto& each) { return each.type == 'c'; });
    run_all(connection_, tighten(first, described()));
    advance_sequences();
    restore_attached(connection_, manifest_);
    run_all(connection_, tighten(want_, described()));
    run_all(connection_, change_grants(want_, described()));
  }

  // Never back: numbers that were given out since may be known elsewhere.
  void advance_sequences() const {
    const Relation have = described();
    for (const auto& sequence : want_.sequences) {
      const auto now = std::find_if(have.sequences.begin(), have.sequences.end(),
                                    [&](const auto& each) { return each.name == sequence.name; });
      if (now == have.sequences.end() || !sequence.last_value || !sequence.is_called) continue;
      connection_.execute(
          "SELECT pg_catalog.setval($1::pg_catalog.regclass, CASE WHEN $4::boolean THEN "
          "CASE WHEN $3::bigint < 0 THEN LEAST($2::bigint, $5::bigint) ELSE GREATEST($2::bigint, "
          "$5::bigint) END "
          "ELSE $2::bigint END)",
          {sequence.name.quoted(), *sequence.last_value, sequence.increment,
           now->is_called ? "true" : "false", now->last_value.value_or("0")});
    }
  }

  void prove() {
    Relation have = described();
    // Keys of tables that came since are theirs, and stay.
    std::erase_if(have.referenced_by, [&](const catalog::Constraint& key) {
      return std::none_of(
          want_.referenced_by.begin(), want_.referenced_by.end(),
          [&](const auto& each) { return each.name == key.name && each.table == key.table; });
    });
    auto sentences = catalog::differences(want_, have);
    for (auto& sentence : attached_differences(connection_, manifest_)) {
      sentences.push_back(std::move(sentence));
    }
    for (std::size_t i = 0; i < sets_.size(); ++i) {
      const auto& set = sets_[i];
      const Checksum now =
          checksum(connection_, set.table, set.columns, belongs(sets_, i, Side::table, "t"));
      if (now == Checksum{set.rows, set.checksum}) continue;
      sentences.push_back(fmt::format("{} has {} with checksum {}, but had {} with checksum {}",
                                      set.table.display(), text::counted(now.rows, "row"), now.sum,
                                      set.rows, set.checksum));
    }
    if (!sentences.empty()) refuse(sentences);
  }

  Restored report(bool rebuilt, const std::vector<RowCounts>& counts) const {
    Restored result;
    result.rebuilt = rebuilt;
    result.moved_aside = moved_aside_;
    result.left_detached = left_;
    for (std::size_t i = 0; i < sets_.size(); ++i) {
      RestoredRows rows{sets_[i].table, sets_[i].rows, counts[i], kept_[i].table, kept_[i].rows};
      if (i == 0) {
        result.table = std::move(rows);
      } else {
        result.referring.push_back(std::move(rows));
      }
    }
    return result;
  }

  db::Connection& connection_;
  const Origin& origin_;
  const Manifest taken_;
  Manifest manifest_;  // followed to where things are by now
  const Relation& want_;
  std::vector<RowSet> sets_;
  const std::vector<journal::SnapshotRow> retired_;  // since the backup, and still away
  std::vector<std::string> left_;
  const RestoreOptions& options_;
  bool stands_ = false;
  std::vector<Kept> kept_;
  std::optional<QualifiedName> moved_aside_;
};

std::vector<journal::SnapshotRow> retired_since(const journal::Snapshots& snapshots,
                                                std::int64_t backup) {
  auto rows = snapshots.all();
  std::erase_if(rows, [&](const journal::SnapshotRow& row) {
    return row.kind != "retired" || row.status != "present" || row.id < backup;
  });
  return rows;
}

std::string told(const RestoredRows& rows) {
  std::vector<std::string> changes;
  const auto tell = [&](std::int64_t count, const char* what) {
    if (count > 0) changes.push_back(text::grouped(count) + " " + what);
  };
  tell(rows.changes.inserted, "put back");
  tell(rows.changes.updated, "changed back");
  tell(rows.changes.deleted, "removed");
  std::string sentence =
      fmt::format("{}: {}", rows.table.display(), text::counted(rows.rows, "row"));
  if (!changes.empty()) sentence += " (" + text::listed(changes) + ")";
  if (rows.saved) {
    sentence += fmt::format("; {} written after the backup are kept in {}",
                            text::counted(rows.saved_rows, "row"), rows.saved->display());
  }
  return sentence;
}

}  // namespace

std::string Restored::sentence() const {
  std::string sentence = told(table);
  for (const auto& each : referring) sentence += "; " + told(each);
  if (rebuilt) sentence += "; the table was created again";
  if (moved_aside) sentence += "; the table that had its name is now " + moved_aside->display();
  if (!left_detached.empty()) {
    sentence +=
        fmt::format("; {} stays detached until backup.unretire", text::listed(left_detached));
  }
  return sentence;
}

Restored restore(db::Connection& connection, const Origin& origin, const std::string& name,
                 const RestoreOptions& options) {
  require_transaction(connection, "restoring a table");
  auto row = find(connection, origin, "snapshot", name);
  const journal::Snapshots snapshots{connection, quote_identifier(origin.journal_schema)};
  const Pinned pinned{connection};
  try {
    Manifest manifest = manifest_from_json(row.manifest);
    if (manifest.rows.empty())
      throw Error{Code::backup, "the manifest of backup {} names no rows", row.name};
    Restoration restoration{connection, origin, std::move(manifest),
                            retired_since(snapshots, row.id), options};
    Restored restored = restoration.run();
    restored.name = row.name;
    if (restored.rebuilt) {
      row.table_oid = restoration.manifest().table.oid;
      row.manifest = to_json(restoration.manifest());
      snapshots.replace(row);
    }
    snapshots.set_status(row.id, "restored");
    return restored;
  } catch (const Error& error) {
    rethrow(error, fmt::format("cannot restore {}.{}", row.table_schema, row.table_name));
  }
}

}  // namespace engine::backup
