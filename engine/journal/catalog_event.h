// The event that keeps what the catalog was when a run began.
#pragma once

namespace engine::journal {

constexpr const char* catalog_event = "catalog at start";

}  // namespace engine::journal
