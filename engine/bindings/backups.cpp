#include "bindings/backups.h"

#include "base/text.h"
#include "runner/session/session.h"

namespace engine::bindings {

backup::Origin origin_of(Call& call) {
  const auto& session = call.session();
  return {session.run_id(), session.step_id(), session.journal_schema()};
}

std::string told(const backup::CopiedRows& copied) {
  return fmt::format("{} of {} copied to {}", text::counted(copied.rows, "row"),
                     copied.table.display(), copied.copy.display());
}

}  // namespace engine::bindings
