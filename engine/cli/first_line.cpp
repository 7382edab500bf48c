#include "cli/first_line.h"

#include <fmt/format.h>

#include <cstdlib>
#include <string_view>
#include <vector>

#include "base/text.h"

namespace engine::cli {
namespace {

constexpr const char* session_query = R"(
SELECT pg_catalog.current_database() AS database,
       session_user AS login,
       current_user AS role,
       r.rolsuper AS superuser,
       pg_catalog.pg_is_in_recovery() AS standby,
       COALESCE(pg_catalog.host(pg_catalog.inet_server_addr()), '') AS address,
       COALESCE(pg_catalog.inet_server_port()::pg_catalog.text, '') AS port
  FROM pg_catalog.pg_roles AS r
 WHERE r.rolname = current_user
)";

/// What the connection string gives, else what libpq takes from the environment.
std::string given(const Chosen& chosen, const char* keyword, const char* variable) {
  const auto& parameters = chosen.target.parameters();
  if (const auto found = parameters.find(keyword); found != parameters.end()) return found->second;
  const char* value = std::getenv(variable);
  return value == nullptr ? "" : value;
}

bool is_socket(const std::string& host) {
  return host.empty() || host.front() == '/' || host.front() == '@';
}

std::string address(const std::string& host, const std::string& port) {
  const bool version_6 = host.find(':') != std::string::npos && !is_socket(host);
  return version_6 ? fmt::format("[{}]:{}", host, port) : fmt::format("{}:{}", host, port);
}

/// `PGHOSTADDR 10.0.0.5` where somebody gave the address beside the name: the name was not asked.
std::string answered_by(const Chosen& chosen, const std::string& host, const std::string& address) {
  if (is_socket(host) || address.empty() || address == host) return "";
  if (given(chosen, "hostaddr", "PGHOSTADDR").empty()) return address;
  return (chosen.target.parameters().contains("hostaddr") ? "hostaddr " : "PGHOSTADDR ") + address;
}

/// db.example.com:5432 (10.0.0.5, forwarded to 172.17.0.2:5432, of the hosts db, db2)
std::string place(const db::Connection& connection, const Chosen& chosen,
                  const db::Result& session) {
  const std::string host = connection.parameter("host");
  const std::string port = connection.parameter("port");
  const std::string answered = connection.parameter("hostaddr");
  const std::string& itself = session.text(0, "address");
  std::vector<std::string> notes;
  if (std::string by = answered_by(chosen, host, answered); !by.empty())
    notes.push_back(std::move(by));
  // A tunnel, a proxy or a pooler: what was asked is not what answered.
  const bool here = itself.empty() || (itself == answered && session.text(0, "port") == port);
  if (!here) notes.push_back("forwarded to " + address(itself, session.text(0, "port")));
  const std::string asked = given(chosen, "host", "PGHOST");
  if (asked.find(',') != std::string::npos) notes.push_back("of the hosts " + asked);
  return address(host, port) + (notes.empty() ? "" : " (" + text::joined(notes, ", ") + ")");
}

}  // namespace

Introduction introduce(db::Connection& connection, const Chosen& chosen) {
  const auto [session, protection] = journal::read_with_protection(connection, {session_query, {}});
  const std::string& login = session.text(0, "login");
  const std::string& role = session.text(0, "role");
  std::string line = fmt::format("{} on {} as {}", session.text(0, "database"),
                                 place(connection, chosen, session), login);
  if (role != login) line += " with role " + role;
  if (session.boolean(0, "superuser")) line += " (superuser)";
  if (session.boolean(0, "standby")) line += ", standby";
  if (const std::string service = given(chosen, "service", "PGSERVICE"); !service.empty())
    line += ", service " + service;
  if (protection.marked()) {
    line += ", production";
    const std::string& name = protection.marks.front().name;
    if (name != chosen.name && name != protection.database) line += " \"" + name + "\"";
  } else if (chosen.environment.production) {
    line += ", production";
  }
  if (!chosen.name.empty()) {
    line += ", env " + chosen.name;
  } else if (chosen.origin != "--database") {
    line += ", from " + chosen.origin;
  }
  return {line, protection};
}

}  // namespace engine::cli
