// Where the program writes: standard output or standard error, secrets redacted on the way.
#pragma once

#include <string>
#include <string_view>

namespace engine::report {

/// What a write that fails (the reader has gone, the disk is full) means for the run.
enum class Lost {
  ends_run,  // its output is what was asked for: it ends at its next safe point
  goes_on,   // remarks beside it
};

/// Never throws: a listener that failed in the middle of a run would look like a failure of its
/// step. After the first write that fails nothing more is written.
class Sink {
 public:
  explicit Sink(int descriptor, Lost lost = Lost::ends_run)
      : descriptor_(descriptor), lost_(lost) {}
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
  Lost lost_;
  std::string failure_;
};

}  // namespace engine::report
