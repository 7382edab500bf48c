#include "runner/session/statement_batch.h"

#include <algorithm>
#include <utility>

namespace engine::runner {

Source source_of(const plan::SqlBlock& block, const sql::Statement& statement) {
  return {block.at.file, block.at.line + statement.line - 1};
}

void StatementBatch::add(db::Command command, Answered judge) {
  items_.push_back({std::move(command), std::move(judge), {}, nullptr, nullptr, {}});
}

void StatementBatch::add(const plan::SqlBlock& block, const sql::Statement& statement,
                         Answered told) {
  items_.push_back(
      {{statement.text, {}, db::Lookup::session}, {}, std::move(told), &block, &statement, {}});
}

void StatementBatch::add_blamed(std::string sql, Blamed blame) {
  items_.push_back(
      {{std::move(sql), {}, db::Lookup::session}, {}, {}, nullptr, nullptr, std::move(blame)});
}

bool StatementBatch::has_work() const {
  return std::any_of(items_.begin(), items_.end(),
                     [](const Item& item) { return item.statement != nullptr; });
}

std::vector<db::Answer> StatementBatch::send(std::span<const Item> items) {
  db::Pipeline pipeline{connection_};
  for (const Item& item : items) pipeline.add(item.command);
  try {
    return pipeline.run([&](std::size_t index, const db::Answer& answer) {
      if (items[index].told) items[index].told(answer);
    });
  } catch (Error& error) {
    const std::size_t failed = pipeline.failed();
    if (failed < items.size() && items[failed].statement != nullptr) {
      const Item& item = items[failed];
      error.at(source_of(*item.block, *item.statement)).statement(item.statement->text);
    }
    if (failed < items.size() && items[failed].blame && error.code() == Code::sql)
      throw items[failed].blame(error);
    throw;
  }
}

void StatementBatch::flush() {
  if (items_.empty()) return;
  const std::vector<Item> items = std::exchange(items_, {});
  std::vector<db::Answer> answers;
  std::size_t sent = 0;
  for (std::size_t i = 0; i < items.size(); ++i) {
    const bool traced = traced_ && items[i].statement != nullptr;
    if (!traced && i + 1 < items.size()) continue;
    for (db::Answer& answer : send(std::span{items}.subspan(sent, i + 1 - sent)))
      answers.push_back(std::move(answer));
    sent = i + 1;
    if (traced) trace();
  }
  for (std::size_t i = 0; i < answers.size(); ++i) {
    if (items[i].judge) items[i].judge(answers[i]);
  }
}

}  // namespace engine::runner
