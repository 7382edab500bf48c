// Looks from a second session at what a step outside a transaction locks, for as long as it works.
#pragma once

#include <condition_variable>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

#include "base/error.h"
#include "db/connection.h"
#include "runner/run_guard.h"

namespace engine::approval {

class LockWatch : public runner::RunObserver {
 public:
  /// What is wrong with these locks: by table the strongest mode that it has or waits for, of those
  /// that keep writers out. Called on the thread that looks.
  using Judge = std::function<std::optional<Error>(const std::map<std::string, std::string>&)>;

  /// `pid`: of the server's process that works. `journal`: the schema whose locks are the engine's.
  LockWatch(db::Connection connection, std::string pid, std::string journal, Judge judge);
  LockWatch(const LockWatch&) = delete;
  LockWatch& operator=(const LockWatch&) = delete;
  ~LockWatch() override;

  /// Throws what the judge said, whose statement has been cancelled by then; and Error{unapproved}
  /// where nothing can be seen any more.
  void check() override;

 private:
  void look_on();
  void look();

  db::Connection connection_;
  const std::string pid_;
  const std::string journal_;
  const Judge judge_;
  std::mutex mutex_;
  std::condition_variable ends_soon_;
  bool ends_ = false;
  std::optional<Error> wrong_;
  std::thread thread_;
};

}  // namespace engine::approval
