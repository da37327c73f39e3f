// Stylesheet and logo of the tenant.
#include "web/page/theme.hpp"

#include "web/page/brand.hpp"
#include "web/page/layout.hpp"

namespace web {

namespace {

/// The brand whose file is asked for; nullptr: the address names no tenant that has files of its own.
std::shared_ptr<const flow::Brand> find_asked(const Visit& visit) {
  constexpr std::size_t id_length = 36;
  const std::string_view rest = std::string_view(visit.request.path).substr(std::string_view("/theme/").size());
  if (rest.find('/') == std::string_view::npos) return current_brand(visit.house);
  const auto id = base::Id::parse(rest.substr(0, id_length));
  if (!id) return nullptr;
  auto brand = current_brand(visit.house, *id);
  return brand->tenant_id == *id ? brand : nullptr;
}

}  // namespace

http::Response show_theme(Visit& visit) {
  const auto brand = find_asked(visit);
  if (!brand || visit.request.path != theme_address(*brand))
    return show_error(visit, 404, "no stylesheet of this version");
  http::Response response;
  response.kind = http::Kind::asset;
  response.content_type = "text/css; charset=utf-8";
  response.body = make_theme(*brand);
  return response;
}

http::Response show_logo(Visit& visit) {
  const auto brand = find_asked(visit);
  if (!brand || visit.request.path != logo_address(*brand)) return show_error(visit, 404, "no logo is set");
  http::Response response;
  response.kind = http::Kind::shared;
  response.content_type = "image/svg+xml; charset=utf-8";
  response.body = brand->logo_svg;
  // The file comes from an administrator: if it is opened as a document, it must not act as a page of this server.
  response.add("Content-Security-Policy", "sandbox; default-src 'none'; style-src 'unsafe-inline'");
  return response;
}

}  // namespace web
