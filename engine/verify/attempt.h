// Statements that may fail.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/error.h"
#include "db/connection.h"

namespace engine::verify {

enum class Keep { changes, nothing };

/// What the statements gave, one result each; or the server's error, and no results.
struct Attempt {
  std::vector<db::Result> results;
  std::optional<Error> error;
};

/// Runs the statements in one round trip, in a savepoint where a transaction is open: where the
/// server refuses one, the transaction is as it was (one more round trip). What is no refusal is
/// thrown: a lost connection, an interruption.
Attempt attempt(db::Connection& connection, Keep keep, const std::vector<db::Command>& commands);

/// A lock or serialisation conflict: the runner's to retry, and no check's finding.
bool worth_retrying(const Error& error);

/// "error 23505: duplicate key value violates …"
std::string error_phrase(const Error& error);

}  // namespace engine::verify
