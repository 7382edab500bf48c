// What the primitives of backups share.
#pragma once

#include <string>

#include "backup/backup.h"
#include "bindings/registry.h"

namespace engine::bindings {

/// The run and step that take or use a backup.
backup::Origin origin_of(Call& call);

/// "5,000 rows of public.t copied to …".
std::string told(const backup::CopiedRows& copied);

}  // namespace engine::bindings
