// A plan file as a plan::Plan. Loading touches no database.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "plan/plan.h"
#include "script/files.h"
#include "script/primitive.h"
#include "script/state.h"

namespace engine::script {

struct LoadOptions {
  std::vector<Primitive> primitives;
  /// What `accept` may name besides answers; {}: anything.
  std::vector<std::string> hazards;
  std::string project;  // the folder that nothing is read outside of; "": see Project::root_of
  std::string lib_lua;  // read lib-lua from this folder; "": what is compiled in
  std::size_t memory_limit = 256u << 20;
  Reallocate reallocate = std::realloc;
  std::optional<std::string> text;    // instead of the file's: the plan as a journal keeps it
  std::optional<Files::Texts> files;  // the same of its modules and SQL files
};

/// The functions of the plan keep the state alive. Before the first of them is called, and with
/// nullptr at the end: state->bind(session).
struct LoadedPlan {
  plan::Plan plan;
  std::shared_ptr<State> state;
};

/// Throws Error{plan_invalid} with everything that is wrong, each with file and line, Error{file}
/// where the plan cannot be read, Error{usage} where the path is no plan.
LoadedPlan load_plan(const std::string& path, const LoadOptions& options);

}  // namespace engine::script
