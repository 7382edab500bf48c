// What decides whether a step was edited.
#pragma once

#include <string>

#include "plan/plan.h"
#include "script/constructs.h"
#include "script/state.h"

namespace engine::script {

/// SHA-256 over the source tokens of a construct's table, of the top-level locals that it uses, of
/// the modules of the plan's folder that these require, and over the SQL files that they name.
/// lib-lua is part of the engine, as primitives are, and does not count. What the outline does not
/// know (a step made by a function) counts with its whole file.
std::string word_checksum(const State& state, const WordValue& word);

/// The same, with the SQL that the step runs: also where a file's name was computed.
std::string step_checksum(const State& state, const WordValue& word, const plan::Step& step);

/// Over a whole chunk, with its modules and SQL files.
std::string chunk_checksum(const State& state, const std::string& chunk);

}  // namespace engine::script
