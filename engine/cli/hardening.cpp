#include "cli/hardening.h"

#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/resource.h>

#include <algorithm>
#include <cstring>

#include "base/error.h"
#include "base/redactor.h"
#include "db/target.h"

namespace engine::cli {
namespace {

/// Where an address may begin in an argument, or nowhere.
std::size_t address_in(const std::string& word) {
  const std::size_t scheme = word.find("://");
  if (scheme != std::string::npos && word.find('@', scheme) != std::string::npos)
    return std::min(word.find("postgres"), scheme);
  if (word.find("password") == std::string::npos) return std::string::npos;
  return word.starts_with("--") ? word.find('=') + 1 : 0;
}

/// Of an address that is malformed, where the password would stand.
std::string between_colon_and_at(const std::string& address) {
  const std::size_t user = address.find("://") + 3;
  const std::size_t colon = address.find(':', user);
  const std::size_t at = address.rfind('@');
  return user < 3 || colon == std::string::npos || at == std::string::npos || at < colon
             ? ""
             : address.substr(colon + 1, at - colon - 1);
}

}  // namespace

Arguments::Arguments(int count, char** arguments) : places_(arguments + 1, arguments + count) {
  words_.assign(places_.begin(), places_.end());
  for (char* const place : places_) std::memset(place, '*', std::strlen(place));
}

void Arguments::redact_passwords() const {
  for (const std::string& word : words_) {
    const std::size_t begin = address_in(word);
    if (begin == std::string::npos) continue;
    const std::string address = word.substr(begin);
    try {
      const db::Target target = db::Target::parse(address);
      for (const char* keyword : {"password", "sslpassword"}) {
        const auto found = target.parameters().find(keyword);
        if (found != target.parameters().end()) redactor::add_secret(found->second);
      }
    } catch (const Error&) {
      redactor::add_secret(between_colon_and_at(address));
    }
  }
}

void Arguments::show_without(const std::vector<std::string>& confidential) const {
  for (std::size_t i = 0; i < places_.size(); ++i) {
    const std::string& word = words_[i];
    std::size_t shown = address_in(word) != std::string::npos ? 0 : word.size();
    for (const std::string& value : confidential) {
      if (word.ends_with(value)) shown = std::min(shown, word.size() - value.size());
    }
    std::memcpy(places_[i], word.data(), shown);
  }
}

void open_standard_streams() {
  for (int descriptor = 0; descriptor <= 2; ++descriptor) {
    // The lowest free number is the one that is closed.
    if (::fcntl(descriptor, F_GETFD) < 0) static_cast<void>(::open("/dev/null", O_RDWR));
  }
}

void forbid_dumps() {
  const rlimit none{0, 0};
  setrlimit(RLIMIT_CORE, &none);
#ifndef __SANITIZE_ADDRESS__  // whose leak check reads this process's memory
  prctl(PR_SET_DUMPABLE, 0);
#endif
}

}  // namespace engine::cli
