// Plans: what does not load is an error with words.
#include "base/error.h"
#include "base/interrupt.h"
#include "bindings/registry.h"
#include "fuzz/fuzz.h"
#include "script/plan_loader.h"

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <thread>

namespace {

/// A loop of the plan's ends as Ctrl-C ends it.
class Limit {
 public:
  Limit() : watch_([this] { wait(); }) {}
  Limit(const Limit&) = delete;
  Limit& operator=(const Limit&) = delete;
  ~Limit() {
    {
      const std::lock_guard lock{mutex_};
      ended_ = true;
    }
    change_.notify_one();
    watch_.join();
    engine::interrupt::clear();
  }

 private:
  void wait() {
    std::unique_lock lock{mutex_};
    if (!change_.wait_for(lock, std::chrono::milliseconds{500}, [this] { return ended_; }))
      engine::interrupt::request();
  }

  std::mutex mutex_;
  std::condition_variable change_;
  bool ended_ = false;
  std::thread watch_;
};

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  engine::script::LoadOptions options;
  options.primitives = engine::bindings::primitives();
  options.memory_limit = 16u << 20;
  options.text = fuzz::text_of(data, size);
  const Limit limit;
  try {
    engine::script::load_plan("fuzz.lua", options);
  } catch (const engine::Error& error) {
    fuzz::require(error.code() != engine::Code::internal, "no plan meets a defect of the engine");
    fuzz::require(!error.message().empty(), "an error has words");
  }
  return 0;
}
