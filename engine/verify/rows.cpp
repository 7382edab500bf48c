#include "verify/rows.h"

#include <algorithm>

#include "base/text.h"
#include "sql/expression.h"
#include "verify/attempt.h"
#include "verify/outcomes.h"
#include "verify/snapshot.h"

namespace engine::verify {
namespace {

std::string quoted_name(const Subject& subject) { return subject.relation()->name.quoted(); }

// The rows of a view may come from functions whose bodies name tables barely: what counts and
// compares rows runs on the session's search_path, and holds no bare operator.

/// ROW("a", "b")::text: every type has a text, not every type an equality (json).
std::string row_text(const std::vector<std::string>& columns) {
  std::vector<std::string> quoted;
  for (const auto& column : columns) quoted.push_back(quote_identifier(column));
  return "ROW(" + text::joined(quoted, ", ") + ")::pg_catalog.text";
}

std::string summary_query(const std::string& table, const std::string& row) {
  return fmt::format(
      "SELECT pg_catalog.count(*) AS rows,"
      " COALESCE(pg_catalog.sum(pg_catalog.hashtextextended({}, 0)), 0) AS checksum FROM {}",
      row, table);
}

db::Command difference_query(const std::string& here, const std::string& there,
                             const std::string& row) {
  return {
      fmt::format(
          "WITH here AS (SELECT {0} AS row FROM {1}), there AS (SELECT {0} AS row FROM {2}) SELECT"
          " (SELECT pg_catalog.count(*) FROM (TABLE there EXCEPT ALL TABLE here) AS m) AS missing,"
          " (SELECT pg_catalog.count(*) FROM (TABLE here EXCEPT ALL TABLE there) AS s) AS surplus",
          row, here, there),
      {},
      db::Lookup::session};
}

/// What a server refused is the check's finding, unless the step is to be tried again.
event::Outcome refused(const Error& error, std::string name, std::string expected) {
  if (worth_retrying(error)) throw Error{error};
  return failed(std::move(name), std::move(expected), error_phrase(error));
}

}  // namespace

bool Count::holds(std::int64_t count) const {
  return (!at_least || count >= *at_least) && (!at_most || count <= *at_most);
}

std::string Count::phrase() const {
  if (at_least && at_most && *at_least == *at_most) return text::counted(*at_least, "row");
  if (at_least && at_most) {
    return fmt::format("{} to {}", text::grouped(*at_least), text::counted(*at_most, "row"));
  }
  if (at_least) return "at least " + text::counted(*at_least, "row");
  if (at_most) return "at most " + text::counted(*at_most, "row");
  return "any number of rows";
}

event::Outcome has_rows(db::Connection& connection, const Subject& subject, const Count& count,
                        const std::string& where) {
  const CacheHold quiet{connection};
  if (!where.empty() && !sql::is_expression(where)) {
    throw Error{Code::argument, "\"{}\" is no condition", where}.hint(
        "Write `where` as after WHERE: where = \"completed AND current_step > 3\".");
  }
  const std::string condition = where.empty() ? "" : " where " + one_line(where);
  const std::string name = fmt::format("{} has {}{}", subject.label(), count.phrase(), condition);
  if (subject.relation() == nullptr) return absent(subject, name, count.phrase());
  const std::string restriction = where.empty() ? "" : " WHERE (" + where + "\n)";
  const auto counted = attempt(connection, Keep::nothing,
                               {{fmt::format("SELECT pg_catalog.count(*) AS rows FROM {}{}",
                                             quoted_name(subject), restriction),
                                 {},
                                 db::Lookup::session}});
  if (counted.error) return refused(*counted.error, name, count.phrase());
  const std::int64_t rows = counted.results.front().integer(0, "rows");
  return {name, count.holds(rows), count.phrase(), text::counted(rows, "row")};
}

event::Outcome has_rows_of(db::Connection& connection, const Subject& subject, const Subject& other,
                           const std::vector<std::string>& columns) {
  const CacheHold quiet{connection};
  const std::string name =
      fmt::format("{} has the rows of {}", subject.label(), other.name().display());
  const std::string rows_of_other = "the rows of " + other.name().display();
  if (subject.relation() == nullptr) return absent(subject, name, rows_of_other);
  if (other.relation() == nullptr)
    return failed(name, rows_of_other, other.absence() + " (" + other.label() + ")");
  const auto compared = columns.empty() ? names_of(other.relation()->columns) : columns;
  for (const Subject* side : {&subject, &other}) {
    for (const auto& column : compared) {
      if (side->relation()->column(column) != nullptr) continue;
      const std::string lacking =
          nothing_like("column", column, names_of(side->relation()->columns));
      return failed(name, fmt::format("{} with column {}", side->name().display(), column),
                    lacking);
    }
  }
  const std::string here = quoted_name(subject), there = quoted_name(other),
                    row = row_text(compared);
  const auto sums = attempt(connection, Keep::nothing,
                            {{fmt::format("SELECT h.rows AS found, t.rows AS wanted, h.checksum "
                                          "OPERATOR(pg_catalog.=) t.checksum AS same FROM ({}) h, "
                                          "({}) t",
                                          summary_query(here, row), summary_query(there, row)),
                              {},
                              db::Lookup::session}});
  if (sums.error) return refused(*sums.error, name, rows_of_other);
  const auto& sum = sums.results.front();
  const std::int64_t found = sum.integer(0, "found"), wanted = sum.integer(0, "wanted");
  const std::string expected =
      fmt::format("the {} of {}", text::counted(wanted, "row"), other.name().display());
  if (found == wanted && sum.boolean(0, "same"))
    return {name, true, expected, text::counted(found, "row")};
  const auto differing = attempt(connection, Keep::nothing, {difference_query(here, there, row)});
  if (differing.error) return refused(*differing.error, name, expected);
  return failed(name, expected,
                fmt::format("{}: {} missing, {} not in {}", text::counted(found, "row"),
                            text::grouped(differing.results.front().integer(0, "missing")),
                            text::grouped(differing.results.front().integer(0, "surplus")),
                            other.name().display()));
}

}  // namespace engine::verify
