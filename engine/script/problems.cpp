#include "script/problems.h"

#include <algorithm>
#include <tuple>

#include "base/text.h"

namespace engine::script {

void Problems::add(Source at, std::string text, std::string hint) {
  problems_.push_back({std::move(at), std::move(text), std::move(hint)});
}

void Problems::add(const Error& error) {
  const bool told = std::any_of(problems_.begin(), problems_.end(), [&](const Problem& problem) {
    return problem.at.file == error.source().file && problem.at.line == error.source().line;
  });
  if (!told) add(error.source(), error.message(), error.hint());
}

void Problems::add_once(const Error& error) {
  const bool told = std::any_of(problems_.begin(), problems_.end(), [&](const Problem& problem) {
    return problem.at.file == error.source().file && problem.text == error.message();
  });
  if (!told) add(error.source(), error.message(), error.hint());
}

void Problems::raise(const std::string& path) {
  std::stable_sort(problems_.begin(), problems_.end(), [](const Problem& a, const Problem& b) {
    return std::tie(a.at.file, a.at.line) < std::tie(b.at.file, b.at.line);
  });
  const Problem& first = problems_.front();
  if (problems_.size() == 1)
    throw Error{Code::plan_invalid, first.text}.hint(first.hint).at(first.at);
  std::vector<std::string> lines;
  for (const Problem& problem : problems_) {
    std::string line = problem.at ? fmt::format("{}:{}: ", problem.at.file, problem.at.line) : "";
    line += problem.text;
    if (!problem.hint.empty()) line += fmt::format(" ({})", problem.hint);
    lines.push_back(std::move(line));
  }
  throw Error{Code::plan_invalid, "{} has {}", path,
              text::counted(static_cast<std::int64_t>(problems_.size()), "problem")}
      .detail(text::joined(lines, "\n"))
      .at(first.at);
}

}  // namespace engine::script
