// Certificates of a path, each with a length of two octets before it: a stranger sends the first one in the handshake.
#include <cstdint>

#include "crypto/certificate/issue.hpp"
#include "crypto/certificate/verify_chain.hpp"

namespace {

struct Anchor {
  crypto::KeyPair key = crypto::KeyPair::generate(crypto::KeyKind::ec_p256).value();
  base::Bytes certificate = make();

  [[nodiscard]] base::Bytes make() const {
    crypto::CertificateTemplate wanted;
    wanted.serial = crypto::make_serial();
    wanted.common_name = "Root";
    wanted.not_after = base::Time(std::chrono::hours(24 * 365 * 60));
    wanted.key_uses = {crypto::KeyUse::sign_certificates, crypto::KeyUse::sign_lists};
    wanted.is_authority = true;
    return crypto::issue_root(wanted, key).value();
  }
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const Anchor anchor;
  base::BytesView rest(reinterpret_cast<const char*>(data), size);
  std::vector<base::Bytes> parts;
  while (rest.size() >= 2) {
    const std::size_t length = static_cast<unsigned char>(rest[0]) * 256U + static_cast<unsigned char>(rest[1]);
    parts.emplace_back(rest.substr(2, length));
    rest.remove_prefix(std::min(rest.size(), length + 2));
  }
  if (parts.empty()) return 0;
  crypto::PathMaterial material;
  material.leaf = parts.front();
  material.intermediates.assign(parts.begin() + 1, parts.end());
  material.anchors = {anchor.certificate};
  material.lists = {parts.back()};
  crypto::PathRules rules;
  rules.now = base::Time(std::chrono::hours(24 * 365 * 50));
  rules.checks_lists = true;
  // Nobody but the anchor itself has its key.
  const auto judgement = crypto::verify_chain(material, rules);
  if (judgement.is_good() && material.leaf != anchor.certificate) __builtin_trap();
  return 0;
}
