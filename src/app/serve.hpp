// The command `serve`: the server in the foreground until SIGTERM or SIGINT; SIGHUP reads certificates again.
#pragma once

#include <string>

namespace app {

/// Exit status. `ready_fd`: when everything answers, one line of JSON {"listener":port,…} goes there and it is
/// closed; -1 = none.
int serve(const std::string& config_file, int ready_fd);

}  // namespace app
