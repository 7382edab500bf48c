#include "support/database.h"

#include <libpq-fe.h>
#include <unistd.h>

#include <atomic>
#include <fstream>
#include <memory>
#include <stdexcept>

// libpqxx 6.4 loses one result when a connection breaks within a query: it throws before it owns
// it.
extern "C" const char* __lsan_default_suppressions() {
  return "leak:pqxx::connection_base::exec_params\n";
}

namespace test {
namespace {

using Handle = std::unique_ptr<PGconn, decltype(&PQfinish)>;
using Answer = std::unique_ptr<PGresult, decltype(&PQclear)>;

Handle connect(const std::string& conninfo) {
  Handle handle{PQconnectdb(conninfo.c_str()), PQfinish};
  if (PQstatus(handle.get()) != CONNECTION_OK)
    throw std::runtime_error(PQerrorMessage(handle.get()));
  PQsetNoticeProcessor(
      handle.get(), [](void*, const char*) {}, nullptr);
  return handle;
}

Answer run(const Handle& handle, const std::string& text) {
  Answer answer{PQexec(handle.get(), text.c_str()), PQclear};
  const auto status = PQresultStatus(answer.get());
  if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK && status != PGRES_EMPTY_QUERY) {
    throw std::runtime_error(PQresultErrorMessage(answer.get()) + (" in: " + text));
  }
  return answer;
}

std::string conninfo_of(const std::string& server, const std::string& database,
                        const std::string& user) {
  return "host=" + server + " dbname=" + database + " user=" + user;
}

std::string fresh_name() {
  static std::atomic<int> count{0};
  return "t_" + std::to_string(getpid()) + "_" + std::to_string(++count);
}

}  // namespace

std::string socket_folder() {
  std::ifstream file{SERVER_FOLDER "/socket"};
  std::string folder;
  if (!std::getline(file, folder)) {
    throw std::runtime_error(
        "the test server does not run: tests/support/server.sh start " SERVER_FOLDER);
  }
  return folder;
}

Database::Database(const std::string& made_from, std::string server)
    : server_(std::move(server)), name_(fresh_name()) {
  const Handle handle = connect(conninfo_of(server_, "postgres", "postgres"));
  std::string create = "CREATE DATABASE " + name_ + " TEMPLATE " + made_from;
  // Copied through WAL, a sequence that is used afterwards goes back when the server crashes.
  if (made_from != "template0" && PQserverVersion(handle.get()) >= 150000)
    create += " STRATEGY file_copy";
  run(handle, create);
}

Database::~Database() {
  try {
    run(connect(conninfo_of(server_, "postgres", "postgres")),
        "DROP DATABASE IF EXISTS " + name_ + " WITH (FORCE)");
  } catch (const std::exception&) {
    // The server's end removes it; a destructor has nobody to tell.
  }
}

std::string Database::conninfo(const std::string& user) const {
  return conninfo_of(server_, name_, user);
}

void Database::sql(const std::string& text) const { run(connect(conninfo()), text); }

std::string Database::value(const std::string& query) const {
  const Handle handle = connect(conninfo());
  const Answer answer = run(handle, query);
  return PQntuples(answer.get()) == 0 ? "" : PQgetvalue(answer.get(), 0, 0);
}

}  // namespace test
