// Saved previews.
#include "base/error.h"
#include "fuzz/fuzz.h"
#include "fuzz/memory_file.h"
#include "preview/approval/saved.h"

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const fuzz::MemoryFile file{fuzz::text_of(data, size)};
  try {
    engine::preview::read_saved(file.path());
  } catch (const engine::Error& error) {
    fuzz::require(error.code() == engine::Code::unapproved, "a bad preview approves nothing");
  }
  try {
    engine::preview::refuse_to_overwrite(file.path());
  } catch (const engine::Error&) {
  }
  return 0;
}
