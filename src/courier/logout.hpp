// Sends a logout token to a relying party (OpenID Connect Back-Channel Logout 1.0 §2.5–2.8).
#pragma once

#include <string_view>

#include "courier/deliver.hpp"
#include "remote/http_client.hpp"

namespace courier {

/// 200 and 204: delivered. 400: given up, because the party says that it will never accept this token. Everything else
/// is tried again, because a lost logout leaves a session open.
Delivery post_logout(const remote::HttpClient& client, std::string_view url, std::string_view logout_token);

}  // namespace courier
