#include "crypto/certificate/ocsp.hpp"

#include <openssl/ocsp.h>

#include <algorithm>

#include "crypto/certificate/sign_structure.hpp"
#include "crypto/certificate/x509.hpp"

namespace crypto {
namespace {

using Request = std::unique_ptr<OCSP_REQUEST, ossl::Freed<OCSP_REQUEST_free>>;
using Response = std::unique_ptr<OCSP_RESPONSE, ossl::Freed<OCSP_RESPONSE_free>>;
using Basic = std::unique_ptr<OCSP_BASICRESP, ossl::Freed<OCSP_BASICRESP_free>>;
using CertId = std::unique_ptr<OCSP_CERTID, ossl::Freed<OCSP_CERTID_free>>;
using GeneralizedTime = std::unique_ptr<ASN1_GENERALIZEDTIME, ossl::Freed<ASN1_GENERALIZEDTIME_free>>;

// RFC 9654 §2.1: 128 octets at most. With tag and length of the OCTET STRING inside the extension.
constexpr int largest_nonce = 128 + 3;
constexpr std::size_t largest_answer = std::size_t{64} * 1024;

GeneralizedTime generalized(base::Time time) {
  GeneralizedTime made(
      ASN1_GENERALIZEDTIME_set(nullptr, std::chrono::floor<std::chrono::seconds>(time).time_since_epoch().count()));
  ossl::demand(made != nullptr);
  return made;
}

tl::unexpected<base::Error> malformed(std::string why) {
  return base::fail(base::Code::invalid_input, std::move(why));
}

base::Result<void> check_extensions(OCSP_REQUEST* request) {
  const int count = OCSP_REQUEST_get_ext_count(request);
  int nonces = 0;
  for (int i = 0; i < count; ++i) {
    X509_EXTENSION* const extension = OCSP_REQUEST_get_ext(request, i);
    if (OBJ_obj2nid(X509_EXTENSION_get_object(extension)) == NID_id_pkix_OCSP_Nonce) {
      const int size = ASN1_STRING_length(X509_EXTENSION_get_data(extension));
      if (++nonces > 1 || size < 1 || size > largest_nonce) return malformed("a nonce of a wrong size");
    } else if (X509_EXTENSION_get_critical(extension) == 1) {
      return malformed("a critical extension that is not known");
    }
  }
  return {};
}

int reason_of(RevocationReason reason) {
  switch (reason) {
    case RevocationReason::key_compromise: return OCSP_REVOKED_STATUS_KEYCOMPROMISE;
    case RevocationReason::affiliation_changed: return OCSP_REVOKED_STATUS_AFFILIATIONCHANGED;
    case RevocationReason::superseded: return OCSP_REVOKED_STATUS_SUPERSEDED;
    case RevocationReason::cessation_of_operation: return OCSP_REVOKED_STATUS_CESSATIONOFOPERATION;
    case RevocationReason::privilege_withdrawn: return CRL_REASON_PRIVILEGE_WITHDRAWN;
    case RevocationReason::unspecified: break;
  }
  return OCSP_REVOKED_STATUS_NOSTATUS;
}

int status_of(OcspStatus status) {
  if (status == OcspStatus::good) return V_OCSP_CERTSTATUS_GOOD;
  return status == OcspStatus::revoked ? V_OCSP_CERTSTATUS_REVOKED : V_OCSP_CERTSTATUS_UNKNOWN;
}

// SHA-1 only names the issuer here, and it is the digest that every responder knows (RFC 5019 §2.1.1).
CertId id_of(const X509* certificate, const X509* issuer) {
  return CertId(OCSP_cert_to_id(EVP_sha1(), certificate, issuer));
}

struct Pair {
  ossl::Certificate certificate;
  ossl::Certificate issuer;
};
base::Result<Pair> read_pair(base::BytesView certificate, base::BytesView issuer) {
  Pair pair{ossl::read_certificate(certificate), ossl::read_certificate(issuer)};
  if (!pair.certificate || !pair.issuer) return malformed("a certificate that cannot be read");
  return pair;
}

base::Result<Basic> read_basic(base::BytesView answer) {
  if (answer.size() > largest_answer) return malformed("an answer that is too large");
  const unsigned char* at = ossl::octets(answer);
  const Response response(d2i_OCSP_RESPONSE(nullptr, &at, static_cast<long>(answer.size())));
  if (!response) return malformed("not one answer");
  if (OCSP_response_status(response.get()) != OCSP_RESPONSE_STATUS_SUCCESSFUL) {
    return malformed("the responder refuses: " +
                     std::string(OCSP_response_status_str(OCSP_response_status(response.get()))));
  }
  Basic basic(OCSP_response_get1_basic(response.get()));
  if (!basic) return malformed("an answer of another kind");
  return basic;
}

bool is_signed_for(OCSP_BASICRESP* basic, X509* issuer, base::Time now) {
  if (!ossl::is_strong_digest(OBJ_obj2nid(OCSP_resp_get0_tbs_sigalg(basic)->algorithm))) return false;
  const std::unique_ptr<X509_STORE, ossl::Freed<X509_STORE_free>> store(X509_STORE_new());
  const ossl::Certificates certificates(sk_X509_new_null());
  ossl::demand(store != nullptr && certificates != nullptr);
  X509_VERIFY_PARAM* const param = X509_STORE_get0_param(store.get());
  X509_VERIFY_PARAM_set_time(param, std::chrono::floor<std::chrono::seconds>(now).time_since_epoch().count());
  X509_VERIFY_PARAM_set_auth_level(param, 2);
  ossl::demand(X509_VERIFY_PARAM_set_flags(param, X509_V_FLAG_PARTIAL_CHAIN) == 1);
  ossl::demand(X509_STORE_add_cert(store.get(), issuer) == 1);
  ossl::demand(X509_up_ref(issuer) == 1 && sk_X509_push(certificates.get(), issuer) > 0);
  return OCSP_basic_verify(basic, certificates.get(), store.get(), 0) == 1;
}

}  // namespace

struct OcspRequest::Impl {
  Request request;
  std::vector<std::string> serials;
};

base::Result<OcspRequest> OcspRequest::parse(base::BytesView der) {
  const ossl::ErrorsCleared cleared;
  if (der.empty() || der.size() > largest_ocsp_request) return malformed("empty, or larger than a request may be");
  const unsigned char* at = ossl::octets(der);
  const unsigned char* const end = at + der.size();
  auto impl = std::make_shared<Impl>();
  impl->request.reset(d2i_OCSP_REQUEST(nullptr, &at, static_cast<long>(der.size())));
  if (!impl->request || at != end) return malformed("not one request");
  RETURN_IF_ERROR(check_extensions(impl->request.get()));
  const int count = OCSP_request_onereq_count(impl->request.get());
  if (count < 1 || static_cast<std::size_t>(count) > most_ocsp_questions) return malformed("no question, or too many");
  for (int i = 0; i < count; ++i) {
    ASN1_INTEGER* serial = nullptr;
    OCSP_CERTID* const id = OCSP_onereq_get0_id(OCSP_request_onereq_get0(impl->request.get(), i));
    if (OCSP_id_get0_info(nullptr, nullptr, nullptr, &serial, id) != 1) return malformed("a question without a serial");
    impl->serials.push_back(ossl::hex_of(serial));
  }
  return OcspRequest(std::move(impl));
}

std::size_t OcspRequest::count() const {
  return impl_->serials.size();
}

const std::string& OcspRequest::serial(std::size_t question) const {
  return impl_->serials.at(question);
}

bool OcspRequest::is_about(std::size_t question, base::BytesView issuer) const {
  const ossl::ErrorsCleared cleared;
  const ossl::Certificate above = ossl::read_certificate(issuer);
  if (!above) return false;
  OCSP_CERTID* const id =
      OCSP_onereq_get0_id(OCSP_request_onereq_get0(impl_->request.get(), static_cast<int>(question)));
  ASN1_OBJECT* digest_id = nullptr;
  ASN1_INTEGER* serial = nullptr;
  if (OCSP_id_get0_info(nullptr, &digest_id, nullptr, &serial, id) != 1) return false;
  const EVP_MD* const digest = EVP_get_digestbyobj(digest_id);
  if (digest == nullptr) return false;
  const CertId wanted(
      OCSP_cert_id_new(digest, X509_get_subject_name(above.get()), X509_get0_pubkey_bitstr(above.get()), serial));
  return wanted != nullptr && OCSP_id_issuer_cmp(wanted.get(), id) == 0;
}

base::Bytes OcspRequest::questions() const {
  base::Bytes all;
  for (std::size_t i = 0; i < impl_->serials.size(); ++i) {
    OCSP_CERTID* const id = OCSP_onereq_get0_id(OCSP_request_onereq_get0(impl_->request.get(), static_cast<int>(i)));
    all += ossl::write_der(id, i2d_OCSP_CERTID);
  }
  return all;
}

bool OcspRequest::has_nonce() const {
  return OCSP_REQUEST_get_ext_by_NID(impl_->request.get(), NID_id_pkix_OCSP_Nonce, -1) >= 0;
}

base::Result<base::Bytes> answer_ocsp(const OcspRequest& request, const std::vector<OcspAnswer>& answers,
                                      const OcspTimes& times, const Issuer& responder, WithNonce with_nonce) {
  const ossl::ErrorsCleared cleared;
  if (answers.size() != request.count()) return malformed("as many answers as questions are needed");
  ASSIGN_OR_RETURN(const ossl::Certificate signer, ossl::read_signer(responder.certificate, responder.key));
  const Basic basic(OCSP_BASICRESP_new());
  ossl::demand(basic != nullptr);
  const GeneralizedTime begin = generalized(times.this_update);
  const GeneralizedTime end = generalized(times.next_update);
  for (std::size_t i = 0; i < answers.size(); ++i) {
    const OcspAnswer& answer = answers[i];
    OCSP_CERTID* const id =
        OCSP_onereq_get0_id(OCSP_request_onereq_get0(request.impl().request.get(), static_cast<int>(i)));
    const GeneralizedTime revoked = generalized(answer.revoked_at);
    ossl::demand(OCSP_basic_add1_status(basic.get(), id, status_of(answer.status), reason_of(answer.reason),
                                        revoked.get(), begin.get(), end.get()) != nullptr);
  }
  if (with_nonce == WithNonce::yes) OCSP_copy_nonce(basic.get(), request.impl().request.get());
  RETURN_IF_ERROR(ossl::sign(basic.get(), signer.get(), responder.key));
  const Response response(OCSP_response_create(OCSP_RESPONSE_STATUS_SUCCESSFUL, basic.get()));
  ossl::demand(response != nullptr);
  return ossl::write_der(response.get(), i2d_OCSP_RESPONSE);
}

base::Bytes refuse_ocsp(OcspRefusal why) {
  int status = OCSP_RESPONSE_STATUS_INTERNALERROR;
  if (why == OcspRefusal::malformed) status = OCSP_RESPONSE_STATUS_MALFORMEDREQUEST;
  if (why == OcspRefusal::try_later) status = OCSP_RESPONSE_STATUS_TRYLATER;
  if (why == OcspRefusal::unauthorized) status = OCSP_RESPONSE_STATUS_UNAUTHORIZED;
  const Response response(OCSP_response_create(status, nullptr));
  ossl::demand(response != nullptr);
  return ossl::write_der(response.get(), i2d_OCSP_RESPONSE);
}

base::Result<base::Bytes> make_ocsp_request(base::BytesView certificate, base::BytesView issuer) {
  const ossl::ErrorsCleared cleared;
  ASSIGN_OR_RETURN(const Pair pair, read_pair(certificate, issuer));
  const Request request(OCSP_REQUEST_new());
  CertId id = id_of(pair.certificate.get(), pair.issuer.get());
  ossl::demand(request != nullptr && id != nullptr);
  ossl::demand(OCSP_request_add0_id(request.get(), id.get()) != nullptr);
  static_cast<void>(id.release());
  return ossl::write_der(request.get(), i2d_OCSP_REQUEST);
}

base::Result<OcspFinding> read_ocsp_answer(base::BytesView answer, base::BytesView certificate, base::BytesView issuer,
                                           base::Time now) {
  const ossl::ErrorsCleared cleared;
  ASSIGN_OR_RETURN(const Pair pair, read_pair(certificate, issuer));
  ASSIGN_OR_RETURN(const Basic basic, read_basic(answer));
  if (!is_signed_for(basic.get(), pair.issuer.get(), now)) return malformed("not signed by the issuer's responder");
  const CertId id = id_of(pair.certificate.get(), pair.issuer.get());
  ASN1_GENERALIZEDTIME* revoked = nullptr;
  ASN1_GENERALIZEDTIME* begin = nullptr;
  ASN1_GENERALIZEDTIME* end = nullptr;
  int status = 0;
  int reason = 0;
  if (OCSP_resp_find_status(basic.get(), id.get(), &status, &reason, &revoked, &begin, &end) != 1) {
    return malformed("the answer is about another certificate");
  }
  OcspFinding finding;
  ASSIGN_OR_RETURN(finding.this_update, ossl::time_of(begin));
  if (end != nullptr) {
    ASSIGN_OR_RETURN(finding.next_update, ossl::time_of(end));
  }
  constexpr base::Duration clocks_differ = std::chrono::minutes(5);
  if (finding.this_update > now + clocks_differ || (finding.next_update && *finding.next_update < now)) {
    return malformed("the answer is not of this time");
  }
  if (status == V_OCSP_CERTSTATUS_GOOD) finding.status = OcspStatus::good;
  if (status == V_OCSP_CERTSTATUS_REVOKED) {
    finding.status = OcspStatus::revoked;
    ASSIGN_OR_RETURN(finding.revoked_at, ossl::time_of(revoked));
  }
  return finding;
}

}  // namespace crypto
