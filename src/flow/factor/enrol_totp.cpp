#include "flow/factor/enrol_totp.hpp"

#include <algorithm>
#include <chrono>

#include "base/base32.hpp"
#include "crypto/factor/totp.hpp"
#include "crypto/key/master_key.hpp"
#include "flow/factor/change_factors.hpp"
#include "flow/house/brand.hpp"
#include "flow/house/demand_permission.hpp"
#include "flow/proof/prove_again.hpp"
#include "flow/session/judge_actor.hpp"
#include "identity/identifier/device_name.hpp"
#include "store/engine/store.hpp"
#include "store/factor/factors.hpp"

namespace flow {
namespace {

constexpr std::string_view sealed_for = "totp-enrolment";
constexpr base::Duration ticket_lasts = std::chrono::minutes(10);
constexpr std::size_t id_size = 16;
constexpr std::size_t group = 4;

struct Ticket {
  base::Id id;  // of the credential to be; it says when the ticket was made
  base::Secret secret;
};

base::Secret seal_ticket(const House& house, const FactorHolder& holder, const Ticket& ticket) {
  const base::Secret plain(std::string(ticket.id.bytes()).append(ticket.secret.reveal()));
  return base::Secret(base::to_base64url(house.master.seal(sealed_for, plain.reveal(), holder.session_id.bytes())));
}

// Only its age and its session are checked, because only this server can seal a ticket.
base::Result<Ticket> open_ticket(const House& house, const FactorHolder& holder, const base::Secret& sealed,
                                 base::Time now) {
  const auto expired = [] { return base::fail(base::Code::expired, "the offer is not of this session or too old"); };
  const auto octets = base::parse_base64url(sealed.reveal());
  if (!octets) return expired();
  const auto plain = house.master.open(sealed_for, *octets, holder.session_id.bytes());
  if (!plain || plain->size() != id_size + crypto::totp_secret_size) return expired();
  Ticket ticket;
  ASSIGN_OR_RETURN(ticket.id, base::Id::from_bytes(plain->reveal().substr(0, id_size)));
  ticket.secret = base::Secret(std::string(plain->reveal().substr(id_size)));
  if (now < ticket.id.made_at() || now >= ticket.id.made_at() + ticket_lasts) return expired();
  return ticket;
}

std::string in_groups(const std::string& text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (i > 0 && i % group == 0) out.push_back(' ');
    out.push_back(text[i]);
  }
  return out;
}

base::Result<TotpOffer> make_offer(const House& house, const FactorHolder& holder, const Ticket& ticket) {
  ASSIGN_OR_RETURN(const Brand brand, find_brand(house, holder.account.tenant_id));
  // The colon separates issuer and account, so that neither may have one.
  const auto plain = [](std::string text) {
    std::replace(text.begin(), text.end(), ':', ' ');
    return base::percent_encode(text);
  };
  const identity::Account& account = holder.account;
  const std::string issuer = plain(brand.name);
  const std::string name = plain(account.login.empty() ? account.display_name() : account.login);
  const std::string secret = base::to_base32(ticket.secret.reveal());
  TotpOffer offer;
  offer.secret = in_groups(secret);
  offer.address = "otpauth://totp/" + issuer + ":" + name + "?secret=" + secret + "&issuer=" + issuer +
                  "&algorithm=SHA1&digits=6&period=30";
  offer.ticket = seal_ticket(house, holder, ticket);
  return offer;
}

base::Result<void> demand_room(store::Tx& tx, const base::Id& account_id) {
  ASSIGN_OR_RETURN(const std::int64_t count, store::count_factors(tx, account_id, identity::FactorKind::totp));
  if (count < static_cast<std::int64_t>(identity::most_totp)) return {};
  return base::fail(base::Code::conflict, "the account has as many authenticator apps as it may have");
}

}  // namespace

base::Result<TotpOffer> offer_totp(const House& house, const FactorHolder& holder, base::Time now) {
  RETURN_IF_ERROR(house.store.read([&](store::Tx& tx) { return demand_room(tx, holder.account.id); }));
  return make_offer(house, holder, {base::Id::make(now), crypto::make_totp_secret()});
}

base::Result<TotpOffer> offer_totp_again(const House& house, const FactorHolder& holder, const base::Secret& ticket,
                                         base::Time now) {
  ASSIGN_OR_RETURN(const Ticket opened, open_ticket(house, holder, ticket, now));
  return make_offer(house, holder, opened);
}

base::Result<ConfirmedApp> confirm_totp(const House& house, const FactorHolder& holder, const NewApp& app,
                                        base::Time now) {
  ASSIGN_OR_RETURN(Ticket opened, open_ticket(house, holder, app.ticket, now));
  ASSIGN_OR_RETURN(std::string label, identity::parse_device_name(app.name));
  std::string bare(app.code.reveal());
  bare.erase(std::remove(bare.begin(), bare.end(), ' '), bare.end());
  const auto step = crypto::find_totp_step(opened.secret, bare, -1, now);
  if (!step) return base::fail(base::Code::login_failed, "not a code of the app");
  return ConfirmedApp{opened.id, std::move(label), std::move(opened.secret), *step};
}

base::Result<void> add_totp(const House& house, store::Tx& tx, const FactorHolder& holder, const ConfirmedApp& app,
                            const RequestFacts& facts) {
  RETURN_IF_ERROR(demand_room(tx, holder.account.id));
  ASSIGN_OR_RETURN(const auto used, store::find_factor(tx, holder.account.id, app.id));
  if (used) return base::fail(base::Code::expired, "the offer was used");
  store::Factor factor;
  factor.id = app.id;
  factor.account_id = holder.account.id;
  factor.kind = identity::FactorKind::totp;
  factor.label = app.label;
  factor.data = app.secret;
  factor.counter = app.step;
  RETURN_IF_ERROR(store::insert_factor(tx, factor, facts.now));
  return record_factor_change(house, tx, holder,
                              {holder.account, "totp", code_of_addition(holder), app.id, "factor_added"}, facts);
}

base::Result<TotpOffer> begin_totp(const House& house, const rights::Actor& actor, const RequestFacts& facts) {
  RETURN_IF_ERROR(demand_proven(house, actor, rights::Permission::own_password, facts.now));
  return offer_totp(house, actor, facts.now);
}

base::Result<TotpOffer> show_totp_again(const House& house, const rights::Actor& actor, const base::Secret& ticket,
                                        base::Time now) {
  return offer_totp_again(house, actor, ticket, now);
}

base::Result<void> finish_totp(const House& house, const rights::Actor& actor, const NewApp& app,
                               const RequestFacts& facts) {
  RETURN_IF_ERROR(demand_permission(actor, rights::Permission::own_password));
  ASSIGN_OR_RETURN(const ConfirmedApp confirmed, confirm_totp(house, actor, app, facts.now));
  return write_for(house, actor, facts.now,
                   [&](store::Tx& tx) { return add_totp(house, tx, actor, confirmed, facts); });
}

}  // namespace flow
