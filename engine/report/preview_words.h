// The words of a preview, the same on a terminal and on a page.
#pragma once

#include <array>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "event/event.h"

namespace engine::report {

/// "BLOCKED" and "not to be run as it is: 1 danger"; both empty where it came to no verdict.
std::pair<std::string_view, std::string> verdict_words(const event::Verdict& verdict);

/// What a proof showed, or did not: "The rollback restores the state before the run (keep: yes)".
std::string claim(const event::Proof& proof);

/// What a statement did that its text does not say: rewrites, checks of all rows, indexes built,
/// objects taken along, and how many rows it wrote.
std::vector<std::string> effects(const event::StatementTraced& trace);
/// Did it read, and nothing else?
bool is_read(const event::StatementTraced& trace);

/// What the target answered: "none", "at least 1,000 rows", "not asked: no answer within 5 s".
std::string answer_words(const event::Probed& probe);

/// "200 ms to 4.0 s; reads, writes and DDL wait, up to 40 statements"
std::string duration_of(const event::Impact& impact);
/// "2.1 MB of disk, 1.9 MB to 8.6 MB of WAL"; "" where it takes none.
std::string room_of(const event::Impact& impact);
/// The same of all together, as a sentence.
std::string room_of_all(const std::vector<event::Impact>& impacts);

/// The kinds of differences in their order, each with its heading.
inline constexpr std::array<std::pair<std::string_view, std::string_view>, 3> difference_kinds{
    {{"schema", "What changes in the schema"},
     {"rows", "What changes in the rows"},
     {"access", "Who may do what"}}};

}  // namespace engine::report
