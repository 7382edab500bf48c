#include "cli/diagnosis.h"

#include <algorithm>

namespace engine::cli {

void Diagnosis::ok(std::string subject, std::string text) {
  findings_.push_back({Level::ok, std::move(subject), std::move(text), ""});
}

void Diagnosis::warn(std::string subject, std::string text, std::string advice) {
  findings_.push_back({Level::warning, std::move(subject), std::move(text), std::move(advice)});
}

void Diagnosis::fail(std::string subject, std::string text, std::string advice) {
  findings_.push_back({Level::failure, std::move(subject), std::move(text), std::move(advice)});
}

bool Diagnosis::failed() const {
  return std::any_of(findings_.begin(), findings_.end(),
                     [](const Finding& finding) { return finding.level == Level::failure; });
}

}  // namespace engine::cli
