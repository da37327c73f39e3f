// The command `serve`: the server in the foreground until SIGTERM or SIGINT; SIGHUP reads certificates and
// validation policies again.
#pragma once

#include <string>

namespace app {

struct ServeOptions {
  int ready_fd = -1;  // when everything answers, one line of JSON {"listener":port,…} goes there, and it is closed
  bool is_announced = false;  // sets the mark of a running demonstration (DemonstrationMark)
};
/// Exit status.
int serve(const std::string& config_file, const ServeOptions& options);

}  // namespace app
