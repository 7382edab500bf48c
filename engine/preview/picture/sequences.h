// How far sequences have come, beside the column that takes its numbers from them.
#pragma once

#include <string>

#include "db/connection.h"
#include "preview/picture/picture.h"

namespace engine::preview {

/// Fills in Picture::sequences; the picture has its rows counted already.
void add_sequences(db::Connection& connection, const std::string& journal, Picture& picture);

}  // namespace engine::preview
