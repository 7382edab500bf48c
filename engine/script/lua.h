// The one include of Lua.
#pragma once

#include <lua.hpp>
