// What a server says, as an Error or a Notice.
#pragma once

#include <libpq-fe.h>

#include <string>
#include <string_view>

#include "base/error.h"
#include "db/connection.h"

namespace engine::db {

/// libpq's words, which it breaks into lines and indents, as one line.
std::string one_line(std::string_view words);

/// The same without what libpq indents: guesses at why ("This probably means …").
std::string one_line_without_guesses(std::string_view words);

Notice notice_of(const PGresult* result);

/// FATAL and PANIC end the session, whatever their SQLSTATE; an ERROR of class 08 can be that of a
/// foreign server.
bool ends_session(const PGresult* result);

Error error_of(const PGresult* result);

/// The same from a message in PQERRORS_VERBOSE, which is all that libpqxx keeps. Its labels are in
/// English as long as nobody calls setlocale().
Error error_of_verbose(const std::string& text);

}  // namespace engine::db
