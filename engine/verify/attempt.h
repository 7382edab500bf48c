// A statement that may fail.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <variant>

#include "base/error.h"
#include "db/connection.h"

namespace engine::verify {

enum class Keep { changes, nothing };

/// Runs `work` inside a savepoint where a transaction is open, so that a refused statement leaves
/// the transaction as it was. Gives the server's error where it refused; what is no refusal (a lost
/// connection, an interruption) is thrown.
std::optional<Error> attempt(db::Connection& connection, Keep keep,
                             const std::function<void()>& work);

/// A lock or serialisation conflict: the runner's to retry, and no check's finding.
bool worth_retrying(const Error& error);

/// "error 23505: duplicate key value violates …"
std::string error_phrase(const Error& error);

}  // namespace engine::verify
