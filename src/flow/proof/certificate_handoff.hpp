// How a certificate comes from the listener that asks browsers for one to the
// page that waits for it (S4.4). The two have different addresses, so that
// nobody who does not choose a certificate is asked for it.
//
//   page ── errand in the link ──> certificate listener (TLS proves the key) ──
//   presented certificate ──> page
//
// The errand says what the certificate is for, what it is bound to (the login
// in progress, or the session) and which page follows. The listener opens no
// session. What it hands over counts for a minute, once, and only in the
// browser that has the attempt or the session. Both are sealed under the master
// key, so that any node can continue.
#pragma once

#include <string>
#include <string_view>

#include "base/bytes.hpp"
#include "base/id.hpp"
#include "base/result.hpp"
#include "base/secret.hpp"
#include "base/time.hpp"
#include "flow/house/house.hpp"
#include "identity/account/account.hpp"

namespace flow {

/// What a certificate is presented for; what was handed over for another use
/// does not open.
enum class CertificateUse : std::uint8_t {
  login,      // bound to an attempt
  proof,      // bound to a session: prove it again
  enrolment,  // bound to a session: add it to the own data
};

struct CertificateErrand {
  CertificateUse use = CertificateUse::login;
  base::Id bound_to{};  // of the attempt or the session
  std::string next{};   // local path that follows; "" with a login
};

/// The longest certificate that can be handed over: it travels in an address.
inline constexpr std::size_t largest_presented = std::size_t{6} * 1024;

/// Where the browser is asked for a certificate:
/// "https://HOST:PORT/login/certificate/present?errand=…"; "" if the
/// installation has no such listener (ProofSettings::certificate_origin).
std::string presentation_url(const House& house, const CertificateErrand& errand, base::Time now);
/// Errors: expired (older than an attempt lasts), invalid_input (not sealed
/// here, or altered).
base::Result<CertificateErrand> open_errand(const House& house, std::string_view errand, base::Time now);
/// The address of the page that waits, at the issuer. `der`: the certificate
/// whose key TLS has proven; "" = none was chosen. One that is larger than
/// largest_presented is handed over as none.
std::string return_url(const House& house, const CertificateErrand& errand, base::BytesView der, base::Time now);

struct PresentedCertificate {
  base::Bytes der;
  base::Bytes number;  // which it is, for take_presented
};
/// Errors: expired (another use, bound to something else, altered, or older
/// than a minute).
base::Result<PresentedCertificate> open_presented(const House& house, const CertificateErrand& errand,
                                                  const base::Secret& presented, base::Time now);
/// Inside the transaction of the effect: true exactly once for what was handed
/// over.
base::Result<bool> take_presented(store::Tx& tx, const identity::Account& account, base::BytesView number,
                                  base::Time now);

}  // namespace flow
