#include "http/metrics.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <map>
#include <memory>
#include <mutex>

namespace http {
namespace {

struct Family {
  std::string help;
  std::string_view type;
  std::map<std::string, std::unique_ptr<Counter>> counters;      // by labels
  std::map<std::string, std::unique_ptr<Histogram>> histograms;  // by labels
  std::map<std::string, std::function<double()>> asked;          // by labels; computed at each scrape
};

struct Registry {
  std::mutex mutex;
  std::map<std::string, Family> families;  // by name

  Family& family(const std::string& name, const std::string& help, std::string_view type) {
    Family& found = families[name];
    if (found.type.empty()) {
      found.help = help;
      found.type = type;
    }
    return found;
  }
};

Registry& registry() {
  // Never destroyed, because threads use counters until the process ends.
  static auto* const instance = new Registry;
  return *instance;
}

std::string to_text(double value) {
  std::array<char, 32> text{};
  const auto end = std::to_chars(text.data(), text.data() + text.size(), value).ptr;
  return {text.data(), end};
}

void append_line(std::string& out, std::string_view name, std::string_view labels, std::string_view value) {
  out.append(name);
  if (!labels.empty()) out.append("{").append(labels).append("}");
  out.append(" ").append(value).append("\n");
}

}  // namespace

void Histogram::observe(double value) {
  const auto bucket = std::lower_bound(bounds_.begin(), bounds_.end(), value) - bounds_.begin();
  buckets_[static_cast<std::size_t>(bucket)].fetch_add(1, std::memory_order_relaxed);
  sum_millionths_.fetch_add(static_cast<std::uint64_t>(std::max(0.0, value) * 1e6), std::memory_order_relaxed);
}

void Histogram::expose(std::string& out, const std::string& name, const std::string& labels) const {
  const std::string before = labels.empty() ? "" : labels + ",";
  std::uint64_t total = 0;
  for (std::size_t i = 0; i < buckets_.size(); ++i) {
    total += buckets_[i].load(std::memory_order_relaxed);
    const std::string bound = i < bounds_.size() ? to_text(bounds_[i]) : "+Inf";
    append_line(out, name + "_bucket", before + "le=\"" + bound + "\"", std::to_string(total));
  }
  append_line(out, name + "_sum", labels,
              to_text(static_cast<double>(sum_millionths_.load(std::memory_order_relaxed)) / 1e6));
  append_line(out, name + "_count", labels, std::to_string(total));
}

Counter& counter(const std::string& name, const std::string& labels, const std::string& help) {
  Registry& all = registry();
  const std::lock_guard lock(all.mutex);
  auto& place = all.family(name, help, "counter").counters[labels];
  if (!place) place = std::make_unique<Counter>();
  return *place;
}

Histogram& histogram(const std::string& name, const std::string& labels, const std::string& help,
                     std::vector<double> bounds) {
  Registry& all = registry();
  const std::lock_guard lock(all.mutex);
  auto& place = all.family(name, help, "histogram").histograms[labels];
  if (!place) place = std::make_unique<Histogram>(std::move(bounds));
  return *place;
}

void add_gauge(const std::string& name, const std::string& labels, const std::string& help,
               std::function<double()> ask) {
  Registry& all = registry();
  const std::lock_guard lock(all.mutex);
  all.family(name, help, "gauge").asked[labels] = std::move(ask);
}

void add_counter(const std::string& name, const std::string& labels, const std::string& help,
                 std::function<double()> ask) {
  Registry& all = registry();
  const std::lock_guard lock(all.mutex);
  all.family(name, help, "counter").asked[labels] = std::move(ask);
}

void remove_gauge(const std::string& name, const std::string& labels) {
  Registry& all = registry();
  const std::lock_guard lock(all.mutex);
  if (const auto found = all.families.find(name); found != all.families.end()) found->second.asked.erase(labels);
}

std::string expose_metrics() {
  Registry& all = registry();
  const std::lock_guard lock(all.mutex);
  std::string out;
  for (const auto& [name, family] : all.families) {
    if (family.counters.empty() && family.histograms.empty() && family.asked.empty()) continue;
    out.append("# HELP ").append(name).append(" ").append(family.help).append("\n");
    out.append("# TYPE ").append(name).append(" ").append(family.type).append("\n");
    for (const auto& [labels, value] : family.counters) append_line(out, name, labels, std::to_string(value->value()));
    for (const auto& [labels, value] : family.histograms) value->expose(out, name, labels);
    for (const auto& [labels, ask] : family.asked) append_line(out, name, labels, to_text(ask()));
  }
  return out;
}

}  // namespace http
