#include "support/proxy.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <list>
#include <mutex>
#include <optional>
#include <stdexcept>
#include <thread>
#include <vector>

#include "support/frontend.h"
#include "support/sockets.h"

namespace test {
namespace {

using Clock = std::chrono::steady_clock;

struct Link {
  Socket client;
  Socket server;
  FrontendReader from_client;
  BackendReader from_server;
  Outbox to_client;
  Outbox to_server;
  bool open = true;
  bool frozen = false;
  std::optional<Clock::time_point> frozen_until;
  bool in_session = false;  // after the first ReadyForQuery
  bool client_spoke = false;
  std::optional<Fault> swallowing;  // forwarded; its answer does not pass
};

}  // namespace

class Proxy::Loop {
 public:
  Loop(const std::string& folder, std::string server, std::chrono::milliseconds latency)
      : path_(socket_path(folder)),
        listener_(listen_in(folder)),
        server_(std::move(server)),
        latency_(latency) {
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0) fail("pipe");
    wake_reader_ = Socket{ends[0]};
    wake_writer_ = Socket{ends[1]};
    thread_ = std::thread([this] { run(); });
  }
  Loop(const Loop&) = delete;
  Loop& operator=(const Loop&) = delete;

  ~Loop() {
    stopping_ = true;
    [[maybe_unused]] const auto written = write(wake_writer_.get(), "x", 1);
    thread_.join();
    unlink(path_.c_str());
  }

  template <typename Use>
  auto locked(Use use) {
    const std::lock_guard lock{mutex_};
    return use(*this);
  }

  Counts counts;
  std::optional<Fault> fault;
  int matches = 0;
  bool happened = false;
  std::vector<std::string> seen;

 private:
  void run() {
    while (!stopping_) {
      std::vector<pollfd> sockets{{listener_.get(), POLLIN, 0}, {wake_reader_.get(), POLLIN, 0}};
      for (const Link& link : links_) watch(link, sockets);
      poll(sockets.data(), sockets.size(), patience());
      const std::lock_guard lock{mutex_};
      if ((sockets[0].revents & POLLIN) != 0) accept_link();
      for (Link& link : links_) serve(link);
      links_.remove_if([](const Link& link) { return !link.open; });
    }
  }

  static void watch(const Link& link, std::vector<pollfd>& sockets) {
    if (link.frozen) return;
    const auto events = [](const Outbox& out) {
      return static_cast<short>(out.ready() ? POLLIN | POLLOUT : POLLIN);
    };
    sockets.push_back({link.client.get(), events(link.to_client), 0});
    sockets.push_back({link.server.get(), events(link.to_server), 0});
  }

  // Until the first portion is due.
  int patience() const {
    std::optional<Clock::time_point> first;
    for (const Link& link : links_) {
      const auto due = link.frozen ? link.frozen_until : link.to_client.due();
      if (due && (!first || *due < *first)) first = due;
    }
    if (!first) return -1;
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(*first - Clock::now());
    return std::max(0, static_cast<int>(left.count()));
  }

  void accept_link() {
    Link link;
    link.client = Socket{accept4(listener_.get(), nullptr, nullptr, SOCK_CLOEXEC)};
    try {
      link.server = connect_to(server_);
    } catch (const std::runtime_error&) {
      return;  // closes the client's, as the server would
    }
    never_block(link.client);
    never_block(link.server);
    links_.push_back(std::move(link));
  }

  void serve(Link& link) {
    if (link.frozen && link.frozen_until && *link.frozen_until <= Clock::now()) link.open = false;
    if (link.frozen || !link.open) return;
    bool client_open = true;
    const std::string asked = receive(link.client, client_open);
    for (FrontendMessage& message : link.from_client.read(asked)) {
      if (link.frozen || !link.open) return;
      take(link, message);
    }
    bool server_open = true;
    const std::string answered = receive(link.server, server_open);
    if (!answered.empty()) give(link, answered);
    if (!link.open || link.frozen) return;
    if (!client_open) {
      // What a client said before it died reaches the server, as it does without a proxy.
      link.to_server.flush_to(link.server);
      link.open = false;
      return;
    }
    link.to_server.send_to(link.server, link.open);
    if (link.to_client.send_to(link.client, link.open) && link.client_spoke) {
      link.client_spoke = false;
      if (link.in_session) ++counts.round_trips;
    }
    // What the server said last must still arrive.
    if (!server_open && link.to_client.empty()) link.open = false;
  }

  void take(Link& link, FrontendMessage& message) {
    if (message.kind == FrontendKind::encryption) {
      link.to_client.add("N");
      return;
    }
    if (message.kind == FrontendKind::cancel) ++counts.cancels;
    const bool typed = message.kind == FrontendKind::message && link.in_session;
    if (typed) {
      ++counts.messages[message.type];
      seen.push_back(std::string{message.type} + ' ' + message.sql);
    }
    link.client_spoke = true;
    const bool strikes = typed && matches_fault(message);
    if (strikes && fault->prepared) fault->prepared();
    if (strikes && fault->when == Fault::When::before) {
      link.to_server.flush_to(link.server);
      strike(link, *std::exchange(fault, std::nullopt));
      return;
    }
    link.to_server.add(std::move(message.bytes));
    if (!strikes) return;
    const Fault now = *std::exchange(fault, std::nullopt);
    if (now.when == Fault::When::after_reply) {
      link.swallowing = now;
    } else {
      link.to_server.flush_to(link.server);
      std::this_thread::sleep_for(now.delay);
      strike(link, now);
    }
  }

  void give(Link& link, const std::string& bytes) {
    const int ready = link.from_server.read(bytes);
    if (link.swallowing) {
      if (ready > 0) strike(link, *std::exchange(link.swallowing, std::nullopt));
      return;
    }
    link.to_client.add(bytes, Clock::now() + latency_);
    if (ready > 0 && !link.in_session) {
      link.in_session = true;
      link.client_spoke = false;
      ++counts.sessions;
    }
  }

  bool matches_fault(const FrontendMessage& message) {
    if (!fault) return false;
    if (fault->type != 0 && fault->type != message.type) return false;
    if (message.sql.find(fault->containing) == std::string::npos) return false;
    return ++matches == fault->nth;
  }

  void strike(Link& link, const Fault& what) {
    happened = true;
    switch (what.action) {
      case Fault::Action::cut:
        link.open = false;
        break;
      case Fault::Action::freeze:
        link.frozen = true;
        if (what.lasting.count() > 0) link.frozen_until = Clock::now() + what.lasting;
        break;
      case Fault::Action::kill: {
        ucred peer{};
        socklen_t size = sizeof peer;
        if (getsockopt(link.client.get(), SOL_SOCKET, SO_PEERCRED, &peer, &size) != 0) fail("peer");
        ::kill(peer.pid, SIGKILL);
        link.open = false;
        break;
      }
      case Fault::Action::call:
        what.called();
        break;
    }
  }

  std::string path_;
  Socket listener_;
  Socket wake_reader_;
  Socket wake_writer_;
  std::string server_;
  std::chrono::milliseconds latency_;
  std::list<Link> links_;
  mutable std::mutex mutex_;
  std::atomic<bool> stopping_{false};
  std::thread thread_;
};

Proxy::Proxy(const std::string& folder, const std::string& server,
             std::chrono::milliseconds latency)
    : loop_(std::make_unique<Loop>(folder, server, latency)) {}
Proxy::~Proxy() = default;

Counts Proxy::counts() const {
  return loop_->locked([](Loop& loop) { return loop.counts; });
}
void Proxy::reset_counts() {
  loop_->locked([](Loop& loop) { loop.counts = {}; });
}
std::vector<std::string> Proxy::seen() const {
  return loop_->locked([](Loop& loop) { return loop.seen; });
}
void Proxy::arm(const Fault& fault) {
  loop_->locked([&](Loop& loop) {
    loop.fault = fault;
    loop.matches = 0;
    loop.happened = false;
    loop.seen.clear();
  });
}
void Proxy::disarm() {
  loop_->locked([](Loop& loop) { loop.fault.reset(); });
}
bool Proxy::fault_happened() const {
  return loop_->locked([](Loop& loop) { return loop.happened; });
}

}  // namespace test
