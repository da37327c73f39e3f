// Octets that are read by range, wherever they are: a document of 100 MiB in a file that is never whole in memory.
#pragma once

#include "base/bytes.hpp"
#include "base/result.hpp"

namespace base {

class OctetSource {
 public:
  OctetSource() = default;
  OctetSource(const OctetSource&) = delete;
  OctetSource& operator=(const OctetSource&) = delete;
  virtual ~OctetSource() = default;

  [[nodiscard]] virtual std::size_t size() const = 0;
  /// `most` octets from `offset`; fewer only at the end. Errors: unavailable (they cannot be read).
  [[nodiscard]] virtual Result<Bytes> read(std::size_t offset, std::size_t most) const = 0;
  /// All of them, in memory; the caller has looked at size(). Errors: too_many (others have the memory that is meant
  /// for it now), unavailable.
  [[nodiscard]] virtual Result<Bytes> load() const = 0;
};

}  // namespace base
