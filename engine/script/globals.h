// The words that a plan knows: globals, and the names inside them.
#pragma once

#include <string>
#include <vector>

#include "base/error.h"

struct lua_State;

namespace engine::script {

/// Puts the value on top of the stack among the words, and pops it.
void add_word(lua_State* lua, const char* name);

/// Puts the table on top of the stack among the words as a namespace: plans read it, cannot change
/// it, and a wrong name in it is an error that names the nearest. `call`, if given, makes it
/// callable: it lies on the stack above the table. Pops both.
void add_namespace(lua_State* lua, const char* name, bool callable = false);

/// Pushes the environment that chunks of a plan get.
void push_environment(lua_State* lua);

/// All words; or the names inside a namespace, empty where the word is none.
std::vector<std::string> words(lua_State* lua);
std::vector<std::string> names_in(lua_State* lua, const std::string& word);

/// What to use instead of a word that plans do not have ("io", "os" …), or "".
std::string instead_of(const std::string& word);

/// `unknown word "bakup"; did you mean "backup"?`
Error unknown_word(lua_State* lua, const std::string& word);
/// `db has no "cuont"; did you mean "db.count"?`
Error unknown_name(lua_State* lua, const std::string& word, const std::string& name);

/// Makes the empty vocabulary. Once per state.
void install_vocabulary(lua_State* lua);

}  // namespace engine::script
