// The rules of the configuration that concern more than one key, and the defaults that depend on other keys.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "app/config/config.hpp"

namespace app {

/// Defaults that depend on other keys: database.url, master_key_file, the one listener.
void complete(Config& config, const std::string& folder);

/// (key, sentence) for each combination of values that is not possible.
std::vector<std::pair<std::string_view, std::string>> find_contradictions(const Config& config);

/// What is wrong with one listener by itself; a sentence.
std::optional<std::string> find_flaw(const http::Listener& listener);
/// The same for the last of the tokens, also beside those before it.
std::optional<std::string> find_flaw(const std::vector<token::Settings>& tokens);

/// The name of the listener of /metrics in logs. No other listener may have it.
constexpr const char* metrics_listener_name = "metrics";
/// Reads "127.0.0.1:9464". Errors: invalid_input.
base::Result<http::Listener> make_metrics_listener(const std::string& place);

/// The options for the mail server.
remote::SmtpOptions smtp_options(const Config& config);

}  // namespace app
