// What a page that refuses a request shows to the developers of its client (docs/decisions/0052): the client's name,
// and the registered addresses for those who may see them.
#pragma once

#include <string_view>

#include "flow/house/house.hpp"
#include "flow/house/request_facts.hpp"
#include "flow/oauth/oauth_error.hpp"
#include "rights/client.hpp"
#include "store/engine/store.hpp"

namespace flow {

/// Whose request is refused, and who reads the page. The client and the facts must outlive the call.
struct Refused {
  const rights::Client& client;
  std::string_view session_cookie;
  const RequestFacts& facts;
};

/// `page` with the name; its registered addresses stay only for visitors who may see them. Errors: those of
/// find_visitor.
base::Result<PageRefusal> explain_refusal(const House& house, store::Tx& tx, const Refused& refused, PageRefusal page);

}  // namespace flow
