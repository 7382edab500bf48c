// Secrets stay out of every sink.
#pragma once

#include <string>
#include <string_view>

namespace engine::redactor {

/// Registers a secret; the empty text is none. secret_forms.h says in which forms it is found, and
/// secrets.h which ones are found as whole values only.
void add_secret(std::string_view secret);

/// The text with every secret replaced by `***`, and what a cut has left of one: redact, then cut.
std::string redact(std::string_view text);

}  // namespace engine::redactor
