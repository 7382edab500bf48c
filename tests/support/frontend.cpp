#include "support/frontend.h"

#include <algorithm>

namespace test {
namespace {

constexpr std::uint32_t cancel_code = 80877102;
constexpr std::uint32_t ssl_code = 80877103;
constexpr std::uint32_t gss_code = 80877104;
constexpr std::size_t header_size = 5;

std::uint32_t number_at(std::string_view bytes, std::size_t at) {
  std::uint32_t value = 0;
  for (std::size_t i = 0; i < 4; ++i)
    value = value << 8U | static_cast<unsigned char>(bytes[at + i]);
  return value;
}

std::string c_string(std::string_view bytes, std::size_t at) {
  return std::string{bytes.substr(at, bytes.find('\0', at) - at)};
}

}  // namespace

std::vector<FrontendMessage> FrontendReader::read(std::string_view bytes) {
  waiting_ += bytes;
  std::vector<FrontendMessage> messages;
  for (FrontendMessage message; next(message); message = {}) messages.push_back(message);
  return messages;
}

bool FrontendReader::next(FrontendMessage& message) {
  const std::size_t type_size = started_ ? 1 : 0;
  if (waiting_.size() < type_size + 8 - 4 * type_size) return false;
  const std::size_t size = type_size + number_at(waiting_, type_size);
  if (waiting_.size() < size) return false;
  message.bytes = waiting_.substr(0, size);
  waiting_.erase(0, size);
  if (!started_) {
    const std::uint32_t code = number_at(message.bytes, 4);
    message.kind = code == cancel_code                    ? FrontendKind::cancel
                   : code == ssl_code || code == gss_code ? FrontendKind::encryption
                                                          : FrontendKind::startup;
    started_ = message.kind == FrontendKind::startup;
    return true;
  }
  message.type = message.bytes[0];
  if (message.type == 'Q') message.sql = c_string(message.bytes, header_size);
  if (message.type == 'P') {
    const std::size_t name_end = message.bytes.find('\0', header_size);
    message.sql = parsed_ = c_string(message.bytes, name_end + 1);
  }
  if (message.type == 'E') message.sql = parsed_;
  return true;
}

int BackendReader::read(std::string_view bytes) {
  int ready = 0;
  while (!bytes.empty()) {
    if (body_left_ > 0) {
      const std::size_t taken = std::min<std::size_t>(body_left_, bytes.size());
      body_left_ -= static_cast<std::uint32_t>(taken);
      bytes.remove_prefix(taken);
    } else {
      header_ += bytes.front();
      bytes.remove_prefix(1);
      if (header_.size() == header_size) body_left_ = number_at(header_, 1) - 4;
    }
    if (header_.size() == header_size && body_left_ == 0) {
      if (header_[0] == 'Z') ++ready;
      header_.clear();
    }
  }
  return ready;
}

}  // namespace test
