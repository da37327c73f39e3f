#include "app/house/service_manager.hpp"

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <cstddef>
#include <cstdlib>
#include <cstring>

#include "base/log.hpp"

namespace app {

void tell_service_manager(std::string_view message) {
  const char* const value = std::getenv("NOTIFY_SOCKET");
  const std::string_view place = value == nullptr ? "" : value;
  if (place.empty()) return;
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  const bool is_known = (place.front() == '/' || place.front() == '@') && place.size() < sizeof address.sun_path;
  bool is_told = false;
  if (is_known) {
    place.copy(address.sun_path, place.size());
    if (place.front() == '@') address.sun_path[0] = '\0';  // a name in the abstract namespace, unix(7)
    const auto size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + place.size());
    const int handle = ::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    is_told = handle >= 0 && ::sendto(handle, message.data(), message.size(), MSG_NOSIGNAL,
                                      static_cast<const sockaddr*>(static_cast<const void*>(&address)), size) >= 0;
    if (handle >= 0) ::close(handle);
  }
  if (!is_told)
    base::log(base::Level::warning, "the service manager could not be told", {{"what", std::string(message)}});
}

}  // namespace app
