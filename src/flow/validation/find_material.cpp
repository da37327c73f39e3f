#include "flow/validation/find_material.hpp"

#include "crypto/digest/digest.hpp"
#include "crypto/signing/certificate_details.hpp"
#include "store/certificate/authorities.hpp"
#include "store/certificate/trust_anchors.hpp"
#include "store/validation/revocation_cache.hpp"
#include "trust/purpose.hpp"

namespace flow {
namespace {

constexpr std::size_t most_places = 4;

base::Result<void> add_anchors(store::Tx& tx, const base::Id& tenant_id, trust::Purpose purpose,
                               std::vector<base::Bytes>& anchors) {
  ASSIGN_OR_RETURN(const auto rows, store::list_trust_anchors(tx, trust::name_of(purpose)));
  for (const store::TrustAnchor& one : rows) {
    if (!one.tenant_id || *one.tenant_id == tenant_id) anchors.push_back(one.der);
  }
  return {};
}

// A revoked one is no anchor any more; one that is over still counts for what it issued before.
base::Result<void> add_own(store::Tx& tx, signature::Material& material) {
  ASSIGN_OR_RETURN(const auto authorities, store::list_authorities(tx));
  for (const store::AuthorityRow& one : authorities) {
    if (one.kind == "root") {
      if (one.state == "revoked") continue;
      material.signature_anchors.push_back(one.der);
      material.timestamp_anchors.push_back(one.der);
    } else {
      material.certificates.push_back(one.der);
    }
    for (const std::string_view kind : {"complete", "delta"}) {
      ASSIGN_OR_RETURN(const auto list, store::find_certificate_list(tx, one.id, kind));
      if (list) material.revocation.push_back({list->der, true, "own"});
    }
  }
  return {};
}

base::Result<std::vector<RevocationPlace>> take_places(store::Tx& tx, const signature::WantedRevocation& wanted,
                                                       base::Time now, signature::Material& material) {
  std::vector<RevocationPlace> due;
  for (RevocationPlace& place : list_places(wanted)) {
    ASSIGN_OR_RETURN(const auto cached, store::find_cached_revocation(tx, place.kind, place.lookup));
    if (cached && !cached->answer.empty()) {
      material.revocation.push_back({cached->answer, place.kind == "crl", "fetched"});
    }
    if (!cached || cached->due_at <= now) due.push_back(std::move(place));
  }
  return due;
}

}  // namespace

base::Result<signature::Material> find_material(store::Tx& tx, const base::Id& tenant_id) {
  signature::Material material;
  RETURN_IF_ERROR(add_anchors(tx, tenant_id, trust::Purpose::signature, material.signature_anchors));
  RETURN_IF_ERROR(add_anchors(tx, tenant_id, trust::Purpose::time_stamp, material.timestamp_anchors));
  RETURN_IF_ERROR(add_own(tx, material));
  return material;
}

std::vector<RevocationPlace> list_places(const signature::WantedRevocation& wanted) {
  std::vector<RevocationPlace> places;
  const auto details = crypto::read_details(wanted.certificate);
  if (!details) return places;
  for (const std::string& url : details->ocsp_urls) {
    // One answer is about one certificate, whichever responder gives it.
    if (places.empty()) places.push_back({"ocsp", details->fingerprint, url});
  }
  for (const std::string& url : details->list_urls) {
    if (places.size() < most_places) places.push_back({"crl", base::to_hex(crypto::sha256(url)), url});
  }
  return places;
}

base::Result<std::vector<std::pair<signature::WantedRevocation, std::vector<RevocationPlace>>>> take_cached(
    store::Tx& tx, const std::vector<signature::WantedRevocation>& wanted, base::Time now,
    signature::Material& material) {
  std::vector<std::pair<signature::WantedRevocation, std::vector<RevocationPlace>>> due;
  for (const signature::WantedRevocation& one : wanted) {
    ASSIGN_OR_RETURN(auto places, take_places(tx, one, now, material));
    if (!places.empty()) due.emplace_back(one, std::move(places));
  }
  return due;
}

}  // namespace flow
