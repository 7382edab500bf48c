#include "base/redactor.h"

#include <fmt/format.h>

#include <algorithm>
#include <mutex>
#include <vector>

namespace engine::redactor {
namespace {

constexpr std::size_t shortest_secret = 4;

struct Secrets {
  std::mutex mutex;
  std::vector<std::string> values;  // longest first, so that a secret within another leaves no rest
};

Secrets& secrets() {
  static Secrets instance;
  return instance;
}

std::string url_encoded(std::string_view text) {
  std::string encoded;
  for (const char c : text) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                       c == '-' || c == '_' || c == '.' || c == '~';
    encoded += plain ? std::string(1, c) : fmt::format("%{:02X}", static_cast<unsigned char>(c));
  }
  return encoded;
}

void add(std::vector<std::string>& values, std::string value) {
  if (std::find(values.begin(), values.end(), value) != values.end()) return;
  values.push_back(std::move(value));
  std::sort(values.begin(), values.end(),
            [](const auto& a, const auto& b) { return a.size() > b.size(); });
}

}  // namespace

void add_secret(std::string_view secret) {
  if (secret.size() < shortest_secret) return;
  Secrets& known = secrets();
  const std::lock_guard lock{known.mutex};
  add(known.values, std::string{secret});
  add(known.values, url_encoded(secret));
  // As it stands in an SQL literal.
  std::string doubled;
  for (const char c : secret) doubled += std::string(c == '\'' ? 2 : 1, c);
  add(known.values, std::move(doubled));
}

std::string redact(std::string_view text) {
  std::string result{text};
  Secrets& known = secrets();
  const std::lock_guard lock{known.mutex};
  for (const std::string& secret : known.values) {
    for (std::size_t at = result.find(secret); at != std::string::npos;
         at = result.find(secret, at)) {
      result.replace(at, secret.size(), "***");
      at += 3;
    }
  }
  return result;
}

}  // namespace engine::redactor
