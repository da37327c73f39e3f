// Contents beside a signature, as a door has them: octets in memory, or digests that the caller has computed, so that
// the document itself need not be sent.
#pragma once

#include <map>
#include <string>

#include "signature/form/content.hpp"

namespace flow {

class ContentInMemory : public signature::Content {
 public:
  ContentInMemory(std::string name, base::BytesView octets) : name_(std::move(name)), octets_(octets) {}

  [[nodiscard]] base::Result<base::Bytes> digest(crypto::DigestKind kind) const override {
    return crypto::digest(kind, octets_);
  }
  [[nodiscard]] base::Result<base::Bytes> octets() const override { return base::Bytes(octets_); }
  [[nodiscard]] const std::string& name() const override { return name_; }

 private:
  std::string name_;
  base::BytesView octets_;  // the caller's
};

class ContentByDigest : public signature::Content {
 public:
  using Digests = std::map<crypto::DigestKind, base::Bytes>;
  ContentByDigest(std::string name, Digests digests) : name_(std::move(name)), digests_(std::move(digests)) {}

  /// Errors: invalid_input (no such algorithm, or a digest of another length).
  static base::Result<Digests> of_one(std::string_view algorithm, base::Bytes digest) {
    ASSIGN_OR_RETURN(const crypto::DigestKind kind, crypto::parse_digest_kind(algorithm));
    if (digest.size() != crypto::size_of(kind))
      return base::fail(base::Code::invalid_input, "no digest of that length");
    return Digests{{kind, std::move(digest)}};
  }
  /// `digest`: 32 octets.
  static Digests sha256_alone(base::Bytes digest) { return {{crypto::DigestKind::sha256, std::move(digest)}}; }

  [[nodiscard]] base::Result<base::Bytes> digest(crypto::DigestKind kind) const override {
    const auto found = digests_.find(kind);
    if (found != digests_.end()) return found->second;
    return base::fail(base::Code::not_found, "another digest of the content is known");
  }
  [[nodiscard]] base::Result<base::Bytes> octets() const override {
    return base::fail(base::Code::not_found, "only a digest of the content is known");
  }
  [[nodiscard]] const std::string& name() const override { return name_; }

 private:
  std::string name_;
  Digests digests_;
};

}  // namespace flow
