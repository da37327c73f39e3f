#include "app/house/installation.hpp"

#include "app/config/config.hpp"
#include "app/config/validation_policy_file.hpp"
#include "app/house/master_key_file.hpp"
#include "app/house/post_timestamp.hpp"
#include "crypto/certificate/verify_chain.hpp"
#include "flow/setup/prepare_installation.hpp"
#include "flow/signature/signing_desk.hpp"
#include "flow/validation/validation_desk.hpp"
#include "store/account/accounts.hpp"
#include "store/tenant/tenants.hpp"
#include "token/token.hpp"

namespace app {
namespace {

constexpr std::string_view demo_mark = "demo";

// nullptr: no gateway is configured.
base::Result<std::unique_ptr<flow::SmsRoute>> make_sms_route(const Config& config) {
  flow::SmsSettings settings = config.sms_route;
  settings.gateways = list_gateways(config);
  if (settings.gateways.empty()) return std::unique_ptr<flow::SmsRoute>();
  ASSIGN_OR_RETURN(auto client, remote::HttpClient::make(sms_options(config)));
  return std::make_unique<flow::SmsRoute>(std::move(client), std::move(settings));
}

// Errors: invalid_input (a policy with a mistake, a policy that is not there), not_found (the folder).
base::Result<std::unique_ptr<flow::ValidationDesk>> make_validation_desk(const Config& config) {
  flow::ValidationSettings settings = config.validation;
  if (!config.validation_policies.empty()) {
    ASSIGN_OR_RETURN(settings.policies, read_policy_folder(config.validation_policies));
  }
  if (!settings.policies.contains(settings.policy)) {
    return base::fail(base::Code::invalid_input, "validation.policy names no policy: " + settings.policy);
  }
  remote::HttpOptions options;
  options.loopback_http = config.loopback_http;
  options.allowed_networks = config.remote_networks;
  options.ca_file = config.remote_ca_file;
  options.most_body = crypto::largest_list;
  options.takes_signed_over_http = true;
  options.connect_time = std::chrono::seconds(2);
  options.total_time = std::chrono::seconds(5);
  ASSIGN_OR_RETURN(auto client, remote::HttpClient::make(std::move(options)));
  return std::make_unique<flow::ValidationDesk>(std::move(settings), std::move(client));
}

std::unique_ptr<flow::SigningDesk> make_signing_desk(const Config& config) {
  flow::SigningSettings settings = config.signing;
  if (settings.spool.empty() && !config.data_dir.empty()) settings.spool = config.data_dir + "/spool";
  return std::make_unique<flow::SigningDesk>(std::move(settings));
}

}  // namespace

Installation::Installation(const Config& config, std::unique_ptr<store::Store> database,
                           std::unique_ptr<flow::SmsRoute> sms)
    : store_(std::move(database)),
      master_(store_->master()),
      keys_(*store_, config.make_key),
      sms_(std::move(sms)),
      tokens_(std::make_unique<token::Tokens>(config.tokens)),
      timestamps_(std::make_unique<flow::TimestampDesk>(config.timestamp, make_timestamp_poster(config))),
      settings_(std::make_unique<const flow::Settings>(config.settings)),
      house_{*store_, master_, keys_, gate_, settings_->by_topic(), sms_.get(), tokens_.get()} {
  house_.timestamps = timestamps_.get();
  policy_folder_ = config.validation_policies;
  signing_ = make_signing_desk(config);
  house_.signing = signing_.get();
}

base::Result<void> Installation::read_policies_again() {
  if (policy_folder_.empty()) return {};
  ASSIGN_OR_RETURN(auto policies, read_policy_folder(policy_folder_));
  return validation_->use_policies(std::move(policies));
}

void Installation::use(std::unique_ptr<flow::ValidationDesk> desk) {
  validation_ = std::move(desk);
  house_.validation = validation_.get();
}

Installation::~Installation() = default;

base::Result<std::unique_ptr<Installation>> Installation::open(const Config& config, Purpose purpose) {
  ASSIGN_OR_RETURN(auto master, find_master_key(config, purpose == Purpose::serve));
  auto opened_store = store::Store::open(config.store, master);
  if (!opened_store && opened_store.error().code == base::Code::invalid_input && purpose != Purpose::look) {
    // Perhaps a replacement of the master key was interrupted after the database had been sealed under the next one.
    ASSIGN_OR_RETURN(const auto next, find_next_master_key(config));
    if (next) opened_store = store::Store::open(config.store, *next);
    if (opened_store) RETURN_IF_ERROR(put_next_master_key_in_force(config));
  }
  ASSIGN_OR_RETURN(auto database, std::move(opened_store));
  ASSIGN_OR_RETURN(auto sms, make_sms_route(config));
  std::unique_ptr<Installation> opened(new Installation(config, std::move(database), std::move(sms)));
  ASSIGN_OR_RETURN(auto desk, make_validation_desk(config));
  opened->use(std::move(desk));
  RETURN_IF_ERROR(opened->check_demo_mark(purpose));
  if (purpose == Purpose::look) return opened;
  const base::Time now = base::now();
  RETURN_IF_ERROR(flow::prepare_installation(opened->house(), now));
  RETURN_IF_ERROR(opened->keys_.load(now));
  return opened;
}

base::Result<void> Installation::check_demo_mark(Purpose purpose) {
  struct Found {
    bool marked = false;
    bool has_accounts = false;
  };
  ASSIGN_OR_RETURN(const Found found, store_->read([&](store::Tx& tx) -> base::Result<Found> {
    ASSIGN_OR_RETURN(const auto mark, store::find_mark(tx, demo_mark));
    ASSIGN_OR_RETURN(const auto accounts, store::list_accounts(tx, base::Id(), 1));
    return Found{mark.has_value(), !accounts.empty()};
  }));
  if (found.marked == settings_->site.demo) return {};
  if (found.marked) {
    return base::fail(base::Code::conflict,
                      "this database was made for a demonstration and is opened with demo = true only");
  }
  if (found.has_accounts) {
    return base::fail(base::Code::conflict,
                      "demo = true needs a database of its own, but this one has accounts and was made without it");
  }
  if (purpose == Purpose::look) return {};
  return store_->write([](store::Tx& tx) { return store::set_mark(tx, demo_mark, "1"); });
}

}  // namespace app
