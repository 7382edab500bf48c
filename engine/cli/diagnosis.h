// What `doctor` found, line by line.
#pragma once

#include <string>
#include <vector>

namespace engine::cli {

enum class Level { ok, warning, failure };

struct Finding {
  Level level;
  std::string subject;  // "PostgreSQL servers", "rights" …
  std::string text;
  std::string advice;  // what to do; "" where nothing
};

class Diagnosis {
 public:
  void ok(std::string subject, std::string text);
  void warn(std::string subject, std::string text, std::string advice);
  void fail(std::string subject, std::string text, std::string advice);

  const std::vector<Finding>& findings() const { return findings_; }
  bool failed() const;

 private:
  std::vector<Finding> findings_;
};

}  // namespace engine::cli
