#include "cli/hardening.h"

#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/resource.h>

#include <cstring>
#include <string_view>

namespace engine::cli {
namespace {

void blank(char* text) { std::memset(text, '*', std::strlen(text)); }

}  // namespace

void blank_arguments(int count, char** arguments) {
  bool value_follows = false;
  for (int i = 1; i < count; ++i) {
    const std::string_view argument = arguments[i];
    if (value_follows) {
      blank(arguments[i]);
      value_follows = false;
      continue;
    }
    value_follows = argument == "-d" || argument == "--database" || argument == "--set";
    for (const std::string_view flag : {"--database=", "--set=", "-d"}) {
      if (!value_follows && argument.starts_with(flag)) blank(arguments[i] + flag.size());
    }
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
