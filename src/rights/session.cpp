#include "rights/session.hpp"

namespace rights {

bool is_alive(const Session& session, std::int64_t account_stamp, base::Time now) {
  return session.security_stamp == account_stamp && now < session.idle_until && now < session.absolute_until;
}

}  // namespace rights
