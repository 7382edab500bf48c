// Which values of one type another does not take.
#pragma once

#include <string>

namespace engine::hazard {

struct Fit {
  std::string misfit;   // an SQL condition that holds for those; "": every value fits
  std::string unknown;  // why that cannot be said; "": it can
};

/// `value` is SQL of the old type; the types are as format_type prints them.
Fit fits(const std::string& from, const std::string& to, const std::string& value);

}  // namespace engine::hazard
