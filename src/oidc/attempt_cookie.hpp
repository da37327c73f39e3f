// The cookies in which a browser carries its login attempts: one each, at most four (flow/login/attempt.hpp).
#pragma once

#include <optional>

#include "flow/login/attempt.hpp"
#include "http/message.hpp"

namespace oidc {

/// The attempt that `id` names, if this browser began it and it is not over.
std::optional<flow::Attempt> find_attempt(const flow::House& house, const http::Request& request, std::string_view id,
                                          base::Time now);

/// Sets its cookie; of more than four the oldest go. Errors: invalid_input (the request is too large to be kept).
base::Result<void> keep_attempt(const flow::House& house, const http::Request& request, const flow::Attempt& attempt,
                                http::Response& response);

void forget_attempt(const http::Request& request, const flow::Attempt& attempt, http::Response& response);

}  // namespace oidc
