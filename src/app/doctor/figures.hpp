// Reads what /metrics serves (Prometheus text format 0.0.4), and what two readings of it say about the time between
// them.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace app {

/// One reading: the value of each line, by name and labels as they are written:
/// `chancery_http_queue_depth{lane="work"}`.
class Figures {
 public:
  /// Lines that are no figure are left out.
  static Figures parse(std::string_view text);

  /// 0 if it is not there.
  [[nodiscard]] double value(std::string_view line) const;
  /// The sum of all lines of a name whose labels hold `part`, such as `status="5`; "" = all.
  [[nodiscard]] double sum(std::string_view name, std::string_view part = {}) const;
  /// The value of a label of the first line of a name; "" = there is none.
  [[nodiscard]] std::string label_of(std::string_view name, std::string_view label) const;
  /// Below which value the share (0.5, 0.99) of what a histogram has observed since `before` lies, as the upper bound
  /// of its range; nullopt: nothing was observed, or the value is above all bounds. `labels` is `lane="work"`.
  [[nodiscard]] std::optional<double> quantile(const Figures& before, std::string_view name, std::string_view labels,
                                               double share) const;

 private:
  std::map<std::string, double, std::less<>> lines_;
};

}  // namespace app
