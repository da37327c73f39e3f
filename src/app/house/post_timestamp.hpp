// How other time-stamp authorities are asked (RFC 3161 §3.4): by the one HTTP client, with the limits of the
// configuration. Plain http is accepted, because tokens are signed by themselves.
#pragma once

#include "app/config/config.hpp"
#include "flow/timestamp/timestamp_desk.hpp"

namespace app {

flow::PostTimestamp make_timestamp_poster(const Config& config);

}  // namespace app
