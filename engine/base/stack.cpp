#include "base/stack.h"

#include <pthread.h>
#include <sys/mman.h>

#include <cstdint>
#include <exception>

#include "base/error.h"

namespace engine::stack {
namespace {

constexpr std::size_t page = 4096;
// Assumed where the system does not say how large the stack is.
constexpr std::size_t smallest = 256 * 1024;

std::uintptr_t here() { return reinterpret_cast<std::uintptr_t>(__builtin_frame_address(0)); }

std::uintptr_t lowest_address() {
  const std::uintptr_t assumed = here() - smallest;
  pthread_attr_t attributes;
  if (pthread_getattr_np(pthread_self(), &attributes) != 0) return assumed;
  void* address = nullptr;
  std::size_t size = 0, guard = 0;
  const bool known = pthread_attr_getstack(&attributes, &address, &size) == 0 &&
                     pthread_attr_getguardsize(&attributes, &guard) == 0;
  pthread_attr_destroy(&attributes);
  return known ? reinterpret_cast<std::uintptr_t>(address) + guard : assumed;
}

/// Memory for a stack, with a page below it that nothing may touch.
class Block {
 public:
  explicit Block(std::size_t bytes)
      : size_((bytes + 2 * page) / page * page),
        memory_(mmap(nullptr, size_, PROT_READ | PROT_WRITE,
                     MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_STACK, -1, 0)) {
    if (memory_ == MAP_FAILED)
      throw Error{Code::memory, "the system gives no stack of {} MB", size_ >> 20};
    mprotect(memory_, page, PROT_NONE);
  }
  Block(const Block&) = delete;
  Block& operator=(const Block&) = delete;
  ~Block() { munmap(memory_, size_); }

  void* begin() const { return static_cast<char*>(memory_) + page; }
  std::size_t size() const { return size_ - page; }

 private:
  std::size_t size_;
  void* memory_;
};

struct Task {
  const std::function<void()>& work;
  std::exception_ptr problem;
};

void* run(void* argument) {
  Task& task = *static_cast<Task*>(argument);
  try {
    task.work();
  } catch (...) {
    task.problem = std::current_exception();
  }
  return nullptr;
}

void on_thread(std::size_t bytes, const std::function<void()>& work) {
  const Block block{bytes};
  Task task{work, nullptr};
  pthread_attr_t attributes;
  pthread_attr_init(&attributes);
  pthread_attr_setstack(&attributes, block.begin(), block.size());
  pthread_t thread{};
  const int failure = pthread_create(&thread, &attributes, run, &task);
  pthread_attr_destroy(&attributes);
  if (failure != 0) throw Error{Code::memory, "the system gives no thread"};
  pthread_join(thread, nullptr);
  if (task.problem) std::rethrow_exception(task.problem);
}

}  // namespace

std::size_t remaining() {
  thread_local const std::uintptr_t lowest = lowest_address();
  const std::uintptr_t now = here();
  return now > lowest ? now - lowest : 0;
}

void with_room(std::size_t bytes, const std::function<void()>& work) {
  if (remaining() >= bytes) {
    work();
  } else {
    on_thread(bytes, work);
  }
}

}  // namespace engine::stack
