#include "db/canceller.h"

#include <array>
#include <chrono>
#include <thread>

namespace engine::db {
namespace {

constexpr std::chrono::milliseconds patience{300};

}  // namespace

Canceller::Canceller(PGconn* handle) : cancel_(PQgetCancel(handle), PQfreeCancel) {}

void Canceller::ask() {
  {
    const std::lock_guard lock{mutex_};
    if (asking_) return;
    asking_ = true;
  }
  std::thread([self = shared_from_this()] {
    std::array<char, 256> problem{};
    PQcancel(self->cancel_.get(), problem.data(), static_cast<int>(problem.size()));
    const std::lock_guard lock{self->mutex_};
    self->asking_ = false;
    self->done_.notify_all();
  }).detach();
}

void Canceller::settle() {
  std::unique_lock lock{mutex_};
  done_.wait_for(lock, patience, [this] { return !asking_; });
}

}  // namespace engine::db
