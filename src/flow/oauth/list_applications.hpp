// The applications that the person may open (S4.19, S2.1): the enabled clients of the tenant with a launch address and
// a level that this session reaches.
#pragma once

#include <string>
#include <vector>

#include "flow/session/find_visitor.hpp"

namespace flow {

struct Application {
  std::string name;
  std::string description;
  std::string url;
};
base::Result<std::vector<Application>> list_applications(const House& house, const rights::Actor& actor);

}  // namespace flow
