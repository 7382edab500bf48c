#include "cli/production.h"

#include <netdb.h>
#include <sys/socket.h>

#include <algorithm>
#include <memory>
#include <optional>
#include <set>

#include "base/error.h"
#include "base/text.h"
#include "report/layout.h"

namespace engine::cli {
namespace {

constexpr std::chrono::seconds patience{2};  // for an environment that is asked who it is

std::string first_of(const db::Target& target, std::initializer_list<const char*> keywords) {
  for (const char* keyword : keywords) {
    const auto found = target.parameters().find(keyword);
    if (found != target.parameters().end() && !found->second.empty()) return found->second;
  }
  return "";
}

/// Every address of a name, and the name itself.
std::set<std::string> addresses(const std::string& host) {
  std::set<std::string> found{host};
  if (host.empty() || host.front() == '/') return found;
  addrinfo* list = nullptr;
  if (getaddrinfo(host.c_str(), nullptr, nullptr, &list) != 0) return found;
  const std::unique_ptr<addrinfo, decltype(&freeaddrinfo)> owned{list, freeaddrinfo};
  for (const addrinfo* each = list; each != nullptr; each = each->ai_next) {
    char text[NI_MAXHOST];
    if (getnameinfo(each->ai_addr, each->ai_addrlen, text, sizeof text, nullptr, 0,
                    NI_NUMERICHOST) == 0) {
      found.insert(text);
    }
  }
  return found;
}

/// Of one host; an environment of several is asked instead.
bool same_address(const Opened& opened, const db::Target& other) {
  std::string host = first_of(other, {"hostaddr", "host"});
  while (host.size() > 1 && host.back() == '/') host.pop_back();
  std::string port = first_of(other, {"port"});
  if (port.empty()) port = "5432";
  if (host.empty() || first_of(other, {"dbname", "user"}) != opened.protection.database ||
      port != opened.connection.parameter("port")) {
    return false;
  }
  const std::set<std::string> of_other = addresses(host);
  return of_other.contains(opened.connection.parameter("host")) ||
         of_other.contains(opened.connection.parameter("hostaddr"));
}

bool same_database(const Opened& opened, db::Target other) {
  const journal::Server& here = opened.protection.server;
  if (here.system_identifier.empty()) return false;
  db::Settings settings;
  settings.read_only = true;
  other.set("connect_timeout", std::to_string(patience.count()));
  try {
    db::Connection connection = db::Connection::open(other, settings);
    return journal::read_protection(connection).server == here;
  } catch (const Error& error) {
    if (error.code() == Code::interrupted) throw;
    return false;  // what does not answer cannot be compared
  }
}

/// Is this the database of that environment? Its address tells also where a password is missing.
bool leads_here(Context& context, const Opened& opened, const Environment& environment) {
  if (environment.database == embedded_name) return false;
  try {
    if (same_address(opened, db::Target::parse(environment.database))) return true;
    const db::Target target = target_of(context.project().environment(environment.name));
    return same_address(opened, target) || same_database(opened, target);
  } catch (const Error& error) {
    if (error.code() != Code::usage) throw;
    return false;  // a variable of it is not set: it cannot be asked
  }
}

std::optional<std::string> environment_of(Context& context, const Opened& opened) {
  for (const Environment& environment : context.project().environments()) {
    if (environment.production && leads_here(context, opened, environment)) return environment.name;
  }
  return std::nullopt;
}

void remember(Context& context, const Chosen& chosen, Opened& opened, const std::string& name) {
  try {
    journal::protect(opened.connection, chosen.environment.journal_schema, name);
  } catch (const Error& error) {
    if (error.code() == Code::interrupted || error.code() == Code::connection_lost) throw;
    context.remark(fmt::format(
        "warning: the database cannot be marked as production, so only this engine.toml "
        "protects it: {}. {}",
        error.message(), error.hint()));
  }
}

}  // namespace

Production judge(Context& context, const Chosen& chosen, const Opened& opened) {
  const journal::Protection& protection = opened.protection;
  Production production;
  const auto by = [&](std::string why, const std::string& name) {
    if (production.why.empty()) {
      production.why = std::move(why);
      production.name = name;
    }
    production.names.push_back(name);
  };
  production.marked = protection.marked();
  for (const journal::Mark& mark : protection.marks)
    by(fmt::format("{} marked it at {}", mark.by, mark.at), mark.name);
  if (chosen.environment.production) {
    by(fmt::format("engine.toml says so for env {}", chosen.name), chosen.name);
  } else if (!protection.marked()) {
    if (const auto name = environment_of(context, opened))
      by(fmt::format("it is the database of env {} in engine.toml", *name), *name);
  }
  if (!production) {
    production.name = chosen.name.empty() ? protection.database : chosen.name;
    production.names.push_back(production.name);
  }
  production.names.push_back(protection.database);
  return production;
}

void confirm(Context& context, const Production& production, const std::string& label) {
  const auto is_name = [&](const std::string& text) {
    return std::find(production.names.begin(), production.names.end(), text) !=
           production.names.end();
  };
  const std::string& given = context.options().target;
  if (!given.empty()) {
    if (is_name(given)) return;
    throw Error{Code::refused, "--target names {}, but the target is {}", given, production.name}
        .detail(label)
        .hint("Choose the target with --env or --database.");
  }
  if (!production) return;
  const Error refusal =
      Error{Code::refused, "{} is a production target, and its name was not confirmed",
            production.name}
          .detail(fmt::format("{}; {}.", label, production.why))
          .hint(fmt::format("If you mean this target, add --target {}.",
                            shell_word(production.name)));
  if (!context.person().interactive()) throw refusal;
  const auto answer = context.console().ask(
      fmt::format("{} is a production target ({}). Type its name to continue: ",
                  report::shown_on_one_line(production.name), report::shown_on_one_line(label)));
  if (!answer || !is_name(text::trimmed(*answer))) throw refusal;
}

void guard_production(Context& context, const Chosen& chosen, Opened& opened) {
  const Production production = judge(context, chosen, opened);
  confirm(context, production, opened.server.label);
  if (!production || production.marked) return;
  if (!chosen.environment.production)
    opened.server.label += ", production \"" + production.name + "\"";
  remember(context, chosen, opened, production.name);
}

void guard_embedded(Context& context, const Chosen& chosen) {
  Production production;
  production.name = chosen.name.empty() ? embedded_name : chosen.name;
  production.names = {production.name, embedded_name};
  if (chosen.environment.production) production.why = "engine.toml says so for env " + chosen.name;
  confirm(context, production, "the embedded server");
}

}  // namespace engine::cli
