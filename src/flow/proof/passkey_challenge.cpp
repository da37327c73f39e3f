#include "flow/proof/passkey_challenge.hpp"

#include <algorithm>
#include <chrono>

#include "base/ip_address.hpp"
#include "crypto/key/master_key.hpp"
#include "flow/house/site_settings.hpp"
#include "flow/proof/passkey_data.hpp"
#include "flow/proof/spend_once.hpp"
#include "store/engine/store.hpp"
#include "store/factor/factors.hpp"

namespace flow {
namespace {

constexpr base::Duration lasts = std::chrono::minutes(5);
constexpr std::string_view purpose = "passkey";
constexpr std::size_t id_size = 16;
constexpr std::size_t challenge_size = 32;

base::Bytes place_of(std::string_view use, base::BytesView bound_to) {
  return base::Bytes(use).append("|").append(bound_to);
}

}  // namespace

RelyingParty find_relying_party(const House& house) {
  const std::string& issuer = house.settings.site.issuer;
  RelyingParty party;
  const std::size_t scheme = issuer.find("://");
  if (scheme == std::string::npos) return party;
  const std::size_t begin = scheme + 3;
  const std::size_t end = std::min(issuer.find('/', begin), issuer.size());
  const std::string_view authority = std::string_view(issuer).substr(begin, end - begin);
  party.origin = issuer.substr(0, end);
  // The colons of an IPv6 address stand before its bracket.
  const std::size_t port = authority.rfind(':');
  const bool has_port = port != std::string_view::npos && authority.find(']', port) == std::string_view::npos;
  party.id = has_port ? authority.substr(0, port) : authority;
  const bool is_name = !party.id.empty() && !party.id.starts_with("[") && !base::IpAddress::parse(party.id);
  party.is_possible = is_name && (issuer.starts_with("https://") || party.id == "localhost");
  return party;
}

PasskeyChallenge make_passkey_challenge(const House& house, std::string_view use, base::BytesView bound_to,
                                        base::Time now) {
  PasskeyChallenge made;
  made.challenge = base::random_bytes(challenge_size);
  // An id tells the time at which it was made.
  const base::Bytes plain = base::Bytes(base::Id::make(now).bytes()).append(made.challenge);
  made.ticket = base::Secret(base::to_base64url(house.master.seal(purpose, plain, place_of(use, bound_to))));
  return made;
}

base::Result<base::Bytes> open_passkey_ticket(const House& house, std::string_view use, base::BytesView bound_to,
                                              const base::Secret& ticket, base::Time now) {
  const auto expired = [] { return base::fail(base::Code::expired, "the challenge is for something else or too old"); };
  const auto octets = base::parse_base64url(ticket.reveal());
  if (!octets) return expired();
  const auto plain = house.master.open(purpose, *octets, place_of(use, bound_to));
  if (!plain || plain->size() != id_size + challenge_size) return expired();
  ASSIGN_OR_RETURN(const base::Id id, base::Id::from_bytes(plain->reveal().substr(0, id_size)));
  if (now < id.made_at() || now >= id.made_at() + lasts) return expired();
  return base::Bytes(plain->reveal().substr(id_size));
}

base::Result<bool> spend_passkey_challenge(store::Tx& tx, const identity::Account& account, base::BytesView challenge,
                                           base::Time now) {
  return spend_once(tx, account, {purpose, challenge, lasts}, now);
}

base::Result<PasskeyRequest> begin_passkey_proof(const House& house, const base::Id& account_id,
                                                 const base::Id& session_id, base::Time now) {
  PasskeyChallenge made = make_passkey_challenge(house, passkey_use::proof, session_id.bytes(), now);
  PasskeyRequest request{std::move(made.challenge), std::move(made.ticket), find_relying_party(house), {}, false};
  const auto read = [&](store::Tx& tx) { return store::list_factors(tx, account_id, identity::FactorKind::passkey); };
  ASSIGN_OR_RETURN(const auto passkeys, house.store.read(read));
  for (const store::Factor& one : passkeys) {
    ASSIGN_OR_RETURN(PasskeyData data, parse_passkey_data(one.data));
    request.allowed.push_back({one.lookup, std::move(data.transports)});
  }
  return request;
}

PasskeyRequest begin_passkey_login(const House& house, base::BytesView bound_to, base::Time now) {
  PasskeyChallenge made = make_passkey_challenge(house, passkey_use::login, bound_to, now);
  return {std::move(made.challenge), std::move(made.ticket), find_relying_party(house), {}, true};
}

}  // namespace flow
