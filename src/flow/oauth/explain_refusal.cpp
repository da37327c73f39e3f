#include "flow/oauth/explain_refusal.hpp"

#include "base/ip_address.hpp"
#include "flow/session/find_visitor.hpp"

namespace flow {
namespace {

// The registered addresses are for those who can change them, and for a developer at this machine.
bool may_see_registered(const Visitor& visitor, const rights::Client& client, const RequestFacts& facts) {
  const auto& actor = visitor.actor;
  if (actor && actor->may(rights::Permission::manage_clients) && actor->reaches(client.tenant_id)) return true;
  const auto address = base::IpAddress::parse(facts.ip);
  return address && address->is_loopback();
}

}  // namespace

base::Result<PageRefusal> explain_refusal(const House& house, store::Tx& tx, const Refused& refused, PageRefusal page) {
  page.application = rights::name_in(refused.client, text::code_of(refused.facts.language));
  if (!page.uris) return page;
  Visitor visitor;
  if (!refused.session_cookie.empty()) {
    ASSIGN_OR_RETURN(visitor, find_visitor(house, tx, refused.session_cookie, refused.facts));
  }
  if (!may_see_registered(visitor, refused.client, refused.facts)) {
    page.uris->registered.clear();
    for (rights::UriPiece& piece : page.uris->named) piece.differs = false;
  }
  return page;
}

}  // namespace flow
