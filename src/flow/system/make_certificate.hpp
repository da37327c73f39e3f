// The way from client systems to the authority of this server: the only place that knows both.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "base/secret.hpp"
#include "base/time.hpp"
#include "flow/certificate/issue_certificate.hpp"
#include "flow/house/house.hpp"
#include "flow/house/request_facts.hpp"
#include "flow/system/administer_systems.hpp"
#include "rights/actor.hpp"
#include "store/engine/store.hpp"
#include "store/system/client_systems.hpp"

namespace flow {

/// Reason of a refusal, for log, tests and doors.
inline constexpr std::string_view certificates_full = "certificates_full";

enum class SystemKey : std::uint8_t {
  rsa_2048,
  ecc_256,
  rsa_3072
};
std::string_view name_of(SystemKey key);
/// "rsa2048", "ecc256", "rsa3072"; nullopt = none of them.
std::optional<SystemKey> find_system_key(std::string_view name);

struct SystemZipWish {
  std::string system_id;
  SystemKey key = SystemKey::rsa_2048;
  bool is_for_old_software = false;  // 3DES and SHA-1 in the PKCS#12 file, which protects less
  /// Random octets of the form, so that a form that is sent twice makes one certificate; "" = not asked.
  std::string once{};
};
/// What is given once and stored nowhere.
struct SystemZip {
  std::string name;  // "Z1.zip"
  base::Secret octets;
  std::string sha256;  // of the certificate
};
/// Makes key and certificate, registers it, and packs `<id>.p12` and `<id>-password.txt`. Password lane, because RSA
/// keys take time. Errors: denied, not_found, conflict (no authority is ready), too_many,
/// already_exists (`once` was used).
base::Result<SystemZip> issue_system_certificate(const House& house, const rights::Actor& actor,
                                                 const SystemZipWish& wish, const RequestFacts& facts);

/// A certificate for a public key, issued and registered at the client system: for the ZIP file and for EST.
/// `public_key`: SubjectPublicKeyInfo, DER. Errors: as issue_certificate; denied (reason feature_off), too_many (reason
/// certificates_full: the client system has as many certificates as it may).
base::Result<IssuedCertificate> issue_for_system(const CertificateAct& act, const store::ClientSystem& system,
                                                 base::BytesView public_key);

/// The authority's list of revoked certificates gets it, too, with the certificate's reason.
base::Result<void> revoke_issued(const House& house, store::Tx& tx, const rights::Actor& actor,
                                 const store::SystemCertificate& certificate, const RequestFacts& facts);

}  // namespace flow
