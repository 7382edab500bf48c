#include "script/version.h"

#include <luajit.h>

namespace engine::script {

std::string luajit_version() { return LUAJIT_VERSION; }

}  // namespace engine::script
