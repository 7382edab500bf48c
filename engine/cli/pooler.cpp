#include "cli/pooler.h"

#include <fmt/format.h>

#include <vector>

#include "base/error.h"

namespace engine::cli {
namespace {

constexpr int rivals = 3;  // sessions that would take the server session away
constexpr const char* backend_pid = "SELECT pg_catalog.pg_backend_pid() AS pid";

std::string pid_of(db::Connection& connection) {
  return connection.query(backend_pid).text(0, "pid");
}

/// While others hold transactions open, a pooler of transactions gives our idle session's server
/// session to them: ours then answers from another process, or theirs from ours.
bool keeps_its_session(db::Connection& connection, const std::function<db::Connection()>& connect) {
  const std::string ours = pid_of(connection);
  std::vector<db::Connection> others;
  for (int i = 0; i < rivals; ++i) {
    others.push_back(connect());
    others.back().query("BEGIN");
    if (pid_of(others.back()) == ours || pid_of(connection) != ours) return false;
  }
  return true;
}

std::string parameter(const db::Target& target, const char* keyword) {
  const auto found = target.parameters().find(keyword);
  return found == target.parameters().end() ? "" : found->second;
}

std::string advice(const db::Target& target) {
  const bool supabase = parameter(target, "host").ends_with(".pooler.supabase.com");
  if (supabase) return "Use port 5432 of the same host: there Supabase pools sessions.";
  return "Give the server's own host and port (often 5432), or a pool of sessions.";
}

}  // namespace

std::string check_pooler(db::Connection& connection, const db::Target& target,
                         const std::function<db::Connection()>& connect) {
  if (!connection.behind_pooler()) return "";
  bool pinned = false;
  try {
    pinned = keeps_its_session(connection, connect);
  } catch (const Error& error) {
    // A pool of statements ends a session at its BEGIN; one of a single session lets nobody else
    // in.
    if (error.code() == Code::interrupted) throw;
  }
  if (!pinned) {
    throw Error{Code::refused, "{} is a pooler that does not keep a session for its client",
                target.describe()}
        .detail(
            "The lock that keeps two engines apart, and a step's settings, would pass to others.")
        .hint(advice(target));
  }
  return fmt::format("warning: {} is a pooler; it keeps the session, so the engine goes on",
                     target.describe());
}

}  // namespace engine::cli
