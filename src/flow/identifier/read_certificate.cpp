#include "flow/identifier/read_certificate.hpp"

#include <algorithm>

#include "crypto/certificate.hpp"

namespace flow {
namespace {

constexpr std::size_t most_certificates = 10;

}  // namespace

ReadCertificate read_certificate(std::string_view octets, base::Time now) {
  const auto read = crypto::parse_certificate(octets);
  if (!read) return {"own.flaw.certificate_broken", {}};
  if (read->not_after <= now) return {"own.flaw.certificate_expired", {}};
  return {{},
          {read->fingerprint, read->der, read->subject, read->issuer, read->serial, read->not_before, read->not_after}};
}

base::Result<std::string> insert_certificate_of(store::Tx& tx, const base::Id& account_id,
                                                const store::Certificate& certificate, base::Time now) {
  ASSIGN_OR_RETURN(const auto there, store::list_certificates(tx, account_id));
  const bool is_own_already = std::any_of(there.begin(), there.end(), [&](const store::Certificate& one) {
    return one.fingerprint == certificate.fingerprint;
  });
  if (is_own_already) return std::string("own.flaw.certificate_own_already");
  if (there.size() >= most_certificates) return std::string("own.flaw.certificate_many");
  RETURN_IF_ERROR(store::insert_certificate(tx, account_id, certificate, now));
  return std::string();
}

}  // namespace flow
