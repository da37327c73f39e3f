// The body of a request that is too large for memory. While it arrives it is written to a file in pieces; afterwards it
// is read by range. The file is the program's matter (BodyStore): it is sealed there, and is gone with this object,
// whatever happened. Writing and reading block: never on the I/O thread.
#pragma once

#include <cstddef>
#include <memory>
#include <mutex>
#include <string_view>

#include "base/bytes.hpp"
#include "base/octet_source.hpp"
#include "base/result.hpp"
#include "http/body_budget.hpp"

namespace http {

/// Reason of an error: there is no space for the body.
inline constexpr std::string_view disk_full = "disk_full";

class BodyFile {
 public:
  BodyFile() = default;
  BodyFile(const BodyFile&) = delete;
  BodyFile& operator=(const BodyFile&) = delete;
  virtual ~BodyFile() = default;

  /// Errors: unavailable (`disk_full`, or the file cannot be written).
  virtual base::Result<void> append(base::BytesView octets) = 0;
  /// Nothing is appended any more. Errors: as append.
  virtual base::Result<void> finish() = 0;
  /// After finish(); thread-safe. `most` octets, fewer only at the end. Errors: unavailable, internal (the file was
  /// altered).
  [[nodiscard]] virtual base::Result<base::Bytes> read(std::size_t offset, std::size_t most) const = 0;
};

class BodyStore {
 public:
  BodyStore() = default;
  BodyStore(const BodyStore&) = delete;
  BodyStore& operator=(const BodyStore&) = delete;
  virtual ~BodyStore() = default;

  /// An empty file without a name, which nothing but this process can read. Errors: unavailable (`disk_full`, or no
  /// file can be made).
  virtual base::Result<std::unique_ptr<BodyFile>> open() = 0;
};

class StoredBody {
 public:
  /// `space`: what it may take of the disk; `memory`: an empty lease for what is read as a whole.
  StoredBody(std::shared_ptr<BodyStore> store, BodyLease space, BodyLease memory)
      : store_(std::move(store)), space_(std::move(space)), memory_(std::move(memory)) {}

  /// Errors: too_many (others have the space that is meant for bodies), unavailable.
  base::Result<void> append(base::BytesView octets);
  base::Result<void> finish();

  [[nodiscard]] std::size_t size() const { return size_; }
  /// Errors: unavailable, internal.
  [[nodiscard]] base::Result<base::Bytes> read(std::size_t offset, std::size_t most) const;
  /// `size` octets in memory, which counts as taken until this object ends. Errors: too_many, unavailable, internal.
  [[nodiscard]] base::Result<base::Bytes> load(std::size_t offset, std::size_t size) const;

 private:
  std::shared_ptr<BodyStore> store_;
  BodyLease space_;
  mutable std::mutex mutex_;  // of memory_
  mutable BodyLease memory_;
  std::unique_ptr<BodyFile> file_;
  std::size_t size_ = 0;
};

/// A part of a body, which lives as long as it is needed.
class StoredPart final : public base::OctetSource {
 public:
  StoredPart(std::shared_ptr<const StoredBody> body, std::size_t begin, std::size_t size)
      : body_(std::move(body)), begin_(begin), size_(size) {}

  [[nodiscard]] std::size_t size() const override { return size_; }
  [[nodiscard]] base::Result<base::Bytes> read(std::size_t offset, std::size_t most) const override;
  [[nodiscard]] base::Result<base::Bytes> load() const override { return body_->load(begin_, size_); }

 private:
  std::shared_ptr<const StoredBody> body_;
  std::size_t begin_;
  std::size_t size_;
};

}  // namespace http
