#include "cli/preview_files.h"

#include "approval/saved.h"
#include "base/error.h"
#include "base/file.h"
#include "cli/targets.h"
#include "cli/version.h"
#include "report/json_lines.h"

namespace engine::cli {
namespace {

constexpr std::string_view sql_mark = "-- engine preview: ";

/// Something stands there that no preview has written.
void refuse_foreign(const std::string& path, std::string_view mark) {
  const std::string folder = file::folder_of(path);
  if (!file::exists(folder.empty() ? "." : folder))
    throw Error{Code::file, "{} cannot be written: folder {} does not exist", path, folder};
  if (!file::exists(path)) return;
  if (const std::string text = file::read(path); text.empty() || text.starts_with(mark)) return;
  throw Error{Code::refused, "{} already exists, and was not written by a preview", path}.hint(
      "Choose another name, or move that file.");
}

}  // namespace

void refuse_unwritable(const PreviewPaths& paths) {
  if (!paths.save.empty()) approval::refuse_to_overwrite(paths.save);
  if (!paths.sql.empty()) refuse_foreign(paths.sql, sql_mark);
  if (!paths.report.empty()) refuse_foreign(paths.report, report::html_mark);
}

PreviewFiles::PreviewFiles(const PreviewPaths& paths) : paths_(paths) {
  approval_.engine = version();
}

event::Listener PreviewFiles::listener(event::Listener next) {
  return [this, next = std::move(next)](const event::Event& event) {
    event::Event told = event;
    if (auto* finished = std::get_if<event::RunFinished>(&told.body);
        finished && finished->exit == Exit::done && !paths_.save.empty())
      finished->next += " --approved " + shell_word(paths_.save);
    if (const std::string line = report::json_line(told); !line.empty()) lines_.push_back(line);
    report_(told);
    next(told);
  };
}

void PreviewFiles::write() const {
  if (!approval_.verdict) return;
  if (!paths_.save.empty()) approval::save(paths_.save, approval_, lines_);
  if (!paths_.sql.empty()) file::write(paths_.sql, sql_);
  if (!paths_.report.empty()) file::write(paths_.report, report_.page());
}

}  // namespace engine::cli
