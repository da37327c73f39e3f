// Tells a relying party that a session has ended (OpenID Connect Back-Channel Logout 1.0 §2.4, §2.5). The payload of
// the outbox item is {"client_id":UUID,"sub":…,"sid":…}; a signed logout token is sent.
#pragma once

#include <optional>
#include <string>

#include "base/time.hpp"
#include "flow/message/deliver_outbox.hpp"
#include "remote/http_client.hpp"
#include "rights/client.hpp"

namespace flow {

/// The id of the application that an item of the kind "logout" is for; no value for other kinds and erased payloads.
std::optional<base::Id> find_logout_client_id(const store::OutboxItem& item);
/// That application; no value also if it was deleted.
base::Result<std::optional<rights::Client>> find_logout_client(store::Tx& tx, const store::OutboxItem& item);

/// `remote` must outlive the deliverer.
Deliver make_logout_deliverer(const House& house, const remote::HttpClient& remote);

/// The logout token: typ logout+jwt, valid for two minutes, signed with the algorithm of the client's ID tokens.
base::Result<std::string> make_logout_token(const House& house, const rights::Client& client, std::string_view subject,
                                            std::string_view sid, base::Time now);

}  // namespace flow
