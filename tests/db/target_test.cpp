#include "db/target.h"

#include <cstdlib>

#include "db/connection.h"
#include "support/catch.h"
#include "support/database.h"
#include "support/errors.h"

using namespace engine;
using namespace engine::db;
using test::error_of;

TEST_CASE("a target is described without its secret") {
  CHECK(Target::parse("postgresql://ann:s3cret@db.example.com:5433/shop?sslmode=require")
            .describe() == "shop on db.example.com:5433 as ann");
  CHECK(Target::parse("host=/tmp/x dbname='my shop' user=ann password='s3 cret'").describe() ==
        "my shop on /tmp/x:5432 as ann");
  CHECK(Target::parse("postgresql://ann@a:1,b:2/shop").describe() == "shop on a:1, b:2 as ann");
  CHECK(Target::parse("postgresql://ann@h").describe() == "ann on h:5432 as ann");
  CHECK(Target::parse("service=billing").describe() == "database of service billing");
  CHECK(Target{}.set("host", "h").set("dbname", "d").set("user", "u").describe() ==
        "d on h:5432 as u");
}

TEST_CASE("a malformed connection string is never repeated, nor any part of it") {
  const std::string secret = "s3cretpart";
  for (const std::string& text : {
           "postgresql://user:" + secret + "%zz@host/db",      // libpq quotes the token
           "postgresql://user:p@" + secret + "/w0rd@host/db",  // libpq takes a piece for the host
           "postgresql://user:" + secret + "/w0rd@host/db",    // … or for the port
           "postgresql://user:x/" + secret + "@host/db",       // … or for the database
           "postgresql://user:a@" + secret + "@host/db",
           "postgresql://user:x@[::1" + secret,  // libpq repeats all of it
           "postgresql://user:x?" + secret + "/@host",
           "password=my " + secret,
           "host=h password='" + secret,
           secret + "=1",
           "postgresql://user@host/db?" + secret + "=1",
           "postgresql://user@host:" + secret + "/db",
       }) {
    CAPTURE(text);
    const Error error = error_of([&] { Target::parse(text); });
    CHECK(error.code() == Code::usage);
    CHECK(error.message().find(secret) == std::string::npos);
    CHECK(error.hint().find(secret) == std::string::npos);
    CHECK_FALSE(error.hint().empty());
  }
}

TEST_CASE("an @ is no mistake where it is encoded or in a parameter") {
  CHECK(Target::parse("postgresql://a%40b:p%40ss@host/db").parameters().at("password") == "p@ss");
  CHECK(Target::parse("postgresql://host/db?user=a@b").parameters().at("user") == "a@b");
}

TEST_CASE("a wrong password is told without the password") {
  const test::Database database;
  const std::string wrong = "wr0ng-batt3ry";
  const Target target = Target::parse(database.conninfo("with_password") + " password=" + wrong);
  const Error error = error_of([&] { Connection::open(target); });
  CHECK(error.code() == Code::unreachable);
  CHECK_THAT(error.message(), ContainsSubstring(target.describe()));
  CHECK_THAT(error.message(), ContainsSubstring("password authentication failed"));
  CHECK((error.message() + error.hint() + error.detail()).find(wrong) == std::string::npos);
  CHECK_THAT(error.hint(), ContainsSubstring("password"));
}

TEST_CASE("the right password opens, also from the environment") {
  const test::Database database;
  const Target target = Target::parse(database.conninfo("with_password"));
  const Error error = error_of([&] { Connection::open(target); });
  CHECK_THAT(error.hint(), ContainsSubstring("PGPASSWORD"));
  setenv("PGPASSWORD", "correct-horse", 1);
  const Connection connection = Connection::open(target);
  unsetenv("PGPASSWORD");
  CHECK(connection.backend_pid() > 0);
}

TEST_CASE("a server that is not there names host, port, database and user") {
  const Error error = error_of([] {
    Connection::open(
        Target::parse("host=127.0.0.1 port=1 dbname=shop user=ann password=s3cretword"));
  });
  CHECK(error.code() == Code::unreachable);
  CHECK_THAT(error.message(), ContainsSubstring("shop on 127.0.0.1:1 as ann"));
  CHECK(error.message().find("s3cretword") == std::string::npos);
}

TEST_CASE("a database named like a connection string is just a name") {
  const test::Database database;
  Target target = Target::parse(database.conninfo());
  target.set("dbname", "host=elsewhere password=s3cretword");
  const Error error = error_of([&] { Connection::open(target); });
  CHECK(error.code() == Code::unreachable);
  CHECK_THAT(error.message(), ContainsSubstring("does not exist"));
  CHECK(error.sqlstate() == "3D000");
  CHECK_THAT(error.hint(), ContainsSubstring("the database does not exist"));
}

TEST_CASE("the environment gives a target without its password") {
  setenv("PGHOST", "db.example.com", 1);
  setenv("PGDATABASE", "shop", 1);
  setenv("PGUSER", "ann", 1);
  setenv("PGPASSWORD", "s3cretword", 1);
  const Target target = Target::from_environment();
  for (const char* name : {"PGHOST", "PGDATABASE", "PGUSER", "PGPASSWORD"}) unsetenv(name);
  CHECK(target.parameters().at("host") == "db.example.com");
  CHECK_FALSE(target.parameters().contains("password"));
  CHECK(target.describe() == "shop on db.example.com:5432 as ann");
}
