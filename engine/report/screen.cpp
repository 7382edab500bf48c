#include "report/screen.h"

#include <algorithm>

#include "base/text.h"

namespace engine::report {

namespace {
constexpr int widest = 110;  // longer lines are hard to read across
}

Screen::Screen(Sink& out, Sink& err, bool colours)
    : out_(out),
      err_(err),
      live_(err.terminal()),
      on_terminal_(out.terminal()),
      together_(out.same_as(err)),
      paint_(colours && out.terminal()),
      err_paint_(colours && err.terminal()) {}

void Screen::print(std::string_view text) {
  const std::lock_guard lock{mutex_};
  clear();
  out_.write(text);
}

void Screen::tell(std::string_view text) {
  const std::lock_guard lock{mutex_};
  clear();
  err_.write(text);
}

void Screen::transient(std::string_view line) {
  const std::lock_guard lock{mutex_};
  if (!live_ || holds_ > 0) return;
  err_.write("\r\x1b[K" + text::shortened(line, static_cast<std::size_t>(err_.width() - 1)));
  drawn_ = true;
}

int Screen::width() const { return std::min(out_.width(), widest); }

void Screen::clear() {
  if (drawn_) err_.write("\r\x1b[K");
  drawn_ = false;
}

Screen::Hold::Hold(Screen& screen) : screen_(screen) {
  const std::lock_guard lock{screen_.mutex_};
  screen_.clear();
  ++screen_.holds_;
}

Screen::Hold::~Hold() {
  const std::lock_guard lock{screen_.mutex_};
  --screen_.holds_;
}

}  // namespace engine::report
