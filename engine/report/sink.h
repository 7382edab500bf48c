// Where the program writes: standard output or standard error, secrets redacted on the way.
#pragma once

#include <string>
#include <string_view>

namespace engine::report {

/// Never throws: a listener that failed in the middle of a run would look like a failure of its
/// step. The first write that fails (the reader has gone, the disk is full) asks for an
/// interruption, so that the run ends at its next safe point.
class Sink {
 public:
  explicit Sink(int descriptor) : descriptor_(descriptor) {}
  Sink(const Sink&) = delete;
  Sink& operator=(const Sink&) = delete;

  void write(std::string_view text);

  bool terminal() const;
  /// Do both end in the same file, pipe or terminal?
  bool same_as(const Sink& other) const;
  /// Columns of the terminal; 100 where there is none.
  int width() const;
  /// "" or what the system said about the write that failed: "Broken pipe".
  const std::string& failure() const { return failure_; }

 private:
  int descriptor_;
  std::string failure_;
};

}  // namespace engine::report
