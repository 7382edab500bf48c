// How a step leaves what a preview approved: sentences, "" where it does not.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "preview/approval/approval.h"

namespace engine::preview {

/// A step that would begin, or be passed over, where the other was previewed.
std::string not_previewed(const Approval& approval, const std::string& step);
std::string not_skipped(const Approval& approval, const std::string& step,
                        const std::string& reason);

/// `steps` commit together.
std::string exceeded(const Approval& approval, const std::vector<std::string>& steps,
                     const Measured& measured);
/// Of a step outside a transaction, by all its rows. `partly`: some may not be counted.
std::string exceeded(const Approval& approval, const std::string& step,
                     std::optional<std::int64_t> all_rows, bool partly);
/// Of one that is on its way there, by locks that it has or waits for.
std::string exceeded(const Approval& approval, const std::string& step,
                     const std::map<std::string, std::string>& locks);

}  // namespace engine::preview
