// Hints of connections that fail point at the cause, in every language of the server.
#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <thread>

#include "base/process.h"
#include "db/connection.h"
#include "support/errors.h"
#include "support/folder.h"
#include "support/role.h"
#include "support/tcp_server.h"

using namespace engine;
using engine::db::Connection;
using engine::db::Target;
using test::error_of;
using test::Variable;

namespace {

Error refused(const std::string& conninfo) {
  const Error error = error_of([&] { Connection::open(Target::parse(conninfo)); });
  CHECK(error.code() == Code::unreachable);
  CHECK(error.message().find("LOCATION") == std::string::npos);
  if (!error.sqlstate().empty())
    CHECK(error.message().find(error.sqlstate() + ":") == std::string::npos);
  return error;
}

void has(const Error& error, const std::string& sqlstate, const std::string& hint) {
  INFO(error.message() << " / " << error.sqlstate() << " / " << error.hint());
  CHECK(error.sqlstate() == sqlstate);
  CHECK_THAT(error.hint(), ContainsSubstring(hint));
}

/// Something that listens, and answers every client with these bytes.
class Stranger {
 public:
  explicit Stranger(std::string words) : words_(std::move(words)) {
    sockaddr_in any{};
    any.sin_family = AF_INET;
    any.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    REQUIRE(bind(socket_, reinterpret_cast<sockaddr*>(&any), sizeof any) == 0);
    REQUIRE(listen(socket_, 8) == 0);
    socklen_t size = sizeof any;
    getsockname(socket_, reinterpret_cast<sockaddr*>(&any), &size);
    port_ = ntohs(any.sin_port);
    thread_ = std::thread{[this] {
      for (;;) {
        const int client = accept(socket_, nullptr, nullptr);
        if (client < 0) return;
        char request[64];
        static_cast<void>(!read(client, request, sizeof request));
        static_cast<void>(!write(client, words_.data(), words_.size()));
        close(client);
      }
    }};
  }
  Stranger(const Stranger&) = delete;
  Stranger& operator=(const Stranger&) = delete;
  ~Stranger() {
    shutdown(socket_, SHUT_RDWR);
    thread_.join();
    close(socket_);
  }
  std::string conninfo() const {
    return "host=127.0.0.1 dbname=app user=app port=" + std::to_string(port_);
  }

 private:
  const std::string words_;
  const int socket_ = ::socket(AF_INET, SOCK_STREAM, 0);
  int port_ = 0;
  std::thread thread_;
};

void what_a_role_meets(const test::Database& database) {
  const test::Role role{database};
  const std::string as_role = database.conninfo(role.name());
  const std::string server = "host=" + database.server();
  has(refused(server + " dbname=nowhere user=postgres"), "3D000", "CREATE DATABASE nowhere;");
  has(refused(server + " user=" + role.name()), "3D000", "The connection string names no database");
  has(refused(database.conninfo("nobody_there")), "28000", "CREATE ROLE nobody_there LOGIN;");
  database.sql("ALTER ROLE " + role.name() + " CONNECTION LIMIT 0");
  has(refused(as_role), "53300", "is reached");
  database.sql("ALTER ROLE " + role.name() + " NOLOGIN");
  has(refused(as_role), "28000", "ALTER ROLE " + role.name() + " LOGIN;");
  database.sql("ALTER ROLE " + role.name() +
               " LOGIN CONNECTION LIMIT -1; REVOKE CONNECT ON DATABASE " + database.name() +
               " FROM PUBLIC");
  has(refused(as_role), "42501",
      "GRANT CONNECT ON DATABASE " + database.name() + " TO " + role.name());
  has(refused(server + " dbname=template0 user=postgres"), "55000", "ALLOW_CONNECTIONS");
  has(refused(database.conninfo() + " options='-c nonsense=1'"), "42704", "PGOPTIONS");
  {
    const Variable options{"PGOPTIONS", "-c role=nobody_there"};
    has(refused(database.conninfo()), "22023", "PGOPTIONS");
  }
}

}  // namespace

TEST_CASE("what a role, a database and their rights lack is named") {
  const test::Database database;
  what_a_role_meets(database);
  has(refused(database.conninfo("with_password")), "", "PGPASSWORD");
  const Variable password{"PGPASSWORD", "wrong-horse"};
  has(refused(database.conninfo("with_password")), "28P01", "the user and the password");
}

TEST_CASE("a server that speaks another language is understood alike") {
  const Variable language{"LANGUAGE", "de"};
  const test::Server server;
  const test::Database database{"template0", server.socket()};
  const Error missing = refused("host=" + server.socket() + " dbname=nowhere user=postgres");
  if (missing.message().find("does not exist") != std::string::npos)
    WARN("PostgreSQL has no translations here: this repeats the case before");
  what_a_role_meets(database);
}

TEST_CASE("an encoding that cannot be converted to UTF8 is named") {
  const test::Database database;
  const std::string name = database.name() + "_mule";
  database.sql("CREATE DATABASE " + name +
               " ENCODING 'MULE_INTERNAL' LOCALE 'C' TEMPLATE template0");
  has(refused("host=" + database.server() + " user=postgres dbname=" + name), "0A000",
      "cannot convert this database's encoding");
  database.sql("DROP DATABASE " + name);
}

TEST_CASE("pg_hba.conf, TLS and certificates are told apart") {
  const test::TcpServer server;
  const test::Database database = server.database();
  server.admit("local all shut_out reject");
  server.admit("hostnossl all shut_out " + server.address() + "/8 reject");
  server.admit("local all by_system peer");
  server.restart();
  database.sql("CREATE ROLE shut_out LOGIN; CREATE ROLE by_system LOGIN");
  const std::string by_tcp =
      "host=" + server.address() + " dbname=" + database.name() + " user=shut_out";
  has(refused(database.conninfo("shut_out")), "28000", "pg_hba.conf");
  has(refused(database.conninfo("by_system")), "28000", "peer");
  has(refused(by_tcp + " sslmode=disable"), "28000", "sslmode=require");
  has(refused(by_tcp + " sslmode=require"), "", "The server does not offer TLS");

  if (!process::find_program("openssl")) {
    WARN("no openssl here: certificates are not tried");
    return;
  }
  const test::Folder folder;
  const auto made = process::run({"openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes",
                                  "-days", "1", "-subj", "/CN=elsewhere", "-keyout",
                                  folder.file("key"), "-out", folder.file("certificate")});
  REQUIRE(made.status == 0);
  struct stat owner {};
  REQUIRE(stat(server.data().c_str(), &owner) == 0);
  for (const auto& [from, to] : {std::pair{"key", "server.key"}, {"certificate", "server.crt"}}) {
    const std::string path = server.data() + "/" + to;
    std::filesystem::copy_file(folder.file(from), path);
    REQUIRE(chown(path.c_str(), owner.st_uid, owner.st_gid) == 0);
    REQUIRE(chmod(path.c_str(), 0600) == 0);
  }
  server.set("ssl", "on");
  server.restart();
  Connection::open(Target::parse(by_tcp + " sslmode=require"));
  has(refused(by_tcp + " sslmode=verify-full sslrootcert=" + folder.file("nothing")), "",
      "sslrootcert=FILE");
  has(refused(by_tcp + " sslmode=verify-full sslrootcert=" + folder.file("certificate")), "",
      "sslmode=verify-full requires the host name");
  const auto other = process::run({"openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes",
                                   "-subj", "/CN=other", "-keyout", folder.file("other.key"),
                                   "-out", folder.file("other")});
  REQUIRE(other.status == 0);
  has(refused(by_tcp + " sslmode=verify-ca sslrootcert=" + folder.file("other")), "",
      "has expired, or was not signed");
}

TEST_CASE("a standby that takes nobody, and hosts without a primary") {
  const test::TcpServer server;
  const test::Database database = server.database();
  server.become_standby();
  has(refused(database.conninfo() + " target_session_attrs=read-write"), "",
      "Add the primary's address");
  server.set("hot_standby", "off");
  server.restart();
  has(refused(database.conninfo()), "57P03", "starting, stopping or recovering");
}

TEST_CASE("what does not answer, or is no PostgreSQL, is told by what it does") {
  has(refused("host=no-such-host.invalid dbname=app user=app"), "",
      "The host name no-such-host.invalid has no address");
  has(refused("host=127.0.0.1 port=1 dbname=app user=app"), "", "Nothing listens on port 1 of 127");
  has(refused("host=/tmp/no-such-folder dbname=app user=app"), "", "No server has a socket");
  has(refused("service=nothing_of_that_name"), "", "pg_service.conf");
  const Stranger web{"HTTP/1.1 400 Bad Request\r\n\r\n"};
  has(refused(web.conninfo()), "", "is not PostgreSQL");
  has(refused(web.conninfo() + " sslmode=disable"), "", "is not PostgreSQL");
  const Stranger silent{""};
  has(refused(silent.conninfo()), "", "and closed it");
}

TEST_CASE("a connection tells the host, the port and the address that answered") {
  const test::TcpServer server;
  const test::Database database = server.database();
  const Connection connection = Connection::open(Target::parse(database.conninfo()));
  CHECK(connection.parameter("host") == server.socket());
  CHECK(connection.parameter("port") == "5432");
  const Connection by_tcp = Connection::open(
      Target::parse("host=" + server.address() + " user=postgres dbname=" + database.name()));
  CHECK(by_tcp.parameter("hostaddr") == server.address());
}
