// Parameters of a statement: whole numbers, text (UTF-8) and octets, or null of each kind.
#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>

#include "base/id.hpp"
#include "base/time.hpp"

namespace store {

/// Octets as a parameter; a plain string_view is text.
struct Blob {
  std::string_view octets;
};

/// No time is later: the open end of a range of times.
inline base::Time last_time() {
  return base::from_ms(std::numeric_limits<std::int64_t>::max());
}
/// No id is larger: the open end of a range of ids.
inline base::Id last_id() {
  return base::Id::from_bytes(std::string(16, '\xff')).value();
}

/// One parameter. It is a view: the value must outlive the call.
class Param {
 public:
  enum class Type : std::uint8_t {
    integer,
    text,
    blob
  };

  // NOLINTBEGIN: implicit on purpose, parameters are written in braces
  template <class I>
  requires std::is_integral_v<I> Param(I value) : number_(static_cast<std::int64_t>(value)) {}
  Param(base::Time value) : number_(base::to_ms(value)) {}
  Param(base::Duration value) : number_(value.count()) {}
  Param(std::string_view value) : type_(Type::text), octets_(value) {}
  Param(const std::string& value) : Param(std::string_view(value)) {}
  Param(const char*) = delete;
  Param(Blob value) : type_(Type::blob), octets_(value.octets) {}
  Param(const base::Id& value) : type_(Type::blob), octets_(value.bytes()) {}
  Param(const std::optional<base::Time>& value) : null_(!value), number_(value ? base::to_ms(*value) : 0) {}
  Param(const std::optional<base::Id>& value)
      : type_(Type::blob), null_(!value), octets_(value ? value->bytes() : base::BytesView()) {}
  // NOLINTEND

  [[nodiscard]] Type type() const { return type_; }
  [[nodiscard]] bool is_null() const { return null_; }
  [[nodiscard]] std::int64_t number() const { return number_; }
  [[nodiscard]] std::string_view octets() const { return octets_; }

 private:
  Type type_ = Type::integer;
  bool null_ = false;
  std::int64_t number_ = 0;
  std::string_view octets_;
};

}  // namespace store
