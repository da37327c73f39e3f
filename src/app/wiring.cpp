#include "app/wiring.hpp"

#include <algorithm>

#include "api/api.hpp"
#include "app/command/control.hpp"
#include "app/config/config.hpp"
#include "app/config/config_rules.hpp"
#include "app/config/origin_host.hpp"
#include "app/house/background.hpp"
#include "app/house/fetch_document.hpp"
#include "app/house/first_start.hpp"
#include "app/house/installation.hpp"
#include "app/house/installation_figures.hpp"
#include "app/house/listener_certificates.hpp"
#include "app/house/machine.hpp"
#include "app/house/process.hpp"
#include "app/house/sealed_bodies.hpp"
#include "app/house/sms_figures.hpp"
#include "app/house/timestamp_figures.hpp"
#include "base/log.hpp"
#include "connector/connector.hpp"
#include "crypto/password/password_hash.hpp"
#include "flow/setup/copies_folder.hpp"
#include "flow/signature/signing_desk.hpp"
#include "http/metrics.hpp"
#include "oidc/oidc.hpp"
#include "pki/pki.hpp"
#include "timestamp/timestamp.hpp"
#include "web/administration/below_prefix.hpp"
#include "web/web.hpp"

namespace app {
namespace {

constexpr std::string_view control_listener = "control";
constexpr std::size_t requests_on_disk = 8;  // of the largest size at one time, at least

/// On the connector's listeners a program is refused in JSON; only below the prefix there are pages.
http::Response make_error(const flow::House& house, const http::Request& request, int status) {
  if (http::ordinary_roles.has(request.role)) return web::error_response(house, request, {status});
  const bool is_page = request.role == http::Role::connector && request.path.starts_with(web::administration);
  if (!is_page) return connector::error_response(request, status);
  return web::lead_below(web::error_response(house, request, {status}), web::administration);
}

std::shared_ptr<const http::Router> make_router(const flow::House& house, const Config& config,
                                                connector::Options connector_options) {
  auto router = std::make_shared<http::Router>();
  web::mount(*router, house, {config.mail.sender.from, [config] { return look_at_machine(config); }});
  oidc::Options options;
  options.error_page = [&house](const http::Request& request, int status, const flow::PageRefusal& refusal) {
    return web::error_response(house, request, {status, refusal.text_key, refusal.reason, &refusal});
  };
  options.form_post_page = [&house](const http::Request& request, const auto& answer) {
    return web::form_post_page(house, request, answer);
  };
  options.fetch = make_document_fetcher(config);
  oidc::mount(*router, house, std::move(options));
  api::mount(*router, house);
  pki::mount(*router, house);
  timestamp::mount(*router, house);
  mount_control(*router, house);
  connector::mount(*router, house, std::move(connector_options));
  router->on_error([&house](const http::Request& request, int status) { return make_error(house, request, status); });
  return router;
}

/// The hosts of the addresses that the configuration names.
std::vector<std::string> find_own_hosts(const Config& config) {
  std::vector<std::string> hosts;
  for (const std::string& origin : {config.settings.site.issuer, config.settings.proof.certificate_origin}) {
    std::string host = host_of(origin);
    if (!host.empty()) hosts.push_back(std::move(host));
  }
  return hosts;
}

void add_counters() {
  http::add_counter("chancery_password_hashes_total", "", "Argon2id computations, the decoys included.",
                    [] { return static_cast<double>(crypto::hashes_computed()); });
  http::add_counter("chancery_database_statements_total", "", "Statements that transactions have run.",
                    [] { return static_cast<double>(store::statements_run()); });
  http::add_counter("chancery_database_reads_refused_total", "", "Reads that found no free connection in time.",
                    [] { return static_cast<double>(store::reads_refused()); });
}

/// The writes of a deferred route become durable in a shared commit before its answer is sent.
class SharedCommits final : public http::Sharing {
 public:
  explicit SharedCommits(store::Store& database) : database_(database) {}
  std::unique_ptr<Pending> call(const std::function<void()>& handle) override {
    store::Store::Deferral deferral(database_);
    handle();
    auto writes = deferral.take();
    return writes ? std::make_unique<Writes>(std::move(writes)) : nullptr;
  }
  void flush() override { database_.flush(); }

 private:
  class Writes final : public Pending {
   public:
    explicit Writes(std::unique_ptr<store::Pending> writes) : writes_(std::move(writes)) {}
    void when_over(Told told) override {
      writes_->when_over([told = std::move(told)](const base::Result<void>& done) { told(done.has_value()); });
    }

   private:
    std::unique_ptr<store::Pending> writes_;
  };

  store::Store& database_;
};

// A start with a role that may too much is no failure, because a small installation may have no other.
void warn_of_excess_rights(store::Store& database) {
  const auto rights = database.find_excess_rights();
  if (!rights || rights->empty()) return;
  std::string list;
  for (const std::string& one : *rights) list += (list.empty() ? "" : ", ") + one;
  base::log(
      base::Level::warning,
      "the role of database.url may do what the server never needs; see \"The roles of the database\" in cluster.md",
      {{"rights", list}});
}

}  // namespace

Server::Server() = default;

Server::~Server() {
  stop();
}

base::Result<std::unique_ptr<Server>> Server::start(const Config& config) {
  ASSIGN_OR_RETURN(FirstStart first, FirstStart::begin(config));
  std::unique_ptr<Server> server(new Server());  // closes the database before `first` removes it
  ASSIGN_OR_RETURN(server->installation_, Installation::open(config, Purpose::serve));
  if (config.is_sqlite() && !config.is_in_memory()) flow::remove_unfinished_copies(config.database_file());
  warn_of_excess_rights(server->installation_->database());
  RETURN_IF_ERROR(server->start_http(config));
  ASSIGN_OR_RETURN(server->background_, Background::start(server->house(), config));
  server->certificates_ = std::make_unique<ListenerCertificates>(
      server->house(), config.server.listeners, [http = server->http_.get()] { return http->reload_certificates(); });
  server->certificates_->start();
  first.keep();
  return server;
}

base::Result<void> Server::start_http(const Config& config) {
  http::ServerOptions options = config.server;
  for (const auto& listener : options.listeners) {
    listeners_.push_back(listener.name);
    if (listener.role == http::Role::connector && connector_.empty()) connector_ = listener.name;
  }
  if (!config.data_dir.empty()) {
    auto& control = options.listeners.emplace_back();
    control.name = control_listener;
    control.address = config.control_socket();
    control.reserved = true;
  }
  if (!config.metrics_listen.empty()) {
    ASSIGN_OR_RETURN(auto listener, make_metrics_listener(config.metrics_listen));
    listeners_.push_back(listener.name);
    options.metrics_listener = listener.name;
    options.listeners.push_back(std::move(listener));
  }
  options.tls_only = config.settings.site.issuer.starts_with("https://");
  if (options.password.threads == 0) options.password.threads = count_cores();
  options.is_ready = [&database = installation_->database()] { return database.is_ready(); };
  options.sharing = std::make_shared<SharedCommits>(installation_->database());
  const flow::SigningSettings& signing = installation_->house().signing->settings();
  if (!signing.spool.empty()) options.body_store = std::make_shared<SealedBodies>(signing.spool);
  options.limits.stored_bodies =
      std::max(options.limits.stored_bodies, requests_on_disk * signing.most_octets_of_form());
  add_counters();
  figures_ = std::make_unique<InstallationFigures>(installation_->house(), config);
  sms_figures_ = std::make_unique<SmsFigures>(installation_->house());
  timestamp_figures_ = std::make_unique<TimestampFigures>(*installation_->house().timestamps);
  router_ = make_router(installation_->house(), config,
                        {program_version(), [this, port = config.connector_port] { return connector_port(port); },
                         [this, names = find_own_hosts(config)](const std::string& host) {
                           const bool is_configured = std::find(names.begin(), names.end(), host) != names.end();
                           return is_configured || http_->is_host_of(connector_, host);
                         }});
  http_ = std::make_unique<http::Server>(std::move(options), router_);
  return http_->start();
}

std::uint16_t Server::connector_port(std::uint16_t configured) const {
  return configured != 0 || connector_.empty() ? configured : http_->port(connector_);
}

const flow::House& Server::house() const {
  return installation_->house();
}

std::map<std::string, std::uint16_t> Server::ports() const {
  std::map<std::string, std::uint16_t> found;
  for (const auto& name : listeners_) found[name] = http_->port(name);
  return found;
}

void Server::reload() {
  if (const auto reloaded = http_->reload_certificates(); !reloaded) {
    base::log(base::Level::error, "certificates could not be read again; the old ones stay",
              {{"reason", reloaded.error().reason}});
  }
  if (const auto read = installation_->read_policies_again(); !read) {
    base::log(base::Level::error, "validation policies could not be read again; the old ones stay",
              {{"reason", read.error().reason}});
  }
  http_->reopen_access_log();
  base::reopen_log();
}

void Server::stop() {
  certificates_.reset();
  if (http_) http_->stop();
  background_.reset();
  http_.reset();
  router_.reset();
  figures_.reset();
  sms_figures_.reset();
  timestamp_figures_.reset();
  installation_.reset();
}

}  // namespace app
