#include "flow/house/demand_permission.hpp"

namespace flow {

base::Result<void> demand_permission(const rights::Actor& actor, rights::Permission permission) {
  if (actor.may(permission)) return {};
  return base::fail(base::Code::denied, "the acting context does not allow this");
}

base::Result<void> demand_one_of(const rights::Actor& actor, rights::Permissions permissions) {
  if (actor.may_one_of(permissions)) return {};
  return base::fail(base::Code::denied, "the acting context does not allow this");
}

}  // namespace flow
