#include "flow/certificate/judge_certificate.hpp"

#include <algorithm>

#include "authority/profile.hpp"
#include "crypto/certificate/certificate.hpp"
#include "crypto/certificate/ocsp.hpp"
#include "crypto/certificate/subject.hpp"
#include "crypto/certificate/verify_chain.hpp"
#include "flow/certificate/fetch_revocation.hpp"
#include "flow/certificate/own_authority.hpp"
#include "identity/identifier/id_card.hpp"
#include "identity/identifier/login_name.hpp"
#include "identity/identifier/passport.hpp"
#include "identity/identifier/pesel.hpp"
#include "store/certificate/authorities.hpp"
#include "trust/revocation.hpp"

namespace flow {
namespace {

audit::Code code_of(crypto::PathFlaw flaw) {
  using crypto::PathFlaw;
  switch (flaw) {
    case PathFlaw::none: return {};
    case PathFlaw::broken:
    case PathFlaw::too_large:
    case PathFlaw::critical_extension: return "certificate_broken";
    case PathFlaw::expired: return "certificate_expired";
    case PathFlaw::not_yet_valid: return "certificate_early";
    case PathFlaw::revoked: return "certificate_revoked";
    case PathFlaw::usage: return "certificate_usage";
    case PathFlaw::weak: return "certificate_weak";
    case PathFlaw::unknown_revocation: return "certificate_unchecked";
    case PathFlaw::untrusted:
    case PathFlaw::bad_signature:
    case PathFlaw::name_refused:
    case PathFlaw::policy:
    case PathFlaw::too_deep:
    case PathFlaw::other: break;
  }
  return "certificate_untrusted";
}

bool is_profile_for(std::string_view profile, trust::Purpose purpose) {
  return profile == trust::name_of(purpose);
}

class Judging {
 public:
  Judging(store::Tx& tx, trust::Purpose purpose, base::Time now) : tx_(tx), purpose_(purpose), now_(now) {}

  base::Result<CertificateJudgement> run(base::BytesView der) {
    CertificateJudgement judgement;
    auto facts = crypto::parse_certificate(der);
    if (!facts) {
      judgement.flaw = "certificate_broken";
      return judgement;
    }
    judgement.fingerprint = facts->fingerprint;
    der_ = std::move(facts->der);
    ASSIGN_OR_RETURN(judgement.own, store::find_issued(tx_, judgement.fingerprint));
    if (judgement.own) {
      RETURN_IF_ERROR(judge_own(judgement));
    } else {
      RETURN_IF_ERROR(judge_foreign(judgement));
    }
    return judgement;
  }

 private:
  base::Result<void> judge_own(CertificateJudgement& judgement) {
    const store::IssuedRow& row = *judgement.own;
    // A certificate of another profile may have the same extended key usage.
    if (!is_profile_for(row.profile, purpose_)) {
      judgement.flaw = "certificate_usage";
      return {};
    }
    ASSIGN_OR_RETURN(const auto authority, store::find_authority(tx_, row.authority_id));
    if (row.revoked_at || !authority || authority->state == "revoked") {
      judgement.flaw = "certificate_revoked";
      return {};
    }
    ASSIGN_OR_RETURN(const std::vector<base::Bytes> chain, find_chain(tx_, *authority));
    crypto::PathMaterial material;
    material.leaf = der_;
    material.intermediates = {chain.front()};
    material.anchors = {chain.back()};
    judgement.flaw = code_of(crypto::verify_chain(material, rules()).flaw);
    return {};
  }

  base::Result<void> judge_foreign(CertificateJudgement& judgement) {
    ASSIGN_OR_RETURN(const auto anchors, store::list_trust_anchors(tx_, trust::name_of(purpose_)));
    crypto::PathMaterial material;
    material.leaf = der_;
    for (const store::TrustAnchor& one : anchors) material.anchors.push_back(one.der);
    const crypto::PathJudgement path = crypto::verify_chain(material, rules());
    judgement.flaw = code_of(path.flaw);
    if (!path.is_good()) return {};
    const auto anchor = std::find_if(anchors.begin(), anchors.end(),
                                     [&](const store::TrustAnchor& one) { return one.der == path.path.back(); });
    // The anchor itself is no certificate of a person or a program.
    if (anchor == anchors.end() || path.path.size() < 2) {
      judgement.flaw = "certificate_untrusted";
      return {};
    }
    // What issued it is the anchor that counts: an issuing authority may be an anchor below another one.
    const auto issuer = std::find_if(anchors.begin(), anchors.end(),
                                     [&](const store::TrustAnchor& one) { return one.der == path.path.at(1); });
    judgement.anchor = issuer == anchors.end() ? *anchor : *issuer;
    return judge_revocation(judgement, path);
  }

  base::Result<void> judge_revocation(CertificateJudgement& judgement, const crypto::PathJudgement& path) {
    const store::TrustAnchor& anchor = *judgement.anchor;
    trust::RevocationFacts facts;
    ASSIGN_OR_RETURN(facts.asks, trust::parse_asks(anchor.asks));
    ASSIGN_OR_RETURN(facts.mode, trust::parse_unreachable(anchor.unreachable));
    if (facts.asks == trust::Asks::crl) RETURN_IF_ERROR(read_list(anchor, path, facts));
    if (facts.asks == trust::Asks::ocsp) RETURN_IF_ERROR(read_answer(anchor, judgement.fingerprint, facts));
    judgement.flaw = code_of(trust::judge_revocation(facts));
    return {};
  }

  base::Result<void> read_list(const store::TrustAnchor& anchor, const crypto::PathJudgement& path,
                               trust::RevocationFacts& facts) {
    ASSIGN_OR_RETURN(const auto list, store::find_foreign_revocation(tx_, anchor.id, "crl", {}));
    if (!list || list->answer.empty()) return {};
    crypto::PathMaterial material;
    material.leaf = der_;
    material.anchors = {path.path.at(1)};
    material.lists = {list->answer};
    crypto::PathRules checked = rules();
    checked.checks_lists = true;
    checked.lists_for_leaf_only = true;
    // A list of another scope, for example, says nothing about this certificate.
    const crypto::PathFlaw strict = crypto::verify_chain(material, checked).flaw;
    if (strict == crypto::PathFlaw::none) {
      facts.freshness = trust::judge_freshness(list->this_update, list->next_update, now_);
      return {};
    }
    // An old list still refuses what it names.
    checked.allows_unlisted = true;
    facts.is_revoked = crypto::verify_chain(material, checked).flaw == crypto::PathFlaw::revoked;
    return {};
  }

  base::Result<void> read_answer(const store::TrustAnchor& anchor, const std::string& fingerprint,
                                 trust::RevocationFacts& facts) {
    ASSIGN_OR_RETURN(const auto kept, store::find_foreign_revocation(tx_, anchor.id, "ocsp", fingerprint));
    if (!kept) want_answer({anchor.id, fingerprint, der_});
    if (!kept || kept->answer.empty()) return {};
    const base::Time asked = kept->this_update.value_or(now_);
    const auto read = crypto::read_ocsp_answer(kept->answer, der_, anchor.der, asked);
    if (!read) return {};
    facts.is_revoked = read->status == crypto::OcspStatus::revoked;
    if (read->status != crypto::OcspStatus::unknown) {
      facts.freshness = trust::judge_freshness(read->this_update, read->next_update, now_);
    }
    return {};
  }

  [[nodiscard]] crypto::PathRules rules() const {
    crypto::PathRules rules;
    rules.purpose = trust::path_purpose_of(purpose_);
    rules.now = now_;
    return rules;
  }

  store::Tx& tx_;
  trust::Purpose purpose_;
  base::Time now_;
  base::Bytes der_;
};

rights::ProofMethod method_of(std::string_view amr) {
  if (amr == "sc") return rights::ProofMethod::certificate_card;
  return amr == "hwk" ? rights::ProofMethod::certificate_hardware : rights::ProofMethod::certificate;
}

// ETSI EN 319 412-1 §5.1.3: three letters for the kind of number, two for the country, a hyphen, the number.
struct NamedNumber {
  std::string_view kind;
  std::string_view country;
  std::string_view number;
};
std::optional<NamedNumber> split_serial(std::string_view serial) {
  constexpr std::size_t prefix = 6;
  if (serial.size() <= prefix || serial[prefix - 1] != '-') return std::nullopt;
  return NamedNumber{serial.substr(0, 3), serial.substr(3, 2), serial.substr(prefix)};
}

void name_person(std::string_view matching, base::BytesView der, JudgedCertificate& judged) {
  const auto serial = crypto::find_subject_serial(der);
  const auto named = serial ? split_serial(*serial) : std::nullopt;
  if (!named) return;
  base::Result<std::string> canonical = base::fail(base::Code::invalid_input, "no number");
  std::string_view type;
  if (named->kind == "PNO" && named->country == "PL") {
    type = identity::identifier_type::pesel;
    const auto pesel = identity::parse_pesel(named->number);
    if (pesel) canonical = pesel->canonical;
  } else if (matching == "subject_serial" && named->kind == "PAS") {
    type = identity::identifier_type::passport;
    canonical = identity::parse_passport(named->number, named->country);
  } else if (matching == "subject_serial" && named->kind == "IDC" && named->country == "PL") {
    type = identity::identifier_type::id_card;
    canonical = identity::parse_id_card(named->number);
  }
  if (!canonical) return;
  judged.person_type = type;
  judged.person_value = *canonical;
}

}  // namespace

base::Result<CertificateJudgement> judge_certificate(store::Tx& tx, base::BytesView der, trust::Purpose purpose,
                                                     base::Time now) {
  return Judging(tx, purpose, now).run(der);
}

base::Result<JudgedCertificate> judge_person_certificate(store::Tx& tx, base::BytesView der, base::Time now) {
  ASSIGN_OR_RETURN(const CertificateJudgement judgement, judge_certificate(tx, der, trust::Purpose::person_login, now));
  JudgedCertificate judged;
  judged.fingerprint = judgement.fingerprint;
  judged.flaw = judgement.flaw;
  if (judgement.own) judged.tenant_id = judgement.own->tenant_id;
  if (!judgement.anchor) return judged;
  judged.tenant_id = judgement.anchor->tenant_id.value_or(base::Id());
  judged.method = method_of(judgement.anchor->amr);
  if (judged.flaw.empty() && judgement.anchor->matching != "fingerprint") {
    name_person(judgement.anchor->matching, der, judged);
  }
  return judged;
}

}  // namespace flow
