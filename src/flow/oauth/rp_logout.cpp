#include "flow/oauth/rp_logout.hpp"

#include <optional>

#include "audit/event.hpp"
#include "flow/oauth/explain_refusal.hpp"
#include "flow/oauth/post_logout.hpp"
#include "flow/oauth/read_hint.hpp"
#include "flow/session/logout.hpp"
#include "flow/session/session_cookie.hpp"
#include "flow/session/subject.hpp"
#include "rights/session.hpp"
#include "rights/uri_difference.hpp"
#include "store/engine/store.hpp"
#include "store/oauth/clients.hpp"
#include "store/session/sessions.hpp"

namespace flow {
namespace {

constexpr std::size_t longest_state = 1024;

struct Asker {
  std::optional<rights::Client> client;
  std::optional<base::Id> session_of_hint;
  std::optional<base::Id> account_of_hint;
};

base::Result<Asker> find_asker(store::Tx& tx, std::string_view client_id, const std::optional<IdTokenHint>& hint) {
  Asker asker;
  if (client_id.empty()) return asker;
  ASSIGN_OR_RETURN(asker.client, store::find_client(tx, client_id));
  if (asker.client && hint && !hint->sid.empty()) {
    ASSIGN_OR_RETURN(asker.session_of_hint, store::find_session_by_sid(tx, asker.client->id, hint->sid));
    ASSIGN_OR_RETURN(asker.account_of_hint, find_account_of_subject(tx, *asker.client, hint->subject));
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
  const auto refuse = [](std::string_view key, std::string reason) {
    return RpLogout(PageRefusal{key, std::move(reason)});
  };
  if (request.doubled) return refuse("oidc.error.request", "a parameter is included more than once");
  if (request.state.size() > longest_state) return refuse("oidc.error.request", "state is too long");
  std::optional<IdTokenHint> hint;
  if (!request.id_token_hint.empty()) {
    // One that cannot be read proves nothing, as if there were none.
    if (auto read = read_hint(house, request.id_token_hint, facts.now)) hint = std::move(*read);
    // "the OP MUST verify that the Client Identifier matches the one used when issuing the ID Token."
    if (hint && !request.client_id.empty() && request.client_id != hint->client_id) {
      return refuse("oidc.error.logout", "client_id is not the client of id_token_hint, \"" + hint->client_id + "\"");
    }
  }
  const std::string& client_id = hint ? hint->client_id : request.client_id;
  ASSIGN_OR_RETURN(const Asker asker, house.store.read([&](store::Tx& tx) { return find_asker(tx, client_id, hint); }));
  if (!client_id.empty() && !asker.client)
    return refuse("oidc.error.client", name_client(client_id) + " is not registered");
  if (const std::string& uri = request.post_logout_redirect_uri; !uri.empty() && asker.client) {
    const auto& registered = asker.client->post_logout_redirect_uris;
    if (!rights::is_registered(registered, uri)) {
      PageRefusal page{"oidc.error.redirect_uri",
                       name_client(client_id) + ": post_logout_redirect_uri \"" + rights::printable_uri(uri) +
                           "\" is not registered: " + rights::describe_difference(registered, uri)};
      page.uris = rights::compare_uris(registered, uri);
      const auto explain = [&](store::Tx& tx) {
        return explain_refusal(house, tx, {*asker.client, session_cookie, facts}, page);
      };
      // The visit of a session is noted.
      const bool has_session = parse_session_cookie(session_cookie).has_value();
      ASSIGN_OR_RETURN(page, has_session ? house.store.write(explain) : house.store.read(explain));
      return RpLogout(std::move(page));
    }
  }
  // A client that is switched off sends nobody anywhere; the session ends all the same.
  const bool may_lead = hint && asker.client && asker.client->enabled;
  const std::string location = may_lead ? make_location(request) : std::string();
  ASSIGN_OR_RETURN(const Visitor visitor, find_visitor(house, session_cookie, facts, false));
  const rights::Session* session = visitor.session();
  if (session == nullptr) return RpLogout(LogoutOver{location});
  const bool is_own = asker.session_of_hint == session->id && asker.account_of_hint == session->account_id;
  if (!is_own) return RpLogout(LogoutQuestion{location.empty() ? "" : seal_post_logout(house, location, facts.now)});
  RETURN_IF_ERROR(logout(house, visitor, audit::why::client, facts));
  return RpLogout(LogoutOver{location});
}

}  // namespace flow
