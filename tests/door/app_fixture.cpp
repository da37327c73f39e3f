#include "door/app_fixture.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <stdexcept>

#include "app/config/config.hpp"
#include "app/config/config_table.hpp"
#include "flow/account/create_account.hpp"
#include "flow/client/administer_clients.hpp"
#include "flow/house/make_operator.hpp"
#include "signing_keys.hpp"
#include "store/audit/audit_log.hpp"

namespace door {
namespace {

flow::RequestFacts operator_facts() {
  return {"127.0.0.1", "test", "test", base::now()};
}

flow::NewAccount account(std::string login, std::string password, std::string given, std::string family,
                         std::vector<std::string> contexts, identity::AccountKind kind, const std::string& phone) {
  flow::NewAccount wished;
  wished.email = login + "@clinic.example";
  wished.login = std::move(login);
  wished.given_name = std::move(given);
  wished.family_name = std::move(family);
  wished.kind = kind;
  wished.phone = phone;
  wished.trusted_addresses = true;
  wished.contexts = std::move(contexts);
  wished.password = base::Secret(std::move(password));
  wished.must_change = false;
  return wished;
}

rights::Client client(std::string id, std::string name, std::vector<std::string> redirects,
                      std::vector<std::string> scopes) {
  rights::Client made;
  made.client_id = std::move(id);
  made.name = std::move(name);
  made.redirect_uris = std::move(redirects);
  made.scopes = std::move(scopes);
  return made;
}

void add_demo_data(const App& app) {
  using identity::AccountKind;
  app.add_account(
      account("admin", "Lantern-Harbour-2026", "Ada", "Minster", {"super_administrator"}, AccountKind::employee, ""));
  flow::NewAccount anna = account("anna.kowalska", "Meadow-Violet-2026", "Anna", "Kowalska", {"user", "administrator"},
                                  AccountKind::employee, "+48600100201");
  anna.is_main = true;
  app.add_account(std::move(anna));
  app.add_account(
      account("jan.nowak", "River-Copper-2026", "Jan", "Nowak", {"user"}, AccountKind::recipient, "+48600100202"));
  app.add_account(account("piotr.wisniewski", "Forest-Amber-2026", "Piotr", "Wi\xc5\x9bniewski", {"user"},
                          AccountKind::employee, "+48600100203"));

  rights::Client portal =
      client("demo-portal", "Clinic portal", {"http://localhost:8090/callback", "http://127.0.0.1:9191/callback"},
             {"openid", "profile", "email", "phone", "address", "offline_access"});
  portal.post_logout_redirect_uris = {"http://localhost:8090/", "http://127.0.0.1:9191/bye"};
  portal.name_de = "Klinikportal";
  portal.name_pl = "Portal kliniki";
  portal.launch_uri = "http://localhost:8090/login";
  app.add_client(portal, "demo-portal-secret");
  rights::Client lab = client("demo-lab", "Laboratory", {"http://localhost:8091/callback"}, {"openid", "profile"});
  lab.launch_uri = "http://localhost:8091/login";
  app.add_client(lab, "demo-lab-secret");
  rights::Client spa = client("demo-spa", "Patient app", {"http://127.0.0.1:9191/callback"}, {"openid", "profile"});
  spa.auth = rights::ClientAuth::none;
  spa.kind = rights::ClientKind::spa;
  app.add_client(spa, "");
}

}  // namespace

void set(app::Config& config, std::string_view key, const std::string& value) {
  const app::Row* row = app::find_row(key);
  if (row == nullptr) return;
  const auto converted = app::convert(*row, value);
  if (!converted) throw std::runtime_error(std::string(key) + " " + converted.error().reason);
  row->set(config, *converted);
}

std::uint16_t find_free_port() {
  const int handle = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof(address);
  const bool found = ::bind(handle, reinterpret_cast<const sockaddr*>(&address), size) == 0 &&
                     ::getsockname(handle, reinterpret_cast<sockaddr*>(&address), &size) == 0;
  ::close(handle);
  if (!found) throw std::runtime_error("no free port");
  return ntohs(address.sin_port);
}

App::App(const std::function<void(app::Config&)>& change) {
  // The port is part of the issuer, so it must be known before the start. Another process may take it meanwhile, so the
  // start is tried again.
  for (int attempt = 0;; ++attempt) {
    const std::uint16_t port = find_free_port();
    app::Config config = app::default_config();
    config.data_dir.clear();
    config.store.url = "sqlite::memory:";
    config.make_key = testing::reuse_keys();
    config.metrics_listen = "127.0.0.1:0";
    config.settings.site.demo = true;
    config.settings.password_hash = {8, 1};
    config.settings.site.issuer = "http://localhost:" + std::to_string(port);
    auto& listener = config.server.listeners.emplace_back();
    listener.name = "http";
    listener.address = "127.0.0.1";
    listener.port = port;
    if (change) change(config);
    auto started = app::Server::start(config);
    if (started) {
      server = std::move(*started);
      origin_ = config.settings.site.issuer;
      break;
    }
    if (attempt == 3) throw std::runtime_error("the server does not start: " + base::describe(started.error()));
  }
  add_demo_data(*this);
}

App::~App() = default;

void App::add_account(const flow::NewAccount& wished) const {
  const auto made = flow::create_account(house(), flow::make_operator("test"), wished, operator_facts());
  if (!made) throw std::runtime_error("account " + wished.login + ": " + base::describe(made.error()));
}

void App::add_client(rights::Client client, std::string_view secret) const {
  const auto made = flow::create_client(house(), flow::make_operator("test"), std::move(client),
                                        base::Secret(std::string(secret)), operator_facts());
  if (!made) throw std::runtime_error("client: " + base::describe(made.error()));
}

std::vector<audit::Event> App::events(const std::string& type) const {
  store::AuditFilter filter;
  filter.type = type;
  filter.most = 1000;
  auto found = house().store.read([&](store::Tx& tx) { return store::find_events(tx, filter); });
  if (!found) throw std::runtime_error("events: " + base::describe(found.error()));
  return std::move(found->events);
}

Reply App::log_in(Browser& browser, std::string_view login, std::string_view password, std::string_view context,
                  std::string_view start) {
  const Reply page = browser.follow(browser.get(start));
  const PageForm form = page.form("/login/password");
  if (form.action.empty()) return page;
  Reply reply =
      browser.follow(browser.submit(form, {{"login", std::string(login)}, {"password", std::string(password)}}));
  const PageForm choice = reply.form("/login/context");
  if (context.empty() || choice.action.empty()) return reply;
  return browser.follow(browser.submit(choice, {{"context", std::string(context)}}));
}

}  // namespace door
