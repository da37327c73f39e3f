// What the flows of client systems share inside their transactions.
#pragma once

#include <string_view>

#include "audit/value.hpp"
#include "base/result.hpp"
#include "crypto/certificate/certificate.hpp"
#include "crypto/certificate/certificate_traits.hpp"
#include "flow/certificate/issue_certificate.hpp"
#include "flow/house/request_facts.hpp"
#include "flow/system/administer_systems.hpp"
#include "rights/actor.hpp"
#include "store/engine/store.hpp"
#include "store/system/client_systems.hpp"

namespace flow {

/// Errors: not_found (also of a tenant that the actor does not reach).
base::Result<store::ClientSystem> find_managed_system(store::Tx& tx, const rights::Actor& actor, std::string_view id);

/// What is shown and judged of a certificate, without whose it is.
store::SystemCertificate make_certificate_row(crypto::CertificateFacts facts, const crypto::CertificateTraits& traits);

struct SystemEvent {
  audit::Code type;
  audit::Code change;
  std::string_view fingerprint{};  // of a certificate
  std::string_view why{};
};
/// `actor`: nullptr = the client system itself.
base::Result<void> record_system(store::Tx& tx, const rights::Actor* actor, const store::ClientSystem& system,
                                 const SystemEvent& what, const RequestFacts& facts);

/// Registers a judged certificate and records it: the one way, for pages, commands and EST, with the feature of the
/// organisation and the most that a client system may have. Gives too_many or none. Errors: already_exists, denied
/// (reason feature_off).
base::Result<CertificateFlaw> register_certificate(const CertificateAct& act, const store::ClientSystem& system,
                                                   store::SystemCertificate certificate);

}  // namespace flow
