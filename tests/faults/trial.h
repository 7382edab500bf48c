// A subject's commands through the proxy, undisturbed and with one fault each.
#pragma once

#include <optional>
#include <string>

#include "faults/fault_case.h"
#include "faults/subject.h"

namespace test {

/// What the journal says of the latest run: its state and inputs, steps, checks and answers.
std::string journal_of(const Database& database);

class Trial {
 public:
  /// Runs the plan and rolls it back without a fault. `program`: another build of the engine.
  explicit Trial(Subject subject, std::string program = "");

  const Subject& subject() const { return subject_; }
  const Script& script() const { return script_; }

  /// "" where everything came to what it is without a fault; else what did not. nullopt where the
  /// command ended before the message.
  std::optional<std::string> outcome_of(const FaultCase& fault_case);

 private:
  Surroundings surroundings() const;
  Words words(const std::string& command, const Database& database) const;
  Ended command(const std::string& name, const Database& database) const;
  Ended taken_over(Fault fault, const std::string& name, const std::string& next,
                   const Database& database);
  std::string strike(const FaultCase& fault_case, const Database& database, Ended& ended);
  std::string goes_on(const FaultCase& fault_case, const Database& database, const Ended& struck);
  std::string compare(const Database& database, const Picture& picture,
                      const std::string& journal) const;
  std::string second_pass(const Database& database);

  Subject subject_;
  std::string program_;
  Folder folder_;
  Proxy proxy_;
  Script script_;
  Picture beginning_, end_;
  std::string journal_done_, journal_rolled_back_;
  std::unique_ptr<Database> done_;  // after an undisturbed run
};

}  // namespace test
