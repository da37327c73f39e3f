// Authorities of others that are trusted, for what, and by which rules. Only these are asked about revocation, at the
// address that the administrator gave. Every function needs the permission manage_authorities.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.hpp"
#include "base/id.hpp"
#include "base/result.hpp"
#include "flow/house/house.hpp"
#include "flow/house/request_facts.hpp"
#include "rights/actor.hpp"
#include "store/certificate/trust_anchors.hpp"
#include "trust/purpose.hpp"
#include "trust/revocation.hpp"

namespace flow {

struct AnchorWish {
  base::Bytes certificate;  // PEM or DER of an authority
  trust::Purpose purpose = trust::Purpose::person_login;
  std::string tenant;  // whose people it may name; "" = everybody's
  trust::Asks asks = trust::Asks::crl;
  std::string url;  // of its list or its responder
  trust::Unreachable unreachable = trust::Unreachable::refuse;
  std::string amr = "swk";               // swk | hwk | sc (RFC 8176): where its keys are
  std::string matching = "fingerprint";  // fingerprint | pesel | subject_serial
};
/// Errors: denied, not_found (tenant), already_exists, too_many, invalid_input (no certificate of an authority, over,
/// weak; an address is missing or none; an unknown word).
base::Result<store::TrustAnchor> add_trust_anchor(const House& house, const rights::Actor& actor,
                                                  const AnchorWish& wish, const RequestFacts& facts);
/// `named`: id or SHA-256. Errors: denied, not_found.
base::Result<void> remove_trust_anchor(const House& house, const rights::Actor& actor, std::string_view named,
                                       const RequestFacts& facts);
struct ListedAnchor {
  store::TrustAnchor anchor;
  std::optional<base::Time> next_update{};  // of its list
  std::string failure{};                    // of the last fetch
};
base::Result<std::vector<ListedAnchor>> list_anchors(const House& house, const rights::Actor& actor);

}  // namespace flow
