#include "flow/certificate/trust_anchors.hpp"

#include <algorithm>
#include <array>

#include "audit/event.hpp"
#include "crypto/certificate/certificate.hpp"
#include "crypto/certificate/certificate_traits.hpp"
#include "flow/house/demand_permission.hpp"
#include "flow/house/find_tenant.hpp"
#include "flow/house/record.hpp"
#include "flow/session/judge_actor.hpp"
#include "store/audit/audit_log.hpp"
#include "store/tenant/tenants.hpp"

namespace flow {
namespace {

constexpr auto demanded = rights::Permission::manage_authorities;
constexpr std::size_t most_anchors = 200;
constexpr std::size_t longest_url = 500;
constexpr std::array<std::string_view, 3> places_of_keys{"swk", "hwk", "sc"};
constexpr std::array<std::string_view, 3> matchings{"fingerprint", "pesel", "subject_serial"};

tl::unexpected<base::Error> wrong(std::string why) {
  return base::fail(base::Code::invalid_input, std::move(why));
}

bool is_one_of(const std::array<std::string_view, 3>& words, std::string_view word) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

base::Result<void> check_words(const AnchorWish& wish) {
  if (!is_one_of(places_of_keys, wish.amr)) return wrong("the keys are in swk, hwk or sc");
  if (!is_one_of(matchings, wish.matching)) return wrong("people are found by fingerprint, pesel or subject_serial");
  if (wish.purpose == trust::Purpose::ocsp) return wrong("responders are trusted through their authority");
  if (wish.asks == trust::Asks::none) return {};
  const bool is_web = wish.url.starts_with("http://") || wish.url.starts_with("https://");
  if (!is_web || wish.url.size() > longest_url)
    return wrong("give the address of its list or responder, http or https");
  return {};
}

base::Result<crypto::CertificateFacts> read_authority(const AnchorWish& wish, base::Time now) {
  ASSIGN_OR_RETURN(crypto::CertificateFacts facts, crypto::parse_certificate(wish.certificate));
  ASSIGN_OR_RETURN(const crypto::CertificateTraits traits, crypto::read_traits(facts.der));
  if (!traits.is_authority) return wrong("this is no certificate of an authority");
  if (traits.is_weak_key) return wrong("a weak or unknown key: " + traits.algorithm);
  if (facts.not_after <= now) return wrong("the certificate has ended");
  return facts;
}

audit::Codes rules_of(const store::TrustAnchor& anchor) {
  audit::Codes rules;
  for (const trust::Asks one : {trust::Asks::none, trust::Asks::crl, trust::Asks::ocsp}) {
    if (trust::name_of(one) == anchor.asks) rules.add(one);
  }
  for (const trust::Unreachable one : {trust::Unreachable::refuse, trust::Unreachable::accept}) {
    if (trust::name_of(one) == anchor.unreachable) rules.add(one);
  }
  if (anchor.amr == "swk") rules.add("swk");
  if (anchor.amr == "hwk") rules.add("hwk");
  if (anchor.amr == "sc") rules.add("sc");
  if (anchor.matching == "fingerprint") rules.add("fingerprint");
  if (anchor.matching == "pesel") rules.add("pesel");
  if (anchor.matching == "subject_serial") rules.add("subject_serial");
  return rules;
}

base::Result<void> record(store::Tx& tx, const rights::Actor& actor, const store::TrustAnchor& anchor,
                          audit::Code change, const RequestFacts& facts) {
  ASSIGN_OR_RETURN(const store::Tenant first, store::find_first_tenant(tx));
  return store::append_event(tx,
                             make_event(audit::type::trust_change, actor, anchor.tenant_id.value_or(first.id), facts,
                                        {{"change", change},
                                         {"purpose", audit::Value::checked_code(anchor.purpose)},
                                         {"fingerprint", audit::Value::checked_code(anchor.sha256)},
                                         {"rules", rules_of(anchor)}}));
}

base::Result<void> ask_for_list(store::Tx& tx, const store::TrustAnchor& anchor, base::Time now) {
  if (anchor.asks != trust::name_of(trust::Asks::crl)) return {};
  store::ForeignRevocation due;
  due.anchor_id = anchor.id;
  due.kind = "crl";
  due.due_at = now;
  due.asked_at = now;
  return store::put_foreign_revocation(tx, due);
}

base::Result<store::TrustAnchor> find_named(store::Tx& tx, std::string_view named) {
  ASSIGN_OR_RETURN(const auto anchors, store::list_trust_anchors(tx, {}));
  for (const store::TrustAnchor& one : anchors) {
    if (one.id.to_string() == named || one.sha256 == named) return one;
  }
  return base::fail(base::Code::not_found, "there is no trust anchor " + std::string(named));
}

}  // namespace

base::Result<store::TrustAnchor> add_trust_anchor(const House& house, const rights::Actor& actor,
                                                  const AnchorWish& wish, const RequestFacts& facts) {
  RETURN_IF_ERROR(demand_permission(actor, demanded));
  RETURN_IF_ERROR(check_words(wish));
  ASSIGN_OR_RETURN(const crypto::CertificateFacts read, read_authority(wish, facts.now));
  return write_for(house, actor, facts.now, [&](store::Tx& tx) -> base::Result<store::TrustAnchor> {
    store::TrustAnchor anchor;
    anchor.id = base::Id::make(facts.now);
    if (!wish.tenant.empty()) {
      ASSIGN_OR_RETURN(const store::Tenant tenant, find_managed_tenant(tx, actor, wish.tenant));
      anchor.tenant_id = tenant.id;
    }
    anchor.purpose = trust::name_of(wish.purpose);
    anchor.sha256 = read.fingerprint;
    anchor.subject = read.subject;
    anchor.der = read.der;
    anchor.not_after = read.not_after;
    anchor.asks = trust::name_of(wish.asks);
    anchor.url = wish.asks == trust::Asks::none ? std::string() : wish.url;
    anchor.unreachable = trust::name_of(wish.unreachable);
    anchor.amr = wish.amr;
    anchor.matching = wish.matching;
    anchor.created_at = facts.now;
    anchor.created_by = id_of(actor);
    ASSIGN_OR_RETURN(const auto present, store::list_trust_anchors(tx, {}));
    if (present.size() >= most_anchors) return base::fail(base::Code::too_many, "at most 200 authorities are trusted");
    for (const store::TrustAnchor& one : present) {
      // One authority has one rule for a purpose, because a certificate could not say which of two counts.
      if (one.sha256 == anchor.sha256 && one.purpose == anchor.purpose) {
        return base::fail(base::Code::already_exists, "this authority is trusted already: " + one.id.to_string());
      }
    }
    RETURN_IF_ERROR(store::insert_trust_anchor(tx, anchor));
    RETURN_IF_ERROR(ask_for_list(tx, anchor, facts.now));
    RETURN_IF_ERROR(record(tx, actor, anchor, "added", facts));
    return anchor;
  });
}

base::Result<void> remove_trust_anchor(const House& house, const rights::Actor& actor, std::string_view named,
                                       const RequestFacts& facts) {
  RETURN_IF_ERROR(demand_permission(actor, demanded));
  return write_for(house, actor, facts.now, [&](store::Tx& tx) -> base::Result<void> {
    ASSIGN_OR_RETURN(const store::TrustAnchor anchor, find_named(tx, named));
    RETURN_IF_ERROR(store::delete_trust_anchor(tx, anchor.id));
    return record(tx, actor, anchor, "removed", facts);
  });
}

base::Result<std::vector<ListedAnchor>> list_anchors(const House& house, const rights::Actor& actor) {
  RETURN_IF_ERROR(demand_permission(actor, demanded));
  return house.store.read([](store::Tx& tx) -> base::Result<std::vector<ListedAnchor>> {
    ASSIGN_OR_RETURN(auto anchors, store::list_trust_anchors(tx, {}));
    std::vector<ListedAnchor> listed;
    for (store::TrustAnchor& anchor : anchors) {
      ASSIGN_OR_RETURN(const auto answer, store::find_foreign_revocation(tx, anchor.id, "crl", {}));
      ListedAnchor one{std::move(anchor), std::nullopt, {}};
      if (answer) {
        one.next_update = answer->next_update;
        one.failure = answer->failure;
      }
      listed.push_back(std::move(one));
    }
    return listed;
  });
}

}  // namespace flow
