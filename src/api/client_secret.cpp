#include "api/client_secret.hpp"

#include <variant>

#include "api/client_call.hpp"
#include "api/problem.hpp"
#include "base/json.hpp"
#include "browser/request_facts.hpp"
#include "flow/registration/rotate_own_secret.hpp"

namespace api {

http::Response change_client_secret(const flow::House& house, const http::Request& request) {
  auto call = read_client_call(request);
  if (!call) return std::move(call.error());
  MemberErrors errors;
  bool keeps_old = true;
  for (const auto& [name, value] : call->object.members) {
    const std::string_view shown = std::string_view(name).substr(0, 100);
    if (name != "keep_old") {
      errors.note(shown, "unknown_field", "is no member of this call");
    } else if (!value.is_true && !value.is_false) {
      errors.note(shown, "not_boolean", "must be true or false");
    } else {
      keeps_old = value.is_true;
    }
  }
  if (errors.any()) return errors.refuse(request);
  const auto* credentials = std::get_if<flow::ClientCredentials>(&call->proof);
  // A token may be with a part of the application that is not to change the secret.
  if (credentials == nullptr) return print(unauthenticated, request);
  const auto made = flow::rotate_own_secret(house, *credentials, keeps_old, browser::facts_of_program(request));
  if (!made) return print(made.error(), request);
  if (!*made) return print(unauthenticated, request);
  base::JsonObject body;
  body.text("client_secret", (*made)->secret.reveal());
  if ((*made)->old_until) body.text("old_until", base::to_rfc3339(*(*made)->old_until));
  http::Response response = http::Response::json(body.finish());
  response.add("Cache-Control", "no-store");
  return response;
}

}  // namespace api
