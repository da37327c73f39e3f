#include "app/config/sms_config.hpp"

#include <algorithm>
#include <set>

#include "app/config/config.hpp"
#include "app/config/secret_file.hpp"

namespace app {
namespace {

constexpr std::size_t shortest_report_key = 16;

void override_form(courier::GatewayForm& form, const GatewayEntry& entry) {
  const std::map<std::string, std::string*> words{{"method", &form.method},        {"body", &form.body},
                                                  {"charset", &form.charset},      {"numbers", &form.numbers},
                                                  {"authentication", &form.login}, {"message_id", &form.message_id},
                                                  {"report_id", &form.report_id},  {"report_state", &form.report_state},
                                                  {"signature", &form.signature}};
  for (const auto& [name, value] : entry.words) {
    if (!value.empty()) *words.at(name) = value;
  }
  const std::map<std::string, std::vector<std::string>*> lists{
      {"headers", &form.headers},   {"fields", &form.fields},   {"text", &form.text},
      {"flash", &form.flash},       {"binary", &form.binary},   {"service", &form.service},
      {"accepted", &form.accepted}, {"refused", &form.refused}, {"temporary", &form.temporary},
      {"arrived", &form.arrived},   {"lost", &form.lost}};
  for (const auto& [name, value] : entry.lists) {
    if (!value.empty()) *lists.at(name) = value;
  }
}

bool is_name(std::string_view name) {
  return !name.empty() && name.size() <= 40 &&
         name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-") == std::string_view::npos;
}

bool is_calling_code(std::string_view text) {
  return text.size() >= 2 && text.size() <= 8 && text.front() == '+' && text[1] != '0' &&
         text.find_first_not_of("0123456789", 1) == std::string_view::npos;
}

}  // namespace

std::optional<std::string> complete_gateway(GatewayEntry& entry) {
  courier::SmsGateway& gateway = entry.gateway;
  const std::string named = "gateway \"" + gateway.name + "\": ";
  if (!is_name(gateway.name)) return "[[gateway]] needs a name of at most 40 small letters, digits and hyphens";
  const courier::GatewayPreset* const preset = courier::find_gateway_preset(gateway.preset);
  if (preset == nullptr) {
    std::string known;
    for (const auto& one : courier::gateway_presets()) known.append(known.empty() ? "" : ", ").append(one.name);
    return named + "there is no preset \"" + gateway.preset + "\"; there are " + known;
  }
  gateway.form = preset->form;
  if (gateway.url.empty()) gateway.url = preset->url;
  override_form(gateway.form, entry);
  for (const auto& [file, secret] :
       {std::pair(&entry.password_file, &gateway.password), std::pair(&entry.report_key_file, &gateway.report_key),
        std::pair(&entry.signing_key_file, &gateway.signing_key)}) {
    if (file->empty()) continue;
    auto read = read_secret_file(*file);
    if (!read || read->empty()) return named + "the file " + *file + " cannot be read, or is empty";
    *secret = base::Secret(std::move(*read));
  }
  if (!gateway.report_key.empty() && gateway.report_key.size() < shortest_report_key)
    return named + "report_key needs at least 16 characters";
  const bool is_plain = std::all_of(gateway.report_key.reveal().begin(), gateway.report_key.reveal().end(), [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' || c == '_';
  });
  if (!is_plain) return named + "report_key has letters, digits, - and _ only, because it is part of an address";
  if (!gateway.report_key.empty() && gateway.form.report_id.empty())
    return named + "report_key needs report_id and report_state";
  // A key that nobody looks at, or a signature that nobody can check, would look like protection.
  const bool signs_like_seven = gateway.form.signature == "seven";
  if (signs_like_seven && gateway.signing_key.empty()) return named + "signature = \"seven\" needs signing_key";
  if (!signs_like_seven && !gateway.signing_key.empty()) return named + "signing_key is for signature = \"seven\" only";
  if (const auto checked = courier::check_gateway_form(gateway); !checked) return named + checked.error().reason;
  return std::nullopt;
}

std::vector<courier::SmsGateway> list_gateways(const Config& config) {
  std::vector<courier::SmsGateway> all;
  if (!config.sms.url.empty()) all.push_back(config.sms);
  for (const GatewayEntry& entry : config.gateways) all.push_back(entry.gateway);
  for (courier::SmsGateway& gateway : all) {
    if (gateway.report_key.empty()) continue;
    gateway.report_url =
        config.settings.site.issuer + "/hooks/sms/" + gateway.name + "?key=" + std::string(gateway.report_key.reveal());
  }
  return all;
}

void judge_sms(const Config& config, std::vector<std::pair<std::string_view, std::string>>& found) {
  if (!config.sms.url.empty()) {
    if (const auto checked = courier::check_gateway(config.sms); !checked)
      found.emplace_back("sms.url", "sms: " + checked.error().reason);
  }
  std::set<std::string> names;
  for (const courier::SmsGateway& gateway : list_gateways(config)) {
    if (!names.insert(gateway.name).second)
      found.emplace_back("gateway.name", "two SMS gateways have the name \"" + gateway.name + "\"");
  }
  for (const std::string& country : config.sms_route.countries) {
    if (!is_calling_code(country))
      found.emplace_back("sms.countries", "sms.countries: \"" + country + "\" is no calling code, such as \"+48\"");
  }
}

remote::HttpOptions sms_options(const Config& config) {
  remote::HttpOptions options;
  options.loopback_http = config.loopback_http;
  options.allowed_networks = config.sms_networks;
  options.ca_file = config.remote_ca_file;
  return options;
}

}  // namespace app
