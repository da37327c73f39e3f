// The post of a logout token to a relying party (OpenID Connect Back-Channel Logout 1.0 §2.5–2.8).
#pragma once

#include <string_view>

#include "courier/deliver.hpp"
#include "remote/http_client.hpp"

namespace courier {

/// Delivered on 200 and 204; given up on 400, by which the party says that it will never take this token; everything
/// else is tried again: a logout that is lost leaves a session open.
Delivery post_logout(const remote::HttpClient& client, std::string_view url, std::string_view logout_token);

}  // namespace courier
