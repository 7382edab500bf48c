// The only include of Catch2: version 2 on Debian 12, version 3 elsewhere.
#pragma once

#if __has_include(<catch2/catch_all.hpp>)
#include <catch2/catch_all.hpp>
using Catch::Matchers::ContainsSubstring;
#else
#include <catch2/catch.hpp>
inline auto ContainsSubstring(const std::string& text) { return Catch::Contains(text); }
#endif

#include "base/error.h"

/// An unexpected error is shown whole: of a failure elsewhere there is only this text.
CATCH_TRANSLATE_EXCEPTION(const engine::Error& error) {
  std::string text = error.message();
  for (const std::string& part : {error.statement(), error.detail(), error.hint()})
    if (!part.empty()) text += "\n" + part;
  return error.sqlstate().empty() ? text : text + " (" + error.sqlstate() + ")";
}
