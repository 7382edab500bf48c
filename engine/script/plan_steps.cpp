// Phases, steps, standing checks, manual steps and tasks.
#include <algorithm>
#include <map>

#include "script/lua.h"
#include "script/plan_checksum.h"
#include "script/plan_reader.h"

namespace engine::script {
namespace {

bool is_printable(const std::string& text) {
  return std::none_of(text.begin(), text.end(),
                      [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; });
}

}  // namespace

std::string PlanReader::name_of(const WordValue& word) {
  return fmt::format("{} \"{}\"", word.word, word.title);
}

void PlanReader::with_body(const WordValue& word, int index,
                           const std::function<void(TableShape&, const Place&)>& read) {
  push_body(lua_, index);
  const Place place{name_of(word), word.at, word.source ? word.source->body.get() : nullptr};
  TableShape shape{lua_, lua_gettop(lua_), place, problems_};
  read(shape, place);
  lua_pop(lua_, 1);
}

void PlanReader::read_item(int index, const Place& place, int phase, plan::Plan& plan) {
  const auto word = word_at(lua_, index);
  if (const auto unfinished = unfinished_at(lua_, index)) {
    problems_.add(unfinished->at, fmt::format("{} has no table", name_of(*unfinished)),
                  fmt::format("Write {} {{ … }}.", name_of(*unfinished)));
    return;
  }
  if (!word) {
    problems_.add(place.at, fmt::format("{} is {}, not a step", place.what, kind_of(lua_, index)),
                  "Write step \"Title\" { … }.");
    return;
  }
  if (word->word == "phase" || word->word == "task") {
    if (phase >= 0) {
      problems_.add(word->at, fmt::format("{} cannot be inside a phase", name_of(*word)),
                    "Move it into the plan's own table.");
    } else if (word->word == "phase") {
      read_phase(*word, index, plan);
    } else {
      read_task(*word, index, plan);
    }
    return;
  }
  if (word->word == "plan") {
    problems_.add(word->at, "a plan cannot contain a plan");
    return;
  }
  plan::Step step;
  step.phase = phase;
  step.at = word->at;
  step.title = word->title;
  if (word->word == "step") {
    read_step(*word, index, step);
  } else if (word->word == "manual") {
    read_manual(*word, index, step);
  } else {
    read_standing_check(*word, index, step);
  }
  step.checksum = step_checksum(*state_, *word, step);
  plan.steps.push_back(std::move(step));
}

void PlanReader::read_phase(const WordValue& word, int index, plan::Plan& plan) {
  const int number = static_cast<int>(plan.phases.size());
  plan.phases.push_back({word.title, word.title, false, word.at});
  with_body(word, index, [&](TableShape& shape, const Place& place) {
    shape.allow({"id", "atomic"});
    plan.phases.back().atomic = shape.boolean("atomic");
    if (shape.has("id")) plan.phases.back().id = shape.text("id");
    if (shape.each_item([&](int item, const Place& at) { read_item(item, at, number, plan); }) == 0)
      shape.problem(place, fmt::format("{} has no steps", place.what));
  });
}

void PlanReader::read_identity(TableShape& shape, const WordValue& word, plan::Step& step) {
  step.id = shape.has("id") ? shape.text("id") : word.title;
  step.heading = shape.text("heading");
  step.why = shape.text("why");
  step.when = predicate(shape, "when");
  step.hints = hints(shape);
  if (step.id.empty() || !is_printable(step.id))
    shape.problem(shape.place(), fmt::format("{} has an empty or unprintable {}",
                                             shape.place().what, shape.has("id") ? "id" : "title"));
}

void PlanReader::read_step(const WordValue& word, int index, plan::Step& step) {
  with_body(word, index, [&](TableShape& shape, const Place& place) {
    shape.allow({"id", "heading", "why", "when", "done", "confirm", "run", "verify", "rollback",
                 "transaction", "hints", "accept", "lock_timeout", "statement_timeout"});
    shape.allow_no_items();
    read_identity(shape, word, step);
    step.transaction = transaction(shape);
    step.done = predicate(shape, "done");
    step.confirm = question(shape, "confirm");
    step.run = read_run(shape, step.transaction);
    step.verify = read_verify(shape);
    step.rollback = read_rollback(shape, step.transaction);
    step.accept = accepted(shape);
    step.lock_timeout = duration(shape, "lock_timeout");
    step.statement_timeout = duration(shape, "statement_timeout");
    if (!shape.has("run") && !shape.has("verify"))
      shape.problem(place, fmt::format("{} has neither run nor verify", place.what),
                    "Use manual for work that a person does, or check for a step that only reads.");
    if (!shape.has("run") && shape.has("done"))
      shape.problem(shape.place_of("done"), fmt::format("{} has done but no run", place.what));
  });
}

void PlanReader::read_standing_check(const WordValue& word, int index, plan::Step& step) {
  step.kind = word.word == "test" ? plan::StepKind::test : plan::StepKind::check;
  with_body(word, index, [&](TableShape& shape, const Place&) {
    shape.allow({"id", "heading", "why", "hint", "when", "hints", "statement_timeout"});
    read_identity(shape, word, step);
    step.statement_timeout = duration(shape, "statement_timeout");
  });
  step.verify.push_back(titled_check(word, index));
}

void PlanReader::read_manual(const WordValue& word, int index, plan::Step& step) {
  step.kind = plan::StepKind::manual;
  with_body(word, index, [&](TableShape& shape, const Place&) {
    shape.allow({"id", "heading", "why", "when", "list", "ask", "verify", "rollback", "hints"});
    shape.allow_no_items();
    read_identity(shape, word, step);
    step.ask = shape.has("ask") ? shape.text("ask") : word.title;
    step.list = shape.texts("list");
    step.verify = read_verify(shape);
    shape.with("rollback", [&](int rollback, const Place& place) {
      if (is_nothing(lua_, rollback)) {
        step.rollback = plan::Nothing{};
      } else if (const auto why = impossible_at(lua_, rollback)) {
        step.rollback = plan::Impossible{*why};
      } else if (lua_type(lua_, rollback) == LUA_TSTRING) {
        // Asked before what stands above it is undone; there is nothing for the engine to do.
        plan::Undo undo;
        undo.confirm = question(shape, "rollback");
        undo.at = place.at;
        step.rollback = std::move(undo);
      } else {
        shape.wrong("rollback", "a string that tells a person what to do, nothing or impossible");
      }
    });
  });
}

void PlanReader::read_task(const WordValue& word, int index, plan::Plan& plan) {
  plan::Task task;
  task.title = word.title;
  task.at = word.at;
  with_body(word, index, [&](TableShape& shape, const Place& place) {
    shape.allow(
        {"id", "heading", "why", "inputs", "when", "confirm", "run", "verify", "transaction"});
    shape.allow_no_items();
    task.id = shape.has("id") ? shape.text("id") : word.title;
    task.heading = shape.text("heading");
    task.why = shape.text("why");
    task.inputs = read_inputs(shape);
    task.when = predicate(shape, "when");
    task.confirm = question(shape, "confirm");
    task.transaction = transaction(shape);
    task.run = read_run(shape, task.transaction);
    task.verify = read_verify(shape);
    if (!shape.has("run") && !shape.has("verify"))
      shape.problem(place, fmt::format("{} has neither run nor verify", place.what));
  });
  task.checksum = word_checksum(*state_, word);
  plan.tasks.push_back(std::move(task));
}

void PlanReader::check_identities(const plan::Plan& plan) {
  const auto check = [&](const char* what, const auto& all) {
    std::map<std::string, Source> seen;
    for (const auto& one : all) {
      const auto [first, fresh] = seen.emplace(one.id, one.at);
      if (fresh) continue;
      problems_.add(one.at,
                    fmt::format("two {} have the id \"{}\"; the other is in line {}", what, one.id,
                                first->second.line),
                    "Give one of them another id.");
    }
  };
  check("steps", plan.steps);
  check("phases", plan.phases);
  check("tasks", plan.tasks);
}

void PlanReader::check_atomic(const plan::Plan& plan) {
  for (const plan::Step& step : plan.steps) {
    const bool in_phase =
        step.phase >= 0 && plan.phases[static_cast<std::size_t>(step.phase)].atomic;
    if (!plan.atomic && !in_phase) continue;
    const char* const whole = in_phase ? "phase" : "plan";
    if (step.kind == plan::StepKind::manual)
      problems_.add(step.at,
                    fmt::format("manual \"{}\" cannot be part of an atomic {}", step.title, whole),
                    "A person's work cannot be part of a transaction. Move the manual out.");
    if (step.transaction != plan::TransactionMode::one)
      problems_.add(
          step.at,
          fmt::format("step \"{}\" sets transaction, but is part of an atomic {}", step.title,
                      whole),
          fmt::format("An atomic {} is one transaction. Remove transaction from the step.", whole));
  }
}

}  // namespace engine::script
