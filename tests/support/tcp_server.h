// A PostgreSQL of a test's own that listens on a loopback address of its own, too.
#pragma once

#include <unistd.h>

#include <atomic>
#include <fstream>
#include <string>

#include "support/database.h"
#include "support/server.h"

namespace test {

class TcpServer : public Server {
 public:
  TcpServer() {
    set("listen_addresses", address_);
    restart();
  }

  const std::string& address() const { return address_; }
  std::string data() const { return socket() + "/data"; }
  Database database() const { return Database{"template0", socket()}; }

  /// In effect after restart().
  void set(const std::string& setting, const std::string& value) const {
    std::ofstream{data() + "/postgresql.conf", std::ios::app} << setting << " = '" << value
                                                              << "'\n";
  }
  /// Before all other lines of pg_hba.conf; in effect after restart().
  void admit(const std::string& line) const {
    std::ifstream before{data() + "/pg_hba.conf"};
    const std::string rest{std::istreambuf_iterator<char>{before}, {}};
    std::ofstream{data() + "/pg_hba.conf"} << line << "\n" << rest;
  }
  void restart() const {
    halt();
    start_again();
  }
  /// It recovers for ever, as a standby whose primary sends nothing.
  void become_standby() const {
    halt();
    std::ofstream{data() + "/standby.signal"};
    start_again();
  }

 private:
  static std::string fresh_address() {
    static std::atomic<int> count{0};
    const int pid = getpid();
    return "127." + std::to_string(1 + pid / 250 % 250) + "." + std::to_string(1 + pid % 250) +
           "." + std::to_string(1 + ++count % 250);
  }

  const std::string address_ = fresh_address();
};

}  // namespace test
