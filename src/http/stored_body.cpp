#include "http/stored_body.hpp"

#include <algorithm>

namespace http {
namespace {

// Of the disk: a body takes as much again as it has, within these.
constexpr std::size_t least_at_once = std::size_t{256} * 1024;
constexpr std::size_t most_at_once = std::size_t{4} * 1024 * 1024;

}  // namespace

base::Result<void> StoredBody::append(base::BytesView octets) {
  const std::size_t needed = size_ + octets.size();
  const std::size_t at_once = std::clamp(space_.octets(), least_at_once, most_at_once);
  const bool has_space = needed <= space_.octets() || (needed <= space_.octets() + at_once && space_.grow(at_once)) ||
                         space_.grow(needed - space_.octets());
  if (!has_space) {
    return base::fail(base::Code::too_many, "other bodies take the space that is meant for them");
  }
  if (!file_) {
    ASSIGN_OR_RETURN(file_, store_->open());
  }
  RETURN_IF_ERROR(file_->append(octets));
  size_ += octets.size();
  return {};
}

base::Result<void> StoredBody::finish() {
  return file_ ? file_->finish() : base::Result<void>();
}

base::Result<base::Bytes> StoredBody::read(std::size_t offset, std::size_t most) const {
  if (!file_ || offset >= size_) return base::Bytes();
  return file_->read(offset, std::min(most, size_ - offset));
}

base::Result<base::Bytes> StoredBody::load(std::size_t offset, std::size_t size) const {
  {
    const std::lock_guard lock(mutex_);
    if (!memory_.grow(size))
      return base::fail(base::Code::too_many, "other bodies take the memory that is meant for them");
  }
  return read(offset, size);
}

base::Result<base::Bytes> StoredPart::read(std::size_t offset, std::size_t most) const {
  if (offset >= size_) return base::Bytes();
  return body_->read(begin_ + offset, std::min(most, size_ - offset));
}

}  // namespace http
