// The certificates of the own account (S4.12): added by upload, removed by fingerprint.
#include "audit/event.hpp"
#include "flow/account/own_data.hpp"
#include "flow/house/record.hpp"
#include "flow/identifier/read_certificate.hpp"
#include "flow/proof/certificate_handoff.hpp"
#include "flow/session/judge_actor.hpp"
#include "store/audit/audit_log.hpp"

namespace flow {
namespace {

base::Result<void> record(store::Tx& tx, const rights::Actor& actor, audit::Code what, const RequestFacts& facts) {
  return store::append_event(tx, make_event(audit::type::account_change, actor, actor.account(), facts,
                                            {{"fields", "certificate"}, {"change", what}}));
}

CertificateErrand errand_of(const rights::Actor& actor) {
  return {CertificateUse::enrolment, actor.session().id, {}};
}

/// `number`: of a certificate that was presented; "" = of an upload.
base::Result<std::string> add(const House& house, const rights::Actor& actor, base::BytesView octets,
                              base::BytesView number, const RequestFacts& facts) {
  const auto read = read_certificate(octets, facts.now);
  if (!read.flaw.empty()) return read.flaw;
  store::Certificate certificate = read.certificate;
  certificate.is_proven = !number.empty();
  auto done = write_for(house, actor, facts.now, [&](store::Tx& tx) -> base::Result<std::string> {
    if (!number.empty()) {
      ASSIGN_OR_RETURN(const bool is_first, take_presented(tx, actor.account(), number, facts.now));
      if (!is_first) return std::string("own.flaw.certificate_late");
    }
    ASSIGN_OR_RETURN(std::string flaw, insert_certificate_of(tx, actor.account(), certificate, facts));
    if (!flaw.empty()) return flaw;
    RETURN_IF_ERROR(record(tx, actor, "added", facts));
    return std::string();
  });
  if (!done && done.error().code == base::Code::already_exists) return std::string("identifier.certificate.taken");
  return done;
}

}  // namespace

base::Result<std::string> add_own_certificate(const House& house, const rights::Actor& actor, std::string_view octets,
                                              const RequestFacts& facts) {
  RETURN_IF_ERROR(demand_editor(house, actor, facts.now));
  return add(house, actor, octets, {}, facts);
}

base::Result<PresentedToAdd> read_presented_certificate(const House& house, const rights::Actor& actor,
                                                        const base::Secret& presented, const RequestFacts& facts) {
  RETURN_IF_ERROR(demand_editor_kind(actor));
  if (presented.empty()) return PresentedToAdd{"own.flaw.certificate_none", {}};
  const auto opened = open_presented(house, errand_of(actor), presented, facts.now);
  if (!opened) return PresentedToAdd{"own.flaw.certificate_late", {}};
  ReadCertificate read = read_certificate(opened->der, facts.now);
  return PresentedToAdd{std::move(read.flaw), std::move(read.certificate)};
}

base::Result<std::string> add_presented_certificate(const House& house, const rights::Actor& actor,
                                                    const base::Secret& presented, const RequestFacts& facts) {
  RETURN_IF_ERROR(demand_editor(house, actor, facts.now));
  const auto opened = open_presented(house, errand_of(actor), presented, facts.now);
  if (!opened) return std::string("own.flaw.certificate_late");
  return add(house, actor, opened->der, opened->number, facts);
}

base::Result<void> remove_own_certificate(const House& house, const rights::Actor& actor, std::string_view fingerprint,
                                          const RequestFacts& facts) {
  RETURN_IF_ERROR(demand_editor(house, actor, facts.now));
  return write_for(house, actor, facts.now, [&](store::Tx& tx) -> base::Result<void> {
    RETURN_IF_ERROR(store::delete_certificate(tx, actor.account().id, fingerprint));
    return record(tx, actor, "removed", facts);
  });
}

}  // namespace flow
