// Figures of this process and its installation for /metrics: version, processor, memory and handles, events by kind,
// messages that wait, the free disk, and the end of each listener's certificate.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "app/config/config.hpp"
#include "flow/house/house.hpp"

namespace app {

class InstallationFigures {
 public:
  /// `house` must outlive it.
  InstallationFigures(const flow::House& house, const Config& config);
  ~InstallationFigures();
  InstallationFigures(const InstallationFigures&) = delete;
  InstallationFigures& operator=(const InstallationFigures&) = delete;

 private:
  void add_process();
  void add_events();
  void add_outbox(const flow::House& house);
  void add_disk_and_certificates(const Config& config);

  std::vector<std::pair<std::string, std::string>> registered_;  // name and labels
};

}  // namespace app
