// A session that keeps what it is told; it has no database.
#pragma once

#include <map>
#include <stdexcept>
#include <string>
#include <vector>

#include "runner/session/session.h"

namespace test {

class FakeSession : public engine::runner::Session {
 public:
  engine::runner::Moment now = engine::runner::Moment::run;
  std::vector<std::string> notes;
  std::vector<engine::plan::LateFile> used;  // that no checksum covers
  std::vector<engine::event::Outcome> outcomes;
  std::string state_json = "{}";
  std::map<std::string, std::pair<engine::plan::InputType, std::string>> inputs;

  engine::runner::Moment moment() const override { return now; }
  engine::db::Connection& connection() override { throw std::logic_error{"no connection here"}; }
  engine::db::Result execute(const engine::sql::Statement& sent, const engine::db::Params& params,
                             const engine::Source& at) override {
    engine::db::Result result = connection().execute(sent.text, params);
    statement({step_id(), at.file, at.line, sent.text, result.tag(), result.affected(), 0});
    return result;
  }
  const engine::plan::Plan& plan() const override { throw std::logic_error{"no plan here"}; }
  std::string run_id() const override { return "run"; }
  std::string step_id() const override { return "step"; }
  bool may_write() const override { return now == engine::runner::Moment::run; }
  void record(const engine::event::Outcome& outcome) override { outcomes.push_back(outcome); }
  void note(const std::string& text) override { notes.push_back(text); }
  void progress(const engine::event::Progress&) override {}
  void statement(const engine::event::StatementDone&) override {}
  std::string ask(const engine::event::Ask&) override { return "yes"; }
  std::optional<std::string> input(const std::string& name) const override {
    const auto found = inputs.find(name);
    if (found == inputs.end()) return std::nullopt;
    return found->second.second;
  }
  engine::plan::InputType input_type(const std::string& name) const override {
    return inputs.at(name).first;
  }
  const std::string& state() const override { return state_json; }
  void set_state(std::string json) override { state_json = std::move(json); }
  void use(const engine::plan::LateFile& file) override { used.push_back(file); }
  std::string output_folder() const override { return "/tmp"; }
};

}  // namespace test
