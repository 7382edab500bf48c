// A proxy between a program and PostgreSQL: counts round trips and messages, adds latency, and
// breaks the connection, or the program, at a chosen message.
#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace test {

/// What was seen between the first ReadyForQuery of a session and its end, over all sessions.
struct Counts {
  long sessions = 0;
  long cancels = 0;
  long round_trips = 0;           // bytes from the client, then bytes to it
  std::map<char, long> messages;  // from the client, by type: 'Q' Query, 'E' Execute, 'S' Sync …

  std::string json() const;
};

struct Fault {
  enum class Action {
    cut,     // both connections are closed
    freeze,  // nothing passes any more; both connections are closed after `lasting`, if it is given
    kill,    // SIGKILL to the client's process; needs a client on this machine
    call,    // `called`, which may do something to the server
  };
  enum class When {
    before,       // the server never sees the message
    after,        // the server has it, its answer does not pass
    after_reply,  // the server has answered all that was asked (ReadyForQuery), which does not pass
  };
  Action action = Action::cut;
  When when = When::before;
  char type = 0;           // of the message; 0: any
  std::string containing;  // in its SQL, of an Execute in that of its Parse; "" is any
  int nth = 1;             // of the messages that match, from 1, over all sessions
  std::function<void()> called = {};
  std::chrono::milliseconds lasting{0};
  std::function<void()> prepared = {};  // called before the message is forwarded
  std::chrono::milliseconds delay{0};   // between forwarding the message and the fault

  /// "cut:before:E:1:COMMIT"; type * is any. Throws std::invalid_argument.
  static Fault parse(const std::string& text);
};

class Proxy {
 public:
  /// Listens on FOLDER/.s.PGSQL.5432, made where missing. `server` is the folder of a server's
  /// socket, or HOST:PORT.
  Proxy(const std::string& folder, const std::string& server,
        std::chrono::milliseconds latency = std::chrono::milliseconds{0});
  Proxy(const Proxy&) = delete;
  Proxy& operator=(const Proxy&) = delete;
  ~Proxy();

  Counts counts() const;
  void reset_counts();
  /// The messages that faults of any type count, in their order: "E COMMIT". Since `arm`.
  std::vector<std::string> seen() const;

  /// The next fault; it happens once. Messages are counted from here.
  void arm(const Fault& fault);
  void disarm();
  bool fault_happened() const;

 private:
  class Loop;
  std::unique_ptr<Loop> loop_;
};

}  // namespace test
