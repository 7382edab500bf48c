// What a PostgreSQL client sends, taken apart into messages.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace test {

enum class FrontendKind {
  startup,     // the first message of a session
  encryption,  // SSLRequest, GSSENCRequest: answered with one byte
  cancel,      // CancelRequest: a connection of its own
  message,
};

struct FrontendMessage {
  FrontendKind kind = FrontendKind::message;
  char type = 0;      // 'Q' Query, 'P' Parse, 'E' Execute, 'S' Sync …
  std::string bytes;  // all of it
  std::string sql;    // of a Query or Parse; an Execute has that of the Parse before it
};

/// Collects bytes until they are whole messages.
class FrontendReader {
 public:
  std::vector<FrontendMessage> read(std::string_view bytes);

 private:
  bool next(FrontendMessage& message);

  std::string waiting_;
  std::string parsed_;
  bool started_ = false;
};

/// Has this server sent ReadyForQuery? Bytes may come in any portions.
class BackendReader {
 public:
  /// How many ReadyForQuery messages ended within these bytes.
  int read(std::string_view bytes);

 private:
  std::string header_;
  std::uint32_t body_left_ = 0;
};

}  // namespace test
