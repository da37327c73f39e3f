// The SMS gateways of the configuration: [[gateway]] tables, each on the ground of a preset, and the one of [sms].
#pragma once

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "courier/gateway.hpp"
#include "remote/http_client.hpp"

namespace app {

struct Config;

/// One [[gateway]] as it is written.
struct GatewayEntry {
  courier::SmsGateway gateway{};
  std::string password_file{};
  std::string report_key_file{};
  std::string signing_key_file{};
  std::map<std::string, std::string> words{};               // parts of the form that differ from the preset
  std::map<std::string, std::vector<std::string>> lists{};  // an empty list is that of the preset
};

/// Puts the preset, what differs from it and the secrets of files into the gateway. Gives what is wrong; a sentence.
std::optional<std::string> complete_gateway(GatewayEntry& entry);

/// All gateways in the order in which they are tried, that of [sms] first, with the addresses for their reports.
std::vector<courier::SmsGateway> list_gateways(const Config& config);

/// (key, sentence) for what is wrong with the settings of short messages together.
void judge_sms(const Config& config, std::vector<std::pair<std::string_view, std::string>>& found);

/// The options of the client that calls gateways.
remote::HttpOptions sms_options(const Config& config);

}  // namespace app
