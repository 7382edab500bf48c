// A saved preview: a file with what it approves and everything that it told.
#pragma once

#include <string>
#include <vector>

#include "approval/approval.h"

namespace engine::approval {

/// The format that this engine writes, and the only one that it reads.
inline constexpr int saved_format = 3;

/// Throws Error{refused} where something stands at the path that is no saved preview, and
/// Error{file} where nothing can be written there. Called before a preview begins, so that nobody
/// waits for one that cannot be kept.
void refuse_to_overwrite(const std::string& path);

/// `lines`: the events of the preview, a JSON object each. Atomic: the old or the new file is
/// there, never half of one.
void save(const std::string& path, const Approval& approval, const std::vector<std::string>& lines);

struct Saved {
  Approval approval;
  std::string digest;  // of all of it
};

/// Throws Error{unapproved} where the file is no saved preview, is not whole, was edited, or was
/// written by an engine with another format.
Saved read_saved(const std::string& path);

}  // namespace engine::approval
