#include "flow/house/demand_permission.hpp"

namespace flow {

base::Result<void> demand_permission(const rights::Actor& actor, rights::Permission permission) {
  if (actor.may(permission)) return {};
  return base::fail(base::Code::denied, "the acting context does not allow this");
}

}  // namespace flow
