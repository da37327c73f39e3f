// What the installation knows to judge a signature with: authorities that are trusted for it, the own authorities with
// their newest lists, and what was fetched before.
#pragma once

#include <optional>
#include <vector>

#include "base/id.hpp"
#include "base/result.hpp"
#include "base/time.hpp"
#include "signature/validation/material.hpp"
#include "store/engine/store.hpp"

namespace flow {

/// Anchors for the tenant's people and for everybody's; own authorities count for signatures and time stamps. Errors:
/// unavailable.
base::Result<signature::Material> find_material(store::Tx& tx, const base::Id& tenant_id);

/// How a source about a certificate is named in the cache.
struct RevocationPlace {
  std::string kind;    // crl | ocsp
  std::string lookup;  // see store/validation/revocation_cache.hpp
  std::string url;
};
/// Where the certificate says that its issuer tells of revocations, OCSP first; at most four.
std::vector<RevocationPlace> list_places(const signature::WantedRevocation& wanted);

/// Adds what the cache has about the wanted ones to `material`, and gives the places that are due.
base::Result<std::vector<std::pair<signature::WantedRevocation, std::vector<RevocationPlace>>>> take_cached(
    store::Tx& tx, const std::vector<signature::WantedRevocation>& wanted, base::Time now,
    signature::Material& material);

}  // namespace flow
