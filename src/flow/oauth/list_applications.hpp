// The applications that the person may open (S4.19, S2.1): the enabled clients that are for people of the tenant, with
// a launch address and a level that this session reaches.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "flow/session/find_visitor.hpp"
#include "text/language.hpp"

namespace flow {

struct Application {
  std::string name;
  std::string description;
  std::string url;
};
/// An enabled client with a launch address; nothing if there is none of this id. Tells nothing of an account.
base::Result<std::optional<Application>> find_application(const House& house, std::string_view client_id,
                                                          text::Language language);
base::Result<std::vector<Application>> list_applications(const House& house, const rights::Actor& actor,
                                                         text::Language language);
struct ApplicationFace {
  std::string name;
  base::Id tenant_id;
  std::string client_uri{};
  std::string policy_uri{};
  std::string tos_uri{};
};
/// Of a client, enabled or not; nothing if there is none of this id.
base::Result<std::optional<ApplicationFace>> find_application_face(const House& house, std::string_view client_id,
                                                                   text::Language language);
/// What the application is called in the language; "" if there is none of this id.
base::Result<std::string> find_application_name(const House& house, std::string_view client_id,
                                                text::Language language);

}  // namespace flow
