// The certificates of the own account (S4.12): added by upload, removed by fingerprint.
#include "audit/event.hpp"
#include "flow/account/own_data.hpp"
#include "flow/house/record.hpp"
#include "flow/identifier/read_certificate.hpp"
#include "flow/session/judge_actor.hpp"
#include "store/audit/audit_log.hpp"

namespace flow {
namespace {

base::Result<void> record(store::Tx& tx, const rights::Actor& actor, audit::Code what, const RequestFacts& facts) {
  return store::append_event(tx, make_event(audit::type::account_change, actor, actor.account(), facts,
                                            {{"fields", "certificate"}, {"change", what}}));
}

}  // namespace

base::Result<std::string> add_own_certificate(const House& house, const rights::Actor& actor, std::string_view octets,
                                              const RequestFacts& facts) {
  RETURN_IF_ERROR(demand_editor(house, actor, facts.now));
  const auto read = read_certificate(octets, facts.now);
  if (!read.flaw.empty()) return read.flaw;
  auto done = write_for(house, actor, facts.now, [&](store::Tx& tx) -> base::Result<std::string> {
    ASSIGN_OR_RETURN(std::string flaw, insert_certificate_of(tx, actor.account().id, read.certificate, facts.now));
    if (!flaw.empty()) return flaw;
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
