// Answers files.
#include "report/answers.h"

#include "base/error.h"
#include "fuzz/fuzz.h"
#include "fuzz/memory_file.h"

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const fuzz::MemoryFile file{fuzz::text_of(data, size)};
  engine::report::Answers answers;
  try {
    answers.read(file.path());
  } catch (const engine::Error& error) {
    fuzz::require(error.code() == engine::Code::usage, "a bad answers file is a usage error");
  }
  return 0;
}
