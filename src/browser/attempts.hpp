// The cookies that carry login attempts (flow/login/attempt.hpp). Each attempt has a cookie of its own, so that two
// tabs do not disturb each other. A browser has at most four.
#pragma once

#include <string_view>

#include "base/result.hpp"
#include "browser/cookies.hpp"
#include "flow/login/attempt.hpp"

namespace browser {

/// The attempt that `id` names, if this browser began it and it has not expired. Errors: those of flow::open_attempt.
base::Result<flow::Attempt> find_attempt(const flow::House& house, const http::Request& request, std::string_view id,
                                         base::Time now);

/// Sets its cookie; of more than four the oldest are removed. Errors: invalid_input (too large to be kept).
base::Result<void> keep_attempt(const flow::House& house, const flow::Attempt& attempt, Cookies& cookies);

void forget_attempt(const flow::Attempt& attempt, Cookies& cookies);
void forget_all_attempts(Cookies& cookies);

}  // namespace browser
