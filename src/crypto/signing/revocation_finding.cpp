#include "crypto/signing/revocation_finding.hpp"

#include <openssl/objects.h>
#include <openssl/ocsp.h>
#include <openssl/x509_vfy.h>

#include <algorithm>

#include "crypto/certificate/x509.hpp"
#include "crypto/signing/openssl_signing.hpp"

namespace crypto {
namespace {

using Store = std::unique_ptr<X509_STORE, ossl::Freed<X509_STORE_free>>;
using Context = std::unique_ptr<X509_STORE_CTX, ossl::Freed<X509_STORE_CTX_free>>;
using Basic = std::unique_ptr<OCSP_BASICRESP, ossl::Freed<OCSP_BASICRESP_free>>;
using Response = std::unique_ptr<OCSP_RESPONSE, ossl::Freed<OCSP_RESPONSE_free>>;
using CertId = std::unique_ptr<OCSP_CERTID, ossl::Freed<OCSP_CERTID_free>>;
using GeneralizedTime = std::unique_ptr<ASN1_GENERALIZEDTIME, ossl::Freed<ASN1_GENERALIZEDTIME_free>>;
struct ListsFreed {
  void operator()(STACK_OF(X509_CRL) * stack) const { sk_X509_CRL_pop_free(stack, X509_CRL_free); }
};
using Lists = std::unique_ptr<STACK_OF(X509_CRL), ListsFreed>;

constexpr std::size_t largest_answer = std::size_t{64} * 1024;
constexpr int most_single_answers = 100;

std::optional<DigestKind> digest_of_signature(int nid, const X509_ALGOR* algorithm) {
  if (nid == NID_rsassaPss) {
    // The digest is a parameter (RFC 4055 §3.1); without parameters it is SHA-1.
    const std::unique_ptr<RSA_PSS_PARAMS, ossl::Freed<RSA_PSS_PARAMS_free>> params(
        static_cast<RSA_PSS_PARAMS*>(ASN1_TYPE_unpack_sequence(ASN1_ITEM_rptr(RSA_PSS_PARAMS), algorithm->parameter)));
    if (!params || params->hashAlgorithm == nullptr) return DigestKind::sha1;
    nid = OBJ_obj2nid(params->hashAlgorithm->algorithm);
  } else {
    int digest = NID_undef;
    int key = NID_undef;
    if (OBJ_find_sigid_algs(nid, &digest, &key) != 1) return std::nullopt;
    if (key == NID_ED25519 || key == NID_ED448) return DigestKind::sha512;
    nid = digest;
  }
  return ossl::find_digest_kind(nid);
}

bool is_compromise(long reason) {
  return reason == CRL_REASON_KEY_COMPROMISE || reason == CRL_REASON_CA_COMPROMISE ||
         reason == CRL_REASON_AA_COMPROMISE || reason == CRL_REASON_UNSPECIFIED || reason == CRL_REASON_NONE;
}

// What OpenSSL used while it judged the leaf.
struct Noted {
  bool is_any = false;
  bool is_readable = true;
  RevocationFinding finding;
};

void note_entry(X509_CRL* list, X509* certificate, Noted& noted) {
  X509_REVOKED* entry = nullptr;
  if (X509_CRL_get0_by_cert(list, &entry, certificate) != 1 || entry == nullptr) return;
  const auto at = ossl::time_of(X509_REVOKED_get0_revocationDate(entry));
  if (!at) noted.is_readable = false;
  if (at) noted.finding.revoked_at = *at;
  long reason = CRL_REASON_NONE;
  const std::unique_ptr<ASN1_ENUMERATED, ossl::Freed<ASN1_ENUMERATED_free>> coded(
      static_cast<ASN1_ENUMERATED*>(X509_REVOKED_get_ext_d2i(entry, NID_crl_reason, nullptr, nullptr)));
  if (coded) reason = ASN1_ENUMERATED_get(coded.get());
  noted.finding.state =
      reason == CRL_REASON_CERTIFICATE_HOLD ? RevocationFinding::State::on_hold : RevocationFinding::State::revoked;
  noted.finding.is_compromised = is_compromise(reason);
}

void note_times(X509_STORE_CTX* context, X509_CRL* list, Noted& noted) {
  const auto begin = ossl::time_of(X509_CRL_get0_lastUpdate(list));
  if (!begin) {
    noted.is_readable = false;
    return;
  }
  // A delta list and its base are both used; the newer of them is the news.
  if (noted.is_any && *begin <= noted.finding.this_update) return;
  noted.is_any = true;
  noted.finding.this_update = *begin;
  noted.finding.next_update.reset();
  if (X509_CRL_get0_nextUpdate(list) != nullptr) {
    if (const auto end = ossl::time_of(X509_CRL_get0_nextUpdate(list))) noted.finding.next_update = *end;
  }
  const X509_ALGOR* algorithm = nullptr;
  X509_CRL_get0_signature(list, nullptr, &algorithm);
  noted.finding.digest = digest_of_signature(X509_CRL_get_signature_nid(list), algorithm);
  const X509* const signer = X509_STORE_CTX_get0_current_issuer(context);
  if (signer == nullptr) return;
  const auto from = ossl::time_of(X509_get0_notBefore(signer));
  const auto until = ossl::time_of(X509_get0_notAfter(signer));
  noted.is_readable = noted.is_readable && from && until;
  if (from) noted.finding.signer_from = *from;
  if (until) noted.finding.signer_until = *until;
}

// OpenSSL's own judgement of a certificate by one list.
X509_STORE_CTX_cert_crl_fn find_default_judgement() {
  const Store store(X509_STORE_new());
  const Context context(X509_STORE_CTX_new());
  ossl::demand(store != nullptr && context != nullptr);
  ossl::demand(X509_STORE_CTX_init(context.get(), store.get(), nullptr, nullptr) == 1);
  return X509_STORE_CTX_get_cert_crl(context.get());
}

int judge_by_list(X509_STORE_CTX* context, X509_CRL* list, X509* certificate) {
  static const X509_STORE_CTX_cert_crl_fn by_default = find_default_judgement();
  auto* const noted = static_cast<Noted*>(X509_STORE_CTX_get_app_data(context));
  if (noted != nullptr) {
    note_times(context, list, *noted);
    note_entry(list, certificate, *noted);
  }
  return by_default(context, list, certificate);
}

// expiredCertsOnCRL (ITU-T X.509 §9.5.2.8): from when on ended certificates stay on the list.
bool names_ended(const X509_CRL* list, base::Time not_after) {
  const std::unique_ptr<ASN1_OBJECT, ossl::Freed<ASN1_OBJECT_free>> object(OBJ_txt2obj("2.5.29.60", 1));
  const int at = X509_CRL_get_ext_by_OBJ(list, object.get(), -1);
  if (at < 0) return false;
  const ASN1_OCTET_STRING* const value = X509_EXTENSION_get_data(X509_CRL_get_ext(list, at));
  const unsigned char* octets = ASN1_STRING_get0_data(value);
  const GeneralizedTime time(d2i_ASN1_GENERALIZEDTIME(nullptr, &octets, ASN1_STRING_length(value)));
  const auto since = ossl::time_of(time.get());
  return since && *since <= not_after;
}

class ListSearch {
 public:
  explicit ListSearch(const PathMaterial& material) : material_(material) {}

  std::optional<RevocationFinding> run() {
    if (!read()) return std::nullopt;
    auto in_time = search(false);
    if (!has_later_) return in_time;
    // A list from after the certificate's end may still name it; that it does not name it says nothing.
    auto any = search(true);
    const bool is_named = any && any->state != RevocationFinding::State::good;
    if (any) any->is_after_end = !is_named;
    return is_named || !in_time ? any : in_time;
  }

 private:
  bool read() {
    leaf_ = ossl::read_certificate(material_.leaf);
    if (!leaf_) return false;
    const auto end = ossl::time_of(X509_get0_notAfter(leaf_.get()));
    if (!end) return false;
    for (const base::Bytes& der : material_.intermediates) {
      if (!ossl::push(untrusted_.get(), der)) return false;
    }
    ossl::demand(store_ != nullptr);
    X509_STORE_set_cert_crl(store_.get(), judge_by_list);
    for (const base::Bytes& der : material_.anchors) {
      const ossl::Certificate anchor = ossl::read_certificate(der);
      if (!anchor) return false;
      ossl::demand(X509_STORE_add_cert(store_.get(), anchor.get()) == 1);
    }
    for (const base::Bytes& der : material_.lists) {
      if (der.size() <= largest_list) read_list(der, *end);
    }
    return true;
  }

  void read_list(base::BytesView der, base::Time not_after) {
    ossl::List list = ossl::read_list(der);
    if (!list) return;
    const auto begin = ossl::time_of(X509_CRL_get0_lastUpdate(list.get()));
    if (!begin) return;
    const bool is_later = *begin > not_after && !names_ended(list.get(), not_after);
    has_later_ = has_later_ || is_later;
    if (!is_later) {
      ossl::demand(X509_CRL_up_ref(list.get()) == 1 && sk_X509_CRL_push(in_time_.get(), list.get()) > 0);
    }
    ossl::demand(sk_X509_CRL_push(all_.get(), list.get()) > 0);
    static_cast<void>(list.release());
  }

  std::optional<RevocationFinding> search(bool takes_all) {
    Noted noted;
    STACK_OF(X509_CRL)* const lists = takes_all ? all_.get() : in_time_.get();
    if (sk_X509_CRL_num(lists) == 0) return std::nullopt;
    const Context context(X509_STORE_CTX_new());
    ossl::demand(context != nullptr);
    ossl::demand(X509_STORE_CTX_init(context.get(), store_.get(), leaf_.get(), untrusted_.get()) == 1);
    X509_STORE_CTX_set_app_data(context.get(), &noted);
    X509_STORE_CTX_set0_crls(context.get(), lists);
    X509_VERIFY_PARAM* const param = X509_STORE_CTX_get0_param(context.get());
    const unsigned long flags = X509_V_FLAG_X509_STRICT | X509_V_FLAG_PARTIAL_CHAIN | X509_V_FLAG_NO_CHECK_TIME |
                                X509_V_FLAG_CRL_CHECK | X509_V_FLAG_EXTENDED_CRL_SUPPORT | X509_V_FLAG_USE_DELTAS;
    ossl::demand(X509_VERIFY_PARAM_set_flags(param, flags) == 1);
    X509_VERIFY_PARAM_set_auth_level(param, 0);
    const bool is_good = X509_verify_cert(context.get()) == 1;
    const bool is_revoked = X509_STORE_CTX_get_error(context.get()) == X509_V_ERR_CERT_REVOKED;
    if ((!is_good && !is_revoked) || !noted.is_any || !noted.is_readable) return std::nullopt;
    if (is_good) {
      // An entry "removed from the list" was noted as well.
      noted.finding.state = RevocationFinding::State::good;
      noted.finding.revoked_at.reset();
    }
    if (is_revoked && !noted.finding.revoked_at) return std::nullopt;
    return noted.finding;
  }

  const PathMaterial& material_;
  ossl::Certificate leaf_;
  ossl::Certificates untrusted_{sk_X509_new_null()};
  Lists all_{sk_X509_CRL_new_null()};
  Lists in_time_{sk_X509_CRL_new_null()};
  Store store_{X509_STORE_new()};
  bool has_later_ = false;
};

tl::unexpected<base::Error> wrong(std::string why) {
  return base::fail(base::Code::invalid_input, std::move(why));
}

base::Result<Basic> read_basic(base::BytesView answer) {
  if (answer.empty() || answer.size() > largest_answer) return wrong("empty, or larger than an answer may be");
  const unsigned char* at = ossl::octets(answer);
  const unsigned char* end = at + answer.size();
  const Response response(d2i_OCSP_RESPONSE(nullptr, &at, static_cast<long>(answer.size())));
  if (response && at == end) {
    if (OCSP_response_status(response.get()) != OCSP_RESPONSE_STATUS_SUCCESSFUL) return wrong("the responder refuses");
    Basic basic(OCSP_response_get1_basic(response.get()));
    if (!basic) return wrong("an answer of another kind");
    return basic;
  }
  at = ossl::octets(answer);
  end = at + answer.size();
  Basic basic(d2i_OCSP_BASICRESP(nullptr, &at, static_cast<long>(answer.size())));
  if (!basic || at != end) return wrong("not one answer");
  return basic;
}

// RFC 6960 §4.4: "unrecognized extensions MUST be ignored (unless they have the critical flag set and are not
// understood)". What these say changes no answer about one certificate.
bool is_understood(X509_EXTENSION* extension) {
  switch (OBJ_obj2nid(X509_EXTENSION_get_object(extension))) {
    case NID_id_pkix_OCSP_Nonce:
    case NID_id_pkix_OCSP_CrlID:
    case NID_id_pkix_OCSP_archiveCutoff:
    case NID_crl_reason:
    case NID_invalidity_date: return true;
    default: return false;
  }
}

bool has_unknown_critical(OCSP_BASICRESP* basic, OCSP_SINGLERESP* single) {
  for (int at = -1; (at = OCSP_BASICRESP_get_ext_by_critical(basic, 1, at)) >= 0;) {
    if (!is_understood(OCSP_BASICRESP_get_ext(basic, at))) return true;
  }
  for (int at = -1; (at = OCSP_SINGLERESP_get_ext_by_critical(single, 1, at)) >= 0;) {
    if (!is_understood(OCSP_SINGLERESP_get_ext(single, at))) return true;
  }
  return false;
}

class AnswerSearch {
 public:
  AnswerSearch(Basic basic, ossl::Certificate certificate, ossl::Certificate issuer)
      : basic_(std::move(basic)), certificate_(std::move(certificate)), issuer_(std::move(issuer)) {}

  base::Result<RevocationFinding> run() {
    OCSP_SINGLERESP* const single = find_single();
    if (single == nullptr) return wrong("the answer is about another certificate");
    if (has_unknown_critical(basic_.get(), single)) return wrong("an extension that must be understood");
    RETURN_IF_ERROR(read_single(single));
    if (!is_signed_for()) return wrong("not signed by the issuer's responder");
    RETURN_IF_ERROR(read_signer());
    const X509_ALGOR* const algorithm = OCSP_resp_get0_tbs_sigalg(basic_.get());
    finding_.digest = digest_of_signature(OBJ_obj2nid(algorithm->algorithm), algorithm);
    return finding_;
  }

 private:
  OCSP_SINGLERESP* find_single() {
    const int count = std::min(OCSP_resp_count(basic_.get()), most_single_answers);
    for (int i = 0; i < count; ++i) {
      OCSP_SINGLERESP* const single = OCSP_resp_get0(basic_.get(), i);
      OCSP_CERTID* const id = const_cast<OCSP_CERTID*>(OCSP_SINGLERESP_get0_id(single));  // NOLINT: it only reads
      ASN1_OBJECT* digest_id = nullptr;
      if (OCSP_id_get0_info(nullptr, &digest_id, nullptr, nullptr, id) != 1) continue;
      const EVP_MD* const digest = EVP_get_digestbyobj(digest_id);
      if (digest == nullptr) continue;
      const CertId wanted(OCSP_cert_to_id(digest, certificate_.get(), issuer_.get()));
      if (wanted && OCSP_id_cmp(wanted.get(), id) == 0) return single;
    }
    return nullptr;
  }

  // The responder must have been one at the time for which it answers.
  bool is_signed_for() {
    const Store store(X509_STORE_new());
    const ossl::Certificates certificates(sk_X509_new_null());
    ossl::demand(store != nullptr && certificates != nullptr);
    X509_VERIFY_PARAM* const param = X509_STORE_get0_param(store.get());
    X509_VERIFY_PARAM_set_time(
        param, std::chrono::floor<std::chrono::seconds>(finding_.this_update).time_since_epoch().count());
    X509_VERIFY_PARAM_set_auth_level(param, 0);
    ossl::demand(X509_VERIFY_PARAM_set_flags(param, X509_V_FLAG_PARTIAL_CHAIN) == 1);
    ossl::demand(X509_STORE_add_cert(store.get(), issuer_.get()) == 1);
    ossl::demand(X509_up_ref(issuer_.get()) == 1 && sk_X509_push(certificates.get(), issuer_.get()) > 0);
    return OCSP_basic_verify(basic_.get(), certificates.get(), store.get(), 0) == 1;
  }

  base::Result<void> read_single(OCSP_SINGLERESP* single) {
    int reason = 0;
    ASN1_GENERALIZEDTIME* revoked = nullptr;
    ASN1_GENERALIZEDTIME* begin = nullptr;
    ASN1_GENERALIZEDTIME* end = nullptr;
    const int status = OCSP_single_get0_status(single, &reason, &revoked, &begin, &end);
    ASSIGN_OR_RETURN(finding_.this_update, ossl::time_of(begin));
    if (end != nullptr) {
      ASSIGN_OR_RETURN(finding_.next_update, ossl::time_of(end));
    }
    if (status == V_OCSP_CERTSTATUS_GOOD) finding_.state = RevocationFinding::State::good;
    if (status == V_OCSP_CERTSTATUS_REVOKED) {
      ASSIGN_OR_RETURN(finding_.revoked_at, ossl::time_of(revoked));
      const bool is_hold = reason == OCSP_REVOKED_STATUS_CERTIFICATEHOLD;
      finding_.state = is_hold ? RevocationFinding::State::on_hold : RevocationFinding::State::revoked;
      finding_.is_compromised = is_compromise(reason);
    }
    ASSIGN_OR_RETURN(const base::Time not_after, ossl::time_of(X509_get0_notAfter(certificate_.get())));
    const GeneralizedTime cutoff(static_cast<ASN1_GENERALIZEDTIME*>(
        OCSP_SINGLERESP_get1_ext_d2i(single, NID_id_pkix_OCSP_archiveCutoff, nullptr, nullptr)));
    const auto since = ossl::time_of(cutoff.get());
    finding_.is_after_end = finding_.this_update > not_after && !(since && *since <= not_after);
    return {};
  }

  base::Result<void> read_signer() {
    X509* signer = nullptr;
    const ossl::Certificates extra(sk_X509_new_null());
    ossl::demand(extra != nullptr && X509_up_ref(issuer_.get()) == 1 && sk_X509_push(extra.get(), issuer_.get()) > 0);
    if (OCSP_resp_get0_signer(basic_.get(), &signer, extra.get()) != 1) return wrong("no certificate of the responder");
    ASSIGN_OR_RETURN(finding_.signer_from, ossl::time_of(X509_get0_notBefore(signer)));
    ASSIGN_OR_RETURN(finding_.signer_until, ossl::time_of(X509_get0_notAfter(signer)));
    return {};
  }

  Basic basic_;
  ossl::Certificate certificate_;
  ossl::Certificate issuer_;
  RevocationFinding finding_;
};

}  // namespace

std::optional<RevocationFinding> find_in_lists(const PathMaterial& material) {
  const ossl::ErrorsCleared cleared;
  if (material.lists.empty()) return std::nullopt;
  return ListSearch(material).run();
}

base::Result<RevocationFinding> find_in_answer(base::BytesView answer, base::BytesView certificate,
                                               base::BytesView issuer) {
  const ossl::ErrorsCleared cleared;
  ossl::Certificate about = ossl::read_certificate(certificate);
  ossl::Certificate above = ossl::read_certificate(issuer);
  if (!about || !above) return wrong("a certificate that cannot be read");
  ASSIGN_OR_RETURN(Basic basic, read_basic(answer));
  return AnswerSearch(std::move(basic), std::move(about), std::move(above)).run();
}

}  // namespace crypto
