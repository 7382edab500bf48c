#include "db/refusal_hints.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <string_view>

#include "base/error.h"
#include "base/names.h"

namespace engine::db {
namespace {

std::string identifier(const std::string& name) {
  try {
    return quote_identifier(name);
  } catch (const Error&) {
    return name;  // empty or longer than a name may be
  }
}

std::string hint_of_missing_database(const Attempt& to) {
  if (!to.database_given) {
    return fmt::format(
        "No database was named, so libpq took the user's name. Add dbname=NAME, or /NAME at the "
        "end of the URI.");
  }
  return fmt::format(
      "The server and the role are right, the database is not there. `psql -l` lists those that "
      "are; CREATE DATABASE {}; makes it.",
      identifier(to.database));
}

std::string hint_of_password(const Attempt& to) {
  if (!to.gave_password) return "Give the password in PGPASSWORD or in ~/.pgpass.";
  return "Check the user and the password: the server does not say which of them is wrong.";
}

std::string hint_of_no_entry(const Attempt& to) {
  const std::string entry =
      to.socket ? fmt::format("local {} {} scram-sha-256", to.database, to.user)
                : fmt::format("host {} {} ADDRESS scram-sha-256", to.database, to.user);
  const std::string administrator = fmt::format(
      "an administrator adds a line to its pg_hba.conf, such as `{}`, and reloads it", entry);
  if (!to.encrypts && !to.socket) {
    return "The server's pg_hba.conf does not let this connection in, which is not encrypted: use "
           "sslmode=require instead of sslmode=disable; or " +
           administrator + ".";
  }
  return "The server's pg_hba.conf does not let this user into this database from here: " +
         administrator + ".";
}

// 28000 has several causes; the server's function tells them apart in every language.
std::string hint_of_authorization(const Attempt& to, const std::string& function) {
  if (function == "ClientAuthentication") return hint_of_no_entry(to);
  if (function.starts_with("InitializeSessionUserId")) {
    return fmt::format(
        "The server has no role {0} that may log in. Check the user (user= or PGUSER); or, as a "
        "superuser: CREATE ROLE {0} LOGIN; where it is missing, ALTER ROLE {0} LOGIN; where it is "
        "there.",
        identifier(to.user));
  }
  if (function == "auth_failed" && to.socket) {
    return fmt::format(
        "The server takes the operating system's user for the role (peer). Run as the user {}, or "
        "give host=localhost and a password.",
        to.user);
  }
  return "The server does not let this user in, for the reason that it gives. Check the user, and "
         "the method that its pg_hba.conf wants.";
}

struct Cause {
  std::string_view words;  // of libpq or OpenSSL, which this process never translates
  const char* hint;
};

// The first that is found. {0} is the host, {1} the port.
constexpr Cause causes[] = {
    {"could not translate host name",
     "The name {0} has no address. Check its spelling, and that this machine resolves it (DNS, "
     "VPN): getent hosts {0}"},
    {"no password supplied", "Give the password in PGPASSWORD or in ~/.pgpass."},
    {"invalid response to SSL negotiation",
     "What answers on port {1} of {0} is not PostgreSQL. Check the port (often 5432)."},
    {"expected authentication request",
     "What answers on port {1} of {0} is not PostgreSQL. Check the port (often 5432)."},
    {"does not support SSL",
     "The server has no TLS, and sslmode asks for it. Turn on ssl in its postgresql.conf; or, in "
     "a network that you trust, use sslmode=prefer."},
    {"does not match host name",
     "sslmode=verify-full wants the name that stands in the server's certificate. Connect by that "
     "name; sslmode=verify-ca does not compare names."},
    {"root certificate file",
     "sslmode=verify-ca and verify-full want the certificate of the authority that signed the "
     "server's: in ~/.postgresql/root.crt, or sslrootcert=FILE."},
    {"certificate verify failed",
     "The server's certificate has expired, or was not signed by the authority in sslrootcert. "
     "Both are shown by: openssl s_client -starttls postgres -connect {0}:{1}"},
    {"private key file",
     "Check sslcert and sslkey: the key must be there, and only you may read it."},
    {"alert certificate expired",
     "The server says that the client's certificate (sslcert) has expired. Renew it."},
    {"alert unknown ca",
     "The server does not trust the authority that signed the client's certificate (sslcert)."},
    {"SSL error",
     "The TLS handshake failed. Compare sslmode, sslcert and the TLS versions of both "
     "sides: openssl s_client -starttls postgres -connect {0}:{1}"},
    {"Connection refused",
     "Nothing listens on port {1} of {0}. Check the port, that the server runs, and its "
     "listen_addresses."},
    {"session is read-only",
     "target_session_attrs wants a server that takes changes, and none of the hosts does. Add the "
     "primary's address."},
    {"in hot standby mode",
     "target_session_attrs wants a primary, and none of the hosts is one. Add its address."},
    {"session is not read-only",
     "target_session_attrs wants a server that only reads, and none of the hosts is one."},
    {"not in hot standby mode",
     "target_session_attrs wants a standby, and none of the hosts is one."},
    {"definition of service",
     "Services stand in ~/.pg_service.conf, or in the file that PGSERVICEFILE names."},
    {"server closed the connection unexpectedly",
     "Something took the connection on port {1} of {0} and closed it: a server that crashed, a "
     "proxy without a server behind it, or no PostgreSQL at all."},
    {"timeout expired", "Nothing answered in time. Check host and port, the firewall and the VPN."},
    {"timed out", "Nothing answered in time. Check host and port, the firewall and the VPN."},
    {"unreachable", "There is no way to that address. Check the network and the VPN."},
    {"No route to host", "There is no way to that address. Check the network and the VPN."},
};

constexpr const char* no_cause = "Check that the server runs there and accepts connections.";

}  // namespace

std::string hint_of_server(const Attempt& to, const Words& words) {
  const std::string& state = words.sqlstate;
  if (state == "3D000") return hint_of_missing_database(to);
  if (state == "28P01") return hint_of_password(to);
  if (state == "28000") return hint_of_authorization(to, words.function);
  if (state == "42501") {
    return fmt::format("The database's owner types: GRANT CONNECT ON DATABASE {} TO {};",
                       identifier(to.database), identifier(to.user));
  }
  if (state == "53300") {
    return "All connections that the server, the database or the role may have are in use. Try "
           "again later; or, as a superuser, see who has them: SELECT pid, usename, state, "
           "state_change FROM pg_stat_activity;";
  }
  if (state == "57P03") {
    return "The server is there, and starts, stops or recovers. Try again in a moment. A standby "
           "with hot_standby = off takes nobody: name the primary.";
  }
  if (state == "55000") {
    return fmt::format(
        "The database takes no connections. Its owner types, in another database: ALTER DATABASE "
        "{} ALLOW_CONNECTIONS true;",
        identifier(to.database));
  }
  if (state == "0A000" && words.function == "InitializeClientEncoding") {
    return fmt::format(
        "The engine speaks UTF8, and PostgreSQL cannot convert this database's encoding to it. "
        "Move it to a database of another one: CREATE DATABASE {} ENCODING 'UTF8' TEMPLATE "
        "template0;",
        identifier(to.database + "_utf8"));
  }
  if (to.options_given && (state == "42704" || state == "22023")) {
    return "The server refuses a setting that options= of the connection string or PGOPTIONS "
           "gives. Correct or remove it.";
  }
  return "The server is there and refused, for the reason that it gives.";
}

std::string hint_of_libpq(const Attempt& to, const std::string& message) {
  const auto* const found = std::find_if(
      std::begin(causes), std::end(causes),
      [&](const Cause& cause) { return message.find(cause.words) != std::string::npos; });
  if (to.socket && message.find("No such file or directory") != std::string::npos) {
    return fmt::format(
        "No server has a socket for port {} in {}. Check that it runs, and its folder "
        "(unix_socket_directories); host=localhost connects by TCP.",
        to.port, to.host.empty() ? "the usual folder" : to.host);
  }
  if (found == std::end(causes)) return no_cause;
  return fmt::format(fmt::runtime(found->hint), to.host, to.port);
}

}  // namespace engine::db
