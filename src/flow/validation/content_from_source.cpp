#include "flow/validation/content_from_source.hpp"

#include "crypto/signing/digest_stream.hpp"

namespace flow {
namespace {

constexpr std::size_t read_at_once = std::size_t{256} * 1024;

}  // namespace

base::Result<base::Bytes> digest_of(const base::OctetSource& source, crypto::DigestKind kind) {
  crypto::DigestStream stream(kind);
  for (std::size_t at = 0; at < source.size();) {
    ASSIGN_OR_RETURN(const base::Bytes piece, source.read(at, read_at_once));
    if (piece.empty()) return base::fail(base::Code::unavailable, "a document ends too early");
    stream.add(piece);
    at += piece.size();
  }
  return stream.finish();
}

base::Result<base::Bytes> ContentFromSource::digest(crypto::DigestKind kind) const {
  const auto found = digests_.find(kind);
  if (found != digests_.end()) return found->second;
  ASSIGN_OR_RETURN(base::Bytes computed, digest_of(*source_, kind));
  return digests_.emplace(kind, std::move(computed)).first->second;
}

base::Result<base::Bytes> ContentFromSource::octets() const {
  if (source_->size() > most_in_memory) {
    return base::fail(base::Code::too_many, "the content is larger than what is held in memory");
  }
  return source_->load();
}

}  // namespace flow
