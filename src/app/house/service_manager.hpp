// What the process tells the service manager that has started it: sd_notify(3). Without one (NOTIFY_SOCKET is not set)
// nothing happens.
#pragma once

#include <string_view>

namespace app {

/// One message, such as "READY=1" or "STOPPING=1". An answer does not exist, and a failure is only logged: the server
/// works without a manager.
void tell_service_manager(std::string_view message);

}  // namespace app
