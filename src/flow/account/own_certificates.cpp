// The certificates of the own account (S4.12): added by upload, removed by fingerprint.
#include <algorithm>

#include "audit/event.hpp"
#include "crypto/certificate.hpp"
#include "flow/account/own_data.hpp"
#include "flow/house/record.hpp"
#include "flow/session/judge_actor.hpp"
#include "store/audit/audit_log.hpp"

namespace flow {
namespace {

constexpr std::size_t most_certificates = 10;

base::Result<void> record(store::Tx& tx, const rights::Actor& actor, audit::Code what, const RequestFacts& facts) {
  return store::append_event(tx, make_event(audit::type::account_change, actor, actor.account(), facts,
                                            {{"fields", "certificate"}, {"change", what}}));
}

}  // namespace

base::Result<std::string> add_own_certificate(const House& house, const rights::Actor& actor, std::string_view octets,
                                              const RequestFacts& facts) {
  RETURN_IF_ERROR(demand_editor(house, actor, facts.now));
  const auto read = crypto::parse_certificate(octets);
  if (!read) return std::string("own.flaw.certificate_broken");
  if (read->not_after <= facts.now) return std::string("own.flaw.certificate_expired");
  auto done = write_for(house, actor, facts.now, [&](store::Tx& tx) -> base::Result<std::string> {
    ASSIGN_OR_RETURN(const auto there, store::list_certificates(tx, actor.account().id));
    const bool is_own_already = std::any_of(there.begin(), there.end(), [&](const store::Certificate& one) {
      return one.fingerprint == read->fingerprint;
    });
    if (is_own_already) return std::string("own.flaw.certificate_own_already");
    if (there.size() >= most_certificates) return std::string("own.flaw.certificate_many");
    RETURN_IF_ERROR(store::insert_certificate(
        tx, actor.account().id,
        {read->fingerprint, read->der, read->subject, read->issuer, read->serial, read->not_before, read->not_after},
        facts.now));
    RETURN_IF_ERROR(record(tx, actor, "added", facts));
    return std::string();
  });
  if (!done && done.error().code == base::Code::already_exists) return std::string("identifier.certificate.taken");
  return done;
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
