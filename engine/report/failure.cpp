#include "report/failure.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "report/excerpt.h"
#include "report/layout.h"

namespace engine::report {
namespace {

constexpr std::size_t indent = 2;
constexpr std::size_t context_lines = 4;  // deeper calls of PL/pgSQL say little

std::size_t columns_of(int width) { return static_cast<std::size_t>(std::max(width, 0)); }

std::string place(const Source& source) {
  if (source.file.empty()) return source.line > 0 ? fmt::format("line {}", source.line) : "";
  return source.line > 0 ? fmt::format("{}:{}", source.file, source.line) : source.file;
}

std::string first_lines(const std::string& text, std::size_t most) {
  std::vector<std::string> lines = text::lines(text);
  if (lines.size() > most) lines.resize(most);
  return text::joined(lines, "\n");
}

std::string heading(const std::string& text, const Paint& paint, int width) {
  std::string lines;
  for (const std::string& line : wrap(text, columns_of(width))) {
    lines += paint.red(lines.empty() ? paint.bold(line) : line) + "\n";
  }
  return lines;
}

std::string_view word_of(Code code) {
  if (code == Code::waiting) return "waiting";
  return code == Code::refused ? "refused" : "error";
}

std::string sentence(const Error& error) {
  // The operator did it: nothing went wrong.
  if (error.code() == Code::interrupted) return "Interrupted by the operator";
  return fmt::format("{}: {}", word_of(error.code()), shown(error.message()));
}

}  // namespace

std::string failure_advice(const FailureContext& context, int width) {
  std::string lines;
  const auto add = [&](std::string_view label, const std::string& raw, std::size_t columns) {
    lines += labelled(indent, label, shown(raw), columns);
  };
  // A command is pasted: the terminal may fold it, but no line break is put into it.
  constexpr std::size_t unfolded = std::string::npos;
  add("support", context.support, columns_of(width));
  add("next", context.next, unfolded);
  add("or undo", context.undo, unfolded);
  return lines;
}

std::string failure_details(const Error& error, std::size_t margin, const Paint& paint, int width) {
  const std::size_t columns = columns_of(width);
  std::string block;
  const auto add = [&](std::string_view label, const std::string& raw) {
    block += labelled(margin, label, shown(raw), columns);
  };
  add("where", place(error.source()));
  bool first = true;
  const std::size_t start = margin + label_columns;
  for (const std::string& line :
       excerpt(error.statement(), error.position(), columns > start ? columns - start : 0)) {
    const std::string head = std::string(margin, ' ') + (first ? "statement" : "");
    const bool caret = text::trimmed(line) == "^";
    block += pad(head, start) + (caret ? paint.red(line) : line) + "\n";
    first = false;
  }
  add("detail", error.detail());
  add("context", first_lines(error.context(), context_lines));
  add("constraint", error.constraint());
  add("sqlstate", error.sqlstate());
  add("hint", error.hint());
  return block;
}

std::string failure_block(const Error& error, const FailureContext& context, const Paint& paint,
                          int width) {
  std::string block = heading(sentence(error), paint, width);
  block += labelled(indent, "step", shown(context.step), columns_of(width));
  if (context.check != context.step)
    block += labelled(indent, "check", shown(context.check), columns_of(width));
  if (error.code() != Code::interrupted) block += failure_details(error, indent, paint, width);
  return block + failure_advice(context, width);
}

std::string failure_pointer(const Error& error, const FailureContext& context, const Paint& paint,
                            int width) {
  std::string text =
      fmt::format("{}: \"{}\" {}", word_of(error.code()), shown_on_one_line(context.step),
                  error.code() == Code::refused ? "was not done" : "failed");
  const std::string where = place(error.source());
  if (!where.empty()) text += " at " + shown_on_one_line(where);
  return heading(text, paint, width) + failure_advice(context, width);
}

}  // namespace engine::report
