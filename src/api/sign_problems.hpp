// Each reason for which nothing was signed, as a problem of this door.
#pragma once

#include <vector>

#include "api/problem.hpp"
#include "flow/house/house.hpp"
#include "flow/signature/sign_refusal.hpp"

namespace api {

/// With "limit" where one was passed; `more`: further members.
http::Response refuse_signing(const flow::House& house, const http::Request& request, flow::SignRefusal refusal,
                              std::vector<Member> more = {});

}  // namespace api
