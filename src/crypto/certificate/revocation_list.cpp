#include "crypto/certificate/revocation_list.hpp"

#include <openssl/pem.h>

#include <algorithm>
#include <limits>

#include "crypto/certificate/sign_structure.hpp"
#include "crypto/certificate/verify_chain.hpp"
#include "crypto/certificate/x509.hpp"

namespace crypto {
namespace {

constexpr std::array<std::string_view, 6> names{"unspecified", "key_compromise",         "affiliation_changed",
                                                "superseded",  "cessation_of_operation", "privilege_withdrawn"};
constexpr std::array<int, 6> numbers{
    CRL_REASON_UNSPECIFIED, CRL_REASON_KEY_COMPROMISE,         CRL_REASON_AFFILIATION_CHANGED,
    CRL_REASON_SUPERSEDED,  CRL_REASON_CESSATION_OF_OPERATION, CRL_REASON_PRIVILEGE_WITHDRAWN};

ossl::Integer integer_of(std::int64_t number) {
  ossl::Integer integer(ASN1_INTEGER_new());
  ossl::demand(integer != nullptr && ASN1_INTEGER_set_int64(integer.get(), number) == 1);
  return integer;
}

base::Result<void> add_entry(X509_CRL* list, const RevokedSerial& entry) {
  const ossl::Integer serial = ossl::integer_of_hex(entry.serial);
  if (!serial) return base::fail(base::Code::invalid_input, "a serial number that is none");
  std::unique_ptr<X509_REVOKED, ossl::Freed<X509_REVOKED_free>> row(X509_REVOKED_new());
  const ossl::AsnTime at = ossl::asn_time(entry.at);
  ossl::demand(row != nullptr && X509_REVOKED_set_serialNumber(row.get(), serial.get()) == 1);
  ossl::demand(X509_REVOKED_set_revocationDate(row.get(), at.get()) == 1);
  // RFC 5280 §5.3.1: the reason "unspecified" is left out.
  if (entry.reason != RevocationReason::unspecified) {
    const std::unique_ptr<ASN1_ENUMERATED, ossl::Freed<ASN1_ENUMERATED_free>> reason(ASN1_ENUMERATED_new());
    ossl::demand(ASN1_ENUMERATED_set(reason.get(), numbers.at(static_cast<std::size_t>(entry.reason))) == 1);
    ossl::demand(X509_REVOKED_add1_ext_i2d(row.get(), NID_crl_reason, reason.get(), 0, 0) == 1);
  }
  ossl::demand(X509_CRL_add0_revoked(list, row.get()) == 1);
  static_cast<void>(row.release());
  return {};
}

using Point = std::unique_ptr<DIST_POINT_NAME, ossl::Freed<DIST_POINT_NAME_free>>;

Point point_of(const std::string& url) {
  Point point(DIST_POINT_NAME_new());
  GENERAL_NAMES* const list = GENERAL_NAMES_new();
  GENERAL_NAME* const name = GENERAL_NAME_new();
  ASN1_IA5STRING* const text = ASN1_IA5STRING_new();
  ossl::demand(point != nullptr && list != nullptr && name != nullptr && text != nullptr);
  ossl::demand(ASN1_STRING_set(text, url.data(), static_cast<int>(url.size())) == 1);
  GENERAL_NAME_set0_value(name, GEN_URI, text);
  ossl::demand(sk_GENERAL_NAME_push(list, name) > 0);
  point->type = 0;
  point->name.fullname = list;
  return point;
}

void add_issuing_point(X509_CRL* list, const std::string& url) {
  const std::unique_ptr<ISSUING_DIST_POINT, ossl::Freed<ISSUING_DIST_POINT_free>> point(ISSUING_DIST_POINT_new());
  ossl::demand(point != nullptr);
  point->distpoint = point_of(url).release();
  ossl::demand(X509_CRL_add1_ext_i2d(list, NID_issuing_distribution_point, point.get(), 1, 0) == 1);
}

void add_freshest(X509_CRL* list, const std::string& url) {
  const std::unique_ptr<CRL_DIST_POINTS, ossl::Freed<CRL_DIST_POINTS_free>> points(CRL_DIST_POINTS_new());
  DIST_POINT* const point = DIST_POINT_new();
  ossl::demand(points != nullptr && point != nullptr);
  point->distpoint = point_of(url).release();
  ossl::demand(sk_DIST_POINT_push(points.get(), point) > 0);
  ossl::demand(X509_CRL_add1_ext_i2d(list, NID_freshest_crl, points.get(), 0, 0) == 1);
}

void add_key_identifier(X509_CRL* list, const X509* issuer) {
  const ASN1_OCTET_STRING* const identifier = X509_get0_subject_key_id(const_cast<X509*>(issuer));  // NOLINT: it reads
  if (identifier == nullptr) return;
  const std::unique_ptr<AUTHORITY_KEYID, ossl::Freed<AUTHORITY_KEYID_free>> made(AUTHORITY_KEYID_new());
  ossl::demand(made != nullptr);
  made->keyid = ASN1_OCTET_STRING_dup(identifier);
  ossl::demand(X509_CRL_add1_ext_i2d(list, NID_authority_key_identifier, made.get(), 0, 0) == 1);
}

std::optional<std::int64_t> find_number(const X509_CRL* list) {
  const ossl::Integer number(static_cast<ASN1_INTEGER*>(X509_CRL_get_ext_d2i(list, NID_crl_number, nullptr, nullptr)));
  std::int64_t read = 0;
  if (!number || ASN1_INTEGER_get_int64(&read, number.get()) != 1) return std::nullopt;
  return read;
}

bool is_url(const std::string& url) {
  return url.size() <= 512 && std::all_of(url.begin(), url.end(), [](char c) { return c > ' ' && c < '\x7f'; });
}

base::Result<ossl::List> read(base::BytesView octets) {
  ASSIGN_OR_RETURN(const base::Bytes der, revocation_list_der(octets));
  ossl::List list = ossl::read_list(der);
  if (!list) return base::fail(base::Code::invalid_input, "not one list of revoked certificates");
  return list;
}

}  // namespace

std::string_view name_of(RevocationReason reason) {
  return names.at(static_cast<std::size_t>(reason));
}

base::Result<RevocationReason> parse_revocation_reason(std::string_view name) {
  const auto* const found = std::find(names.begin(), names.end(), name);
  if (found == names.end()) {
    return base::fail(base::Code::invalid_input, "no such reason of a revocation: " + std::string(name));
  }
  return all_revocation_reasons.at(static_cast<std::size_t>(found - names.begin()));
}

base::Result<base::Bytes> make_revocation_list(const RevocationListTemplate& wanted, const Issuer& issuer) {
  const ossl::ErrorsCleared cleared;
  ASSIGN_OR_RETURN(const ossl::Certificate above, ossl::read_signer(issuer.certificate, issuer.key));
  if (!is_url(wanted.list_url) || !is_url(wanted.delta_url)) {
    return base::fail(base::Code::invalid_input, "an address that cannot stand in a list");
  }
  const ossl::List list(X509_CRL_new());
  ossl::demand(list != nullptr && X509_CRL_set_version(list.get(), X509_CRL_VERSION_2) == 1);
  ossl::demand(X509_CRL_set_issuer_name(list.get(), X509_get_subject_name(above.get())) == 1);
  const ossl::AsnTime begin = ossl::asn_time(wanted.this_update);
  const ossl::AsnTime end = ossl::asn_time(wanted.next_update);
  ossl::demand(X509_CRL_set1_lastUpdate(list.get(), begin.get()) == 1);
  ossl::demand(X509_CRL_set1_nextUpdate(list.get(), end.get()) == 1);
  for (const RevokedSerial& entry : wanted.revoked) RETURN_IF_ERROR(add_entry(list.get(), entry));
  X509_CRL_sort(list.get());
  add_key_identifier(list.get(), above.get());
  const ossl::Integer number = integer_of(wanted.number);
  ossl::demand(X509_CRL_add1_ext_i2d(list.get(), NID_crl_number, number.get(), 0, 0) == 1);
  if (wanted.base_number) {
    const ossl::Integer base = integer_of(*wanted.base_number);
    ossl::demand(X509_CRL_add1_ext_i2d(list.get(), NID_delta_crl, base.get(), 1, 0) == 1);
  }
  if (!wanted.list_url.empty()) add_issuing_point(list.get(), wanted.list_url);
  if (!wanted.base_number && !wanted.delta_url.empty()) add_freshest(list.get(), wanted.delta_url);
  RETURN_IF_ERROR(ossl::sign(list.get(), issuer.key));
  return ossl::write_der(list.get(), i2d_X509_CRL);
}

base::Result<base::Bytes> revocation_list_der(base::BytesView octets) {
  const ossl::ErrorsCleared cleared;
  if (octets.empty() || octets.size() > largest_list) {
    return base::fail(base::Code::invalid_input, "empty, or larger than a list may be");
  }
  if (ossl::read_list(octets)) return base::Bytes(octets);
  const ossl::Stream stream(BIO_new_mem_buf(octets.data(), static_cast<int>(octets.size())));
  const ossl::List list(PEM_read_bio_X509_CRL(stream.get(), nullptr, nullptr, nullptr));
  if (!list) return base::fail(base::Code::invalid_input, "not one list of revoked certificates");
  return ossl::write_der(list.get(), i2d_X509_CRL);
}

base::Result<RevocationListFacts> read_revocation_list(base::BytesView octets) {
  const ossl::ErrorsCleared cleared;
  ASSIGN_OR_RETURN(const ossl::List list, read(octets));
  RevocationListFacts facts;
  facts.issuer = ossl::text_of(X509_CRL_get_issuer(list.get()));
  ASSIGN_OR_RETURN(facts.this_update, ossl::time_of(X509_CRL_get0_lastUpdate(list.get())));
  if (const ASN1_TIME* const next = X509_CRL_get0_nextUpdate(list.get()); next != nullptr) {
    ASSIGN_OR_RETURN(facts.next_update, ossl::time_of(next));
  }
  facts.number = find_number(list.get());
  facts.is_delta = X509_CRL_get_ext_by_NID(list.get(), NID_delta_crl, -1) >= 0;
  const int entries = sk_X509_REVOKED_num(X509_CRL_get_REVOKED(list.get()));
  facts.entries = entries > 0 ? static_cast<std::size_t>(entries) : 0;
  return facts;
}

base::Result<bool> is_signed_by(base::BytesView list, base::BytesView issuer) {
  const ossl::ErrorsCleared cleared;
  ASSIGN_OR_RETURN(const ossl::List read_list, read(list));
  const ossl::Certificate above = ossl::read_certificate(issuer);
  if (!above) return base::fail(base::Code::invalid_input, "the issuer's certificate cannot be read");
  const X509_NAME* const name = X509_get_subject_name(above.get());
  EVP_PKEY* const key = X509_get0_pubkey(above.get());
  return key != nullptr && X509_NAME_cmp(X509_CRL_get_issuer(read_list.get()), name) == 0 &&
         !ossl::judge(key).is_weak && ossl::is_strong_digest(X509_CRL_get_signature_nid(read_list.get())) &&
         X509_CRL_verify(read_list.get(), key) == 1;
}

}  // namespace crypto
