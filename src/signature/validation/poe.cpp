#include "signature/validation/poe.hpp"

namespace signature {
namespace {

void take_earlier(std::optional<base::Time>& known, base::Time at) {
  if (!known || at < *known) known = at;
}

}  // namespace

void extract_existence(const std::vector<StampedAt>& all, std::size_t passed, Existence& existence) {
  const StampedAt& proof = all.at(passed);
  if (proof.kind == TimestampNote::Kind::content) return;
  if (proof.kind == TimestampNote::Kind::references) return take_earlier(existence.references, proof.at);
  take_earlier(existence.signature, proof.at);
  if (proof.kind != TimestampNote::Kind::archive) return;
  existence.timestamps.resize(all.size());
  for (const std::size_t i : proof.covers) {
    if (i != passed && all.at(i).at <= proof.at) take_earlier(existence.timestamps[i], proof.at);
  }
}

}  // namespace signature
