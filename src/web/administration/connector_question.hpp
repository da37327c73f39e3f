// The page that asks before the connector's settings lock somebody out or open it for connections without TLS: who,
// what that means, the proof, and one button (S1.2). Nothing has changed before it is answered.
#pragma once

#include <string>

#include "flow/system/connector_settings.hpp"
#include "http/message.hpp"
#include "web/page/visit.hpp"

namespace web {

/// What the form of the settings or of the question has sent. Its four choices must be valid.
flow::ConnectorWish read_connector_wish(const Visit& visit);
/// `flaw`: of the proof; "" = none.
http::Response show_connector_question(Visit& visit, const flow::ApplyDone& asked, const std::string& flaw);

}  // namespace web
