#include "cli/targets.h"

#include <algorithm>
#include <cstdlib>

#include "base/error.h"
#include "base/redactor.h"

namespace engine::cli {
namespace {

db::Target parsed(const std::string& text) {
  db::Target target = db::Target::parse(text);
  for (const char* keyword : {"password", "sslpassword"}) {
    const auto found = target.parameters().find(keyword);
    if (found != target.parameters().end()) redactor::add_secret(found->second);
  }
  return target;
}

bool has_password(const db::Target& target) {
  return target.parameters().contains("password") || target.parameters().contains("sslpassword");
}

/// A key/value string with everything but the secrets.
std::string without_secrets(const db::Target& target) {
  std::string text;
  for (const auto& [keyword, value] : target.parameters()) {
    if (keyword == "password" || keyword == "sslpassword") continue;
    std::string quoted;
    for (const char c : value) {
      if (c == '\'' || c == '\\') quoted += '\\';
      quoted += c;
    }
    const bool plain = !value.empty() && value.find_first_of(" '\\") == std::string::npos;
    text += fmt::format("{}{}={}", text.empty() ? "" : " ", keyword,
                        plain ? value : "'" + quoted + "'");
  }
  return text;
}

Chosen by_database(const std::string& database, const Project& project) {
  Chosen chosen;
  chosen.environment = project.defaults();
  chosen.origin = "--database";
  if (database == embedded_name) {
    chosen.embedded = true;
    chosen.arguments = "-d embedded";
    return chosen;
  }
  chosen.target = parsed(database);
  chosen.password_in_arguments = has_password(chosen.target);
  chosen.arguments = "-d " + address_word(database);
  return chosen;
}

Chosen by_environment(const std::string& name, const Project& project) {
  Chosen chosen;
  chosen.environment = project.environment(name);
  chosen.name = name;
  chosen.origin = "--env";
  chosen.arguments = "--env " + shell_word(name);
  if (chosen.environment.database == embedded_name) {
    chosen.embedded = true;
    return chosen;
  }
  chosen.target = target_of(chosen.environment);
  return chosen;
}

}  // namespace

db::Target target_of(const Environment& environment) {
  db::Target target = parsed(environment.database);
  if (!environment.password.empty()) target.set("password", environment.password);
  return target;
}

std::string address_word(const std::string& address) {
  const db::Target target = parsed(address);
  return shell_word(has_password(target) ? without_secrets(target) : address);
}

std::string shell_word(const std::string& text) {
  const bool plain = !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view{"-_./:=@%+,"}.find(c) != std::string_view::npos;
  });
  if (plain) return text;
  std::string quoted = "'";
  for (const char c : text) quoted += c == '\'' ? std::string{"'\\''"} : std::string(1, c);
  return quoted + "'";
}

Chosen choose_target(const Options& options, const Project& project) {
  if (!options.database.empty() && !options.env.empty()) {
    throw Error{Code::usage, "--database and --env cannot be used together"}.hint(
        "Give only one of them.");
  }
  if (!options.database.empty()) return by_database(options.database, project);
  if (!options.env.empty()) return by_environment(options.env, project);

  Chosen chosen;
  chosen.environment = project.defaults();
  if (const auto url = project.variable("DATABASE_URL")) {
    chosen.target = parsed(*url);
    chosen.origin = "DATABASE_URL";
    return chosen;
  }
  for (const char* name : {"PGHOST", "PGHOSTADDR", "PGSERVICE", "PGDATABASE"}) {
    if (const char* value = std::getenv(name); value != nullptr && *value != '\0') {
      chosen.target = db::Target::from_environment();
      chosen.origin = name;
      return chosen;
    }
  }
  chosen.embedded = true;
  chosen.origin = "no target was named";
  return chosen;
}

}  // namespace engine::cli
