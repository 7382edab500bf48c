#include <csignal>
#include <string>
#include <vector>

#include "base/interrupt.h"
#include "cli/hardening.h"
#include "cli/program.h"

int main(int count, char** arguments) {
  engine::cli::open_standard_streams();
  engine::interrupt::handle_signals();
  std::signal(SIGPIPE, SIG_IGN);  // a reader that has gone is an error of write(2)
  std::vector<std::string> copies{arguments + 1, arguments + count};
  engine::cli::blank_arguments(count, arguments);
  engine::cli::forbid_dumps();
  return engine::cli::program(std::move(copies));
}
