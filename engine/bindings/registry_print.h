// The primitives' records as files: annotations for editors, and pages of the reference.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "script/primitive.h"

namespace engine::bindings {

/// By file name ("db.gen.lua"): LuaCATS annotations, one file for each namespace, `words.gen.lua`
/// for what stands in none.
std::map<std::string, std::string> annotations(const std::vector<script::Primitive>& primitives);

/// By file name ("db.gen.md"): a page for each namespace.
std::map<std::string, std::string> reference_pages(
    const std::vector<script::Primitive>& primitives);

}  // namespace engine::bindings
