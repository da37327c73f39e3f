// What a client may do at resource servers: for itself, or for an account that acts in a context (S4.20). It reads the
// facts, and rights::decide_access judges them. Authorization endpoint, tokens and introspection all ask here, each
// time anew, so that a right that was taken away is in no later token and in no later answer.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/id.hpp"
#include "base/result.hpp"
#include "flow/house/house.hpp"
#include "identity/account/account.hpp"
#include "rights/client.hpp"
#include "rights/context.hpp"
#include "store/engine/store.hpp"

namespace flow {

/// What a client asks for before anybody is known: the parameters `resource` (RFC 8707 §2; all values as words) and
/// `scope`.
struct ResourceWish {
  std::string_view resource;
  std::string_view scope;
};
struct ResourceJudgement {
  /// The first value of `resource` that is no resource server which the client may name: the answer is invalid_target.
  /// "" = all are right.
  std::string refused{};
  std::string resource{};  // as asked, each once; for a grant
  /// Words of the asked scope: those of OpenID Connect unchanged, because others judge them; of the rest those that the
  /// client is registered for and that one of the resource servers has.
  std::string scope{};
};
/// The issuer is a resource too (userinfo), which every client may name. Errors: unavailable, internal.
base::Result<ResourceJudgement> judge_resources(const House& house, store::Tx& tx, const rights::Client& client,
                                                const ResourceWish& wish);

struct AccessQuery {
  const rights::Client& client;
  const identity::Account* account = nullptr;      // nullptr: the client asks for itself and belongs to no account
  const rights::ActingContext* context = nullptr;  // nullptr: it acts in none
  std::string_view resource{};                     // words: for which the token is; "" = each that `scope` names
  std::string_view scope{};                        // words: at most these
};
struct Access {
  /// The first identifier of the query's resource that the token cannot be for, or not any more: nothing may be issued
  /// (invalid_target). "" = none.
  std::string refused{};
  std::string scope{};  // granted: words of the query, in their order; those of OpenID Connect as they are
  std::vector<std::string> audiences{};  // identifiers of resource servers, and the issuer if it was named; empty = the
                                         // token is for userinfo only
  /// Names of roles and permissions at the only resource server of the audience. With several there are none, because
  /// one server could take those of another for its own.
  std::vector<std::string> roles{};
  std::vector<std::string> permissions{};
};
/// Decides now. A resource server that was deleted, switched off or taken out of reach is in no audience,
/// and refused if the query names it. Errors: unavailable, internal.
base::Result<Access> find_access(const House& house, store::Tx& tx, const AccessQuery& query);

/// The values of `resource` of a token request, as words, compared with those of the grant (RFC 8707 §2.2): what the
/// token is for; nullopt = a value is not of the grant (invalid_target). asked "" = as granted.
struct GrantedResource {
  std::string_view resource;  // of the grant; "" = none was named
  std::string_view scope;     // of the grant
};
base::Result<std::optional<std::string>> narrow_resource(const House& house, store::Tx& tx,
                                                         const rights::Client& client, const GrantedResource& granted,
                                                         std::string_view asked);

/// The audience of tokens for this server's own API: the issuer and "/api/v1".
std::string find_api_identifier(const House& house);

/// Identifiers of the resource servers that ask as this client (RFC 7662 §2.1: it may introspect tokens for them).
base::Result<std::vector<std::string>> list_own_resources(store::Tx& tx, const rights::Client& client);

/// The name of a scope of a resource server for people, in "en", "de" or "pl"; "" = no server in reach of the client
/// has it.
base::Result<std::string> find_scope_title(const House& house, store::Tx& tx, const rights::Client& client,
                                           std::string_view scope, std::string_view language);

}  // namespace flow
