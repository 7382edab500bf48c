// SHA-256, for checksums that must hold against a person's edit.
#pragma once

#include <string>
#include <string_view>

namespace engine::hash {

/// 64 hexadecimal digits.
std::string sha256(std::string_view bytes);

}  // namespace engine::hash
