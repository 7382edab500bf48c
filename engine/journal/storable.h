// The journal as a sink: what may be stored, and how.
#pragma once

#include <string>

#include "base/error.h"
#include "base/redactor.h"
#include "base/secrets.h"

namespace engine::journal {

/// Text for a column: secrets replaced, and NUL bytes too, which no server takes.
inline std::string storable(const std::string& text) {
  std::string clean = redactor::redact(text);
  for (char& byte : clean) {
    if (byte == '\0') byte = ' ';
  }
  return clean;
}

/// Data that a later command works with: a replaced secret would change it, so it is refused whole.
inline std::string unsecret(const std::string& json, const char* what) {
  if (redactor::holds_secret(json)) {
    throw Error{Code::argument, "the {} would carry a secret into the journal", what}.hint(
        "Keep secrets in inputs of type secret only; they are asked again on resume.");
  }
  return json.empty() ? "{}" : json;
}

}  // namespace engine::journal
