// A .env file: NAME=VALUE lines.
#pragma once

#include <map>
#include <string>
#include <string_view>

namespace engine::cli {

/// Reads lines as shells and their libraries do: comments, `export`, single quotes (literal),
/// double quotes (\n, \", \\, \$). Nothing is substituted. Throws Error{usage} at the line that is
/// none of these; never repeats what stands there.
std::map<std::string, std::string> parse_dotenv(std::string_view content, const std::string& path);

}  // namespace engine::cli
