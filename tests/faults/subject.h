// A plan that the sweep runs, with the database that it begins on.
#pragma once

#include <memory>
#include <string>

#include "scenarios/example.h"

namespace test {

class Subject {
 public:
  /// A plan of plans/, on its example's database.
  static Subject example(const std::string& name, const std::string& server = socket_folder());
  /// A plan of tests/faults/plans/, on the database that the SQL file beside it makes.
  static Subject small(const std::string& name, const std::string& server = socket_folder());

  const std::string& name() const { return name_; }
  const std::string& user() const { return user_; }
  const std::string& server() const { return database_->server(); }
  const std::string& plan() const { return plan_; }
  /// The answers to all its questions, as flags.
  const Words& answers() const { return answers_; }

  std::unique_ptr<Database> at_beginning() const { return copy_of(*database_); }
  /// Of a database that this subject's commands have worked on. Its journal counts as its own.
  std::unique_ptr<Database> copy_of(const Database& database) const;

 private:
  Subject(std::string name, std::string plan, std::string user, Words answers,
          std::shared_ptr<Database> database);

  std::string name_, plan_, user_;
  Words answers_;
  std::shared_ptr<Database> database_;
};

}  // namespace test
