#include "report/failure.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "report/layout.h"

namespace engine::report {
namespace {

constexpr std::size_t excerpt_lines = 8;

std::string place(const Source& source) {
  if (source.file.empty()) return source.line > 0 ? fmt::format("line {}", source.line) : "";
  return source.line > 0 ? fmt::format("{}:{}", source.file, source.line) : source.file;
}

std::string excerpt(const std::string& statement) {
  std::vector<std::string> lines = text::lines(text::trimmed(statement));
  const std::size_t all = lines.size();
  if (all > excerpt_lines) {
    lines.resize(excerpt_lines);
    lines.push_back(fmt::format(
        "… {} more", text::counted(static_cast<std::int64_t>(all - excerpt_lines), "line")));
  }
  return text::joined(lines, "\n");
}

std::string_view word_for(Code code) {
  if (code == Code::waiting) return "waiting";
  if (code == Code::interrupted) return "interrupted";
  return "error";
}

}  // namespace

std::string failure_block(const Error& error, const FailureContext& context, const Paint& paint,
                          int width) {
  const auto columns = static_cast<std::size_t>(std::max(width, 0));
  std::string block;
  bool first = true;
  for (const std::string& line :
       wrap(fmt::format("{}: {}", word_for(error.code()), shown(error.message())), columns)) {
    block += paint.red(first ? paint.bold(line) : line) + "\n";
    first = false;
  }
  const auto add = [&](std::string_view label, const std::string& raw) {
    block += labelled(2, label, shown(raw), columns);
  };
  add("step", context.step);
  add("where", place(error.source()));
  add("statement", excerpt(error.statement()));
  add("detail", error.detail());
  add("constraint", error.constraint());
  add("sqlstate", error.sqlstate());
  add("hint", error.hint());
  add("support", context.support);
  add("next", context.next);
  add("or undo", context.undo);
  return block;
}

}  // namespace engine::report
