// The files that a preview writes when it has ended.
#pragma once

#include <string>
#include <vector>

#include "approval/approval.h"
#include "event/event.h"
#include "report/html.h"

namespace engine::cli {

struct PreviewPaths {
  std::string save, sql, report;  // "" : none
};

/// Throws Error{refused} or Error{file} where one of them could not be written in the end.
void refuse_unwritable(const PreviewPaths& paths);

class PreviewFiles {
 public:
  explicit PreviewFiles(const PreviewPaths& paths);

  /// Keeps what the files are made of, and tells it on. The last event names the saved preview in
  /// the command to type next.
  event::Listener listener(event::Listener next);
  /// To be filled by the preview.
  approval::Approval& approval() { return approval_; }
  std::string& sql() { return sql_; }
  /// Nothing where the preview came to no verdict. Throws Error{file}.
  void write() const;

 private:
  PreviewPaths paths_;
  approval::Approval approval_;
  std::string sql_;
  std::vector<std::string> lines_;
  report::HtmlReport report_;
};

}  // namespace engine::cli
