// Sockets that the service manager has opened for this process before it started, so that the process needs no right to
// ports below 1024, and connections wait while it restarts. Protocol: sd_listen_fds(3): LISTEN_PID, LISTEN_FDS and
// LISTEN_FDNAMES, file descriptors from 3 on. A socket belongs to the listener that has its name (FileDescriptorName=).
#pragma once

#include <optional>

#include "base/result.hpp"
#include "http/server.hpp"

namespace http {

/// The socket for this listener, non-blocking and closed on exec; none: the process opens it itself. A second call for
/// the same name finds none. Errors: unavailable (the socket does not listen on the listener's address and port, is no
/// TCP socket, or two have this name; says which).
base::Result<std::optional<int>> take_inherited_socket(const Listener& listener);

/// Errors: unavailable, if a socket was given that no listener has taken: its connections would wait for ever.
base::Result<void> refuse_untaken_sockets();

}  // namespace http
