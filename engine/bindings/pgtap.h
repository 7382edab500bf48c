// Which check of ours does what a function of pgTAP does.
#pragma once

#include <string>
#include <vector>

namespace engine::bindings {

struct PgtapRow {
  const char* theirs;  // names of functions, with commas between
  const char* ours;    // names of primitives, with commas between; "" where it is no check
  const char* how;     // what to write, or why there is none
};

struct PgtapFamily {
  const char* title;
  std::vector<PgtapRow> rows;
};

const std::vector<PgtapFamily>& pgtap_families();

/// docs/reference/pgtap.gen.md
std::string pgtap_page();

}  // namespace engine::bindings
