// The topic of /help for each page.
#pragma once

#include <string>
#include <string_view>

namespace web {

/// The topics, in the order in which /help lists them. Texts: help.<topic>.title, help.<topic>.lead, and
/// help.<topic>.1, .2 … with .ask and .answer.
inline constexpr std::string_view help_topics[] = {"login",    "reset",        "factors", "certificates", "data",
                                                   "sessions", "applications", "systems", "clients",      "signatures"};

/// The address of the help for a page ("reset_sent"); "" = there is none.
std::string find_help(std::string_view page);

}  // namespace web
