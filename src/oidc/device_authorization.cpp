#include "oidc/device_authorization.hpp"

#include "base/json.hpp"
#include "browser/request_facts.hpp"
#include "flow/grant/device.hpp"
#include "flow/house/site_settings.hpp"
#include "oidc/client_call.hpp"
#include "oidc/cors.hpp"
#include "oidc/error.hpp"

namespace oidc {
namespace {

http::Response print_codes(const Door& door, const flow::DeviceBegun& begun) {
  const std::string page = door.house.settings.site.issuer + "/device";
  base::JsonObject body;
  body.text("device_code", begun.device_code).text("user_code", begun.user_code).text("verification_uri", page);
  body.text("verification_uri_complete", page + "?user_code=" + begun.user_code);
  body.number("expires_in", begun.expires_in).number("interval", begun.interval);
  http::Response response = http::Response::json(body.finish());
  response.add("Cache-Control", "no-store").add("Pragma", "no-cache");
  return response;
}

}  // namespace

http::Response answer_device_authorization(const Door& door, const http::Request& request) {
  auto read = read_call(request, rights::Endpoint::device_authorization);
  if (auto* refused = std::get_if<http::Response>(&read)) return std::move(*refused);
  auto& call = std::get<ClientCall>(read);
  const flow::DeviceRequest wished{std::move(call.credentials), call.form.get("scope"),
                                   words_of(call.form, "resource")};
  const auto done = flow::begin_device(door.house, wished, browser::facts_of(request));
  if (!done) return to_json(request, done.error());
  http::Response response = done->refusal ? to_json(*done->refusal) : print_codes(door, *done);
  share_with_client(request, done->client, response);
  return response;
}

}  // namespace oidc
