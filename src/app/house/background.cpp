#include "app/house/background.hpp"

#include <algorithm>

#include "app/config/config_rules.hpp"
#include "base/bytes.hpp"
#include "base/log.hpp"
#include "flow/admin/run_bulk.hpp"
#include "flow/audit/check_chain.hpp"
#include "flow/audit/erase_due.hpp"
#include "flow/house/audit_settings.hpp"
#include "flow/house/key_ring.hpp"
#include "flow/message/deliver_logout.hpp"
#include "flow/message/deliver_message.hpp"
#include "flow/message/notify_lockout.hpp"
#include "flow/message/sms_route.hpp"
#include "flow/password/remind_expiry.hpp"
#include "flow/password/reset_password.hpp"
#include "flow/proof/lockout_settings.hpp"
#include "flow/proof/throttle_login.hpp"
#include "flow/session/logout.hpp"
#include "flow/session/session_settings.hpp"
#include "flow/setup/fill_terms.hpp"
#include "store/account/accounts.hpp"
#include "store/account/bulk_acts.hpp"
#include "store/audit/audit_log.hpp"
#include "store/audit/event_receipts.hpp"
#include "store/message/outbox.hpp"
#include "store/message/sms_counts.hpp"
#include "store/message/sms_gateways.hpp"
#include "store/oauth/grants.hpp"
#include "store/proof/one_time_tokens.hpp"
#include "store/proof/throttling.hpp"
#include "store/session/devices.hpp"
#include "store/session/sessions.hpp"

namespace app {
namespace {

constexpr base::Duration outbox_pause = std::chrono::milliseconds(250);
constexpr base::Duration erasure_pause = std::chrono::seconds(2);
constexpr base::Duration check_pause = std::chrono::seconds(1);
constexpr base::Duration terms_pause = std::chrono::minutes(10);
constexpr base::Duration bulk_pause = std::chrono::milliseconds(500);
constexpr base::Duration shortest_bulk_rest = std::chrono::milliseconds(10);
constexpr base::Duration sweep_every = std::chrono::seconds(5);
constexpr base::Duration keys_every = std::chrono::seconds(60);
constexpr base::Duration clean_every = std::chrono::minutes(10);
constexpr base::Duration remind_every = std::chrono::hours(1);
constexpr base::Duration tokens_kept = std::chrono::hours(24);
constexpr base::Duration grants_kept = std::chrono::hours(24);
constexpr base::Duration messages_kept = std::chrono::hours(24);
constexpr base::Duration sms_counts_kept = std::chrono::hours(24);
constexpr base::Duration receipts_kept = std::chrono::hours(24);
constexpr base::Duration deliveries_kept = std::chrono::hours(24 * 30);
constexpr base::Duration bulk_acts_kept = std::chrono::hours(24 * 30);
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
    const bool more = sweep(now);
    if (is_due(keys_at_, now, keys_every)) prepare_keys(now);
    if (is_due(cleaned_at_, now, clean_every)) clean(now);
    if (is_due(reminded_at_, now, remind_every)) remind(now);
    if (is_due(head_at_, now, head_every_)) log_head();
    return more ? base::Duration(0) : std::min(sweep_every, head_every_);
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
    if (const auto ready = house_.keys.prepare_next(now); !ready) {
      complain("signing keys could not be read or made", ready.error());
    }
  }

  void clean(base::Time now) {
    const base::Time forgotten = now - house_.settings.lockout.throttle.forgotten_after;
    sweep_all("old grants", store::delete_old_grants, now - grants_kept);
    sweep_all("old counts of hits", store::delete_old_throttles, now);
    sweep_all("old counts of short messages", store::delete_old_sms_counts, now - sms_counts_kept);
    sweep_all("old counts of failures", store::delete_old_failures, forgotten);
    sweep_all("old tokens", store::delete_old_tokens, now - tokens_kept);
    sweep_all("old devices", store::delete_old_devices, now - house_.settings.session.device_lasts);
    sweep_all("old messages", store::erase_old_outbox, now - messages_kept);
    sweep_all("old receipts of events", store::delete_old_event_receipts, now - receipts_kept);
    sweep_all("old runs on many accounts", store::delete_old_bulk_acts, now - bulk_acts_kept);
    sweep_all("old reports of gateways", store::delete_old_sms_reports, now - deliveries_kept);
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
/// day, also after a restart or on another node.
base::Duration erase_due(const flow::House& house) {
  auto more = flow::erase_due_step(house);
  if (more && !*more) more = flow::erase_old_step(house, base::now());
  if (more) return *more ? base::Duration(0) : erasure_pause;
  complain("what is due to be erased could not be erased", more.error());
  return erasure_pause;
}

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
  ASSIGN_OR_RETURN(auto client, remote::HttpClient::make(std::move(options)));
  std::optional<remote::SmtpClient> mail_client;
  if (!config.mail.server.host.empty()) {
    ASSIGN_OR_RETURN(mail_client, remote::SmtpClient::make(smtp_options(config)));
  }
  return std::unique_ptr<Background>(new Background(house, config, std::move(client), std::move(mail_client)));
}

Background::Background(const flow::House& house, const Config& config, remote::HttpClient client,
                       std::optional<remote::SmtpClient> mail_client)
    : house_(house), client_(std::move(client)), mail_client_(std::move(mail_client)) {
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
  erasure_ = std::make_unique<Worker>([this] { return erase_due(house_); });
  terms_ = std::make_unique<Worker>(
      [this, filler = std::make_shared<flow::TermFiller>()] { return fill_terms(*filler, house_); });
  bulk_ = std::make_unique<Worker>([this] { return run_bulk(house_); });
  // A check of a long log takes minutes; nothing else waits for it.
  check_ = std::make_unique<Worker>(
      [this, runner = std::make_shared<flow::CheckRunner>()] { return check_chain(*runner, house_); });
}

Background::~Background() {
  client_.stop();
  if (house_.sms != nullptr) house_.sms->stop();
  outbox_.reset();
  sender_.reset();
  housekeeping_.reset();
  erasure_.reset();
  terms_.reset();
  check_.reset();
  bulk_.reset();
}

}  // namespace app
