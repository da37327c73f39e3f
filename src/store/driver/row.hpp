// Rows of an answer, and how their columns are read.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>

#include "base/id.hpp"
#include "base/time.hpp"

namespace store {

/// One row of an answer, valid while its visitor runs. Columns count from 0; the reader knows their types.
class Row {
 public:
  virtual ~Row() = default;
  [[nodiscard]] virtual bool is_null(int column) const = 0;
  [[nodiscard]] virtual std::int64_t integer(int column) const = 0;
  /// Text or octets; "" for null.
  [[nodiscard]] virtual std::string_view view(int column) const = 0;
};

/// Reads the columns of a row one after another, so that a reader names the fields in the order of the column list and
/// uses no column numbers. A value that is needed twice is listed twice.
class Fields {
 public:
  explicit Fields(const Row& row) : row_(row) {}

  /// Valid while the visitor of the row runs.
  std::string_view view() { return row_.view(next_++); }
  std::string text() { return std::string(view()); }
  std::int64_t integer() { return row_.integer(next_++); }
  bool flag() { return integer() != 0; }
  base::Time time() { return base::from_ms(integer()); }
  base::Id id() { return base::Id::from_bytes(view()).value_or(base::Id()); }
  std::optional<std::int64_t> optional_integer() {
    return unless_null([this] { return integer(); });
  }
  std::optional<base::Time> optional_time() {
    return unless_null([this] { return time(); });
  }
  std::optional<base::Id> optional_id() {
    return unless_null([this] { return id(); });
  }
  /// Whether the column that comes next is null; does not read it.
  [[nodiscard]] bool is_null() const { return row_.is_null(next_); }

 private:
  template <class F>
  auto unless_null(F read) -> std::optional<std::invoke_result_t<F>> {
    if (!is_null()) return read();
    ++next_;
    return std::nullopt;
  }

  const Row& row_;
  int next_ = 0;
};

/// For answers of one column.
inline base::Id read_id(const Row& row) {
  return Fields(row).id();
}
inline std::int64_t read_integer(const Row& row) {
  return Fields(row).integer();
}
inline std::string read_text(const Row& row) {
  return Fields(row).text();
}
inline base::Time read_time(const Row& row) {
  return Fields(row).time();
}

/// Called for each row. It refers to a callable of the caller and owns nothing.
class RowVisitor {
 public:
  template <class F>
  explicit RowVisitor(F& f)
      : object_(&f), call_([](void* object, const Row& row) { (*static_cast<F*>(object))(row); }) {}
  void operator()(const Row& row) const { call_(object_, row); }

 private:
  void* object_;
  void (*call_)(void*, const Row&);
};

}  // namespace store
