#include "crypto/certificate/verify_chain.hpp"

#include <openssl/objects.h>
#include <openssl/x509_vfy.h>

#include <algorithm>
#include <array>

#include "crypto/certificate/certificate.hpp"
#include "crypto/certificate/x509.hpp"

namespace crypto {
namespace {

using Store = std::unique_ptr<X509_STORE, ossl::Freed<X509_STORE_free>>;
using Context = std::unique_ptr<X509_STORE_CTX, ossl::Freed<X509_STORE_CTX_free>>;
struct ListsFreed {
  void operator()(STACK_OF(X509_CRL) * stack) const { sk_X509_CRL_pop_free(stack, X509_CRL_free); }
};
using Lists = std::unique_ptr<STACK_OF(X509_CRL), ListsFreed>;

constexpr std::array<std::string_view, 15> names{"none",
                                                 "broken",
                                                 "too_large",
                                                 "untrusted",
                                                 "bad_signature",
                                                 "expired",
                                                 "not_yet_valid",
                                                 "weak",
                                                 "usage",
                                                 "name_refused",
                                                 "policy",
                                                 "too_deep",
                                                 "revoked",
                                                 "unknown_revocation",
                                                 "critical_extension"};

// Level 2 of OpenSSL: 112 bits, so RSA from 2048 bits on, and no SHA-1.
constexpr int security_level = 2;

struct Meaning {
  int error;
  PathFlaw flaw;
};
// Errors that are not named here are "other", which refuses as well.
constexpr std::array meanings{
    Meaning{X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT, PathFlaw::untrusted},
    Meaning{X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY, PathFlaw::untrusted},
    Meaning{X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE, PathFlaw::untrusted},
    Meaning{X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT, PathFlaw::untrusted},
    Meaning{X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN, PathFlaw::untrusted},
    Meaning{X509_V_ERR_CERT_UNTRUSTED, PathFlaw::untrusted},
    Meaning{X509_V_ERR_CERT_REJECTED, PathFlaw::untrusted},
    Meaning{X509_V_ERR_SUBJECT_ISSUER_MISMATCH, PathFlaw::untrusted},
    Meaning{X509_V_ERR_AKID_SKID_MISMATCH, PathFlaw::untrusted},
    Meaning{X509_V_ERR_AKID_ISSUER_SERIAL_MISMATCH, PathFlaw::untrusted},
    Meaning{X509_V_ERR_CERT_SIGNATURE_FAILURE, PathFlaw::bad_signature},
    Meaning{X509_V_ERR_UNABLE_TO_DECRYPT_CERT_SIGNATURE, PathFlaw::bad_signature},
    Meaning{X509_V_ERR_CERT_HAS_EXPIRED, PathFlaw::expired},
    Meaning{X509_V_ERR_CERT_NOT_YET_VALID, PathFlaw::not_yet_valid},
    Meaning{X509_V_ERR_ERROR_IN_CERT_NOT_BEFORE_FIELD, PathFlaw::broken},
    Meaning{X509_V_ERR_ERROR_IN_CERT_NOT_AFTER_FIELD, PathFlaw::broken},
    Meaning{X509_V_ERR_UNABLE_TO_DECODE_ISSUER_PUBLIC_KEY, PathFlaw::broken},
    Meaning{X509_V_ERR_INVALID_EXTENSION, PathFlaw::broken},
    Meaning{X509_V_ERR_EE_KEY_TOO_SMALL, PathFlaw::weak},
    Meaning{X509_V_ERR_CA_KEY_TOO_SMALL, PathFlaw::weak},
    Meaning{X509_V_ERR_CA_MD_TOO_WEAK, PathFlaw::weak},
    Meaning{X509_V_ERR_EC_KEY_EXPLICIT_PARAMS, PathFlaw::weak},
    Meaning{X509_V_ERR_INVALID_PURPOSE, PathFlaw::usage},
    Meaning{X509_V_ERR_INVALID_CA, PathFlaw::usage},
    Meaning{X509_V_ERR_INVALID_NON_CA, PathFlaw::usage},
    Meaning{X509_V_ERR_KEYUSAGE_NO_CERTSIGN, PathFlaw::usage},
    Meaning{X509_V_ERR_KEYUSAGE_NO_DIGITAL_SIGNATURE, PathFlaw::usage},
    Meaning{X509_V_ERR_PERMITTED_VIOLATION, PathFlaw::name_refused},
    Meaning{X509_V_ERR_EXCLUDED_VIOLATION, PathFlaw::name_refused},
    Meaning{X509_V_ERR_SUBTREE_MINMAX, PathFlaw::name_refused},
    Meaning{X509_V_ERR_UNSUPPORTED_CONSTRAINT_TYPE, PathFlaw::name_refused},
    Meaning{X509_V_ERR_UNSUPPORTED_CONSTRAINT_SYNTAX, PathFlaw::name_refused},
    Meaning{X509_V_ERR_UNSUPPORTED_NAME_SYNTAX, PathFlaw::name_refused},
    Meaning{X509_V_ERR_INVALID_POLICY_EXTENSION, PathFlaw::policy},
    Meaning{X509_V_ERR_NO_EXPLICIT_POLICY, PathFlaw::policy},
    Meaning{X509_V_ERR_PATH_LENGTH_EXCEEDED, PathFlaw::too_deep},
    Meaning{X509_V_ERR_CERT_CHAIN_TOO_LONG, PathFlaw::too_deep},
    Meaning{X509_V_ERR_CERT_REVOKED, PathFlaw::revoked},
    Meaning{X509_V_ERR_UNABLE_TO_GET_CRL, PathFlaw::unknown_revocation},
    Meaning{X509_V_ERR_UNABLE_TO_GET_CRL_ISSUER, PathFlaw::unknown_revocation},
    Meaning{X509_V_ERR_UNABLE_TO_DECRYPT_CRL_SIGNATURE, PathFlaw::unknown_revocation},
    Meaning{X509_V_ERR_CRL_SIGNATURE_FAILURE, PathFlaw::unknown_revocation},
    Meaning{X509_V_ERR_CRL_NOT_YET_VALID, PathFlaw::unknown_revocation},
    Meaning{X509_V_ERR_CRL_HAS_EXPIRED, PathFlaw::unknown_revocation},
    Meaning{X509_V_ERR_ERROR_IN_CRL_LAST_UPDATE_FIELD, PathFlaw::unknown_revocation},
    Meaning{X509_V_ERR_ERROR_IN_CRL_NEXT_UPDATE_FIELD, PathFlaw::unknown_revocation},
    Meaning{X509_V_ERR_KEYUSAGE_NO_CRL_SIGN, PathFlaw::unknown_revocation},
    Meaning{X509_V_ERR_UNHANDLED_CRITICAL_CRL_EXTENSION, PathFlaw::unknown_revocation},
    Meaning{X509_V_ERR_DIFFERENT_CRL_SCOPE, PathFlaw::unknown_revocation},
    Meaning{X509_V_ERR_CRL_PATH_VALIDATION_ERROR, PathFlaw::unknown_revocation},
    Meaning{X509_V_ERR_UNHANDLED_CRITICAL_EXTENSION, PathFlaw::critical_extension},
};

PathFlaw flaw_of(int error) {
  const auto* const found =
      std::find_if(meanings.begin(), meanings.end(), [&](const Meaning& one) { return one.error == error; });
  return found == meanings.end() ? PathFlaw::other : found->flaw;
}

int purpose_of(PathPurpose purpose) {
  switch (purpose) {
    case PathPurpose::tls_client: return X509_PURPOSE_SSL_CLIENT;
    case PathPurpose::tls_server: return X509_PURPOSE_SSL_SERVER;
    case PathPurpose::ocsp: return X509_PURPOSE_OCSP_HELPER;
    case PathPurpose::time_stamp: return X509_PURPOSE_TIMESTAMP_SIGN;
    case PathPurpose::any: break;
  }
  return X509_PURPOSE_ANY;
}

// A stale list may still show a revocation, so it is read further where a missing one would be tolerated.
bool is_of_lists(int error) {
  return error == X509_V_ERR_UNABLE_TO_GET_CRL || error == X509_V_ERR_CRL_HAS_EXPIRED;
}
int tolerate_unlisted(int is_good, X509_STORE_CTX* context) {
  return is_good == 1 || is_of_lists(X509_STORE_CTX_get_error(context)) ? 1 : 0;
}
int tolerate_uncritical(int is_good, X509_STORE_CTX* context) {
  return is_good == 1 || X509_STORE_CTX_get_error(context) == X509_V_ERR_CA_BCONS_NOT_CRITICAL ? 1 : 0;
}
int tolerate_both(int is_good, X509_STORE_CTX* context) {
  return tolerate_unlisted(is_good, context) == 1 ? 1 : tolerate_uncritical(is_good, context);
}

class Verification {
 public:
  Verification(const PathMaterial& material, const PathRules& rules) : material_(material), rules_(rules) {}

  PathJudgement run() {
    PathJudgement judgement;
    judgement.flaw = read();
    if (judgement.flaw != PathFlaw::none) {
      judgement.reason = name_of(judgement.flaw);
      return judgement;
    }
    const Context context(X509_STORE_CTX_new());
    ossl::demand(context != nullptr);
    ossl::demand(X509_STORE_CTX_init(context.get(), store_.get(), leaf_.get(), untrusted_.get()) == 1);
    X509_STORE_CTX_set0_crls(context.get(), lists_.get());
    if (rules_.allows_unlisted) X509_STORE_CTX_set_verify_cb(context.get(), tolerate_unlisted);
    if (rules_.allows_uncritical_constraints)
      X509_STORE_CTX_set_verify_cb(context.get(), rules_.allows_unlisted ? tolerate_both : tolerate_uncritical);
    set_rules(X509_STORE_CTX_get0_param(context.get()));
    const bool is_good = X509_verify_cert(context.get()) == 1;
    const int error = X509_STORE_CTX_get_error(context.get());
    if (!is_good) {
      judgement.flaw = error == X509_V_OK ? PathFlaw::other : flaw_of(error);
      judgement.reason = X509_verify_cert_error_string(error);
      return judgement;
    }
    judge_strength(X509_STORE_CTX_get0_chain(context.get()), judgement);
    return judgement;
  }

 private:
  // The first flaw of what was given.
  PathFlaw read() {
    const std::size_t count = material_.intermediates.size() + 1;
    if (count > most_certificates || material_.leaf.size() > largest_certificate) return PathFlaw::too_large;
    leaf_ = ossl::read_certificate(material_.leaf);
    if (!leaf_) return PathFlaw::broken;
    for (const base::Bytes& der : material_.intermediates) {
      if (der.size() > largest_certificate) return PathFlaw::too_large;
      if (!ossl::push(untrusted_.get(), der)) return PathFlaw::broken;
    }
    ossl::demand(store_ != nullptr);
    for (const base::Bytes& der : material_.anchors) {
      const ossl::Certificate anchor = ossl::read_certificate(der);
      if (!anchor) return PathFlaw::broken;
      ossl::demand(X509_STORE_add_cert(store_.get(), anchor.get()) == 1);
    }
    return read_lists();
  }

  PathFlaw read_lists() {
    for (const base::Bytes& der : material_.lists) {
      if (der.size() > largest_list) return PathFlaw::too_large;
      ossl::List list = ossl::read_list(der);
      // One list that cannot be read must not keep the others from being used; without it the path is unchecked.
      if (!list) continue;
      if (!rules_.allows_weak && !ossl::is_strong_digest(X509_CRL_get_signature_nid(list.get()))) continue;
      ossl::demand(sk_X509_CRL_push(lists_.get(), list.get()) > 0);
      static_cast<void>(list.release());
    }
    return PathFlaw::none;
  }

  void set_rules(X509_VERIFY_PARAM* param) const {
    unsigned long flags = X509_V_FLAG_X509_STRICT | X509_V_FLAG_POLICY_CHECK | X509_V_FLAG_PARTIAL_CHAIN;
    if (rules_.checks_lists) {
      flags |= X509_V_FLAG_CRL_CHECK | X509_V_FLAG_EXTENDED_CRL_SUPPORT | X509_V_FLAG_USE_DELTAS;
      if (!rules_.lists_for_leaf_only) flags |= X509_V_FLAG_CRL_CHECK_ALL;
    }
    if (rules_.ignores_time) flags |= X509_V_FLAG_NO_CHECK_TIME;
    if (rules_.needs_policy) flags |= X509_V_FLAG_EXPLICIT_POLICY;
    if (rules_.refuses_mapping) flags |= X509_V_FLAG_INHIBIT_MAP;
    if (rules_.refuses_any_policy) flags |= X509_V_FLAG_INHIBIT_ANY;
    ossl::demand(X509_VERIFY_PARAM_set_flags(param, flags) == 1);
    // A time that is set goes before the flag.
    if (!rules_.ignores_time) {
      X509_VERIFY_PARAM_set_time(param,
                                 std::chrono::floor<std::chrono::seconds>(rules_.now).time_since_epoch().count());
    }
    X509_VERIFY_PARAM_set_depth(param, static_cast<int>(rules_.most_depth));
    X509_VERIFY_PARAM_set_auth_level(param, rules_.allows_weak ? 0 : security_level);
    ossl::demand(X509_VERIFY_PARAM_set_purpose(param, purpose_of(rules_.purpose)) == 1);
    for (const std::string& policy : rules_.policies) add_policy(param, policy.c_str());
    // OpenSSL takes an empty set for none, RFC 5280 §6.1.1 (c) has any-policy in it.
    if (rules_.policies.empty()) add_policy(param, "2.5.29.32.0");
  }

  static void add_policy(X509_VERIFY_PARAM* param, const char* dotted) {
    ASN1_OBJECT* const object = OBJ_txt2obj(dotted, 1);
    ossl::demand(object != nullptr && X509_VERIFY_PARAM_add0_policy(param, object) == 1);
  }

  // Stricter than OpenSSL's level: curves of 256 bits, and no digest that is not known to be strong. The anchor's own
  // signature proves nothing and is not judged.
  void judge_strength(STACK_OF(X509) * path, PathJudgement& judgement) const {
    const int count = sk_X509_num(path);
    for (int i = 0; i < count; ++i) {
      const X509* const one = sk_X509_value(path, i);
      const bool is_anchor = i == count - 1;
      if (rules_.allows_weak) {
        judgement.path.push_back(ossl::write_der(one, i2d_X509));
        continue;
      }
      if (ossl::judge(X509_get0_pubkey(one)).is_weak || (!is_anchor && !ossl::is_strongly_signed(one))) {
        judgement.flaw = PathFlaw::weak;
        judgement.reason = "a weak key or digest on the path";
        judgement.path.clear();
        return;
      }
      judgement.path.push_back(ossl::write_der(one, i2d_X509));
    }
  }

  const PathMaterial& material_;
  const PathRules& rules_;
  ossl::Certificate leaf_;
  ossl::Certificates untrusted_{sk_X509_new_null()};
  Lists lists_{sk_X509_CRL_new_null()};
  Store store_{X509_STORE_new()};
};

}  // namespace

std::string_view name_of(PathFlaw flaw) {
  const auto number = static_cast<std::size_t>(flaw);
  return number < names.size() ? names.at(number) : "other";
}

PathJudgement verify_chain(const PathMaterial& material, const PathRules& rules) {
  const ossl::ErrorsCleared cleared;
  return Verification(material, rules).run();
}

}  // namespace crypto
