#include "base/error.h"

#include <array>

namespace engine {
namespace {

struct Entry {
  std::string_view name;
  Exit::Status exit_status;
  std::string_view sentence;
};

constexpr std::array entries{
#define ERROR_CODE(name, exit_status, sentence) Entry{#name, Exit::exit_status, sentence},
#include "base/error_codes.def"
#undef ERROR_CODE
};

const Entry& entry_of(Code code) { return entries.at(static_cast<std::size_t>(code)); }

}  // namespace

std::string_view name_of(Code code) { return entry_of(code).name; }
Exit::Status exit_status_of(Code code) { return entry_of(code).exit_status; }
std::string_view sentence_of(Code code) { return entry_of(code).sentence; }

}  // namespace engine
