// The last logins to one's own account, and the attempts that failed, from the audit log (S4.18). A code that a session
// gives to an application without asking the person is no login.
#pragma once

#include <string>
#include <vector>

#include "base/result.hpp"
#include "base/time.hpp"
#include "flow/house/house.hpp"
#include "rights/actor.hpp"
#include "text/language.hpp"

namespace flow {

inline constexpr std::size_t past_logins = 20;

struct PastLogin {
  base::Time at;
  bool succeeded = false;
  std::string ip;                    // "" = erased at its age
  std::string user_agent;            // the same
  std::string device;                // what the owner calls it; "" = nothing, or it is not known any more
  std::vector<std::string> methods;  // names of rights::ProofMethod in the order of the steps; of a failure what failed
  std::string application;           // name of the client that asked for the login; "" = the pages of this server
};
/// The newest first, at most `past_logins`, of the account's last 5,000 events at least. Reasons of failures are not
/// told, because they are for administrators.
base::Result<std::vector<PastLogin>> list_past_logins(const House& house, const rights::Actor& actor,
                                                      text::Language language);

}  // namespace flow
