// Words for people: nearest names, plurals, columns, and text that a terminal can be trusted with.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace engine::text {

/// The known word nearest to what was written, if one is near enough to be meant.
std::optional<std::string> nearest(std::string_view written, const std::vector<std::string>& known);
/// `; did you mean "x"?` or nothing at all.
std::string did_you_mean(std::string_view written, const std::vector<std::string>& known);

/// "1 row", "12,408 rows".
std::string counted(std::int64_t count, std::string_view noun);
/// 12,408
std::string grouped(std::int64_t number);
/// "512 B", "48 kB", "2.1 MB": of 1024 each, as PostgreSQL's sizes.
std::string bytes(std::int64_t count);
/// "a, b and c"
std::string listed(const std::vector<std::string>& words, std::string_view last = "and");
std::string joined(const std::vector<std::string>& words, std::string_view between);
std::vector<std::string> lines(std::string_view text);
std::string trimmed(std::string_view text);
std::string lower(std::string_view text);

/// Control characters, invalid UTF-8, bidirectional and invisible marks become visible escapes;
/// newlines and tabs too unless `keep_lines`. What a database, a plan or a file name says goes
/// through this before it reaches a terminal.
std::string printable(std::string_view text, bool keep_lines = false);

/// Columns on a terminal: code points, wide East Asian ones and emoji counted twice, combining ones
/// not at all.
std::size_t width(std::string_view text);
/// Secrets redacted, then cut to `columns`, with an ellipsis where something was cut.
std::string shortened(std::string_view text, std::size_t columns);

}  // namespace engine::text
