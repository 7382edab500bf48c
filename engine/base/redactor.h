// Secrets stay out of every sink.
#pragma once

#include <string>
#include <string_view>

namespace engine::redactor {

/// Registers a secret and its URL-encoded form. Shorter than 4 bytes: ignored, it would mangle
/// everything.
void add_secret(std::string_view secret);

/// The text with every registered secret replaced by `***`.
std::string redact(std::string_view text);

}  // namespace engine::redactor
