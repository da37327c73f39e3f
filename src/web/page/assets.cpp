#include "web/page/assets.hpp"

#include <memory>

#include "web/page/embedded.hpp"

namespace web {
namespace {

std::string address_of(const base::EmbeddedFile& file) {
  const std::size_t dot = file.name.rfind('.');
  return "/assets/" + std::string(file.name.substr(0, dot)) + "." + std::string(file.hash) +
         std::string(file.name.substr(dot));
}

std::string content_type_of(std::string_view name) {
  if (name.ends_with(".css")) return "text/css; charset=utf-8";
  if (name.ends_with(".js")) return "text/javascript; charset=utf-8";
  if (name.ends_with(".svg")) return "image/svg+xml; charset=utf-8";
  if (name.ends_with(".woff2")) return "font/woff2";
  return "application/octet-stream";
}

}  // namespace

std::string asset_address(std::string_view name) {
  for (const base::EmbeddedFile& file : embedded_assets()) {
    if (file.name == name) return address_of(file);
  }
  return {};
}

void mount_assets(http::Router& router) {
  for (const base::EmbeddedFile& file : embedded_assets()) {
    http::Response response;
    response.kind = http::Kind::asset;
    response.content_type = content_type_of(file.name);
    response.ready_body = std::make_shared<const std::string>(file.content);
    router.get(
        address_of(file), [response](const http::Request&) { return response; }, http::Lane::instant);
  }
}

}  // namespace web
