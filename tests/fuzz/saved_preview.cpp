// Saved previews.
#include "approval/saved.h"
#include "base/error.h"
#include "fuzz/fuzz.h"
#include "fuzz/memory_file.h"

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const fuzz::MemoryFile file{fuzz::text_of(data, size)};
  try {
    engine::approval::read_saved(file.path());
  } catch (const engine::Error& error) {
    fuzz::require(error.code() == engine::Code::unapproved, "a bad preview approves nothing");
  }
  try {
    engine::approval::refuse_to_overwrite(file.path());
  } catch (const engine::Error&) {
  }
  return 0;
}
