// What a program reads when it is refused: a status, and JSON with a reason and a sentence for the people who run it.
#pragma once

#include <cstdint>
#include <string_view>

#include "base/result.hpp"
#include "http/message.hpp"

namespace connector {

/// {"reason":"certificate_revoked","message":"…"}
http::Response refuse_because(int status, std::string_view reason, std::string_view message);
/// 403 {"code":4204,"message":"…"}: the number of the connector's interface.
http::Response refuse_with_code(std::int64_t code, std::string_view message);
/// The error of a flow. Its reason goes to the log only.
http::Response print_error(const http::Request& request, const base::Error& error);

}  // namespace connector
