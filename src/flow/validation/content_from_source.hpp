// A content that is not in memory: its digests are computed from pieces, each once.
#pragma once

#include <map>
#include <memory>
#include <string>

#include "base/octet_source.hpp"
#include "signature/form/content.hpp"

namespace flow {

class ContentFromSource : public signature::Content {
 public:
  /// What octets() gives at most: 16 MiB.
  static constexpr std::size_t most_in_memory = std::size_t{16} * 1024 * 1024;

  ContentFromSource(std::string name, std::shared_ptr<const base::OctetSource> source)
      : name_(std::move(name)), source_(std::move(source)) {}

  [[nodiscard]] base::Result<base::Bytes> digest(crypto::DigestKind kind) const override;
  [[nodiscard]] base::Result<base::Bytes> octets() const override;
  [[nodiscard]] const std::string& name() const override { return name_; }

 private:
  std::string name_;
  std::shared_ptr<const base::OctetSource> source_;
  mutable std::map<crypto::DigestKind, base::Bytes> digests_;
};

/// The digest of what is read in pieces. Errors: unavailable, internal.
base::Result<base::Bytes> digest_of(const base::OctetSource& source, crypto::DigestKind kind);

}  // namespace flow
