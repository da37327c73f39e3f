#include "flow/timestamp/timestamp_authority.hpp"

#include <array>

#include "audit/event.hpp"
#include "crypto/certificate/certificate.hpp"
#include "flow/certificate/issue_certificate.hpp"
#include "flow/certificate/signed_ahead.hpp"
#include "flow/house/demand_permission.hpp"
#include "flow/house/record.hpp"
#include "flow/session/judge_actor.hpp"
#include "flow/signing/chain_text.hpp"
#include "flow/signing/make_credential.hpp"
#include "flow/timestamp/timestamp_desk.hpp"
#include "rights/permission.hpp"
#include "store/audit/audit_log.hpp"
#include "store/engine/store.hpp"
#include "store/tenant/tenants.hpp"
#include "token/token.hpp"

namespace flow {
namespace {

constexpr rights::Permission demanded = rights::Permission::manage_authorities;
constexpr base::Duration renewed_before = std::chrono::hours(24 * 30);
constexpr std::size_t longest_name = 64;

std::string name_for(const store::Tenant& tenant, const std::string& wanted) {
  if (!wanted.empty()) return wanted;
  const std::string name = "Time stamps of " + tenant.name;
  return base::count_code_points(name) <= longest_name ? name : "Time stamps";
}

/// A key pair, here or on the token of the settings.
struct NewKey {
  base::Bytes spki;
  base::Secret pkcs8{};  // "" = on a token
  std::string token{};
  base::Bytes token_object{};
};

base::Result<NewKey> make_key(const House& house, crypto::SoftKeyKind kind) {
  NewKey key;
  if (house.timestamps != nullptr) key.token = house.timestamps->settings().token;
  if (key.token.empty()) {
    ASSIGN_OR_RETURN(const crypto::SoftKey made, crypto::SoftKey::generate(kind));
    key.spki = made.public_key();
    ASSIGN_OR_RETURN(key.pkcs8, made.to_pkcs8());
    return key;
  }
  ASSIGN_OR_RETURN(token::Token* const token, find_token(house, key.token));
  ASSIGN_OR_RETURN(const token::Key made, token->generate(house.timestamps->settings().token_pin, kind, "Time stamps"));
  key.spki = made.public_key;
  key.token_object = made.id;
  return key;
}

// Two nodes may renew at the same time: the second one sees what the first one made, and makes nothing.
base::Result<std::optional<store::TimestampAuthority>> make(const CertificateAct& act, const NewKey& key,
                                                            const std::string& name, bool is_renewal) {
  ASSIGN_OR_RETURN(const auto before, store::find_timestamp_authority(act.tx));
  const base::Time now = act.facts.now;
  if (is_renewal && (!before || before->not_after - now > renewed_before)) {
    return std::optional<store::TimestampAuthority>();
  }
  ASSIGN_OR_RETURN(const store::Tenant first, store::find_first_tenant(act.tx));
  CertificateWish wish;
  wish.profile = authority::Profile::time_stamp;
  wish.tenant_id = first.id;
  wish.common_name = name_for(first, name);
  wish.public_key = key.spki;
  ASSIGN_OR_RETURN(IssuedCertificate issued, issue_certificate(act, wish));
  ASSIGN_OR_RETURN(const crypto::CertificateFacts facts, crypto::parse_certificate(issued.der));
  // The root is what others trust; it need not travel in every token.
  if (issued.chain.size() > 1) issued.chain.pop_back();
  store::TimestampAuthority row;
  row.id = base::Id::make(now);
  row.state = "active";
  row.sha256 = issued.sha256;
  row.name = wish.common_name;
  row.subject = facts.subject;
  row.certificate = issued.der;
  row.chain = join_chain(issued.chain);
  row.algorithm = crypto::name_of(crypto::list_algorithms_of(key.spki).front());
  row.spki = key.spki;
  row.token = key.token;
  row.token_object = key.token_object;
  row.not_before = issued.not_before;
  row.not_after = issued.not_after;
  row.created_at = now;
  row.created_by = act.by();
  RETURN_IF_ERROR(store::insert_timestamp_authority(act.tx, row, key.pkcs8));
  RETURN_IF_ERROR(store::retire_timestamp_authorities(act.tx, row.id));
  RETURN_IF_ERROR(store::append_event(
      act.tx, make_event(audit::type::timestamp_authority_change, act.actor, Subject(first.id), act.facts,
                         {{"change", before ? audit::Code("renewed") : audit::Code("added")},
                          {"fingerprint", audit::Value::checked_code(row.sha256)},
                          {"until", row.not_after}})));
  return std::optional(std::move(row));
}

}  // namespace

base::Result<store::TimestampAuthority> make_timestamp_authority(const House& house, const rights::Actor& actor,
                                                                 const TimestampAuthorityWish& wish,
                                                                 const RequestFacts& facts) {
  RETURN_IF_ERROR(demand_permission(actor, demanded));
  ASSIGN_OR_RETURN(const NewKey key, make_key(house, wish.key));
  auto made = sign_ahead([&](SignedAhead& ahead) {
    return write_for(house, actor, facts.now, [&](store::Tx& tx) -> base::Result<store::TimestampAuthority> {
      ASSIGN_OR_RETURN(auto row, make(CertificateAct{house, tx, facts, &actor, &ahead}, key, wish.name, false));
      if (!row) return base::fail(base::Code::internal, "no time-stamp authority was made");
      return std::move(*row);
    });
  });
  if (made && house.timestamps != nullptr) house.timestamps->forget_authority();
  return made;
}

base::Result<void> renew_timestamp_authority(const House& house, base::Time now) {
  ASSIGN_OR_RETURN(const auto row,
                   house.store.read_background([](store::Tx& tx) { return store::find_timestamp_authority(tx); }));
  if (!row || row->not_after - now > renewed_before) return {};
  const bool is_rsa = row->algorithm.starts_with("rsa");
  const auto kind = is_rsa ? crypto::SoftKeyKind::rsa_3072 : crypto::SoftKeyKind::ec_p256;
  ASSIGN_OR_RETURN(const NewKey key, make_key(house, kind));
  RequestFacts facts;
  facts.now = now;
  RETURN_IF_ERROR(sign_ahead([&](SignedAhead& ahead) {
    return house.store.write([&](store::Tx& tx) {
      return make(CertificateAct{house, tx, facts, nullptr, &ahead}, key, row->name, true);
    });
  }));
  if (house.timestamps != nullptr) house.timestamps->forget_authority();
  return {};
}

base::Result<TimestampNode> look_at_timestamp_node(const House& house, const rights::Actor& actor,
                                                   const signature::ClockReading& clock) {
  RETURN_IF_ERROR(demand_permission(actor, demanded));
  if (house.timestamps == nullptr) return base::fail(base::Code::unavailable, "there are no time stamps here");
  TimestampDesk& desk = *house.timestamps;
  const TimestampSettings& settings = desk.settings();
  constexpr std::array<std::string_view, 3> accesses{"off", "known", "anyone"};
  constexpr std::array<std::string_view, 3> clocks{"none", "jumped", "settling"};
  TimestampNode node;
  node.access = accesses.at(static_cast<std::size_t>(settings.access));
  node.policy = settings.policy;
  node.each_minute = settings.each_minute;
  node.each_minute_of_network = settings.each_minute_of_network;
  node.accuracy = settings.accuracy;
  node.clock = clocks.at(static_cast<std::size_t>(desk.judge_clock(clock)));
  const TimestampDesk::SerialBlock block = desk.look_at_serials();
  node.next_serial = block.next;
  node.serials_left = block.end - block.next;
  node.days = desk.days().list();
  for (const std::string& source : settings.sources) node.sources.push_back({source, desk.answers().find(source)});
  return node;
}

base::Result<TimestampLook> look_at_timestamps(const House& house, const rights::Actor& actor) {
  RETURN_IF_ERROR(demand_permission(actor, demanded));
  return house.store.read([](store::Tx& tx) -> base::Result<TimestampLook> {
    TimestampLook look;
    ASSIGN_OR_RETURN(look.authorities, store::list_timestamp_authorities(tx));
    ASSIGN_OR_RETURN(const store::TimestampClock clock, store::find_timestamp_clock(tx));
    look.reserved = clock.next_serial - 1;
    if (clock.last_at != base::Time()) look.last_at = clock.last_at;
    return look;
  });
}

}  // namespace flow
