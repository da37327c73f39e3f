// Enrolment over secure transport (EST, RFC 7030) for programs: a first certificate by login name and password, a
// further one by the certificate that is still good. Only accounts of client systems and services get certificates in
// this way. A password is one factor, so that a person would otherwise make a certificate that logs in with more than
// was proven.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "base/secret.hpp"
#include "flow/certificate/issue_certificate.hpp"
#include "flow/house/house.hpp"
#include "flow/house/request_facts.hpp"

namespace flow {

struct EnrolmentWish {
  std::string_view user;  // id of a client system, or login of a service
  base::Secret password;
  base::BytesView request;  // PKCS#10
};
/// Password lane. A refusal is recorded. Errors: login_failed, too_many (the network), denied (not a program; with the
/// reason feature_off: client systems are off for the organisation), too_many (certificates_full), invalid_input (the
/// request, or a name in it that is not the account's), conflict (no authority), unavailable.
base::Result<IssuedCertificate> enrol_by_password(const House& house, const EnrolmentWish& wish,
                                                  const RequestFacts& facts);

struct ReenrolmentWish {
  base::BytesView certificate;  // DER, of the connection
  base::BytesView request;      // PKCS#10 with the same subject
};
/// The certificate before stays good until its end. Errors: login_failed (not one of ours, over, revoked, or the
/// account may not log in), denied (reason feature_off), too_many (certificates_full), invalid_input, conflict,
/// unavailable.
base::Result<IssuedCertificate> enrol_again(const House& house, const ReenrolmentWish& wish, const RequestFacts& facts);

/// The certificates that a program has to know, issuing ones and roots that count, as PKCS#7, DER. Errors: not_found
/// (there is no authority), unavailable.
base::Result<base::Bytes> pack_authorities(const House& house, base::Time now);
/// The one certificate as PKCS#7, DER (RFC 7030 §4.2.3).
base::Result<base::Bytes> pack_issued(const IssuedCertificate& issued);

}  // namespace flow
