// Each way to write a plan wrong, with the words that say so.
#include "script/plans.h"
#include "support/catch.h"

using test::Plans;

namespace {

const std::string run = "run = function() end, rollback = nothing";

}  // namespace

TEST_CASE("everything that is wrong is told at once, in the order of the lines") {
  const Plans plans;
  CHECK(
      plans.problems(R"(return plan "P" {
  abuot = "x",
  step "A" { run = function() bakup.drop "t" end },
  step "B" { transction = "none", run = function() backup.dropp "t" end, rollback = nothing },
}
)") ==
      R"(p.lua:2: plan "P" has no "abuot"; did you mean "about"? (It has id, about, guide, fixture, needs, inputs, hints, support, next, accept, search_path, atomic, lock_timeout, statement_timeout and version.)
p.lua:3: unknown word "bakup"; did you mean "backup"?
p.lua:3: step "A" has a run and no rollback (Write rollback = sql [[ … ]] (or a function, a list, a table), rollback = nothing, or rollback = impossible "why".)
p.lua:4: backup has no "dropp"; did you mean backup.drop? (It has drop, retire and snapshot.)
p.lua:4: step "B" has no "transction"; did you mean "transaction"? (It has id, heading, why, when, done, confirm, run, verify, rollback, transaction, hints, accept, lock_timeout and statement_timeout.))");
}

TEST_CASE("a file that is not a plan says what a plan is") {
  const Plans plans;
  CHECK(plans.problems("") ==
        "p.lua:1: the file returns nothing, not a plan (End it with return plan \"Title\" { … }.)");
  CHECK(
      plans.problems("return 3") ==
      "p.lua:1: the file returns a number, not a plan (End it with return plan \"Title\" { … }.)");
  CHECK(plans.problems("return step \"S\" { " + run + " }") ==
        "p.lua:1: the file returns step \"S\", not a plan (End it with return plan \"Title\" { … "
        "}.)");
  CHECK(plans.problems("\nreturn plan \"P\"") ==
        "p.lua:2: plan \"P\" has no table (Write return plan \"Title\" { … }.)");
  CHECK(plans.problems("return plan { check \"C\" { function() end } }") ==
        "p.lua:1: plan needs a title, not a table (Write plan \"Title\" { … }.)");
  CHECK(plans.problems("return plan \"P\" {}") == "p.lua:1: plan \"P\" has no steps");
}

TEST_CASE("a syntax error names its line") {
  const Plans plans;
  CHECK(plans.problems("return plan \"P\" {\n  step \"S\" {\n") ==
        "p.lua:3: unexpected symbol near '<eof>'");
  CHECK(plans.problems("\n\nreturn plan = 3") == "p.lua:3: '<eof>' expected near '='");
  CHECK(plans.problems("return plan \"P\" {\n id = \"a\"\n about = \"b\" }") ==
        "p.lua:3: '}' expected (to close '{' at line 1) near 'about'");
}

TEST_CASE("a ]] that ends SQL too early says which brackets to use") {
  const Plans plans;
  CHECK(plans.problems("return plan \"P\" {\n step \"S\" {\n  run = sql [[\n   SELECT a[b[1]] ]],\n"
                       "  rollback = nothing,\n },\n}") ==
        "p.lua:4: a ]] inside [[ … ]] ends the string too early (Write [=[ … ]=] around a string "
        "that contains ]].)");
  CHECK(plans.step_problems("run = sql [=[ SELECT a[b[1]] ]=], rollback = nothing") == "");
}

TEST_CASE("unknown words are found in functions that nobody has called yet") {
  const Plans plans;
  CHECK(plans.step_problems(
            "run = function() end,\nrollback = function()\n if false then dbb.exec() end\nend") ==
        "p.lua:5: unknown word \"dbb\"; did you mean \"db\"?");
  CHECK(plans.step_problems("run = function() count = 1 end, rollback = nothing") ==
        "p.lua:3: count is not a local variable: plans cannot have global variables (Write local "
        "count = …, or put values that steps share into state.)");
  CHECK(plans.step_problems("run = function() os.execute 'ls' end, rollback = nothing") ==
        "p.lua:3: plans cannot use os (Ask the server for the time: db.value \"SELECT now()\".)");
}

TEST_CASE("a word that is unknown hides nothing that is wrong below it") {
  const Plans plans;
  CHECK(
      plans.problems(R"(local n = db.count "t" + 1
return plan "P" {
  abuot = "x",
  stp "A" { run = function() end },
  step "B" { run = function() end, rollback = nothng },
  step "C" { run = { sqll [[ SELECT 1 ]] }, rollback = sql.fiel "x" },
  step "D" { run = function() end },
}
)") ==
      R"(p.lua:1: db.count was called while the plan is loading; move it into a step's run, when or verify
p.lua:3: plan "P" has no "abuot"; did you mean "about"? (It has id, about, guide, fixture, needs, inputs, hints, support, next, accept, search_path, atomic, lock_timeout, statement_timeout and version.)
p.lua:4: unknown word "stp"; did you mean "step"?
p.lua:5: unknown word "nothng"; did you mean "nothing"?
p.lua:6: unknown word "sqll"; did you mean "sql"?
p.lua:6: sql has no "fiel"; did you mean sql.file? (It has file.)
p.lua:7: step "D" has a run and no rollback (Write rollback = sql [[ … ]] (or a function, a list, a table), rollback = nothing, or rollback = impossible "why".))");
}

TEST_CASE("a method that a chain of checks does not have is found before anything runs") {
  const Plans plans;
  const auto told = [&](const std::string& chain) {
    return plans.step_problems("verify = function()\n " + chain + "\n end");
  };
  CHECK(told("expect.relation \"t\" :has_column \"a\" :named \"x\" :has_column(\"b\", {})") == "");
  CHECK(told("expect.relation \"t\"\n :has_column \"a\"\n :has_colum \"b\"\n :has_columm \"c\"") ==
        "p.lua:6: expect.relation has no method \"has_colum\"; did you mean \"has_column\"? (Its "
        "methods: has_column, has_rows and named.)");
  CHECK(told("expect.relation(expect.relation \"t\" :nmaed \"x\")")
            .starts_with("p.lua:4: expect.relation has no method \"nmaed\""));
  // What a function gives, and what is kept in a local, is known only when it runs.
  CHECK(told("local t = expect.relation \"t\" t:has_colum \"b\" note \"x\" :what \"y\"") == "");
}

TEST_CASE("an option that a primitive does not have is found before anything runs") {
  const Plans plans;
  const auto told = [&](const std::string& call) {
    return plans.step_problems("verify = function()\n " + call + "\n end");
  };
  CHECK(told("expect.relation \"t\" :has_column(\"a\", {\n tpye = \"text\", null = true })") ==
        "p.lua:5: expect.relation:has_column has no option \"tpye\"; did you mean \"type\"? (Its "
        "options: type and null.)");
  CHECK(told("expect.relation \"t\" :has_column { \"a\", tpye = \"text\" }")
            .starts_with("p.lua:4: expect.relation:has_column has no option \"tpye\""));
  CHECK(
      told("expect.relation \"t\" :has_rows { at_lesat = 1 }")
          .starts_with("p.lua:4: expect.relation:has_rows has no option \"at_lesat\"; did you mean "
                       "\"at_least\"?"));
  CHECK(told("expect.relation \"t\" :has_column(\"a\", { [\"type\"] = \"text\", [x] = 1 })") ==
        "p.lua:4: unknown word \"x\"");
}

TEST_CASE("a local of the file that a step sets would be lost on resume") {
  const Plans plans;
  CHECK(plans.problems("local n, m = 0\nreturn plan \"P\" { check \"C\" { function()\n local m = "
                       "1\n m = 2\n n = "
                       "n + m\n end } }") ==
        "p.lua:5: a step sets n, a local variable of the file, which is lost when the run is "
        "resumed (Write state.n = …, or declare local n in the function.)");
  CHECK(plans.problems(
            "local t, n = {}, 0\nn = 1\nlocal function f() t.x = n end\nreturn plan \"P\" { check "
            "\"C\" { function() f() t.x = 2 end } }") == "");
}

TEST_CASE("locals, parameters, loops and methods are no unknown words") {
  const Plans plans;
  CHECK(plans.problems(R"(
local a, b = 1, 2
local function helper(x, ...) local y = { x = x, [a] = b, ... } for i, v in ipairs(y) do a = v + i end
  for n = 1, 2 do b = n end repeat local done = true until done goto out ::out:: return y.zzz end
local object = {}
function object.make(q) return q end
function object:use(q) return self, q, helper(q).what:ever() end
return plan "P" { check "C" { function() return object:use(#"x" .. tostring(-a ^ 2)) end } }
)") == "");
}

TEST_CASE("a primitive called while the plan is loading says where to put it") {
  const Plans plans;
  CHECK(plans.problems(
            "local n = db.count \"t\"\nreturn plan \"P\" { check \"C\" { function() end } }") ==
        "p.lua:1: db.count was called while the plan is loading; move it into a step's run, when "
        "or verify");
  CHECK(plans.step_problems("why = input.x, " + run) ==
        "p.lua:3: input.x was read while the plan is loading; move it into a step's run, when or "
        "verify");
  CHECK(plans.problems("print 'hello'") ==
        "p.lua:1: print was called while the plan is loading; move it into a step's run, when or "
        "verify");
}

TEST_CASE("a step with a run says how it is undone") {
  const Plans plans;
  CHECK(plans.step_problems("rollback = nothing, verify = function() end") ==
        "p.lua:3: step \"S\" has a rollback and no run: there is nothing to undo");
  CHECK(plans.step_problems("run = function() end, rollback = false") ==
        "p.lua:3: rollback of step \"S\" must be sql, a function, a list, a table, nothing or "
        "impossible, not a boolean");
  CHECK(plans.step_problems("run = function() end, rollback = { verify = function() end }") ==
        "p.lua:3: rollback of step \"S\" has no run (Write rollback = nothing if there is nothing "
        "to undo.)");
  CHECK(plans.step_problems(
            "run = function() end, rollback = { run = function() end, confrm = 1 }") ==
        "p.lua:3: rollback of step \"S\" has no \"confrm\"; did you mean \"confirm\"? (It has "
        "confirm, "
        "run, verify and transaction.)");
  CHECK(plans.step_problems("run = function() end, rollback = impossible") ==
        "p.lua:3: rollback of step \"S\" must be sql, a function, a list, a table, nothing or "
        "impossible, not a word of the engine");
  CHECK(plans.step_problems("run = backup.drop, rollback = nothing") ==
        "p.lua:3: run of step \"S\" must be sql, a function or a list of both, not a word of the "
        "engine");
  CHECK(plans.step_problems("run = function() end, rollback = impossible()") ==
        "p.lua:3: impossible needs a reason, not nothing (Write impossible \"the backup was "
        "dropped\".)");
}

TEST_CASE("run is SQL, a function or a list of both") {
  const Plans plans;
  CHECK(plans.step_problems("run = \"DROP TABLE t\", rollback = nothing") ==
        "p.lua:3: run of step \"S\" must be sql, a function or a list of both, not a string (Write "
        "sql [[ "
        "… ]] around SQL.)");
  CHECK(plans.step_problems("run = {}, rollback = nothing") ==
        "p.lua:3: run of step \"S\" is empty");
  CHECK(plans.step_problems("run = { function() end,\n{ } }, rollback = nothing") ==
        "p.lua:4: item 2 of run of step \"S\" must be SQL or a function");
  CHECK(plans.step_problems("run = sql [[ -- nothing ]], rollback = nothing") ==
        "p.lua:3: run of step \"S\" has no SQL statement");
  CHECK(plans.step_problems("why = \"x\"") ==
        "p.lua:2: step \"S\" has neither run nor verify (Use manual for work that a person does, "
        "or check for a step that only reads.)");
}

TEST_CASE("statements that a plan cannot contain name what to use instead, and their line") {
  const Plans plans;
  const auto told = [&](const std::string& statement) {
    return plans.step_problems("run = sql [[\n SELECT 1;\n " + statement +
                               "\n]], rollback = nothing");
  };
  CHECK(told("COMMIT").starts_with("p.lua:5: a plan cannot contain COMMIT ("));
  CHECK(told("DISCARD ALL").starts_with("p.lua:5: a plan cannot contain DISCARD ALL ("));
  CHECK(told("\\i other.sql").starts_with("p.lua:5: a plan cannot contain \\i other.sql ("));
  CHECK(
      told("COPY t FROM STDIN").starts_with("p.lua:5: a plan cannot contain COPY t FROM STDIN ("));
}

TEST_CASE("what cannot run in a transaction wants transaction = \"none\"") {
  const Plans plans;
  CHECK(plans.step_problems(
            "run = sql [[\n\n CREATE INDEX CONCURRENTLY i ON t (c)\n]],\nrollback = nothing") ==
        "p.lua:5: CREATE INDEX cannot run in a transaction (Give step \"S\" transaction = "
        "\"none\".)");
  CHECK(plans.step_problems(
            "transaction = \"none\", run = sql [[ CREATE INDEX CONCURRENTLY i ON t (c) ]],"
            "rollback = sql [[ DROP INDEX CONCURRENTLY i ]]") == "");
  CHECK(plans.step_problems("run = function() end, rollback = { run = sql [[ VACUUM t ]] }") ==
        "p.lua:3: VACUUM cannot run in a transaction (Give rollback of step \"S\" transaction = "
        "\"none\".)");
  CHECK(plans.step_problems("transaction = \"nonne\", " + run) ==
        "p.lua:3: transaction = \"nonne\" is not known (Write transaction = \"none\", or omit it: "
        "then the step is one transaction.)");
}

TEST_CASE("fields of the wrong kind are named with what they should be") {
  const Plans plans;
  CHECK(plans.step_problems("when = true, " + run) ==
        "p.lua:3: when of step \"S\" must be a function, not a boolean");
  CHECK(plans.step_problems("confirm = 3, " + run) ==
        "p.lua:3: confirm of step \"S\" must be a string or a function, not a number");
  CHECK(plans.step_problems("heading = {}, " + run) ==
        "p.lua:3: heading of step \"S\" must be a string, not a table");
  CHECK(
      plans.step_problems("lock_timeout = \"soon\", " + run) ==
      "p.lua:3: lock_timeout = \"soon\" is not a duration (Write it as PostgreSQL does: \"500ms\", "
      "\"3s\", "
      "\"5min\".)");
  for (const char* good : {"3s", "500 ms", "5min", "250"})
    CHECK(plans.step_problems(fmt::format("lock_timeout = \"{}\", ", good) + run) == "");
  for (const char* bad : {"s", "3 ", "3  s", "3x", "-1s", "1.5s"})
    CHECK(plans.step_problems(fmt::format("lock_timeout = \"{}\", ", bad) + run) != "");
  CHECK(plans.step_problems("hints = {\n[\"abc\"] = \"x\" }, " + run) ==
        "p.lua:4: hint \"abc\" is not an SQLSTATE (The key must be the five characters of an "
        "SQLSTATE: "
        "[\"42883\"] = \"…\".)");
  CHECK(plans.step_problems("accept = { rule = 1 }, " + run) ==
        "p.lua:3: rule of accept of step \"S\" must be a string, not a number");
  CHECK(plans.step_problems("accept = {\n[\"index.create-bloking\"] = \"x\" }, " + run) ==
        "p.lua:4: accept \"index.create-bloking\" is not a hazard; did you mean "
        "\"index.create-blocking\"? (docs/reference/hazards.gen.md lists all hazards.)");
  CHECK(plans.step_problems("accept = { rename = \" \" }, " + run) ==
        "p.lua:3: accept \"rename\" has no reason (Write why the hazard does no harm here.)");
  CHECK(plans.step_problems("accept = { rename = \"deployed together\" }, " + run) == "");
  const auto accepting = [&](const std::string& answer) {
    return plans.problems(
        "return plan \"P\" {\n  inputs = { keep = { type = \"boolean\", at = "
        "\"rollback\", ask = \"?\" } },\n  accept = { [\"" +
        answer + "\"] = \"meant\" },\n  step \"S\" { " + run + " },\n}\n");
  };
  CHECK(accepting("keep=yes") == "");
  CHECK(
      accepting("keep=yess") ==
      "p.lua:3: accept \"keep=yess\" is not a hazard, nor an answer to a rollback's question; did "
      "you mean \"keep=yes\"? (docs/reference/hazards.gen.md lists all hazards.)");
  CHECK(plans.step_problems("function() end, " + run) ==
        "p.lua:3: step \"S\" needs a name for each value");
}

TEST_CASE("verify holds functions, checks and tests") {
  const Plans plans;
  CHECK(plans.step_problems("verify = 3, " + run) ==
        "p.lua:3: verify of step \"S\" must be a function, a check or a test, not a number");
  CHECK(plans.step_problems("verify = { check \"C\" {} }, " + run) ==
        "p.lua:3: check \"C\" has no function (Write check \"C\" { function() … end }.)");
  CHECK(plans.step_problems("verify = { check \"C\" { function() end, hnit = \"x\" } }, " + run) ==
        "p.lua:3: check \"C\" has no \"hnit\"; did you mean \"hint\"? (It has why and hint.)");
  CHECK(plans.step_problems("verify = { check \"C\" { function() end, function() end } }, " +
                            run) == "p.lua:3: check \"C\" has more than one function");
  CHECK(plans.step_problems("verify = { manual \"M\" {} }, " + run) ==
        "p.lua:3: item 1 of verify of step \"S\" must be a function, a check or a test, not manual "
        "\"M\"");
}

TEST_CASE("what stands in a plan is a step, with its table, in its place") {
  const Plans plans;
  CHECK(plans.problems("return plan \"P\" {\n step \"S\",\n check \"C\" { function() end },\n}") ==
        "p.lua:2: step \"S\" has no table (Write step \"S\" { … }.)");
  CHECK(plans.problems("return plan \"P\" { check \"C\" { function() end },\n { run = 1 } }") ==
        "p.lua:2: item 2 of plan \"P\" is a table, not a step (Write step \"Title\" { … }.)");
  CHECK(plans.problems("return plan \"P\" { step { " + run + " } }") ==
        "p.lua:1: step needs a title, not a table (Write step \"Title\" { … }.)");
  CHECK(plans.problems("return plan \"P\" { step \"S\" \"run\" }") ==
        "p.lua:1: step \"S\" is followed by a string (Write step \"S\" { … }.)\n"
        "p.lua:1: step \"S\" has neither run nor verify (Use manual for work that a person does, "
        "or check for a step that only reads.)");
  CHECK(plans.problems("return plan \"P\" { phase \"A\" {\n task \"T\" { "
                       "run = function() end } } }") ==
        "p.lua:2: task \"T\" cannot be inside a phase (Move it into the plan's own table.)");
  CHECK(
      plans.problems(
          "return plan \"P\" { phase \"A\" { phase \"B\" { check \"C\" { function() end } } } }") ==
      "p.lua:1: phase \"B\" cannot be inside a phase (Move it into the plan's own table.)");
  CHECK(plans.problems("return plan \"P\" { phase \"A\" { atomic = false } }") ==
        "p.lua:1: phase \"A\" has no steps");
  CHECK(plans.problems("return plan \"P\" { manual \"M\" { rollback = function() end } }") ==
        "p.lua:1: rollback of manual \"M\" must be a string that tells a person what to do, "
        "nothing or impossible, "
        "not a function");
  CHECK(plans.problems("return plan \"P\" { task \"T\" { why = \"x\" } }") ==
        "p.lua:1: task \"T\" has neither run nor verify");
  CHECK(plans.step_problems("run = function() step \"Late\" { } end, rollback = nothing") == "");
}

TEST_CASE("two steps of one name are told apart by an id") {
  const Plans plans;
  const std::string two =
      "return plan \"P\" {\n check \"C\" { function() end },\n check \"C\" { function() end";
  CHECK(plans.problems(two + " } }") ==
        "p.lua:3: two steps have the id \"C\"; the other is in line 2 (Give one of them another "
        "id.)");
  CHECK(plans.problems(two + ", id = \"second\" } }") == "");
  CHECK(plans.problems("return plan \"P\" { check \"\" { function() end } }") ==
        "p.lua:1: check \"\" has an empty or unprintable title");
}

TEST_CASE("the header is checked") {
  const Plans plans;
  const auto told = [&](const std::string& header) {
    return plans.problems("return plan \"P\" {\n" + header +
                          ",\n check \"C\" { function() end } }");
  };
  CHECK(told("id = \"a b\"") == "p.lua:2: id \"a b\" may contain only letters, digits, _ - .");
  CHECK(told("atomic = 1") == "p.lua:2: atomic of plan \"P\" must be true or false, not a number");
  CHECK(
      told("guide = \"../docs/none.md\"") ==
      "p.lua:2: file ../docs/none.md does not exist (Paths are relative to the plan's own file.)");
  CHECK(told("fixture = \"../../../etc/passwd\"") ==
        "p.lua:2: ../../../etc/passwd is outside the project (Paths are relative to the plan's own "
        "file.)");
  CHECK(told("needs = { tabels = \"x\" }") ==
        "p.lua:2: needs has no \"tabels\"; did you mean \"tables\"? (It has postgres, tables, "
        "columns, "
        "functions, roles, extensions and plans.)");
  CHECK(told("needs = { postgres = \"14\" }") ==
        "p.lua:2: postgres of needs must be a whole number, not a string\n"
        "p.lua:2: postgres of needs must be a major version: postgres = 14");
  CHECK(told("needs = { roles = { 1 } }") ==
        "p.lua:2: item 1 of roles of needs must be a string, not a number");
  CHECK(told("needs = { \"x\" }") == "p.lua:2: item 1 of needs must be a function, not a string");
}

TEST_CASE("inputs are checked") {
  const Plans plans;
  const auto told = [&](const std::string& input) {
    return plans.problems("return plan \"P\" {\n inputs = {\n" + input +
                          " },\n check \"C\" { function() end } }");
  };
  CHECK(told("x = { ask = \"?\" }") ==
        "p.lua:3: input x has no type (Use boolean, integer, number, text, date, interval, "
        "choice or "
        "secret.)");
  CHECK(
      told("x = { type = \"bool\" }") ==
      "p.lua:3: input x has the unknown type \"bool\" (Use boolean, integer, number, text, date, "
      "interval, choice or secret.)");
  CHECK(told("x = { type = \"integer\",\ndefault = \"3\" }") ==
        "p.lua:4: default of input x must be a whole number, not \"3\"");
  CHECK(told("x = { type = \"date\", default = \"2025-02-30\" }") ==
        "p.lua:3: default of input x must be a date: \"2025-07-31\", not \"2025-02-30\"");
  CHECK(told("x = { type = \"choice\" }") ==
        "p.lua:3: input x has no choices (Write choices = { \"first\", \"second\" }.)");
  CHECK(told("x = { type = \"choice\", choices = { \"a\" }, default = \"b\" }") ==
        "p.lua:3: default of input x must be one of the choices, not \"b\"");
  CHECK(told("x = { type = \"text\", choices = { \"a\" } }") ==
        "p.lua:3: input x has choices, but its type is text (Write type = \"choice\".)");
  CHECK(told("x = { type = \"secret\", default = \"hush-hush\" }") ==
        "p.lua:3: input x is a secret and has a default (A plan must not contain a secret. Remove "
        "the default.)");
  CHECK(told("x = { type = \"text\", at = \"start\" }") ==
        "p.lua:3: input x is asked at \"start\" (Omit at to ask before the run, or write at = "
        "\"rollback\" to ask before the rollback.)");
  CHECK(told("x = true") ==
        "p.lua:3: input x must be a table, not a boolean (Write x = { type = \"text\", ask = "
        "\"…?\" }.)");
  CHECK(told("[\"a-b\"] = { type = \"text\" }") ==
        "p.lua:3: input \"a-b\" may contain only letters, digits and _");
  CHECK(plans.problems("return plan \"P\" { inputs = { keep = { type = \"text\" } },\n"
                       "check \"C\" { function() return input.kepe end } }") ==
        "p.lua:2: the plan has no input \"kepe\"; did you mean \"keep\"?");
}

TEST_CASE("what is atomic holds no manual step and no other transaction") {
  const Plans plans;
  CHECK(
      plans.problems(
          "return plan \"P\" { atomic = true,\n manual \"M\" {},\n step \"S\" { transaction = "
          "\"none\", " +
          run + " } }") ==
      "p.lua:2: manual \"M\" cannot be part of an atomic plan (A person's work cannot be part of a "
      "transaction. Move the manual out.)\np.lua:3: step \"S\" sets transaction, but is part of an "
      "atomic "
      "plan (An atomic plan is one transaction. Remove transaction from the step.)");
  CHECK(plans.problems("return plan \"P\" { phase \"A\" { atomic = true, manual \"M\" {} } }") ==
        "p.lua:1: manual \"M\" cannot be part of an atomic phase (A person's work cannot be part "
        "of a "
        "transaction. Move the manual out.)");
}

TEST_CASE("SQL that takes values needs somebody who gives them") {
  const Plans plans;
  CHECK(
      plans.step_problems("run = sql [[ SELECT 1;\nUPDATE t SET n = $1 WHERE m IN (SELECT $2) ]], "
                          "rollback = sql [[ DELETE FROM t WHERE n = $1 ]]") ==
      "p.lua:4: run of step \"S\" uses $1, but nothing passes its value (Pass the value in a "
      "function: function() db.exec(\"… $1 …\", input.x) end.)\n"
      "p.lua:4: rollback of step \"S\" uses $1, but nothing passes its value (Pass the value "
      "in a function: function() db.exec(\"… $1 …\", input.x) end.)");
  CHECK(plans.step_problems(
            "run = sql [[ PREPARE q AS SELECT $1; CREATE FUNCTION f(int) RETURNS int "
            "BEGIN ATOMIC SELECT $1; END; DO $$ BEGIN EXECUTE 'SELECT $1' USING 1; END "
            "$$ ]], rollback = nothing") == "");
}

TEST_CASE(
    "a step that asks within an atomic unit is refused, but for its first one and for rollbacks") {
  const Plans plans;
  const auto problems = [&](const std::string& second) {
    return plans.problems(
        "return plan \"P\" {\n phase \"A\" { atomic = true,\n  step \"One\" {\n   run = "
        "function() ask.text \"Which?\" end,\n   rollback = nothing },\n  step \"Two\" "
        "{\n   " +
        second + " },\n } }");
  };
  CHECK(
      problems(
          "run = function()\n    local one = ask.choice(\"Which?\", { \"a\" }) end,\n   rollback = "
          "nothing") ==
      "p.lua:8: step \"Two\" asks while the transaction of its atomic phase is open (Declare an "
      "input, or use the step's confirm. The engine asks those before the transaction begins.)");
  CHECK(problems("run = sql [[ SELECT 1 ]],\n   rollback = function() ask.text \"Why?\" end") ==
        "");
}

TEST_CASE("SQL files stay inside the project, links followed") {
  const Plans plans;
  CHECK(plans.step_problems("run = sql.file \"none.sql\", rollback = nothing") ==
        "p.lua:3: file none.sql does not exist");
  CHECK(plans.step_problems("run = sql.file \"../../x.sql\", rollback = nothing")
            .starts_with("p.lua:3: ../../x.sql is outside the project"));
  CHECK(plans.step_problems("run = sql.file \"/etc/passwd\", rollback = nothing")
            .starts_with("p.lua:3: /etc/passwd is outside the project"));
  std::filesystem::create_symlink("/etc/passwd", plans.root() + "/plans/link.sql");
  CHECK(plans.step_problems("run = sql.file \"link.sql\", rollback = nothing")
            .starts_with("p.lua:3: link.sql is outside the project"));
  std::filesystem::create_directory(plans.root() + "/plans/folder.sql");
  CHECK(plans.step_problems("run = sql.file \"folder.sql\", rollback = nothing")
            .starts_with("p.lua:3: folder.sql is not a regular file"));
}

TEST_CASE("a path that is not a plan is refused as usage") {
  const engine::script::LoadOptions options;
  CHECK_THROWS_WITH(engine::script::load_plan("/tmp/none.lua", options),
                    ContainsSubstring("plan /tmp/none.lua does not exist"));
  CHECK_THROWS_WITH(engine::script::load_plan("/etc/passwd", options),
                    ContainsSubstring("/etc/passwd is not a plan"));
}
