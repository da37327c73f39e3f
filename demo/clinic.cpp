#include "demo/clinic.hpp"

#include <filesystem>
#include <fstream>
#include <sstream>

#include "demo/application_pages.hpp"
#include "demo/assets.hpp"
#include "demo/phone.hpp"
#include "demo/practice.hpp"
#include "demo/seeding.hpp"

namespace demo {

namespace {

http::Handler serve_asset(std::string_view content, std::string content_type) {
  return [content, content_type](const http::Request&) {
    http::Response response;
    response.kind = http::Kind::shared;
    response.content_type = content_type;
    response.body = content;
    return response;
  };
}

Application make_application(const Options& options, const char* name, const char* client_id,
                             const std::string& origin) {
  Application application;
  application.name = name;
  application.client_id = client_id;
  for (const auto& client : demo_clients(options)) {
    if (client.client_id == client_id) application.client_secret = client.secret;
  }
  application.origin = origin;
  application.portal = options.portal();
  application.laboratory = options.laboratory();
  application.account = options.issuer() + "/account";
  application.opens_by_itself = origin == options.laboratory();
  return application;
}

std::shared_ptr<http::Router> make_router(RelyingParty& party, const Application& application) {
  auto router = std::make_shared<http::Router>();
  party.add_routes(*router);
  for (const base::EmbeddedFile& file : embedded_assets()) {
    const char* const type = file.name.ends_with(".css") ? "text/css; charset=utf-8" : "image/svg+xml";
    router->get("/" + std::string(file.name), serve_asset(file.content, type), http::Lane::instant);
  }
  router->on_error([application](const http::Request& request, int status) {
    return http::Response::html(
        make_failure_page(language_of(request), application, status == 404 ? "not_found_title" : "error_title", ""),
        status);
  });
  return router;
}

}  // namespace

base::Result<remote::HttpClient> make_client(const Options& options, const std::string& authority_file) {
  remote::HttpOptions settings;
  if (options.https) {
    settings.allowed_networks = {"127.0.0.0/8", "::1"};
    settings.ca_file = authority_file;
  } else {
    settings.loopback_http = {"localhost:" + std::to_string(options.http_port())};
  }
  return remote::HttpClient::make(std::move(settings));
}

Clinic::Clinic(const Options& options, remote::HttpClient client)
    : mailbox_(inbox_),
      issuer_(options.issuer(), std::move(client)),
      portal_application_(make_application(options, "portal", "demo-portal", options.portal())),
      portal_(portal_application_, issuer_),
      laboratory_(make_application(options, "laboratory", "demo-lab", options.laboratory()), issuer_) {}

Clinic::~Clinic() {
  for (const auto& server : servers_) server->stop();
}

base::Result<void> Clinic::start_server(const char* name, std::uint16_t port, std::shared_ptr<http::Router> router) {
  http::ServerOptions settings;
  auto& listener = settings.listeners.emplace_back();
  listener.name = name;
  listener.address = "127.0.0.1";
  listener.port = port;
  settings.work = {2, 256};
  settings.password = {1, 1};
  settings.limits.drain = std::chrono::seconds(2);
  auto server = std::make_unique<http::Server>(std::move(settings), std::move(router));
  RETURN_IF_ERROR(server->start());
  servers_.push_back(std::move(server));
  return {};
}

base::Result<void> Clinic::start(const Options& options, const std::string& authority_file) {
  auto portal = make_router(portal_, portal_application_);
  portal->get("/inbox", [this](const http::Request& request) {
    return http::Response::html(make_inbox_page(language_of(request), portal_application_, inbox_.list()));
  });
  portal->get("/inbox.json", [this](const http::Request&) { return http::Response::json(to_json(inbox_.list())); });
  // The server's certificate names it. It is of the folder of the authority's certificate.
  portal->get("/demo-ca.crl",
              [file = std::filesystem::path(authority_file).replace_extension(".crl")](const http::Request&) {
                std::ifstream in(file, std::ios::binary);
                std::ostringstream octets;
                octets << in.rdbuf();
                http::Response response;
                response.content_type = "application/pkix-crl";
                response.body = octets.str();
                return response;
              });
  add_practice(*portal, portal_application_, options, authority_file);
  auto laboratory = make_router(laboratory_, make_application(options, "laboratory", "demo-lab", options.laboratory()));
  auto phone = std::make_shared<http::Router>();
  ASSIGN_OR_RETURN(remote::HttpClient to_server, make_client(options, authority_file));
  reports_ = std::make_unique<DeliveryReports>(std::move(to_server),
                                               options.issuer() + "/hooks/sms/" + gateway_name + "?key=" + report_key);
  add_phone(*phone, inbox_, *reports_);

  RETURN_IF_ERROR(start_server("portal", options.portal_port(), std::move(portal)));
  RETURN_IF_ERROR(start_server("laboratory", options.laboratory_port(), std::move(laboratory)));
  RETURN_IF_ERROR(start_server("phone", options.phone_port(), std::move(phone)));
  return mailbox_.start(options.mail_port());
}

base::Result<std::unique_ptr<Clinic>> Clinic::open(const Options& options, const std::string& authority_file) {
  ASSIGN_OR_RETURN(remote::HttpClient client, make_client(options, authority_file));
  std::unique_ptr<Clinic> clinic(new Clinic(options, std::move(client)));
  RETURN_IF_ERROR(clinic->start(options, authority_file));
  return clinic;
}

}  // namespace demo
