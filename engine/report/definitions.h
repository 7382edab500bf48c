// What a plan changes in the schema: definitions before and after, as the lines in which they
// differ.
#pragma once

#include <string>
#include <vector>

#include "base/diff.h"
#include "event/event.h"
#include "report/paint.h"

namespace engine::report {

/// Objects that changed in the same way, as partitions do. What is new or gone stands alone.
struct SchemaChange {
  std::vector<const event::Difference*> objects;  // never empty
  std::vector<diff::Line> lines;   // secrets redacted; empty where it is new or gone,
  std::vector<std::string> words;  // and where only the words tell it
};

/// In the order in which they were told. They point into `differences`.
std::vector<SchemaChange> schema_changes(const std::vector<event::Difference>& differences);

/// For a terminal, without a heading: changed objects by their changed lines, new and gone ones in
/// a line each; cut where it gets long, and saying so. "" where nothing changes.
std::string definitions(const std::vector<event::Difference>& differences, const Paint& paint,
                        int width);

}  // namespace engine::report
