// The socket in the data folder through which commands reach the running server (mode 0600): POST /control with
// {"argv":[…],"stdin":"…","file":"base64url","terminal":true} gives {"exit":0,"out":"…","err":"…","next":[…]}. The
// file's mode is the authorisation. Invariant: the route exists only on the listener "control".
#pragma once

#include <sys/types.h>

#include <optional>
#include <string>
#include <vector>

#include "app/command/command.hpp"
#include "base/time.hpp"
#include "flow/house/house.hpp"
#include "http/router.hpp"

namespace app {

/// `house` must outlive the router.
void mount_control(http::Router& router, const flow::House& house);

struct Answer {
  int status = 0;
  Console console;
};
/// Sends a command with its input (`secret`, `file`, whether a terminal shows the answer) to the server that runs on
/// this data folder; nullopt if none runs. Errors: unavailable with a sentence (the socket belongs to another user, the
/// server does not answer). `patience`: for how long the server may be silent; zero = a command takes as long as it
/// takes.
base::Result<std::optional<Answer>> ask_server(const std::string& socket, const std::vector<std::string>& argv,
                                               const Console& input, base::Duration patience = {});

/// The server that listens at this control socket. nullopt = none, or it cannot be reached.
std::optional<pid_t> find_server_process(const std::string& socket);

/// For sentences: the name of a user, or "user 1000".
std::string name_of_user(uid_t id);

}  // namespace app
