#include "db/pqxx.h"

#include <pqxx/pqxx>

#include <utility>

namespace engine::db {

#if PQXX_VERSION_MAJOR >= 7

struct Pqxx::Borrowed {
  explicit Borrowed(PGconn* handle) : connection(pqxx::connection::seize_raw_connection(handle)) {}
  ~Borrowed() { std::move(connection).release_raw_connection(); }

  pqxx::connection connection;
};

namespace {

pqxx::result send(pqxx::nontransaction& work, const std::string& sql, const Params& params) {
  pqxx::params values;
  for (const Param& param : params) {
    if (param) {
      values.append(*param);
    } else {
      values.append();
    }
  }
  return work.exec(sql, values);
}

}  // namespace

#else

namespace {

// Connects once, with the handle it was lent. libpqxx 6.4 connects again when it finds the
// connection broken; it must then fail.
class Once : public pqxx::connectionpolicy {
 public:
  explicit Once(PGconn* lent) : pqxx::connectionpolicy(""), lent_(lent) {}

  // Called when the object is made, and once more with what it returned.
  handle do_startconnect(handle) override {
    if (completed_) throw pqxx::broken_connection{};
    return lent_;
  }
  handle do_completeconnect(handle) override {
    completed_ = true;
    return lent_;
  }
  handle do_dropconnect(handle original) noexcept override { return original; }
  handle do_disconnect(handle) noexcept override { return nullptr; }
  bool is_ready(handle) const noexcept override { return true; }

 private:
  handle lent_;
  bool completed_ = false;
};

class Adopted : public pqxx::connection_base {
 public:
  explicit Adopted(Once& policy) : pqxx::connection_base(policy) { init(); }
  Adopted(const Adopted&) = delete;
  Adopted& operator=(const Adopted&) = delete;
  ~Adopted() { close(); }
};

pqxx::result send(pqxx::nontransaction& work, const std::string& sql, const Params& params) {
  std::vector<const char*> values;
  for (const Param& param : params) values.push_back(param ? param->c_str() : nullptr);
  return work.exec_params(sql, pqxx::prepare::make_dynamic_params(values));
}

}  // namespace

struct Pqxx::Borrowed {
  explicit Borrowed(PGconn* handle) : policy(handle), connection(policy) {}

  Once policy;
  Adopted connection;
};

#endif

Pqxx::Pqxx(PGconn* handle) : borrowed_(std::make_unique<Borrowed>(handle)) {}
Pqxx::~Pqxx() = default;

Result Pqxx::exec(const std::string& sql, const Params& params) {
  pqxx::nontransaction work{borrowed_->connection};
  const pqxx::result answer = send(work, sql, params);

  std::vector<ResultColumn> columns;
  for (pqxx::row_size_type column = 0; column < answer.columns(); ++column) {
    columns.push_back({answer.column_name(column), answer.column_type(column)});
  }
  std::vector<Result::Row> rows;
  rows.reserve(static_cast<std::size_t>(answer.size()));
  for (const auto& line : answer) {
    Result::Row row;
    row.reserve(columns.size());
    for (const auto& field : line) {
      row.push_back(field.is_null() ? std::nullopt
                                    : std::optional{std::string{field.c_str(), field.size()}});
    }
    rows.push_back(std::move(row));
  }
  std::optional<std::int64_t> affected;
  if (columns.empty()) affected = static_cast<std::int64_t>(answer.affected_rows());
  return {std::move(columns), std::move(rows), "", affected};
}

}  // namespace engine::db
