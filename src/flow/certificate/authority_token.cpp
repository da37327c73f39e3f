#include "flow/certificate/authority_token.hpp"

#include "audit/event.hpp"
#include "base/log.hpp"
#include "crypto/signing/soft_key.hpp"
#include "crypto/signing/token_parts.hpp"
#include "flow/house/demand_permission.hpp"
#include "flow/house/record.hpp"
#include "flow/session/judge_actor.hpp"
#include "store/audit/audit_log.hpp"
#include "store/tenant/tenants.hpp"
#include "token/token.hpp"

namespace flow {
namespace {

tl::unexpected<base::Error> away(std::string why) {
  return base::fail(base::Code::unavailable, std::move(why));
}

token::Token* find(const House& house, std::string_view name) {
  return house.tokens == nullptr ? nullptr : house.tokens->find(name);
}

base::Result<token::Token*> find_unlocked(const House& house, std::string_view name) {
  token::Token* const found = find(house, name);
  if (found == nullptr) return away("the configuration of this node has no token " + std::string(name));
  if (!found->kept_pin().empty()) return found;
  return away("the token " + std::string(name) + " waits for its PIN: token.pin_file, or `chancery authority unlock " +
              std::string(name) + "`");
}

/// A wrong PIN, or a token that is locked: not tried again by itself.
base::Error take_back_pin(token::Token& token, base::Error error) {
  if (error.code != base::Code::login_failed && error.code != base::Code::denied) return error;
  token.keep_pin({});
  base::log(base::Level::error, "the PIN of a token was refused and is forgotten",
            {{"token", token.settings().name}, {"reason", error.reason}});
  return error;
}

base::Result<crypto::SoftKeyKind> kind_on_token(crypto::KeyKind kind) {
  switch (kind) {
    case crypto::KeyKind::ec_p256: return crypto::SoftKeyKind::ec_p256;
    case crypto::KeyKind::brainpool_p256: return crypto::SoftKeyKind::brainpool_p256;
    case crypto::KeyKind::rsa_2048: return crypto::SoftKeyKind::rsa_2048;
    case crypto::KeyKind::rsa_3072: return crypto::SoftKeyKind::rsa_3072;
  }
  return base::fail(base::Code::invalid_input, "a kind of key that no token makes");
}

/// `tokens`: outlives the pair, as the house does.
crypto::KeyPair::Signer make_signer(const House& house, const store::AuthorityKey& where,
                                    crypto::SignatureAlgorithm algorithm) {
  return [&tokens = house.tokens, where, algorithm](base::BytesView octets) -> base::Result<base::Bytes> {
    token::Token* const token = tokens == nullptr ? nullptr : tokens->find(where.token);
    if (token == nullptr) return away("the configuration of this node has no token " + where.token);
    const base::Secret pin = token->kept_pin();
    if (pin.empty()) return away("the token " + where.token + " waits for its PIN");
    auto values = token->sign(pin, {where.token_object, algorithm, {base::Bytes(octets)}, authority_waits_for_token});
    if (values) return std::move(values->front());
    // Whoever asks for a certificate cannot mend it, and has given no PIN.
    return away("the key of the authority on the token " + where.token +
                " cannot be used: " + take_back_pin(*token, values.error()).reason);
  };
}

base::Result<crypto::KeyPair> make_pair(const House& house, const store::AuthorityKey& where, base::BytesView spki,
                                        SignedAhead* ahead = nullptr) {
  const auto algorithms = crypto::list_algorithms_of(spki);
  if (algorithms.empty()) return base::fail(base::Code::invalid_input, "a key that signs nothing here");
  crypto::KeyPair::Signer sign = make_signer(house, where, algorithms.front());
  if (ahead != nullptr) sign = ahead->defer(where.token + "|" + where.token_object, std::move(sign));
  return crypto::KeyPair::held_elsewhere(spki, std::move(sign));
}

base::Result<void> record_unlock(const House& house, const rights::Actor& actor, std::string_view name,
                                 audit::Code change, const RequestFacts& facts) {
  return write_for(house, actor, facts.now, [&](store::Tx& tx) -> base::Result<void> {
    ASSIGN_OR_RETURN(const auto rows, store::list_authorities(tx));
    ASSIGN_OR_RETURN(const store::Tenant first, store::find_first_tenant(tx));
    for (const store::AuthorityRow& row : rows) {
      if (!row.counts(facts.now)) continue;
      ASSIGN_OR_RETURN(const store::AuthorityKey key, store::find_authority_key(tx, row.id));
      if (key.token != name) continue;
      RETURN_IF_ERROR(store::append_event(
          tx,
          make_event(
              audit::type::authority_change, actor, row.tenant_id.value_or(first.id), facts,
              {{"authority", row.id}, {"change", change}, {"fingerprint", audit::Value::checked_code(row.sha256)}})));
    }
    return {};
  });
}

}  // namespace

base::Result<crypto::KeyPair> make_key_on_token(const House& house, std::string_view name, crypto::KeyKind kind,
                                                store::AuthorityKey& where) {
  if (find(house, name) == nullptr) {
    return base::fail(base::Code::not_found, "the configuration has no token " + std::string(name));
  }
  ASSIGN_OR_RETURN(token::Token* const token, find_unlocked(house, name));
  ASSIGN_OR_RETURN(const crypto::SoftKeyKind wanted, kind_on_token(kind));
  auto made = token->generate(token->kept_pin(), wanted, "Chancery, certificate authority");
  if (!made) {
    const base::Error error = take_back_pin(*token, made.error());
    return base::fail(error.code, error.reason);
  }
  where = {{}, std::string(name), made->id};
  return make_pair(house, where, made->public_key);
}

base::Result<crypto::KeyPair> find_key_on_token(const House& house, const store::AuthorityKey& where,
                                                base::BytesView certificate) {
  ASSIGN_OR_RETURN(const crypto::CertificateParts parts, crypto::split_certificate(certificate));
  return make_pair(house, where, parts.public_key);
}

base::Result<crypto::KeyPair> find_key_ahead(const House& house, const store::AuthorityKey& where, base::BytesView spki,
                                             SignedAhead& ahead) {
  return make_pair(house, where, spki, &ahead);
}

base::Result<void> demand_token(const House& house, std::string_view name) {
  ASSIGN_OR_RETURN(token::Token* const token, find_unlocked(house, name));
  ASSIGN_OR_RETURN(const token::State state, token->look());
  if (state.is_present) return {};
  return away("the token " + std::string(name) + " is not there: " + state.failure);
}

base::Result<void> unlock_authority_token(const House& house, const rights::Actor& actor, std::string_view name,
                                          const base::Secret& pin, const RequestFacts& facts) {
  RETURN_IF_ERROR(demand_permission(actor, rights::Permission::manage_authorities));
  token::Token* const token = find(house, name);
  if (token == nullptr) {
    return base::fail(base::Code::not_found, "the configuration has no token " + std::string(name));
  }
  if (!pin.empty()) {
    // A session that is open for everything answers without a login; a private key needs one.
    RETURN_IF_ERROR(token->list_keys(pin));
  }
  // A PIN that is forgotten is so at once, whatever becomes of the event; one that opens has its event first.
  if (pin.empty()) token->keep_pin({});
  RETURN_IF_ERROR(
      record_unlock(house, actor, name, pin.empty() ? audit::Code("deactivated") : audit::Code("activated"), facts));
  if (!pin.empty()) token->keep_pin(pin);
  return {};
}

}  // namespace flow
