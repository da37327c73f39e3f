#include "flow/oauth/rp_logout.hpp"

#include <optional>

#include "audit/event.hpp"
#include "flow/oauth/post_logout.hpp"
#include "flow/oauth/read_hint.hpp"
#include "flow/session/logout.hpp"
#include "rights/session.hpp"
#include "store/engine/store.hpp"
#include "store/oauth/clients.hpp"
#include "store/session/sessions.hpp"

namespace flow {
namespace {

constexpr std::size_t longest_state = 1024;

struct Asker {
  std::optional<rights::Client> client;
  std::optional<base::Id> session_of_hint;
};

base::Result<Asker> find_asker(store::Tx& tx, std::string_view client_id, const std::optional<IdTokenHint>& hint) {
  Asker asker;
  if (client_id.empty()) return asker;
  ASSIGN_OR_RETURN(asker.client, store::find_client(tx, client_id));
  if (asker.client && hint && !hint->sid.empty()) {
    ASSIGN_OR_RETURN(asker.session_of_hint, store::find_session_by_sid(tx, asker.client->id, hint->sid));
  }
  return asker;
}

std::string make_location(const LogoutRequest& request) {
  std::string location = request.post_logout_redirect_uri;
  if (!location.empty() && !request.state.empty()) {
    location.append(location.find('?') == std::string::npos ? "?" : "&");
    location.append("state=").append(base::percent_encode(request.state));
  }
  return location;
}

}  // namespace

base::Result<RpLogout> rp_logout(const House& house, const LogoutRequest& request, std::string_view session_cookie,
                                 const RequestFacts& facts) {
  const auto refuse = [](std::string_view key) { return RpLogout(PageRefusal{key}); };
  if (request.doubled || request.state.size() > longest_state) return refuse("oidc.error.request");
  std::optional<IdTokenHint> hint;
  if (!request.id_token_hint.empty()) {
    auto read = read_hint(house, request.id_token_hint, facts.now);
    if (!read) return refuse("oidc.error.logout");
    hint = std::move(*read);
    // "the OP MUST verify that the Client Identifier matches the one used when issuing the ID Token."
    if (!request.client_id.empty() && request.client_id != hint->client_id) return refuse("oidc.error.logout");
  }
  const std::string& client_id = hint ? hint->client_id : request.client_id;
  ASSIGN_OR_RETURN(const Asker asker, house.store.read([&](store::Tx& tx) { return find_asker(tx, client_id, hint); }));
  if (!client_id.empty() && !asker.client) return refuse("oidc.error.client");
  if (!request.post_logout_redirect_uri.empty() &&
      (!asker.client ||
       !rights::is_registered(asker.client->post_logout_redirect_uris, request.post_logout_redirect_uri))) {
    return refuse("oidc.error.redirect_uri");
  }
  const std::string location = make_location(request);
  ASSIGN_OR_RETURN(const Visitor visitor, find_visitor(house, session_cookie, facts, false));
  const rights::Session* session = visitor.session();
  if (session == nullptr) return RpLogout(LogoutOver{location});
  const bool is_own = asker.session_of_hint == session->id && hint->subject == session->account_id.to_string();
  if (!is_own) return RpLogout(LogoutQuestion{location.empty() ? "" : seal_post_logout(house, location, facts.now)});
  RETURN_IF_ERROR(logout(house, visitor, audit::why::client, facts));
  return RpLogout(LogoutOver{location});
}

}  // namespace flow
