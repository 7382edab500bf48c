// Storage options of relations and settings of routines, and what views are made of.
#pragma once

#include <optional>
#include <string>

#include "verify/routine.h"
#include "verify/subject.h"

namespace engine::verify {

/// WITH (security_invoker = true) of a view, WITH (fillfactor = 70) of a table. No value: it is
/// set, to whatever.
event::Outcome has_option(const Subject& subject, const std::string& option,
                          const std::optional<std::string>& value);
/// SET search_path = … of a routine.
event::Outcome has_option(const RoutineSubject& subject, const std::string& option,
                          const std::optional<std::string>& value);

/// The query of a view; see sql/expression.h.
event::Outcome has_definition(const Subject& subject, const std::string& query);
/// A materialized view that holds rows.
event::Outcome is_populated(const Subject& subject);
event::Outcome has_comment(const Subject& subject, const std::string& comment);

event::Outcome has_no_option(const Subject& subject, const std::string& option);
event::Outcome has_no_option(const RoutineSubject& subject, const std::string& option);
event::Outcome has_no_comment(const Subject& subject);

}  // namespace engine::verify
