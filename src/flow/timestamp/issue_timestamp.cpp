#include "flow/timestamp/issue_timestamp.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <utility>

#include "audit/event.hpp"
#include "base/ip_address.hpp"
#include "base/log.hpp"
#include "crypto/key/master_key.hpp"
#include "flow/house/event_turn.hpp"
#include "flow/house/record.hpp"
#include "flow/oauth/find_issuance.hpp"
#include "flow/system/find_program.hpp"
#include "flow/tenant/features.hpp"
#include "flow/timestamp/timestamp_desk.hpp"
#include "store/audit/audit_log.hpp"
#include "store/engine/store.hpp"
#include "store/proof/throttling.hpp"
#include "store/tenant/tenants.hpp"
#include "store/timestamp/timestamps.hpp"

namespace flow {
namespace {

using crypto::TimestampFailure;

constexpr std::array<std::string_view, 5> refusals{"no_authority", "feature_off", "unauthenticated", "lacks_scope",
                                                   "too_many"};
constexpr base::Duration window = std::chrono::minutes(1);

/// For whom a stamp is made.
struct Party {
  base::Id tenant_id{};
  std::optional<base::Id> account{};
  std::string client{};
};

Stamped fail(TimestampFailure failure, std::string reason) {
  Stamped stamped;
  stamped.failure = failure;
  stamped.reason = std::move(reason);
  return stamped;
}

Stamped refuse(StampRefusal refusal) {
  Stamped stamped;
  stamped.refusal = refusal;
  return stamped;
}

base::Bytes bucket_of(const House& house, std::string_view what, std::string_view who) {
  return house.master.authenticate("throttle", "timestamps|" + std::string(what) + "|" + std::string(who));
}

audit::Event describe(const Party& party, const Stamped& stamped, const RequestFacts& facts) {
  const std::initializer_list<audit::Detail> details{
      {"stamped", audit::Value::checked_code(base::to_hex(stamped.info.imprint))},
      {"algorithm", stamped.info.digest_kind},
      {"serial", audit::Value::checked_code(base::to_hex(stamped.info.serial))},
      {"stamp_policy", audit::Value::registered(stamped.info.policy)},
      {"stamped_at", stamped.info.at}};
  audit::Event event =
      party.account ? make_event(audit::type::timestamp_issue, Subject(party.tenant_id, *party.account), facts, details)
                    : make_event(audit::type::timestamp_issue, Subject(party.tenant_id), facts, details);
  event.client = party.client;
  return event;
}

class Issuing {
 public:
  Issuing(const House& house, const RequestFacts& facts)
      : house_(house), desk_(*house.timestamps), settings_(desk_.settings()), facts_(facts) {}

  /// A token, or why there is none; nothing is recorded yet.
  base::Result<Stamped> make(const crypto::TimestampRequest& request, const signature::ClockReading& clock) {
    ASSIGN_OR_RETURN(const auto authority, desk_.find_authority(house_, clock.wall));
    if (authority == nullptr) return refuse(StampRefusal::no_authority);
    if (!is_accepted(request.digest_kind)) return fail(TimestampFailure::bad_alg, "a digest that is not accepted");
    if (!is_accepted(request.policy)) return fail(TimestampFailure::unaccepted_policy, "a policy that is not offered");
    if (desk_.judge_clock(clock) != signature::ClockFlaw::none) return mistrust("the clock has jumped");
    if (clock.wall < authority->not_before || clock.wall >= authority->not_after) {
      return mistrust("the authority's certificate is not valid now");
    }
    Stamped stamped;
    stamped.info.policy = request.policy.empty() ? settings_.policy : request.policy;
    stamped.info.digest_kind = request.digest_kind;
    stamped.info.imprint = request.imprint;
    ASSIGN_OR_RETURN(stamped.info.serial, desk_.take_serial(house_));
    stamped.info.at = clock.wall;
    stamped.info.accuracy.seconds = settings_.accuracy.count() / 1000;
    stamped.info.accuracy.milliseconds = settings_.accuracy.count() % 1000;
    stamped.info.nonce = request.nonce;
    ASSIGN_OR_RETURN(stamped.token,
                     crypto::make_timestamp_token(stamped.info, authority->signer, request.wants_certificates));
    return stamped;
  }

  /// In the transaction: gives what may leave.
  base::Result<Stamped> record(store::Tx& tx, const Party& party, const Stamped& stamped) {
    ASSIGN_OR_RETURN(const bool is_later, store::note_stamped_time(tx, stamped.info.at, settings_.accuracy));
    if (!is_later) return mistrust("the clock is behind what was stamped already");
    RETURN_IF_ERROR(store::append_event(tx, describe(party, stamped, facts_)));
    return stamped;
  }

  /// Who asks, and whether that is allowed; nullopt: it is.
  base::Result<std::optional<StampRefusal>> judge(store::Tx& tx, const StampWish& wish, const ReadProof* read,
                                                  Party& party) {
    std::optional<StampRefusal> refusal;
    if (!wish.proof) {
      ASSIGN_OR_RETURN(const store::Tenant first, store::find_first_tenant(tx));
      party.tenant_id = first.id;
      if (settings_.access != TimestampAccess::anyone) refusal = StampRefusal::unauthenticated;
    } else {
      ASSIGN_OR_RETURN(refusal, judge_program(tx, *wish.proof, *read, party));
    }
    if (refusal) return refusal;
    ASSIGN_OR_RETURN(const bool has, has_feature(tx, party.tenant_id, Feature::timestamps));
    if (!has) return std::optional(StampRefusal::feature_off);
    return count(tx, party);
  }

 private:
  [[nodiscard]] bool is_accepted(crypto::DigestKind kind) const {
    return std::find(settings_.digests.begin(), settings_.digests.end(), kind) != settings_.digests.end();
  }

  [[nodiscard]] bool is_accepted(const std::string& policy) const {
    const auto& more = settings_.more_policies;
    return policy.empty() || policy == settings_.policy || std::find(more.begin(), more.end(), policy) != more.end();
  }

  Stamped mistrust(const char* why) {
    ++desk_.figures().mistrusted;
    desk_.days().note(StampOutcome::mistrusted, facts_.now);
    base::log(base::Level::error, "time stamps are not issued now", {{"reason", why}});
    return fail(TimestampFailure::time_not_available, why);
  }

  base::Result<std::optional<StampRefusal>> judge_program(store::Tx& tx, const CallerProof& proof,
                                                          const ReadProof& read, Party& party) {
    ASSIGN_OR_RETURN(const Program program, find_program(house_, tx, {proof, read}, call_to_stamp, facts_));
    if (program.refusal) return std::optional(as_refusal<StampRefusal>(*program.refusal));
    party.tenant_id = program.tenant_id;
    party.account = program.account;
    if (program.client) party.client = program.client->client_id;
    return std::optional<StampRefusal>();
  }

  base::Result<std::optional<StampRefusal>> count(store::Tx& tx, const Party& party) {
    ASSIGN_OR_RETURN(const std::int64_t over, count_over(tx, party));
    if (over <= 0) return std::optional<StampRefusal>();
    RETURN_IF_ERROR(
        record_foreign_refusal(house_, tx, {nullptr, audit::type::timestamp_refusal, "limit_of_stamps"}, facts_));
    return std::optional(StampRefusal::too_many);
  }

  base::Result<std::int64_t> count_over(store::Tx& tx, const Party& party) {
    if (!party.account && party.client.empty()) {
      if (!base::IpAddress::parse(facts_.ip)) return 0;  // the command line, a socket
      return count_for_networks(house_, tx, {"timestamps|network", settings_.each_minute_of_network, window}, facts_);
    }
    const base::Bytes bucket = party.account ? bucket_of(house_, "account", party.account->to_string())
                                             : bucket_of(house_, "client", party.client);
    ASSIGN_OR_RETURN(const std::int64_t number, store::count_in_window(tx, bucket, window, facts_.now));
    return number - settings_.each_minute;
  }

  const House& house_;
  TimestampDesk& desk_;
  const TimestampSettings& settings_;
  const RequestFacts& facts_;
};

void count_outcome(TimestampDesk& desk, const Stamped& stamped, base::Time now) {
  auto& figures = desk.figures();
  const auto note = [&](std::atomic<std::uint64_t>& figure, StampOutcome outcome) {
    ++figure;
    desk.days().note(outcome, now);
  };
  if (stamped.refusal) note(figures.refused, StampOutcome::refused);
  if (stamped.failure) note(figures.rejected, StampOutcome::rejected);
  if (!stamped.token.empty()) note(figures.issued, StampOutcome::issued);
}

}  // namespace

signature::ClockReading read_clocks() {
  return {base::now(), std::chrono::duration_cast<base::Duration>(std::chrono::steady_clock::now().time_since_epoch())};
}

std::string_view name_of(StampRefusal refusal) {
  return refusals.at(static_cast<std::size_t>(refusal));
}

base::Result<Stamped> issue_timestamp(const House& house, const StampWish& wish, const RequestFacts& facts) {
  if (house.timestamps == nullptr || house.timestamps->settings().access == TimestampAccess::off) {
    return refuse(StampRefusal::no_authority);
  }
  Issuing issuing(house, facts);
  ASSIGN_OR_RETURN(Stamped made, issuing.make(wish.request, wish.clock));
  if (!made.token.empty()) {
    std::optional<ReadProof> read;
    if (wish.proof) read = read_proof(house, *wish.proof, facts.now);
    ASSIGN_OR_RETURN(made, house.store.write([&](store::Tx& tx) -> base::Result<Stamped> {
      Party party;
      ASSIGN_OR_RETURN(const auto refusal, issuing.judge(tx, wish, read ? &*read : nullptr, party));
      if (refusal) return refuse(*refusal);
      return issuing.record(tx, party, made);
    }));
  }
  count_outcome(*house.timestamps, made, facts.now);
  return made;
}

base::Result<StampReply> answer_timestamp(const House& house, base::BytesView request,
                                          const std::optional<CallerProof>& proof, const signature::ClockReading& clock,
                                          const RequestFacts& facts) {
  const crypto::ParsedTimestampRequest parsed = crypto::parse_timestamp_request(request);
  if (!parsed.request) return StampReply{std::nullopt, crypto::refuse_timestamp(parsed.failure, parsed.reason)};
  ASSIGN_OR_RETURN(const Stamped stamped, issue_timestamp(house, {*parsed.request, proof, clock}, facts));
  if (stamped.refusal) return StampReply{stamped.refusal, {}};
  if (stamped.failure) return StampReply{std::nullopt, crypto::refuse_timestamp(*stamped.failure, stamped.reason)};
  return StampReply{std::nullopt, crypto::grant_timestamp(stamped.token)};
}

base::Result<base::Bytes> issue_own_timestamp(const House& house, const crypto::TimestampRequest& request,
                                              const signature::ClockReading& clock, const RequestFacts& facts) {
  if (house.timestamps == nullptr) return base::fail(base::Code::not_found, "there is no time-stamp authority");
  Issuing issuing(house, facts);
  ASSIGN_OR_RETURN(Stamped made, issuing.make(request, clock));
  if (made.refusal) return base::fail(base::Code::not_found, "there is no time-stamp authority");
  if (!made.token.empty()) {
    ASSIGN_OR_RETURN(made, house.store.write([&](store::Tx& tx) -> base::Result<Stamped> {
      ASSIGN_OR_RETURN(const store::Tenant first, store::find_first_tenant(tx));
      Party party;
      party.tenant_id = first.id;
      return issuing.record(tx, party, made);
    }));
  }
  count_outcome(*house.timestamps, made, facts.now);
  if (!made.token.empty()) return std::move(made.token);
  const bool is_clock = made.failure == TimestampFailure::time_not_available;
  return base::fail(is_clock ? base::Code::unavailable : base::Code::invalid_input, made.reason);
}

}  // namespace flow
