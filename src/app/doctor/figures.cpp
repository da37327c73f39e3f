#include "app/doctor/figures.hpp"

#include <cmath>
#include <cstdlib>
#include <vector>

namespace app {
namespace {

bool is_line_of(std::string_view line, std::string_view name) {
  return line.starts_with(name) && (line.size() == name.size() || line[name.size()] == '{');
}

/// The value of `le="0.05"`; nullopt for +Inf.
std::optional<double> bound_of(std::string_view line) {
  constexpr std::string_view mark = "le=\"";
  const auto at = line.find(mark);
  if (at == std::string_view::npos) return std::nullopt;
  const std::string number(line.substr(at + mark.size(), line.find('"', at + mark.size()) - at - mark.size()));
  if (number == "+Inf") return std::nullopt;
  return std::strtod(number.c_str(), nullptr);
}

}  // namespace

Figures Figures::parse(std::string_view text) {
  Figures figures;
  while (!text.empty()) {
    const auto end = std::min(text.find('\n'), text.size());
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    const auto blank = line.rfind(' ');
    if (line.empty() || line.front() == '#' || blank == std::string_view::npos) continue;
    const std::string number(line.substr(blank + 1));
    char* stop = nullptr;
    const double value = std::strtod(number.c_str(), &stop);
    // No figure that is asked for is endless or none, and JSON has no words for that.
    const bool is_figure = stop != number.c_str() && *stop == '\0' && std::isfinite(value);
    if (is_figure) figures.lines_[std::string(line.substr(0, blank))] = value;
  }
  return figures;
}

double Figures::value(std::string_view line) const {
  const auto found = lines_.find(line);
  return found == lines_.end() ? 0 : found->second;
}

double Figures::sum(std::string_view name, std::string_view part) const {
  double all = 0;
  for (auto at = lines_.lower_bound(name); at != lines_.end() && at->first.starts_with(name); ++at) {
    if (is_line_of(at->first, name) && (part.empty() || at->first.find(part) != std::string::npos)) all += at->second;
  }
  return all;
}

std::string Figures::label_of(std::string_view name, std::string_view label) const {
  for (auto at = lines_.lower_bound(name); at != lines_.end() && at->first.starts_with(name); ++at) {
    if (!is_line_of(at->first, name)) continue;
    const std::string mark = std::string(label) + "=\"";
    const auto begin = at->first.find(mark);
    if (begin == std::string::npos) continue;
    return at->first.substr(begin + mark.size(), at->first.find('"', begin + mark.size()) - begin - mark.size());
  }
  return {};
}

std::optional<double> Figures::quantile(const Figures& before, std::string_view name, std::string_view labels,
                                        double share) const {
  const std::string buckets = std::string(name) + "_bucket";
  std::map<double, double> counts;  // observed at most the bound
  double all = 0;
  for (auto at = lines_.lower_bound(buckets); at != lines_.end() && at->first.starts_with(buckets); ++at) {
    if (!is_line_of(at->first, buckets) || at->first.find(labels) == std::string::npos) continue;
    const double observed = at->second - before.value(at->first);
    if (const auto bound = bound_of(at->first)) {
      counts[*bound] = observed;
    } else {
      all = observed;
    }
  }
  if (all <= 0) return std::nullopt;
  for (const auto& [bound, observed] : counts) {
    if (observed >= share * all) return bound;
  }
  return std::nullopt;
}

}  // namespace app
