// Manifests of backups, as they lie in a table that others may write to.
#include "backup/manifest.h"

#include "base/error.h"
#include "fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  try {
    const auto manifest = engine::backup::manifest_from_json(fuzz::text_of(data, size));
    for (const auto& attached : manifest.attached) attached.name();
    const auto again = engine::backup::manifest_from_json(engine::backup::to_json(manifest));
    fuzz::require(engine::backup::to_json(again) == engine::backup::to_json(manifest),
                  "a manifest survives writing and reading");
  } catch (const engine::Error& error) {
    fuzz::require(error.code() == engine::Code::backup, "a bad manifest is a backup error");
  }
  return 0;
}
