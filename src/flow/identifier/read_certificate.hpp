// The certificates that an account has (S4.12, S4.14): read from a file, and inserted with the same limits for its
// owner and for an administrator.
#pragma once

#include <string>
#include <string_view>

#include "base/result.hpp"
#include "base/time.hpp"
#include "store/account/identifiers.hpp"

namespace flow {

struct ReadCertificate {
  std::string flaw;  // key of the sentence; "" = none
  store::Certificate certificate;
};
/// `octets`: PEM or DER.
ReadCertificate read_certificate(std::string_view octets, base::Time now);
/// Gives the flaw's key, or "". Errors: already_exists (another account's).
base::Result<std::string> insert_certificate_of(store::Tx& tx, const base::Id& account_id,
                                                const store::Certificate& certificate, base::Time now);

}  // namespace flow
