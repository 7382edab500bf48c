// Objects with methods: what `expect.table "x"` gives.
#pragma once

#include <memory>
#include <string>
#include <typeindex>

struct lua_State;

namespace engine::script {

/// Makes a metatable for every class that a primitive "class:method" names.
void install_subjects(lua_State* lua);

void push_subject(lua_State* lua, const std::string& class_name, std::shared_ptr<void> value,
                  std::type_index type);

/// The value of the subject at `index`; null where it is none of that class and type.
void* subject_at(lua_State* lua, int index, const std::string& class_name, std::type_index type);

}  // namespace engine::script
