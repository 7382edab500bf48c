// Tables of which not all rows are on the shadow, and what is said of them.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "preview/picture/picture.h"
#include "preview/shadow/source.h"
#include "preview/trace/trace.h"

namespace engine::preview {

/// As the plan found them, with the partitioned tables that they are of.
std::set<std::string> sampled_tables(const Source& source, const Picture& before);

struct SampleTold {
  bool written = false;  // are any of them?
  std::string note;      // of those that the plan writes or decides by; "": there are none
};
SampleTold told_of_sample(const Source& source, const Picture& before,
                          const std::set<std::string>& sampled,
                          const std::vector<StatementTrace>& statements);

}  // namespace engine::preview
