// proxy FOLDER SERVER [--latency MS] [--counts FILE] [--fault ACTION:WHEN:TYPE:NTH[:SQL]]
//
// Prints "ready" when it listens. Writes its counts as JSON to FILE on SIGUSR1 and at its end
// (SIGTERM, SIGINT); SIGUSR2 sets them to zero.
#include <pthread.h>
#include <signal.h>

#include <cstdio>
#include <exception>
#include <fstream>
#include <iostream>
#include <stdexcept>
#include <string>
#include <vector>

#include "support/proxy.h"

namespace {

struct Options {
  std::string folder;
  std::string server;
  std::chrono::milliseconds latency{0};
  std::string counts;
  std::vector<test::Fault> faults;
};

Options read(const std::vector<std::string>& words) {
  Options options;
  std::vector<std::string> places;
  for (std::size_t i = 0; i < words.size(); ++i) {
    const bool takes_value = words[i].starts_with("--");
    if (!takes_value) {
      places.push_back(words[i]);
      continue;
    }
    if (i + 1 == words.size()) throw std::invalid_argument(words[i] + " wants a value");
    const std::string& value = words[i + 1];
    if (words[i] == "--latency") {
      options.latency = std::chrono::milliseconds{std::stol(value)};
    } else if (words[i] == "--counts") {
      options.counts = value;
    } else if (words[i] == "--fault") {
      options.faults.push_back(test::Fault::parse(value));
    } else {
      throw std::invalid_argument("unknown option " + words[i]);
    }
    ++i;
  }
  if (places.size() != 2 || options.faults.size() > 1) {
    throw std::invalid_argument(
        "usage: proxy FOLDER SERVER [--latency MS] [--counts FILE] [--fault FAULT]");
  }
  options.folder = places[0];
  options.server = places[1];
  return options;
}

// Under another name first: whoever waits for the file must not see half of it.
void write_counts(const test::Proxy& proxy, const std::string& file) {
  if (file.empty()) return;
  const std::string fresh = file + ".new";
  std::ofstream{fresh} << proxy.counts().json() << '\n';
  std::rename(fresh.c_str(), file.c_str());
}

void serve(const Options& options) {
  sigset_t signals;
  sigemptyset(&signals);
  for (const int number : {SIGINT, SIGTERM, SIGUSR1, SIGUSR2}) sigaddset(&signals, number);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);

  test::Proxy proxy{options.folder, options.server, options.latency};
  for (const test::Fault& fault : options.faults) proxy.arm(fault);
  std::cout << "ready" << std::endl;
  for (int number = 0; sigwait(&signals, &number) == 0;) {
    if (number == SIGUSR2) {
      proxy.reset_counts();
      continue;
    }
    write_counts(proxy, options.counts);
    if (number != SIGUSR1) return;
  }
}

}  // namespace

int main(int argc, char** argv) {
  try {
    serve(read({argv + 1, argv + argc}));
    return 0;
  } catch (const std::exception& error) {
    std::cerr << error.what() << '\n';
    return 2;
  }
}
