#include <csignal>

#include "base/interrupt.h"
#include "cli/hardening.h"
#include "cli/program.h"

int main(int count, char** arguments) {
  engine::interrupt::handle_signals();
  std::signal(SIGPIPE, SIG_IGN);  // a reader that has gone is an error of write(2)
  const engine::cli::Arguments words{count, arguments};
  engine::cli::open_standard_streams();
  engine::cli::forbid_dumps();
  return engine::cli::program(words);
}
