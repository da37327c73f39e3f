#include "app/house/background.hpp"

#include <algorithm>

#include "app/config/config_rules.hpp"
#include "app/house/fetch_document.hpp"
#include "base/bytes.hpp"
#include "base/log.hpp"
#include "flow/admin/run_bulk.hpp"
#include "flow/audit/check_chain.hpp"
#include "flow/audit/erase_due.hpp"
#include "flow/certificate/administer_authority.hpp"
#include "flow/certificate/fetch_revocation.hpp"
#include "flow/certificate/publish_lists.hpp"
#include "flow/house/audit_settings.hpp"
#include "flow/house/key_ring.hpp"
#include "flow/login/attempt_settings.hpp"
#include "flow/message/deliver_logout.hpp"
#include "flow/message/deliver_message.hpp"
#include "flow/message/notify_lockout.hpp"
#include "flow/message/sms_route.hpp"
#include "flow/password/remind_expiry.hpp"
#include "flow/password/reset_password.hpp"
#include "flow/proof/lockout_settings.hpp"
#include "flow/proof/throttle_login.hpp"
#include "flow/registration/fetch_documents.hpp"
#include "flow/session/logout.hpp"
#include "flow/session/session_settings.hpp"
#include "flow/setup/fill_terms.hpp"
#include "flow/signature/signing_job.hpp"
#include "flow/signing/remind_credentials.hpp"
#include "flow/system/connector_settings.hpp"
#include "flow/timestamp/timestamp_authority.hpp"
#include "flow/token/administer_keys.hpp"
#include "store/account/accounts.hpp"
#include "store/account/bulk_acts.hpp"
#include "store/audit/audit_log.hpp"
#include "store/audit/event_receipts.hpp"
#include "store/certificate/issued_certificates.hpp"
#include "store/certificate/trust_anchors.hpp"
#include "store/message/outbox.hpp"
#include "store/message/sms_counts.hpp"
#include "store/message/sms_gateways.hpp"
#include "store/oauth/device_authorizations.hpp"
#include "store/oauth/grants.hpp"
#include "store/oauth/pushed_requests.hpp"
#include "store/oauth/revoked_tokens.hpp"
#include "store/proof/one_time_tokens.hpp"
#include "store/proof/throttling.hpp"
#include "store/session/devices.hpp"
#include "store/session/sessions.hpp"
#include "store/validation/revocation_cache.hpp"
#include "store/validation/validation_reports.hpp"

namespace app {
namespace {

constexpr base::Duration outbox_pause = std::chrono::milliseconds(250);
constexpr base::Duration erasure_pause = std::chrono::seconds(2);
constexpr base::Duration check_pause = std::chrono::seconds(1);
constexpr base::Duration terms_pause = std::chrono::minutes(10);
constexpr base::Duration bulk_pause = std::chrono::milliseconds(500);
constexpr base::Duration shortest_bulk_rest = std::chrono::milliseconds(10);
constexpr base::Duration sweep_every = std::chrono::seconds(5);
constexpr base::Duration look_every = std::chrono::seconds(1);  // for what other nodes have changed
constexpr base::Duration keys_every = std::chrono::seconds(60);
constexpr base::Duration clean_every = std::chrono::minutes(10);
constexpr base::Duration remind_every = std::chrono::hours(1);
constexpr base::Duration tokens_kept = std::chrono::hours(24);
constexpr base::Duration answers_kept = std::chrono::hours(24 * 30);
constexpr base::Duration devices_kept = std::chrono::hours(24);
constexpr base::Duration grants_kept = std::chrono::hours(24);
constexpr base::Duration messages_kept = std::chrono::hours(24);
constexpr base::Duration sms_counts_kept = std::chrono::hours(24);
constexpr base::Duration receipts_kept = std::chrono::hours(24);
constexpr base::Duration deliveries_kept = std::chrono::hours(24 * 30);
constexpr base::Duration bulk_acts_kept = std::chrono::hours(24 * 30);
constexpr base::Duration publish_pause = std::chrono::milliseconds(500);
constexpr base::Duration client_keys_pause = std::chrono::seconds(5);
constexpr base::Duration fetch_pause = std::chrono::seconds(5);
constexpr base::Duration authorities_every = std::chrono::minutes(1);
// A list names a certificate until after its end, and an auditor asks later still.
constexpr base::Duration issued_kept = std::chrono::hours(24 * 365);
constexpr base::Duration foreign_answers_kept = std::chrono::hours(24 * 30);
constexpr std::size_t largest_list = std::size_t{4} * 1024 * 1024;
constexpr std::size_t sweep_most = 200;

void complain(std::string_view what, const base::Error& error) {
  base::log(base::Level::warning, what, {{"reason", base::describe(error)}});
}

/// Remembers when each kind of housekeeping was done last.
class Housekeeping {
 public:
  explicit Housekeeping(const flow::House& house) : house_(house), head_every_(house.settings.audit.head_every) {}

  base::Duration step() {
    const base::Time now = base::now();
    const bool more = is_due(swept_at_, now, sweep_every) && sweep(now);
    if (more) swept_at_ = {};
    // Other nodes make and withdraw keys too; who only asks for the keys does not read them again.
    house_.keys.refresh(now);
    if (is_due(connector_at_, now, sweep_every)) take_back(now);
    if (is_due(keys_at_, now, keys_every)) prepare_keys(now);
    if (is_due(authorities_at_, now, authorities_every)) renew_authorities(now);
    if (is_due(cleaned_at_, now, clean_every)) clean(now);
    if (is_due(reminded_at_, now, remind_every)) remind(now);
    if (is_due(head_at_, now, head_every_)) log_head();
    return more ? base::Duration(0) : std::min(house_.store.is_postgresql() ? look_every : sweep_every, head_every_);
  }

 private:
  static bool is_due(base::Time& last, base::Time now, base::Duration every) {
    if (last != base::Time() && now - last < every) return false;
    last = now;
    return true;
  }

  bool sweep(base::Time now) {
    const auto ended = flow::end_over_sessions(house_, sweep_most, now);
    if (!ended) complain("sessions whose time is over could not be ended", ended.error());
    return ended && *ended == sweep_most;
  }

  void prepare_keys(base::Time now) {
    if (const auto rotated = flow::rotate_due_keys(house_, now); !rotated) {
      complain("signing keys could not be rotated", rotated.error());
    }
    if (const auto ready = house_.keys.prepare_next(now); !ready) {
      complain("signing keys could not be read or made", ready.error());
    }
  }

  void renew_authorities(base::Time now) {
    const auto renewed = flow::renew_authorities(house_, now);
    if (!renewed) complain("the certificate authority could not be renewed", renewed.error());
    const auto stamping = flow::renew_timestamp_authority(house_, now);
    if (!stamping) complain("the time-stamp authority could not be renewed", stamping.error());
    const auto published = flow::publish_due_lists(house_, now);
    if (!published) complain("lists of revoked certificates could not be made", published.error());
  }

  void take_back(base::Time now) {
    const auto taken = flow::take_back_connector_settings(house_, now);
    if (!taken) complain("unconfirmed settings of the connector could not be taken back", taken.error());
  }

  void clean(base::Time now) {
    const base::Time forgotten = now - house_.settings.lockout.throttle.forgotten_after;
    sweep_all("old grants", store::delete_old_grants, now - grants_kept);
    sweep_all("tokens that were revoked", store::delete_old_revoked_tokens, now);
    sweep_all("old devices that waited", store::delete_old_device_authorizations, now - devices_kept);
    // A request may be resumed as long as its login lasts.
    sweep_all("old pushed requests", store::delete_old_pushed_requests, now - house_.settings.attempt.lasts);
    sweep_all("old reports of validations", store::delete_old_validation_reports, now);
    sweep_all("unused answers about revocation", store::delete_unused_revocations, now - answers_kept);
    sweep_all("old counts of hits", store::delete_old_throttles, now);
    sweep_all("old counts of short messages", store::delete_old_sms_counts, now - sms_counts_kept);
    sweep_all("old counts of failures", store::delete_old_failures, forgotten);
    sweep_all("old tokens", store::delete_old_tokens, now - tokens_kept);
    sweep_all("old devices", store::delete_old_devices, now - house_.settings.session.device_lasts);
    sweep_all("old messages", store::erase_old_outbox, now - messages_kept);
    sweep_all("old receipts of events", store::delete_old_event_receipts, now - receipts_kept);
    sweep_all("old runs on many accounts", store::delete_old_bulk_acts, now - bulk_acts_kept);
    sweep_all("old reports of gateways", store::delete_old_sms_reports, now - deliveries_kept);
    sweep_all("old certificates", store::delete_old_issued, now - issued_kept);
    sweep_all("old answers about certificates", store::delete_old_revocations, now - foreign_answers_kept);
    const auto swept = flow::sweep_jobs(house_, now);
    if (!swept) complain("old signing jobs could not be swept", swept.error());
    sweep_all("old deliveries", store::delete_old_outbox, now - deliveries_kept);
  }

  // In many small writes, so that other writes run between them.
  void sweep_all(const std::string& what, base::Result<bool> (*sweep_some)(store::Tx&, base::Time), base::Time before) {
    for (bool more = true; more;) {
      const auto swept = house_.store.write([&](store::Tx& tx) { return sweep_some(tx, before); });
      if (!swept) complain(what + " could not be swept", swept.error());
      more = swept && *swept;
    }
  }

  void remind(base::Time now) {
    const auto sent = flow::send_expiry_reminders(house_, now);
    if (!sent) complain("reminders of expiring passwords could not be written", sent.error());
    const auto warned = flow::send_credential_warnings(house_, now);
    if (!warned) complain("warnings of ending credentials could not be written", warned.error());
  }

  void log_head() {
    const auto head = house_.store.read([](store::Tx& tx) { return store::find_head(tx); });
    if (!head) return complain("the audit log's head could not be read", head.error());
    if (!*head || (*head)->seq == logged_seq_) return;
    // Events that are not durable yet can be lost in a power failure. An anchor over them would make an intact log look
    // manipulated.
    if (!house_.store.wait_durable()) return;
    logged_seq_ = (*head)->seq;
    base::log(base::Level::info, "audit head",
              {{"anchor", std::to_string(logged_seq_) + ":" + base::to_hex((*head)->hash)}});
  }

  flow::House house_;
  base::Duration head_every_;
  base::Time swept_at_{};
  base::Time connector_at_{};
  base::Time authorities_at_{};
  base::Time keys_at_ = base::now();  // they were read at the start
  base::Time cleaned_at_{};
  base::Time reminded_at_{};
  base::Time head_at_{};
  std::int64_t logged_seq_ = 0;
};

/// Polls the outbox four times a second, so that a message is sent soon after its transaction, whichever node or
/// command wrote it. A poll of an empty outbox is one read.
base::Duration send_outbox(flow::OutboxSender& sender) {
  const auto taken = sender.take_due();
  if (taken) return *taken > 0 ? base::Duration(0) : outbox_pause;
  complain("the outbox could not be sent", taken.error());
  return std::chrono::seconds(1);
}

/// The personal parts of the events of a deleted account are erased within seconds, and those that are too old within a
/// day, also after a restart or on another node. Then the log of SQLite is emptied, which still holds what was erased;
/// one that an ended process has left was emptied at the start.
class Erasure {
 public:
  explicit Erasure(const flow::House& house) : house_(house) {}

  base::Duration step() {
    auto more = flow::erase_due_step(house_);
    if (more && !*more) more = flow::erase_old_step(house_, base::now());
    if (!more) complain("what is due to be erased could not be erased", more.error());
    if (more && *more) {
      is_in_log_ = true;
      return base::Duration(0);
    }
    if (is_in_log_) empty_log();
    return erasure_pause;
  }

 private:
  void empty_log() {
    const auto emptied = house_.store.empty_log();
    if (!emptied) complain("the log of the database could not be emptied", emptied.error());
    is_in_log_ = !emptied || !*emptied;
  }

  flow::House house_;
  bool is_in_log_ = false;
};

base::Duration check_chain(flow::CheckRunner& runner, const flow::House& house) {
  const auto more = runner.step(house, base::now());
  if (!more) complain("the chain of the audit log could not be verified", more.error());
  return more && *more ? base::Duration(0) : check_pause;
}

/// One account of each run, and then as long a rest as it took, so that a run never has more than half of the time in
/// which the database writes.
base::Duration run_bulk(const flow::House& house) {
  const auto begin = std::chrono::steady_clock::now();
  const auto any = flow::run_bulk_step(house, base::now());
  if (!any) complain("a run on many accounts could not go on", any.error());
  if (!any || !*any) return bulk_pause;
  const auto took = std::chrono::duration_cast<base::Duration>(std::chrono::steady_clock::now() - begin);
  return std::max(shortest_bulk_rest, took);
}

/// A poll that finds nothing is one read.
base::Duration publish_lists(const flow::House& house) {
  const auto published = flow::publish_changed_lists(house, base::now());
  if (!published) complain("a list of revoked certificates could not be published", published.error());
  return publish_pause;
}

base::Duration fetch_revocations(const flow::House& house, const remote::HttpClient& client) {
  const auto more = flow::fetch_due_revocations(house, client, base::now());
  if (!more) complain("revocations of other authorities could not be kept", more.error());
  return more && *more ? base::Duration(0) : fetch_pause;
}

base::Duration fetch_client_keys(flow::KeyFetcher& fetcher, const flow::House& house,
                                 const remote::HttpClient& client) {
  const auto fetched = fetcher.step(house, make_document_fetcher(client), base::now());
  if (!fetched) complain("keys of clients could not be kept", fetched.error());
  return fetched && *fetched ? base::Duration(0) : client_keys_pause;
}

base::Duration fill_terms(flow::TermFiller& filler, const flow::House& house) {
  const auto more = filler.step(house);
  if (!more) complain("the terms of the search could not be written", more.error());
  return more && *more ? base::Duration(0) : terms_pause;
}

}  // namespace

base::Result<std::unique_ptr<Background>> Background::start(const flow::House& house, const Config& config) {
  remote::HttpOptions options;
  options.loopback_http = config.loopback_http;
  options.allowed_networks = config.remote_networks;
  options.ca_file = config.remote_ca_file;
  remote::HttpOptions for_lists = options;
  for_lists.most_body = largest_list;
  for_lists.takes_signed_over_http = true;
  ASSIGN_OR_RETURN(auto client, remote::HttpClient::make(std::move(options)));
  ASSIGN_OR_RETURN(auto list_client, remote::HttpClient::make(std::move(for_lists)));
  std::optional<remote::SmtpClient> mail_client;
  if (!config.mail.server.host.empty()) {
    ASSIGN_OR_RETURN(mail_client, remote::SmtpClient::make(smtp_options(config)));
  }
  return std::unique_ptr<Background>(
      new Background(house, config, {std::move(client), std::move(list_client)}, std::move(mail_client)));
}

Background::Background(const flow::House& house, const Config& config, Clients clients,
                       std::optional<remote::SmtpClient> mail_client)
    : house_(house),
      client_(std::move(clients.ordinary)),
      list_client_(std::move(clients.lists)),
      mail_client_(std::move(mail_client)) {
  if (mail_client_) deliverers_.emplace("mail", flow::make_mail_deliverer(house_, *mail_client_, config.mail.sender));
  if (house_.sms != nullptr) deliverers_.emplace("sms", flow::make_sms_deliverer(house_));
  deliverers_.emplace("reset", flow::make_reset_deliverer(house_));
  deliverers_.emplace(flow::lockout_item_kind, flow::make_lockout_deliverer(house_));
  deliverers_.emplace("logout", flow::make_logout_deliverer(house_, client_));
  sender_ = std::make_unique<flow::OutboxSender>(house_, deliverers_);
  outbox_ = std::make_unique<Worker>([this] { return send_outbox(*sender_); });
  housekeeping_ =
      std::make_unique<Worker>([keeping = std::make_shared<Housekeeping>(house_)] { return keeping->step(); });
  // Erasure has its own thread, because it must not wait as long as housekeeping may take.
  erasure_ = std::make_unique<Worker>([erasure = std::make_shared<Erasure>(house_)] { return erasure->step(); });
  terms_ = std::make_unique<Worker>(
      [this, filler = std::make_shared<flow::TermFiller>()] { return fill_terms(*filler, house_); });
  bulk_ = std::make_unique<Worker>([this] { return run_bulk(house_); });
  publishing_ = std::make_unique<Worker>([this] { return publish_lists(house_); });
  fetching_ = std::make_unique<Worker>([this] { return fetch_revocations(house_, list_client_); });
  client_keys_ = std::make_unique<Worker>(
      [this, fetcher = std::make_shared<flow::KeyFetcher>()] { return fetch_client_keys(*fetcher, house_, client_); });
  // A check of a long log takes minutes; nothing else waits for it.
  check_ = std::make_unique<Worker>(
      [this, runner = std::make_shared<flow::CheckRunner>()] { return check_chain(*runner, house_); });
}

Background::~Background() {
  client_.stop();
  list_client_.stop();
  if (house_.sms != nullptr) house_.sms->stop();
  outbox_.reset();
  sender_.reset();
  housekeeping_.reset();
  erasure_.reset();
  terms_.reset();
  check_.reset();
  bulk_.reset();
  publishing_.reset();
  fetching_.reset();
  client_keys_.reset();
}

}  // namespace app
