// The certificates that an account has (S4.12, S4.14): read from a file, and inserted with the same limits for its
// owner and for an administrator.
#pragma once

#include <string>
#include <string_view>

#include "base/result.hpp"
#include "base/time.hpp"
#include "flow/house/request_facts.hpp"
#include "identity/account/account.hpp"
#include "store/account/identifiers.hpp"

namespace flow {

struct ReadCertificate {
  std::string flaw;  // key of the sentence; "" = none
  store::Certificate certificate;
};
/// `octets`: PEM or DER.
ReadCertificate read_certificate(std::string_view octets, base::Time now);
/// Gives the flaw's key, or "". `certificate.is_proven`: TLS has shown its key. It takes the certificate from an
/// account that has only uploaded it, which gets an audit event, and proves what this account has uploaded. One that
/// the own authority has issued for the account counts as proven. Errors: already_exists (another account has it).
base::Result<std::string> insert_certificate_of(store::Tx& tx, const identity::Account& account,
                                                store::Certificate certificate, const RequestFacts& facts);

}  // namespace flow
