// Stylesheet and logo of the tenant.
#include "web/page/theme.hpp"

#include "web/page/brand.hpp"
#include "web/page/layout.hpp"

namespace web {

http::Response show_theme(Visit& visit) {
  const auto brand = current_brand(visit.house);
  if (visit.request.path != theme_address(*brand)) return show_error(visit, 404, "no stylesheet of this version");
  http::Response response;
  response.kind = http::Kind::asset;
  response.content_type = "text/css; charset=utf-8";
  response.body = make_theme(*brand);
  return response;
}

http::Response show_logo(Visit& visit) {
  const auto brand = current_brand(visit.house);
  if (brand->logo_svg.empty()) return show_error(visit, 404, "no logo is set");
  http::Response response;
  response.kind = http::Kind::shared;
  response.content_type = "image/svg+xml; charset=utf-8";
  response.body = brand->logo_svg;
  // The file comes from an administrator: if it is opened as a document, it must not act as a page of this server.
  response.add("Content-Security-Policy", "sandbox; default-src 'none'; style-src 'unsafe-inline'");
  return response;
}

}  // namespace web
