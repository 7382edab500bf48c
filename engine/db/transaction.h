// Transactions and savepoints by scope: leaving without commit rolls back.
#pragma once

#include <string>

#include "db/connection.h"

namespace engine::db {

enum class Access { read_write, read_only };

class Transaction {
 public:
  explicit Transaction(Connection& connection, Access access = Access::read_write);
  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;
  ~Transaction();  // rolls back, swallowing what a dead connection says

  /// Throws Error when the server answers anything but COMMIT: a swallowed error earlier makes it
  /// ROLLBACK. Error{connection_lost} here means that the outcome is not known.
  void commit();

 private:
  Connection& connection_;
  bool open_ = true;
};

class Savepoint {
 public:
  explicit Savepoint(Connection& connection);
  Savepoint(const Savepoint&) = delete;
  Savepoint& operator=(const Savepoint&) = delete;
  ~Savepoint();  // rolls back to it and releases it

  void release();

 private:
  Connection& connection_;
  std::string name_;
  bool open_ = true;
};

}  // namespace engine::db
