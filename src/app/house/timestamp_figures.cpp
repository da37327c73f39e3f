#include "app/house/timestamp_figures.hpp"

#include <array>
#include <string>
#include <utility>

#include "http/metrics.hpp"

namespace app {
namespace {

constexpr const char* total = "chancery_timestamps_total";
using Count = std::atomic<std::uint64_t> flow::TimestampDesk::Figures::*;
constexpr std::array<std::pair<std::string_view, Count>, 4> counts{
    {{"issued", &flow::TimestampDesk::Figures::issued},
     {"rejected", &flow::TimestampDesk::Figures::rejected},
     {"refused", &flow::TimestampDesk::Figures::refused},
     {"clock", &flow::TimestampDesk::Figures::mistrusted}}};

std::string label(std::string_view outcome) {
  return "outcome=\"" + std::string(outcome) + "\"";
}

}  // namespace

TimestampFigures::TimestampFigures(flow::TimestampDesk& desk) {
  for (const auto& [outcome, count] : counts) {
    http::add_counter(total, label(outcome), "Requests for time stamps by outcome.",
                      [&desk, which = count] { return static_cast<double>((desk.figures().*which).load()); });
  }
}

TimestampFigures::~TimestampFigures() {
  for (const auto& [outcome, count] : counts) http::remove_gauge(total, label(outcome));
}

}  // namespace app
