// Standard output and standard error of one command, shared by what reports and what asks.
#pragma once

#include <mutex>
#include <string>
#include <string_view>
#include <utility>

#include "report/paint.h"
#include "report/sink.h"

namespace engine::report {

/// Results go to standard output, what is only of the moment to standard error. On a terminal the
/// last line there may be a transient one; whatever is printed takes its place. Safe from several
/// threads.
class Screen {
 public:
  Screen(Sink& out, Sink& err, bool colours);

  void print(std::string_view text);  // a result
  void tell(std::string_view text);   // progress that stays
  void transient(
      std::string_view line);  // progress that the next text overwrites; nothing without a terminal

  /// While it lives nothing transient is shown: somebody is typing.
  class Hold {
   public:
    explicit Hold(Screen& screen);
    Hold(const Hold&) = delete;
    Hold& operator=(const Hold&) = delete;
    ~Hold();

   private:
    Screen& screen_;
  };

  /// Do results and progress go to one place, so that who reads one reads the other?
  bool together() const { return together_; }
  /// A question and its answer stand where results go.
  void answered() { answered_ = on_terminal_; }
  bool take_answered() { return std::exchange(answered_, false); }

  bool live() const { return live_; }                    // standard error is a terminal
  int width() const;                                     // for results
  const Paint& paint() const { return paint_; }          // of results
  const Paint& err_paint() const { return err_paint_; }  // of progress and failures

 private:
  void clear();

  Sink& out_;
  Sink& err_;
  bool live_, on_terminal_, together_;
  bool answered_ = false;
  Paint paint_, err_paint_;
  std::mutex mutex_;
  bool drawn_ = false;
  int holds_ = 0;
};

}  // namespace engine::report
