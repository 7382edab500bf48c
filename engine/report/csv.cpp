#include "report/csv.h"

#include "base/redactor.h"
#include "report/failure.h"

namespace engine::report {
namespace {

/// Redacted before it is quoted: a doubled quote would hide a secret that has one.
std::string field(const std::string& raw) {
  const std::string text = redactor::redact(raw);
  if (!text.empty() && text.find_first_of(",\"\r\n") == std::string::npos) return text;
  std::string quoted = "\"";
  for (const char c : text) {
    if (c == '"') quoted += '"';
    quoted += c;
  }
  return quoted + "\"";
}

std::string csv(const event::TableShown& table) {
  std::string text;
  for (std::size_t i = 0; i < table.columns.size(); ++i) {
    text += (i > 0 ? "," : "") + field(table.columns[i]);
  }
  text += "\r\n";
  for (const auto& row : table.rows) {
    for (std::size_t i = 0; i < row.size(); ++i) {
      if (i > 0) text += ',';
      if (row[i]) text += field(*row[i]);
    }
    text += "\r\n";
  }
  return text;
}

}  // namespace

void Csv::operator()(const event::Event& event) {
  if (const auto* table = std::get_if<event::TableShown>(&event.body)) {
    screen_.print((further_ ? "\r\n" : "") + csv(*table));
    further_ = true;
  }
  const auto* finished = std::get_if<event::RunFinished>(&event.body);
  if (finished != nullptr && finished->error) {
    screen_.tell(failure_block(*finished->error, {}, screen_.err_paint(), screen_.width()));
  }
}

}  // namespace engine::report
