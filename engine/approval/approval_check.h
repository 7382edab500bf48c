// How a step leaves what a preview approved: sentences, "" where it does not.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "approval/approval.h"
#include "sql/statement.h"

namespace engine::approval {

/// A step that would begin, or be passed over, where the other was previewed.
std::string not_previewed(const Approval& approval, const std::string& step);
std::string not_skipped(const Approval& approval, const std::string& step,
                        const std::string& reason);

/// `steps` commit together. `prints_alike`: definitions and owners are those of the shadow.
std::string exceeded(const Approval& approval, const std::vector<std::string>& steps,
                     const Measured& measured, bool prints_alike);

/// A statement that a step outside a transaction would send, and the shadow's run did not.
std::string not_said(const Approval& approval, const std::string& step,
                     const sql::Statement& statement);
/// Such a step on its way: `last` is what its last statement did, `so_far` all of them.
std::string exceeded_so_far(const Approval& approval, const std::string& step, const Measured& last,
                            const ApprovedStep& so_far, bool prints_alike);
/// The same at its end, by all its rows too. `partly`: an earlier run began it, so that not all of
/// it was seen.
std::string exceeded(const Approval& approval, const std::string& step, const ApprovedStep& done,
                     std::optional<std::int64_t> all_rows, bool partly, bool prints_alike);
/// Of one that is on its way there, by locks that it has or waits for.
std::string exceeded(const Approval& approval, const std::string& step,
                     const std::map<std::string, std::string>& locks);

}  // namespace engine::approval
