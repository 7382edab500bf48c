// The fuzz targets without a fuzzer: every file of a corpus, then mutations of them, always the
// same.
//   fuzz_NAME CORPUS [SECONDS [SEED]]
#include <unistd.h>
#include <csignal>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <string_view>
#include <vector>

#include "fuzz/fuzz.h"

namespace {

using Clock = std::chrono::steady_clock;

constexpr std::size_t largest = 4096;
constexpr int mutations = 3000;

// What it was working on, for whoever reads the log of a crash.
std::string input;  // NOLINT

void write_all(const char* text, std::size_t size) {
  [[maybe_unused]] const auto written = write(STDERR_FILENO, text, size);
}

void tell_input(int signal) {
  constexpr std::string_view head = "crashed on this input:\n";
  write_all(head.data(), head.size());
  write_all(input.data(), input.size());
  write_all("\n", 1);
  std::signal(signal, SIG_DFL);
  std::raise(signal);
}

std::vector<std::string> corpus_in(const std::string& folder) {
  std::vector<std::filesystem::path> paths;
  for (const auto& entry : std::filesystem::directory_iterator{folder})
    paths.push_back(entry.path());
  std::sort(paths.begin(), paths.end());
  std::vector<std::string> corpus;
  for (const auto& path : paths) {
    std::ifstream file{path, std::ios::binary};
    corpus.emplace_back(std::istreambuf_iterator<char>{file}, std::istreambuf_iterator<char>{});
  }
  return corpus;
}

class Mutator {
 public:
  Mutator(const std::vector<std::string>& corpus, unsigned seed) : corpus_(corpus), random_(seed) {}

  std::string next() {
    std::string text = any();
    for (std::size_t changes = 1 + below(6); changes > 0; --changes) change(text);
    return text.substr(0, largest);
  }

 private:
  std::size_t below(std::size_t limit) {
    return std::uniform_int_distribution<std::size_t>(0, limit - 1)(random_);
  }
  const std::string& any() { return corpus_[below(corpus_.size())]; }
  std::string part_of(const std::string& text) {
    return text.substr(below(text.size() + 1), 1 + below(40));
  }

  void change(std::string& text) {
    const std::size_t at = below(text.size() + 1);
    switch (below(8)) {
      case 0:
        text.erase(at, 1 + below(16));
        break;
      case 1:
        text.insert(at, 1, static_cast<char>(below(256)));
        break;
      case 2:
        if (at < text.size()) text[at] = static_cast<char>(below(256));
        break;
      case 3:
        text.insert(at, part_of(text));
        break;
      case 4:
        text.insert(at, part_of(any()));
        break;
      case 5:
        if (at < text.size()) text.insert(at, 1 + below(200), text[at]);
        break;
      case 6:
        text.resize(at);
        break;
      default:
        if (at < text.size()) text[at] = static_cast<char>(text[at] ^ (1 << below(8)));
    }
  }

  const std::vector<std::string>& corpus_;
  std::mt19937 random_;
};

void feed(const std::string& text) {
  input = text;
  LLVMFuzzerTestOneInput(reinterpret_cast<const std::uint8_t*>(text.data()), text.size());
}

}  // namespace

int main(int count, char** arguments) {
  if (count < 2) return 2;
  for (const int signal : {SIGSEGV, SIGABRT, SIGBUS, SIGFPE}) std::signal(signal, tell_input);
  const auto corpus = corpus_in(arguments[1]);
  if (corpus.empty()) return 2;
  const auto limit = std::chrono::seconds{count > 2 ? std::stoi(arguments[2]) : 20};
  const unsigned seed = count > 3 ? static_cast<unsigned>(std::stoul(arguments[3])) : 20261130;
  const auto begin = Clock::now();
  for (const std::string& text : corpus) feed(text);
  Mutator mutator{corpus, seed};
  int done = 0;
  // Without seconds a number of them; on a slow machine as many as the time allows.
  for (; (count > 2 || done < mutations) && Clock::now() - begin < limit; ++done)
    feed(mutator.next());
  std::printf("%zu inputs and %d mutations (seed %u) in %.1f s\n", corpus.size(), done, seed,
              std::chrono::duration<double>(Clock::now() - begin).count());
  return 0;
}
