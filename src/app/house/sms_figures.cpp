#include "app/house/sms_figures.hpp"

#include <array>

#include "base/time.hpp"
#include "flow/message/administer_sms.hpp"
#include "flow/message/sms_route.hpp"
#include "http/metrics.hpp"

namespace app {
namespace {

constexpr const char* by_gateway = "chancery_sms_total";
constexpr const char* today = "chancery_sms_today";

std::string label(std::string_view name, std::string_view value) {
  return std::string(name) + "=\"" + std::string(value) + "\"";
}

}  // namespace

SmsFigures::SmsFigures(const flow::House& house) {
  using Count = std::uint64_t flow::SmsGatewayState::*;
  constexpr std::array<std::pair<std::string_view, Count>, 3> counts{{{"taken", &flow::SmsGatewayState::taken},
                                                                      {"refused", &flow::SmsGatewayState::refused},
                                                                      {"failed", &flow::SmsGatewayState::failed}}};
  const std::size_t gateways = house.sms == nullptr ? 0 : house.sms->settings().gateways.size();
  for (std::size_t i = 0; i < gateways; ++i) {
    for (const auto& [outcome, count] : counts) {
      std::string labels = label("gateway", house.sms->settings().gateways[i].name) + "," + label("outcome", outcome);
      http::add_counter(by_gateway, labels, "Short messages by gateway.",
                        [route = house.sms, i, which = count] { return static_cast<double>(route->look()[i].*which); });
      registered_.emplace_back(by_gateway, std::move(labels));
    }
  }
  for (const auto purpose : {flow::SmsPurpose::code, flow::SmsPurpose::reset, flow::SmsPurpose::notice}) {
    for (const bool is_sent : {true, false}) {
      std::string labels =
          label("purpose", flow::name_of(purpose)) + "," + label("outcome", is_sent ? "sent" : "held_back");
      http::add_gauge(today, labels, "Short messages of the calendar day, on all nodes.", [&house, purpose, is_sent] {
        const auto counts_of_today = flow::count_sms_today(house, base::now());
        if (!counts_of_today) return 0.0;
        const identity::SmsDay& day = counts_of_today->at(purpose);
        return static_cast<double>(is_sent ? day.sent : day.refused);
      });
      registered_.emplace_back(today, std::move(labels));
    }
  }
}

SmsFigures::~SmsFigures() {
  for (const auto& [name, labels] : registered_) http::remove_gauge(name, labels);
}

}  // namespace app
