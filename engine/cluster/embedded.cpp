#include "cluster/embedded.h"

#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <initializer_list>
#include <string_view>

#include "base/error.h"
#include "base/file.h"
#include "base/hash.h"
#include "base/names.h"
#include "base/text.h"
#include "cluster/account.h"
#include "cluster/file_lock.h"
#include "cluster/template.h"
#include "db/connection.h"

namespace engine::cluster {
namespace {

namespace fs = std::filesystem;

int major_of(const std::string& data) {
  try {
    return std::atoi(file::read(data + "/PG_VERSION").c_str());
  } catch (const Error&) {
    return 0;
  }
}

/// pg_ctl hands the path to a shell between double quotes.
bool fits_a_shell(const std::string& path) {
  for (const char c : path) {
    if (c == '"' || c == '$' || c == '`' || c == '\\' || c == '\n') return false;
  }
  return true;
}

/// Files and folders whose names begin so: also what a killed engine was about to make.
void remove_named(const std::string& folder, std::initializer_list<std::string_view> beginnings) {
  for (const auto& entry : fs::directory_iterator{folder}) {
    const std::string name = entry.path().filename().string();
    for (const std::string_view beginning : beginnings) {
      if (name.starts_with(beginning)) fs::remove_all(entry.path());
    }
  }
}

ServerPlace place_in(const std::string& home, const std::string& key, const Account& account) {
  // A socket's path may have 107 bytes.
  return {home + "/data", home + "/log", fmt::format("/tmp/engine-{}-{}", account.user(), key)};
}

}  // namespace

Embedded::Embedded(const std::string& folder)
    : folder_(file::canonical(folder)), key_(hash::sha256(folder_).substr(0, 12)) {}

std::string Embedded::inside() const { return folder_ + "/.engine"; }

std::string Embedded::outside() const {
  if (process::running_as_root()) return "/var/lib/engine/" + key_;
  const char* state = std::getenv("XDG_STATE_HOME");
  if (state != nullptr && *state == '/') return fmt::format("{}/engine/{}", state, key_);
  const char* home = std::getenv("HOME");
  return fmt::format("{}/.local/state/engine/{}", home != nullptr ? home : "", key_);
}

std::optional<std::string> Embedded::known_home() const {
  // A copy of the folder names the home of its original, which stays the original's.
  if (file::exists(inside() + "/home") &&
      text::trimmed(file::read(inside() + "/home")) == outside())
    return outside();
  if (file::exists(inside() + "/data")) return inside();
  return std::nullopt;
}

Server Embedded::server_in(const std::string& home) const {
  const Account account = Account::of_server();
  return Server{place_in(home, key_, account), account};
}

EmbeddedState Embedded::state() const {
  EmbeddedState state;
  const auto home = known_home();
  if (!home) return state;
  const ServerPlace place = place_in(*home, key_, Account::of_server());
  state.data = place.data;
  state.log = place.log;
  state.socket = place.socket;
  state.major = major_of(place.data);
  state.exists = state.major > 0;
  const auto pid = server_in(*home).pid();
  state.running = pid.has_value();
  state.pid = pid.value_or(0);
  return state;
}

void Embedded::start() {
  if (const auto home = known_home(); home && server_in(*home).answers()) return;

  const FileLock lock{inside() + "/lock"};
  const std::string home = choose_home();
  const Server server = server_in(home);
  if (server.answers()) return;
  const std::string data = home + "/data";
  const int major = major_of(data);
  const Installation installation =
      choose_installation(folder_, major > 0 ? std::optional{major} : std::nullopt);
  if (major == 0) make_cluster(installation, Account::of_server(), data);
  server.start(installation);
}

std::string Embedded::choose_home() {
  if (const auto home = known_home()) return *home;
  // Of an .engine that was removed by hand.
  if (file::exists(outside())) {
    stop_in(outside());
    remove_home(outside());
  }
  file::write(inside() + "/.gitignore", "*\n");
  if (fits_a_shell(inside()) && Account::of_server().can_live_in(inside())) return inside();
  file::make_folder(file::folder_of(outside()));
  file::make_folder(outside());
  file::write(inside() + "/home", outside() + "\n");
  return outside();
}

void Embedded::stop_in(const std::string& home) {
  const Server server = server_in(home);
  if (!server.pid()) return;
  server.stop(choose_installation(folder_, major_of(home + "/data")));
  std::error_code not_empty;
  fs::remove(place_in(home, key_, Account::of_server()).socket, not_empty);
}

void Embedded::stop() {
  const auto home = known_home();
  if (!home) return;
  const FileLock lock{inside() + "/lock"};
  stop_in(*home);
}

void Embedded::remove_home(const std::string& home) {
  remove_unfinished(home + "/data");
  fs::remove_all(home + "/data");
  fs::remove_all(place_in(home, key_, Account::of_server()).socket);
  fs::remove(home + "/log");
  if (home == outside()) fs::remove(home);
}

void Embedded::reset() {
  if (!file::exists(inside())) return;
  FileLock lock{inside() + "/lock"};
  if (const auto home = known_home()) {
    stop_in(*home);
    remove_home(*home);
  }
  remove_named(inside(), {"home", ".gitignore", "probe-"});
  lock.remove();
  std::error_code not_empty;  // somebody keeps other things there
  fs::remove(inside(), not_empty);
}

db::Target Embedded::target(const std::string& database) const {
  const auto home = known_home();
  if (!home)
    throw Error{Code::unreachable, "there is no embedded server in {}", inside()}.hint(
        "engine db start");
  const Server server = server_in(*home);
  auto connection = db::Connection::open(server.target("postgres"));
  if (connection.query("SELECT 1 FROM pg_catalog.pg_database WHERE datname = $1", {database})
          .empty()) {
    try {
      // template0: nobody is connected to it, which CREATE DATABASE would refuse.
      connection.execute(
          fmt::format("CREATE DATABASE {} TEMPLATE template0", quote_identifier(database)));
    } catch (const Error& error) {
      // Another engine made it meanwhile: duplicate_database, or unique_violation in the same
      // moment.
      if (error.sqlstate() != "42P04" && error.sqlstate() != "23505") throw;
    }
  }
  return server.target(database);
}

}  // namespace engine::cluster
