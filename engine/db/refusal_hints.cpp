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
        "The connection string names no database, so libpq used the user's name. Add dbname=NAME, "
        "or /NAME at the end of the URI.");
  }
  return fmt::format(
      "The server accepted the role, but the database does not exist. `psql -l` lists the "
      "databases; CREATE DATABASE {}; creates it.",
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
      "ask an administrator to add a line such as `{}` to pg_hba.conf and to reload it", entry);
  if (!to.encrypts && !to.socket) {
    return "The server's pg_hba.conf does not allow this unencrypted connection. Use "
           "sslmode=require instead of sslmode=disable; or " +
           administrator + ".";
  }
  return "The server's pg_hba.conf does not allow this user to connect to this database from this "
         "machine: " +
         administrator + ".";
}

// 28000 has several causes; the server's function tells them apart in every language.
std::string hint_of_authorization(const Attempt& to, const std::string& function) {
  if (function == "ClientAuthentication") return hint_of_no_entry(to);
  if (function.starts_with("InitializeSessionUserId")) {
    return fmt::format(
        "The server has no role {0} that may log in. Check the user (user= or PGUSER). Or, as a "
        "superuser, CREATE ROLE {0} LOGIN; if the role does not exist, ALTER ROLE {0} LOGIN; if it "
        "does.",
        identifier(to.user));
  }
  if (function == "auth_failed" && to.socket) {
    return fmt::format(
        "The server requires the operating system's user to have the role's name (peer "
        "authentication). Run as the user {}, or give host=localhost and a password.",
        to.user);
  }
  return "The server refused this user for the reason in its message. Check the user, and the "
         "authentication method in pg_hba.conf.";
}

struct Cause {
  std::string_view words;  // of libpq or OpenSSL, which this process never translates
  const char* hint;
};

// The first that is found. {0} is the host, {1} the port.
constexpr Cause causes[] = {
    {"could not translate host name",
     "The host name {0} has no address. Check its spelling, and that this machine resolves it "
     "(DNS, VPN): getent hosts {0}"},
    {"no password supplied", "Give the password in PGPASSWORD or in ~/.pgpass."},
    {"invalid response to SSL negotiation",
     "The program on port {1} of {0} is not PostgreSQL. Check the port (often 5432)."},
    {"expected authentication request",
     "The program on port {1} of {0} is not PostgreSQL. Check the port (often 5432)."},
    {"does not support SSL",
     "The server does not offer TLS, but sslmode requires it. Turn on ssl in its postgresql.conf. "
     "In a network that you trust, you can use sslmode=prefer."},
    {"does not match host name",
     "sslmode=verify-full requires the host name in the server's certificate. Connect by that "
     "name; sslmode=verify-ca does not compare names."},
    {"root certificate file",
     "sslmode=verify-ca and verify-full need the certificate of the authority that signed the "
     "server's: in ~/.postgresql/root.crt, or sslrootcert=FILE."},
    {"certificate verify failed",
     "The server's certificate has expired, or was not signed by the authority in sslrootcert. "
     "This command shows both: openssl s_client -starttls postgres -connect {0}:{1}"},
    {"private key file",
     "Check sslcert and sslkey: the key file must exist, and only you may be able to read it."},
    {"alert certificate expired",
     "The server says that the client's certificate (sslcert) has expired. Renew it."},
    {"alert unknown ca",
     "The server does not trust the authority that signed the client's certificate (sslcert)."},
    {"SSL error",
     "The TLS handshake failed. Compare sslmode, sslcert and the TLS versions of client and "
     "server: openssl s_client -starttls postgres -connect {0}:{1}"},
    {"Connection refused",
     "Nothing listens on port {1} of {0}. Check that the server runs, and check the port and "
     "listen_addresses."},
    {"session is read-only",
     "target_session_attrs requires a server that accepts writes, but none of the hosts does. Add "
     "the "
     "primary's address."},
    {"in hot standby mode",
     "target_session_attrs requires a primary, but none of the hosts is one. Add the primary's "
     "address."},
    {"session is not read-only",
     "target_session_attrs requires a read-only server, but none of the hosts is one. Add its "
     "address."},
    {"not in hot standby mode",
     "target_session_attrs requires a standby, but none of the hosts is one. Add its address."},
    {"definition of service",
     "Define the service in ~/.pg_service.conf, or in the file that PGSERVICEFILE names."},
    {"server closed the connection unexpectedly",
     "Something accepted the connection on port {1} of {0} and closed it: a server that crashed, a "
     "proxy without a server behind it, or a program that is not PostgreSQL. Check the server and "
     "the port."},
    {"timeout expired", "Nothing answered in time. Check host and port, the firewall and the VPN."},
    {"timed out", "Nothing answered in time. Check host and port, the firewall and the VPN."},
    {"unreachable", "This machine has no route to that address. Check the network and the VPN."},
    {"No route to host",
     "This machine has no route to that address. Check the network and the VPN."},
};

constexpr const char* no_cause = "Check that the server runs and accepts connections there.";

}  // namespace

std::string hint_of_server(const Attempt& to, const Words& words) {
  const std::string& state = words.sqlstate;
  if (state == "3D000") return hint_of_missing_database(to);
  if (state == "28P01") return hint_of_password(to);
  if (state == "28000") return hint_of_authorization(to, words.function);
  if (state == "42501") {
    return fmt::format("Ask the database's owner to run: GRANT CONNECT ON DATABASE {} TO {};",
                       identifier(to.database), identifier(to.user));
  }
  if (state == "53300") {
    return "The connection limit of the server, the database or the role is reached. Try again "
           "later. Or, as a superuser, list the connections: SELECT pid, usename, state, "
           "state_change FROM pg_stat_activity;";
  }
  if (state == "57P03") {
    return "The server is starting, stopping or recovering. Try again in a moment. A standby with "
           "hot_standby = off accepts no connections: connect to the primary instead.";
  }
  if (state == "55000") {
    return fmt::format(
        "The database accepts no connections. Ask its owner to run this in another database: ALTER "
        "DATABASE {} ALLOW_CONNECTIONS true;",
        identifier(to.database));
  }
  if (state == "0A000" && words.function == "InitializeClientEncoding") {
    return fmt::format(
        "The engine uses UTF8, and PostgreSQL cannot convert this database's encoding to UTF8. "
        "Move the data to a database with another encoding: CREATE DATABASE {} ENCODING 'UTF8' "
        "TEMPLATE template0;",
        identifier(to.database + "_utf8"));
  }
  if (to.options_given && (state == "42704" || state == "22023")) {
    return "The server refuses a setting in options= of the connection string or in PGOPTIONS. "
           "Correct or remove the setting.";
  }
  return "The server runs and refused the connection for the reason in its message.";
}

std::string hint_of_libpq(const Attempt& to, const std::string& message) {
  const auto* const found = std::find_if(
      std::begin(causes), std::end(causes),
      [&](const Cause& cause) { return message.find(cause.words) != std::string::npos; });
  if (to.socket && message.find("No such file or directory") != std::string::npos) {
    return fmt::format(
        "No server has a socket for port {} in {}. Check that the server runs, and check its "
        "socket folder (unix_socket_directories). host=localhost connects by TCP.",
        to.port, to.host.empty() ? "the usual folder" : to.host);
  }
  if (found == std::end(causes)) return no_cause;
  return fmt::format(fmt::runtime(found->hint), to.host, to.port);
}

}  // namespace engine::db
