// An error as an object of --json.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "base/error.h"

namespace engine::report {

/// A secret with a quote or an accent in it is not itself any more once JSON has escaped it, so
/// each string is redacted before.
nlohmann::ordered_json json_text(std::string_view raw);

/// `code` instead of the error's own where that is known as text only.
nlohmann::ordered_json error_object(const Error& error, std::string_view code = {});

}  // namespace engine::report
