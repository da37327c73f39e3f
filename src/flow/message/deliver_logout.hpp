// Tells a relying party that a login is over (OpenID Connect Back-Channel Logout 1.0 §2.4, §2.5): payload of the
// outbox item {"client_id":UUID,"sub":…,"sid":…}, sent as a signed logout token.
#pragma once

#include <string>

#include "base/time.hpp"
#include "flow/message/deliver_outbox.hpp"
#include "remote/http_client.hpp"
#include "rights/client.hpp"

namespace flow {

/// `remote` must outlive the deliverer.
Deliver make_logout_deliverer(const House& house, const remote::HttpClient& remote);

/// The logout token: typ logout+jwt, good for two minutes, signed with the algorithm of the client's ID tokens.
base::Result<std::string> make_logout_token(const House& house, const rights::Client& client, std::string_view subject,
                                            std::string_view sid, base::Time now);

}  // namespace flow
