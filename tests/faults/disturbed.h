// The esquisse plan with a proxy between program and server, and a watch over what commits.
#pragma once

#include <string>
#include <vector>

#include "scenarios/esquisse.h"
#include "support/proxy.h"

namespace test {

/// What committed, sorted: every change of schema as "STEP | CREATE POLICY …" and every journal row
/// of a step as "STEP | done". A change belongs to the step whose journal row was written by the
/// same transaction, and to "outside" where there is none.
using Changes = std::vector<std::string>;

class Disturbed {
 public:
  explicit Disturbed(const std::string& server = socket_folder());

  Ended run() const { return command("run"); }
  Ended rollback() const { return command("rollback"); }
  /// Unattended, through the proxy.
  Ended command(const std::string& name) const;
  Surroundings surroundings() const;
  /// What a run or a rollback says of its target and its answers.
  Words flags() const;

  /// Of what committed since the last `forget_changes`.
  Changes changes() const;
  void forget_changes() const;
  /// "done done skipped", "done": the steps of the latest run in their order, and the run itself.
  std::string journal() const;
  /// Until no engine, and no server process of one, is left; false after ten seconds.
  bool becomes_quiet() const;

  Esquisse esquisse;
  Folder folder;
  Proxy proxy;
};

}  // namespace test
