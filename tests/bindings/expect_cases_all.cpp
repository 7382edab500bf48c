#include <fmt/format.h>

#include "bindings/expect_cases.h"

namespace test {
namespace {

struct Kind {
  const char* word;
  const char* name;       // as Lua writes the argument
  const char* statement;  // what COMMENT ON and GRANT … ON call it; "": it has neither
  const char* privilege;  // "": it has none
  const char* facts;      // that are so
  const char* others;     // that are not
  bool owned = true;
};

// clang-format off
const std::vector<Kind>& kinds() {
  static const std::vector<Kind> all{
      {"table", "\"people\"", "TABLE people", "SELECT", "{ persistence = 'permanent' }", "{ persistence = 'unlogged' }"},
      {"view", "\"overview\"", "VIEW overview", "SELECT", "{ populated = true }", "{ options = { 'security_barrier=true' } }"},
      {"matview", "\"sums\"", "MATERIALIZED VIEW sums", "SELECT", "{ populated = true }", "{ populated = false }"},
      {"sequence", "\"invoice_number\"", "SEQUENCE invoice_number", "USAGE", "{ start = 1000 }", "{ start = 1 }"},
      {"relation", "\"overview\"", "VIEW overview", "", "", ""},
      {"routine", "\"twice(integer)\"", "FUNCTION twice(integer)", "EXECUTE", "{ kind = 'function' }", "{ kind = 'aggregate' }"},
      {"schema", "\"app\"", "SCHEMA app", "CREATE", "", ""},
      {"extension", "\"plpgsql\"", "EXTENSION plpgsql", "", "{ schema = 'pg_catalog' }", "{ schema = 'extensions' }"},
      {"language", "\"plpgsql\"", "LANGUAGE plpgsql", "USAGE", "{ trusted = true }", "{ trusted = false }"},
      {"tablespace", "\"pg_default\"", "TABLESPACE pg_default", "CREATE", "{ options = {} }", "{ options = { 'x=1' } }"},
      {"role", "\"family_group\"", "ROLE family_group", "", "{ login = false }", "{ login = true }", false},
      {"type", "\"mood\"", "TYPE mood", "USAGE", "", ""},
      {"enum", "\"mood\"", "TYPE mood", "USAGE", "{ labels = { 'calm', 'busy' } }", "{ labels = { 'calm' } }"},
      {"domain", "\"positive\"", "DOMAIN positive", "USAGE", "{ type = 'integer' }", "{ type = 'bigint' }"},
      {"composite", "\"pair\"", "TYPE pair", "USAGE", "{ attributes = { 'a integer', 'b text' } }", "{ attributes = {} }"},
      {"range", "\"span\"", "TYPE span", "USAGE", "{ subtype = 'float8' }", "{ subtype = 'integer' }"},
      {"foreign_table", "\"remote_orders\"", "FOREIGN TABLE remote_orders", "SELECT", "{ server = 'warehouse' }", "{ server = 'w' }"},
      {"server", "\"warehouse\"", "SERVER warehouse", "USAGE", "{ wrapper = 'remote' }", "{ wrapper = 'postgres_fdw' }"},
      {"wrapper", "\"remote\"", "FOREIGN DATA WRAPPER remote", "USAGE", "{ options = {} }", "{ options = { 'x=1' } }"},
      {"publication", "\"changes\"", "PUBLICATION changes", "", "{ insert = true }", "{ insert = false }"},
      {"event_trigger", "\"ddl_watch\"", "EVENT TRIGGER ddl_watch", "", "{ enabled = true }", "{ enabled = false }"},
      {"cast", "\"mood AS integer\"", "CAST (mood AS integer)", "", "{ context = 'assignment' }", "{ context = 'implicit' }", false},
      {"operator", "\"===(integer, integer)\"", "OPERATOR === (integer, integer)", "", "{ returns = 'boolean' }", "{ returns = 'text' }"},
      {"operator_class", "\"int_ops_of_ours\"", "OPERATOR CLASS int_ops_of_ours USING btree", "", "{ method = 'btree' }", "{ method = 'gin' }"},
      {"collation", "\"german\"", "COLLATION german", "", "{ provider = 'icu' }", "{ provider = 'libc' }"},
      {"database", "()", "DATABASE {database}", "CONNECT", "{ encoding = 'UTF8' }", "{ encoding = 'LATIN1' }"},
  };
  return all;
}
// clang-format on

/// GRANT has its own words for some.
std::string granted_on(const Kind& kind, std::string statement) {
  const std::string word = kind.word;
  if (word == "view" || word == "matview" || word == "foreign_table")
    return "TABLE " + statement.substr(statement.rfind(' ') + 1);
  if (word == "server") return "FOREIGN " + statement;
  return statement;
}

}  // namespace

std::vector<Case> cases_of_all(const std::string& database) {
  const auto named = [&](std::string statement) {
    if (const auto at = statement.find("{database}"); at != std::string::npos)
      statement.replace(at, 10, database);
    return statement;
  };
  std::string commented, not_commented, granted;
  for (const Kind& kind : kinds()) {
    const std::string statement = named(kind.statement);
    commented += "COMMENT ON " + statement + " IS 'About it';\n";
    not_commented += "COMMENT ON " + statement + " IS NULL;\n";
    if (*kind.privilege == '\0') continue;
    const std::string on = granted_on(kind, statement);
    granted += fmt::format("REVOKE ALL ON {0} FROM public; GRANT {1} ON {0} TO family_alone;\n", on,
                           kind.privilege);
  }
  std::vector<Case> with, without, privileges, others;
  for (const Kind& kind : kinds()) {
    const std::string subject = fmt::format("expect.{} {} ", kind.word, kind.name);
    with.push_back({subject + ":has_comment 'About it'",
                    subject + ":has_comment 'Something else' :has_no_comment()", commented});
    without.push_back(
        {subject + ":has_no_comment()", subject + ":has_comment 'About it'", not_commented});
    const auto rights = [&](const char* has, const char* has_no) {
      return fmt::format(
          "{0}:has_privileges('{2}', '{1}') :privileges_are('{2}', '{1}') :has_no_privileges '{3}'",
          subject, kind.privilege, has, has_no);
    };
    if (*kind.privilege != '\0') {
      privileges.push_back({rights("family_alone", "family_stranger"),
                            rights("family_stranger", "family_alone"), granted});
    }
    if (kind.owned)
      others.push_back({subject + ":owned_by 'postgres'", subject + ":owned_by 'family_owner'"});
    if (*kind.facts != '\0') {
      others.push_back({fmt::format("{0}:is {1} :is_not {2}", subject, kind.facts, kind.others),
                        fmt::format("{0}:is {2} :is_not {1}", subject, kind.facts, kind.others)});
    }
    const std::string word = kind.word;
    if (word == "database") continue;
    const std::string missing = word == "cast"       ? "\"text AS mood\""
                                : word == "operator" ? "\"===(text, text)\""
                                : word == "routine"  ? "\"thrice(integer)\""
                                                     : "\"nothing_here\"";
    others.push_back({fmt::format("{} expect.no_{} {}", subject, word, missing),
                      fmt::format("expect.{0} {1} expect.no_{0} {2}", word, missing, kind.name)});
  }
  for (const auto* more : {&with, &without, &privileges})
    others.insert(others.end(), more->begin(), more->end());
  return others;
}

}  // namespace test
