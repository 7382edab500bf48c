#include "db/target.h"

#include <libpq-fe.h>

#include <algorithm>
#include <memory>
#include <string_view>
#include <vector>

#include "base/error.h"

namespace engine::db {
namespace {

using Options = std::unique_ptr<PQconninfoOption, decltype(&PQconninfoFree)>;

Error malformed(std::string_view what) {
  return Error{Code::usage, "the connection string is malformed: {}", what}.hint(
      "Use postgresql://USER@HOST:PORT/DATABASE, special characters percent-encoded (@ is %40, / "
      "is "
      "%2F), or key=value pairs, values with blanks in single quotes.");
}

std::string_view scheme_of(std::string_view text) {
  for (const std::string_view scheme : {"postgresql://", "postgres://"}) {
    if (text.starts_with(scheme)) return scheme;
  }
  return {};
}

// libpq takes the text up to the first @ or / for the credentials. A second @ means that the
// password holds one of them: the rest of it would be a host or a database, and be printed.
void refuse_stray_credentials(std::string_view uri) {
  const auto credentials_end = uri.find_first_of("@/");
  if (credentials_end == std::string_view::npos) return;
  const auto rest =
      uri.substr(credentials_end + 1, uri.find('?', credentials_end) - credentials_end - 1);
  if (rest.find('@') != std::string_view::npos) {
    throw malformed(
        "it contains an @ in a wrong place; perhaps the user or the password is not "
        "percent-encoded");
  }
}

std::map<std::string, std::string> given(const PQconninfoOption* options) {
  std::map<std::string, std::string> parameters;
  for (const auto* option = options; option != nullptr && option->keyword != nullptr; ++option) {
    if (option->val != nullptr && *option->val != '\0') {
      parameters.emplace(option->keyword, option->val);
    }
  }
  return parameters;
}

std::map<std::string, std::string> defaults() {
  return given(Options{PQconndefaults(), PQconninfoFree}.get());
}

std::vector<std::string> parts(const std::string& list) {
  std::vector<std::string> found{""};
  for (const char c : list) {
    if (c == ',') {
      found.emplace_back();
    } else {
      found.back() += c;
    }
  }
  return found;
}

std::string first_of(const std::map<std::string, std::string>& parameters,
                     std::initializer_list<const char*> keywords) {
  for (const char* keyword : keywords) {
    const auto found = parameters.find(keyword);
    if (found != parameters.end() && !found->second.empty()) return found->second;
  }
  return "";
}

}  // namespace

Target Target::parse(const std::string& conninfo) {
  const std::string_view scheme = scheme_of(conninfo);
  if (!scheme.empty()) refuse_stray_credentials(std::string_view{conninfo}.substr(scheme.size()));
  if (conninfo.find('\0') != std::string::npos) throw malformed("it contains a NUL byte");

  char* problem = nullptr;
  const Options options{PQconninfoParse(conninfo.c_str(), &problem), PQconninfoFree};
  PQfreemem(problem);  // it can quote the password
  if (!options) throw malformed("libpq cannot read it");

  Target target;
  target.parameters_ = given(options.get());
  const auto port = target.parameters_.find("port");
  if (port != target.parameters_.end() &&
      port->second.find_first_not_of("0123456789,") != std::string::npos) {
    throw malformed("the port is not a number; perhaps the password is not percent-encoded");
  }
  return target;
}

Target Target::from_environment() {
  Target target;
  const auto all = defaults();
  for (const char* keyword : {"host", "hostaddr", "port", "dbname", "user", "service"}) {
    const auto found = all.find(keyword);
    if (found != all.end()) target.parameters_.emplace(*found);
  }
  return target;
}

Target& Target::set(const std::string& keyword, std::string value) {
  parameters_[keyword] = std::move(value);
  return *this;
}

std::string Target::describe() const {
  auto known = parameters_;
  const bool by_service =
      known.contains("service") && first_of(known, {"host", "hostaddr"}).empty();
  if (!by_service) known.merge(defaults());

  const std::string user = first_of(known, {"user"});
  std::string database = first_of(known, {"dbname", "user"});
  if (by_service) {
    if (!known.contains("dbname")) database = "database";
    return fmt::format("{} of service {}", database, known.at("service"));
  }

  const auto hosts = parts(first_of(known, {"host", "hostaddr"}));
  const auto ports = parts(first_of(known, {"port"}));
  std::string servers;
  for (std::size_t i = 0; i < hosts.size(); ++i) {
    const std::string& port = ports[std::min(i, ports.size() - 1)];
    if (i > 0) servers += ", ";
    servers += hosts[i].empty() ? "the local socket" : hosts[i];
    servers += ':' + (port.empty() ? std::string{"5432"} : port);
  }
  return fmt::format("{} on {} as {}", database, servers, user);
}

}  // namespace engine::db
