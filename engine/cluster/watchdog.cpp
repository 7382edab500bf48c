#include "cluster/watchdog.h"

#include <unistd.h>

#include <memory>

#include "base/companion.h"

namespace engine::cluster {
namespace {

// A start that was on its way may still bring a server up, so it looks until the folder is gone. A
// server that does not end within ten seconds is killed. Only PostgreSQL's programs are ended: a
// person may be looking into the folder with another one.
constexpr const char* script = R"(
exec 2>/dev/null
watched=
while read -r folder; do watched="$watched $folder"; done
for folder in $watched; do
  round=0
  while [ -e "$folder" ] && [ $round -lt 300 ]; do
    round=$((round + 1)) signal=QUIT found=
    [ $round -lt 50 ] || signal=KILL
    for file in $(grep -lsF "$folder/" /proc/[0-9]*/cmdline); do
      case $(tr '\0' '\n' <"$file" | head -n 1) in
        */postgres | */pg_ctl | */initdb) pid=${file#/proc/} && kill -$signal "${pid%/cmdline}" && found=1 ;;
      esac
    done
    [ -n "$found" ] || rm -rf "$folder"
    [ ! -e "$folder" ] || sleep 0.2
  done
  rm -f "$folder.lock"
done
)";

struct Watchdog {
  pid_t owner = 0;
  std::unique_ptr<process::Companion> companion;
};

}  // namespace

void watch(const std::string& folder) {
  static Watchdog watchdog;
  if (watchdog.owner != getpid()) {
    // After a fork the one that is there is the parent's.
    static_cast<void>(watchdog.companion.release());
    watchdog.companion = std::make_unique<process::Companion>(
        std::vector<std::string>{"/bin/sh", "-c", script, "engine-watchdog"});
    watchdog.owner = getpid();
  }
  watchdog.companion->write(folder + "\n");
}

}  // namespace engine::cluster
