#include "runner/step/grammar.h"

#include "base/text.h"

namespace engine::runner {
namespace {

struct Unknown {
  Source at;
  std::string problem;
};

void look(const std::vector<plan::Action>& actions, std::vector<Unknown>& unknown) {
  for (const plan::Action& action : actions) {
    const auto* block = std::get_if<plan::SqlBlock>(&action);
    if (block == nullptr) continue;
    for (const sql::Statement& statement : block->statements) {
      if (statement.known()) continue;
      unknown.push_back({{block->at.file, block->at.line + statement.line - 1}, statement.problem});
    }
  }
}

}  // namespace

std::string instead_of_psql_variable(std::string_view problem) {
  if (problem.find("at or near \":\"") == std::string_view::npos) return "";
  return "The engine does not replace psql variables (:name, :'name', :\"name\"). Declare an "
         "input, and "
         "give "
         "it in a function: db.exec(\"… $1 …\", input.name), sql.name(input.name) for a name.";
}

void refuse_unknown_sql(const plan::Plan& plan, int server_version) {
  if (server_version / 10000 > sql::grammar_version()) return;
  std::vector<Unknown> unknown;
  for (const plan::Step& step : plan.steps) {
    look(step.run, unknown);
    if (const auto* undo = std::get_if<plan::Undo>(&step.rollback)) look(undo->run, unknown);
  }
  for (const plan::Task& task : plan.tasks) look(task.run, unknown);
  if (unknown.empty()) return;

  std::vector<std::string> lines;
  std::string hint = "Correct the SQL. Nothing was changed.";
  for (const Unknown& each : unknown) {
    if (const std::string instead = instead_of_psql_variable(each.problem); !instead.empty())
      hint = instead;
    lines.push_back(fmt::format("{}:{}: {}", each.at.file, each.at.line, each.problem));
  }
  throw Error{Code::refused, "PostgreSQL {} cannot read {} of the plan", server_version / 10000,
              text::counted(static_cast<std::int64_t>(unknown.size()), "statement")}
      .detail(text::joined(lines, "\n"))
      .at(unknown.front().at)
      .hint(hint);
}

}  // namespace engine::runner
