// What a plan is told in secret stands nowhere afterwards: not in any output, nor in the journal.
#include <nlohmann/json.hpp>

#include "base/file.h"
#include "cli/workplace.h"
#include "support/catch.h"

using test::Ended;
using test::Workplace;

namespace {

// Values of which no eight bytes occur elsewhere.
const std::string long_secret = [] {
  std::string text;
  for (int i = 0; i < 230; ++i) text += static_cast<char>('!' + (i * i * 7 + i * 31) % 90);
  return text;
}();
const std::string quoted_secret = "o'zq\\xw \"vk\" %41\tjy\nzweite-Zeile-ü&<b>";
const std::string pin = "x7z";

const std::string head = R"lua(
return plan "Secrets" {
  inputs = { long = { type = "secret" }, quoted = { type = "secret" }, pin = { type = "secret" } },
  step "Keep" {
    run = function()
      db.exec "CREATE TABLE vault (id int PRIMARY KEY, long text, quoted text, pin text, must int NOT NULL)"
      db.exec("INSERT INTO vault VALUES (1, $1, $2, $3, 0)", input.long, input.quoted, input.pin)
      db.exec "CREATE UNIQUE INDEX ON vault (left(long, 500), pin)"
      note("the note " .. db.value "SELECT long FROM vault" .. " and " .. db.value "SELECT quoted FROM vault")
      db.exec "DO $$ DECLARE v vault; BEGIN SELECT * INTO v FROM vault; RAISE NOTICE 'row %', v; RAISE WARNING '% %', v.quoted, to_json(v); END $$"
      file.write("out.txt", db.value "SELECT long || quoted FROM vault")
    end,
    rollback = sql [[ DROP TABLE vault ]],
  },
  task "Look" { id = "look", run = function() db.query "SELECT 1"; return nil end },
  task "Rows" { id = "rows", run = sql [[ SELECT long, quoted, pin FROM vault ]] },
)lua";

std::string failing(const std::string& body) {
  return head + "step \"Fail\" { " + body + ", rollback = nothing },\n}\n";
}

std::vector<std::string> answers() {
  return {"--yes", "--set",     "long=" + long_secret, "--set", "quoted=" + quoted_secret,
          "--set", "pin=" + pin};
}

std::vector<std::string> with_answers(std::vector<std::string> words) {
  const auto more = answers();
  words.insert(words.end(), more.begin(), more.end());
  return words;
}

/// The first eight bytes in a row of a secret that stand in the text; "" where none do.
std::string leaked(const std::string& text) {
  constexpr std::size_t enough = 8;
  for (const std::string& secret : {long_secret, quoted_secret}) {
    for (std::size_t at = 0; at + enough <= secret.size(); ++at) {
      if (text.find(secret.substr(at, enough)) != std::string::npos)
        return secret.substr(at, enough);
    }
  }
  return text.find(pin) == std::string::npos ? "" : pin;
}

/// All that the journal keeps, but for the plan's own text.
std::string journal(const Workplace& place) {
  std::string text;
  for (const std::string table : {"run", "step", "attempt", "event", "answer", "check_result"}) {
    if (place.database.value("SELECT to_regclass('engine." + table + "') IS NOT NULL") == "t")
      text +=
          place.database.value("SELECT string_agg(t::text, E'\\n') FROM engine." + table + " AS t");
  }
  return text;
}

void check_clean(const Ended& ended) {
  INFO(ended.all());
  CHECK(leaked(ended.out) == "");
  CHECK(leaked(ended.err) == "");
}

}  // namespace

TEST_CASE("a value of any length and form stays out of outputs, files and journal") {
  const bool json = GENERATE(false, true);
  const Workplace place{head + "}\n"};
  const Ended ran = place.engine("run", with_answers(json ? std::vector<std::string>{"--json"}
                                                          : std::vector<std::string>{"-v"}));
  check_clean(ran);
  REQUIRE(ran.status == 0);
  CHECK_THAT(ran.all(), ContainsSubstring("the secret pin is too short"));
  CHECK_THAT(ran.all(), ContainsSubstring("the note *** and ***"));
  CHECK(leaked(journal(place)) == "");
  CHECK(place.database.value("SELECT length(long) FROM vault") == "230");
  std::string written;
  for (const auto& entry : std::filesystem::recursive_directory_iterator{place.folder.path()}) {
    if (entry.path().filename() == "out.txt") written = engine::file::read(entry.path().string());
  }
  CHECK(written == "******");
  check_clean(place.engine("task", with_answers({"rows"})));
  check_clean(place.engine("task", with_answers({"rows", "--json"})));
  check_clean(place.engine("task", with_answers({"rows", "--csv"})));
  check_clean(place.status());
  check_clean(place.status({"--json"}));
}

TEST_CASE("nor does a failure show one, whoever cuts or quotes it") {
  const std::string body = GENERATE(
      R"lua(run = function() end, verify = function() expect.query "SELECT long, pin FROM vault" :is { { "x", "y" } } end)lua",
      R"lua(run = function() end, verify = function() expect.value(db.value "SELECT quoted FROM vault") :equals "x" end)lua",
      R"lua(run = function() db.exec("INSERT INTO vault VALUES (2, $1, $2, $3, NULL)", input.long, input.quoted, input.pin) end)lua",
      R"lua(run = function() db.exec("INSERT INTO vault VALUES (2, $1, $2, $3, 1)", input.long, input.quoted, input.pin) end)lua",
      R"lua(run = function() db.exec("SELECT ($1::text)::int", input.long) end)lua",
      R"lua(run = function() db.exec("SELECT ($1::text)::int", input.pin) end)lua",
      R"lua(run = function() db.exec("SELECT ('{\"k\": ' || $1 || '}')::json", input.long) end)lua",
      R"lua(run = function() error(db.value "SELECT long || quoted FROM vault") end)lua",
      R"lua(run = function() db.exec("CREATE TABLE " .. db.value "SELECT quote_ident(translate(long, '\"', '')) FROM vault" .. "_x (id nonsense)") end)lua",
      R"lua(run = function() db.exec(db.value "SELECT format('SELECT %L::text, 1/0', quoted) FROM vault") end)lua",
      R"lua(run = function() db.exec(db.value "SELECT format('DO %L', format('BEGIN PERFORM %L::int; END', long)) FROM vault") end)lua");
  INFO(body);
  const Workplace place{failing(body)};
  const Ended plain = place.engine("run", with_answers({"-v"}));
  check_clean(plain);
  CHECK(plain.status == 3);
  check_clean(place.engine("run", with_answers({"--json"})));
  CHECK(leaked(journal(place)) == "");
  check_clean(place.status());
  check_clean(place.status({"--json"}));
}

TEST_CASE("a preview's script, page, saved file and events hold no secret") {
  const Workplace place{head + "}\n"};
  const Ended told = place.engine("preview", with_answers({"--sql", "p.sql", "--report", "p.html",
                                                           "-o", "p.json", "--fail-on", "never"}));
  check_clean(told);
  REQUIRE(told.status == 0);
  for (const std::string file : {"p.sql", "p.html", "p.json"}) {
    INFO(file);
    const std::string text = engine::file::read(place.folder.file(file));
    CHECK(leaked(text) == "");
    CHECK(text.size() > 1000);
  }
  const std::string script = engine::file::read(place.folder.file("p.sql"));
  CHECK_THAT(script, ContainsSubstring("VALUES (1, '***', '***', '***', 0)"));
  check_clean(place.engine("preview", with_answers({"--json", "--fail-on", "never"})));
  check_clean(place.engine("run", with_answers({"--approved", "p.json"})));
}

TEST_CASE("a state that would carry a secret is refused") {
  const Workplace place{
      failing(R"lua(run = function() state.kept = db.value "SELECT quoted FROM vault" end)lua")};
  const Ended ended = place.engine("run", answers());
  check_clean(ended);
  CHECK(ended.status == 3);
  CHECK_THAT(ended.all(), ContainsSubstring("would carry a secret into the journal"));
  CHECK(leaked(journal(place)) == "");
}
