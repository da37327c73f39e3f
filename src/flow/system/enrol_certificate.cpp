#include "flow/system/enrol_certificate.hpp"

#include "audit/event.hpp"
#include "crypto/certificate/certificate_request.hpp"
#include "crypto/certificate/issue.hpp"
#include "flow/certificate/judge_certificate.hpp"
#include "flow/certificate/signed_ahead.hpp"
#include "flow/house/event_turn.hpp"
#include "flow/house/record.hpp"
#include "flow/system/make_certificate.hpp"
#include "flow/system/system_password.hpp"
#include "flow/tenant/features.hpp"
#include "store/account/accounts.hpp"
#include "store/audit/audit_log.hpp"
#include "store/certificate/authorities.hpp"
#include "store/system/client_systems.hpp"
#include "store/tenant/tenants.hpp"

namespace flow {
namespace {

constexpr std::int64_t most_in_minute = 5;

/// Who gets a certificate.
struct Holder {
  identity::Account account;
  std::optional<store::ClientSystem> system;
};

bool is_program(const identity::Account& account) {
  return account.kind == identity::AccountKind::client_system || account.kind == identity::AccountKind::service;
}

audit::Code reason_of(const base::Error& error) {
  switch (error.code) {
    case base::Code::login_failed: return "proof_refused";
    case base::Code::conflict: return "no_authority";
    case base::Code::denied:
      return error.reason == feature_off ? audit::Code("feature_off") : audit::Code("name_refused");
    case base::Code::too_many: return audit::Code("certificates_full");
    default: return "request_refused";
  }
}

/// A refusal of its own transaction, because that of the effect was rolled back.
base::Result<void> record_refusal(const House& house, audit::Code reason, std::string_view fingerprint,
                                  const RequestFacts& facts) {
  return house.store.write([&](store::Tx& tx) -> base::Result<void> {
    const std::string what = "enrolment|" + std::string(reason.view());
    ASSIGN_OR_RETURN(const EventTurn turn, take_network_turn(house, tx, what, most_in_minute, facts));
    if (!turn.is_written) return {};
    ASSIGN_OR_RETURN(const store::Tenant first, store::find_first_tenant(tx));
    audit::Event event = make_event(audit::type::enrolment_refusal, Subject(first.id), facts,
                                    {{"reason", reason},
                                     {"fingerprint", audit::Value::checked_code(fingerprint)},
                                     {"in_this_minute", audit::Value::count(turn.in_this_minute)}});
    event.outcome = "failure";
    return store::append_event(tx, std::move(event));
  });
}

base::Result<IssuedCertificate> issue_for(const CertificateAct& act, const Holder& holder,
                                          const crypto::CertificateRequest& request) {
  const std::string name = holder.system ? holder.system->id : holder.account.id.to_string();
  // RFC 7030 §4.2.1 leaves the subject to the server; another name than the own one is a mistake that must show.
  if (!request.common_name.empty() && request.common_name != name) {
    return base::fail(base::Code::invalid_input, "the request names somebody else");
  }
  if (holder.system) return issue_for_system(act, *holder.system, request.public_key);
  ASSIGN_OR_RETURN(const auto others,
                   store::list_good_of_account(act.tx, holder.account.id, std::int64_t(most_certificates)));
  if (others.size() >= most_certificates) return base::fail(base::Code::too_many, std::string(certificates_full));
  CertificateWish wish;
  wish.profile = authority::Profile::client_system;
  wish.tenant_id = holder.account.tenant_id;
  wish.account_id = holder.account.id;
  wish.common_name = name;
  wish.public_key = request.public_key;
  return issue_certificate(act, wish);
}

base::Result<IssuedCertificate> prove_and_issue(const House& house, const EnrolmentWish& wish,
                                                const RequestFacts& facts) {
  ASSIGN_OR_RETURN(SystemPassword proof, SystemPassword::compare(house, claim_login(wish.user), wish.password, facts));
  const auto request = crypto::read_certificate_request(wish.request);
  auto issued = sign_ahead([&](SignedAhead& ahead) {
    return house.store.write([&](store::Tx& tx) -> base::Result<std::optional<IssuedCertificate>> {
      ASSIGN_OR_RETURN(const Settled settled, proof.settle(tx));
      // A refusal of the proof is counted, so that this transaction must not be rolled back.
      if (!settled.refusal.empty()) return std::optional<IssuedCertificate>();
      if (!is_program(settled.account)) return base::fail(base::Code::denied, "only programs enrol by password");
      if (!request) return base::fail(request.error().code, request.error().reason);
      ASSIGN_OR_RETURN(IssuedCertificate made,
                       issue_for({house, tx, facts, nullptr, &ahead}, {settled.account, proof.named()}, *request));
      return std::optional(std::move(made));
    });
  });
  if (!issued) return base::pass_on(std::move(issued));
  if (!*issued) return refuse_login();
  return std::move(**issued);
}

base::Result<Holder> find_holder(store::Tx& tx, const CertificateJudgement& judgement) {
  const bool is_ours = judgement.own && judgement.own->account_id;
  if (!judgement.flaw.empty() || !is_ours) return refuse_login();
  ASSIGN_OR_RETURN(const auto account, store::find_account(tx, *judgement.own->account_id));
  if (!account || !identity::may_log_in(*account) || !is_program(*account)) return refuse_login();
  Holder holder{*account, std::nullopt};
  if (account->kind == identity::AccountKind::client_system) {
    ASSIGN_OR_RETURN(holder.system, store::find_client_system_of(tx, account->id));
    // The administrator of the client systems may have revoked it there alone.
    ASSIGN_OR_RETURN(const auto registered, store::find_system_certificate(tx, judgement.fingerprint));
    if (!holder.system || !registered || registered->revoked_at) return refuse_login();
  }
  return holder;
}

}  // namespace

base::Result<IssuedCertificate> enrol_by_password(const House& house, const EnrolmentWish& wish,
                                                  const RequestFacts& facts) {
  auto issued = prove_and_issue(house, wish, facts);
  if (issued) return issued;
  // The proof has its own event for a failure.
  const base::Code code = issued.error().code;
  const bool is_network = code == base::Code::too_many && issued.error().reason != certificates_full;
  if (code == base::Code::login_failed || is_network || code == base::Code::unavailable) {
    return issued;
  }
  RETURN_IF_ERROR(record_refusal(house, reason_of(issued.error()), {}, facts));
  return issued;
}

base::Result<IssuedCertificate> enrol_again(const House& house, const ReenrolmentWish& wish,
                                            const RequestFacts& facts) {
  const auto request = crypto::read_certificate_request(wish.request);
  std::string fingerprint;
  auto issued = sign_ahead([&](SignedAhead& ahead) {
    return house.store.write([&](store::Tx& tx) -> base::Result<IssuedCertificate> {
      ASSIGN_OR_RETURN(const CertificateJudgement judgement,
                       judge_certificate(tx, wish.certificate, trust::Purpose::client_system, facts.now));
      fingerprint = judgement.fingerprint;
      ASSIGN_OR_RETURN(const Holder holder, find_holder(tx, judgement));
      if (!request) return base::fail(request.error().code, request.error().reason);
      return issue_for({house, tx, facts, nullptr, &ahead}, holder, *request);
    });
  });
  if (issued || issued.error().code == base::Code::unavailable) return issued;
  const bool is_proof = issued.error().code == base::Code::login_failed;
  RETURN_IF_ERROR(record_refusal(house, is_proof ? audit::Code("certificate_refused") : reason_of(issued.error()),
                                 fingerprint, facts));
  return issued;
}

base::Result<base::Bytes> pack_authorities(const House& house, base::Time now) {
  ASSIGN_OR_RETURN(auto rows, house.store.read([](store::Tx& tx) { return store::list_authorities(tx); }));
  std::vector<base::Bytes> ders;
  for (store::AuthorityRow& row : rows) {
    if (row.counts(now)) ders.push_back(std::move(row.der));
  }
  if (ders.empty()) return base::fail(base::Code::not_found, "there is no certificate authority");
  return crypto::pack_certificates(ders);
}

base::Result<base::Bytes> pack_issued(const IssuedCertificate& issued) {
  return crypto::pack_certificates({issued.der});
}

}  // namespace flow
