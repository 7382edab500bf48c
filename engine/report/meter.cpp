#include "report/meter.h"

#include <fmt/format.h>

#include "base/text.h"
#include "base/time.h"
#include "report/layout.h"

namespace engine::report {
namespace {

constexpr std::chrono::milliseconds tick_interval{250};
constexpr std::chrono::seconds patience{1};         // shorter work needs no progress
constexpr std::chrono::seconds plain_interval{10};  // between plain lines

}  // namespace

Meter::~Meter() {
  {
    const std::lock_guard lock{mutex_};
    stopping_ = true;
  }
  wake_.notify_all();
  if (thread_.joinable()) thread_.join();
}

void Meter::start() {
  thread_ = std::thread{[this] {
    std::unique_lock lock{mutex_};
    while (!wake_.wait_for(lock, tick_interval, [this] { return stopping_; })) {
      lock.unlock();
      tick(Clock::now());
      lock.lock();
    }
  }};
}

void Meter::begin(std::string title, Clock::time_point now) {
  const std::lock_guard lock{mutex_};
  title_ = std::move(title);
  began_ = told_ = now;
  progress_.reset();
}

void Meter::update(const event::Progress& progress) {
  const std::lock_guard lock{mutex_};
  progress_ = progress;
}

void Meter::end() {
  const std::lock_guard lock{mutex_};
  title_.clear();
}

void Meter::reconnecting(const std::string& cause, Clock::time_point now) {
  const std::lock_guard lock{mutex_};
  if (lost_.empty()) lost_at_ = told_ = now;
  lost_ = cause;
}

void Meter::connected() {
  const std::lock_guard lock{mutex_};
  lost_.clear();
}

void Meter::tick(Clock::time_point now) {
  const std::lock_guard lock{mutex_};
  if (lost_.empty() && (title_.empty() || now - began_ < patience)) return;
  if (screen_.live()) {
    screen_.transient(line(now));
  } else if (now - told_ >= plain_interval) {
    told_ = now;
    screen_.tell(line(now) + "\n");
  }
}

std::string Meter::line(Clock::time_point now) const {
  if (!lost_.empty()) {
    const auto since = std::chrono::duration_cast<std::chrono::seconds>(now - lost_at_);
    return fmt::format("  … connection lost ({}), reconnecting: {} s", shown_on_one_line(lost_),
                       since.count());
  }
  const auto elapsed = std::chrono::duration_cast<std::chrono::milliseconds>(now - began_);
  std::string text = fmt::format("  … {}: {}", title_, time::duration(elapsed));
  if (!progress_) return text;
  const std::string unit = shown_on_one_line(progress_->unit);
  if (progress_->total > 0) {
    text += fmt::format(", {} of {} {} ({} %)", text::grouped(progress_->done),
                        text::grouped(progress_->total), unit,
                        100 * progress_->done / progress_->total);
  } else {
    text += fmt::format(", {} {}", text::grouped(progress_->done), unit);
  }
  if (progress_->rate >= 1) {
    text += fmt::format(", {}/s", text::grouped(static_cast<std::int64_t>(progress_->rate)));
  }
  if (progress_->eta_s) {
    text += fmt::format(", {} left", time::duration(std::chrono::seconds{*progress_->eta_s}));
  }
  if (!progress_->throttled_by.empty()) {
    text += fmt::format(", slowed down by {}", shown_on_one_line(progress_->throttled_by));
  }
  return text;
}

}  // namespace engine::report
