// What `doctor` and `check-config` say of one thing: how it is, and what to do if it is not as it should be.
#pragma once

#include <boost/json.hpp>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "app/command/command.hpp"

namespace app {

enum class Health : std::uint8_t {
  fine,
  warning,  // it works, but somebody should look at it
  fault,    // something does not work, or will not for long
};
/// "fine", "warning", "fault"
std::string_view name_of(Health health);

struct Finding {
  std::string check;  // a name that stays, for monitoring: "clock.synchronised"
  Health health = Health::fine;
  std::string what;    // a sentence without full stop
  std::string advice;  // what to do, the same; "" = nothing
};

/// The findings of one examination, in the order in which they were made.
class Findings {
 public:
  void fine(std::string check, std::string what);
  void warning(std::string check, std::string what, std::string advice);
  void fault(std::string check, std::string what, std::string advice);
  void add(const Findings& others);

  [[nodiscard]] const std::vector<Finding>& list() const { return list_; }
  [[nodiscard]] std::size_t count(Health health) const;
  [[nodiscard]] bool has_fault(std::string_view check) const;

  [[nodiscard]] boost::json::array to_json() const;
  /// What to_json() gave, perhaps in another process. Other elements are left out.
  static Findings from_json(const boost::json::array& array);

 private:
  std::vector<Finding> list_;
};

/// Lines for people, the faults first, or with --json one object: {"healthy":…,"faults":…,"warnings":…,"checks":[…]}.
/// Gives `refused` for a fault, with `is_strict` for a warning too.
int print_findings(Console& console, const Findings& findings, bool is_strict);

}  // namespace app
