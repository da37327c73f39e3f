#include "flow/signing/use_credential.hpp"

#include <algorithm>
#include <array>
#include <mutex>

#include "audit/event.hpp"
#include "crypto/password/password_hash.hpp"
#include "crypto/signing/soft_key.hpp"
#include "flow/house/audit_settings.hpp"
#include "flow/house/demand_permission.hpp"
#include "flow/house/event_turn.hpp"
#include "flow/house/record.hpp"
#include "flow/proof/prove_again.hpp"
#include "flow/session/judge_actor.hpp"
#include "flow/signing/chain_text.hpp"
#include "flow/signing/credential_act.hpp"
#include "flow/signing/key_user.hpp"
#include "flow/signing/soft_keys.hpp"
#include "store/account/accounts.hpp"
#include "store/audit/audit_log.hpp"
#include "store/oauth/clients.hpp"
#include "store/signing/signing_credentials.hpp"
#include "token/token.hpp"

namespace flow {
namespace {

using store::SigningCredential;

constexpr std::int64_t most_listed = 100;
constexpr std::int64_t free_guesses = 2;
constexpr std::int64_t most_doublings = 6;
constexpr base::Duration first_wait = std::chrono::minutes(1);
constexpr base::Duration longest_guess = std::chrono::seconds(30);

template <class T>
using Judged = std::variant<T, KeyRefusal>;

template <class T>
const KeyRefusal* refusal_of(const Judged<T>& judged) {
  return std::get_if<KeyRefusal>(&judged);
}

/// The transaction of the use: an actor is judged in it, a program by find_key_refusal alone.
template <class F>
auto write_as(const House& house, const KeyUser& user, base::Time now, F&& body)
    -> std::invoke_result_t<F, store::Tx&> {
  if (const auto* actor = actor_of(user)) return write_for(house, *actor, now, std::forward<F>(body));
  return house.store.write(std::forward<F>(body));
}

Subject subject_of(const SigningCredential& credential) {
  return credential.account_id ? Subject(credential.tenant_id, *credential.account_id) : Subject(credential.tenant_id);
}

/// One more wrong PIN, and how long the next one waits.
base::Result<void> count_guess(store::Tx& tx, const base::Id& credential_id, base::Time now) {
  ASSIGN_OR_RETURN(const auto row, store::find_signing_credential(tx, credential_id));
  if (!row) return {};
  const std::int64_t wrong = row->wrong_pins + 1;
  std::optional<base::Time> wait_until;
  if (wrong > free_guesses) {
    wait_until = now + first_wait * (std::int64_t{1} << std::min(wrong - free_guesses - 1, most_doublings));
  }
  return store::count_wrong_pin(tx, credential_id, wait_until);
}

/// One guess at a time at a PIN, on this node, so that a wrong one is counted before the next one is compared.
class GuessTurn {
 public:
  explicit GuessTurn(const base::Id& credential_id)
      : lock_(locks().at(std::hash<std::string_view>()(credential_id.bytes()) % locks().size()), longest_guess) {}
  [[nodiscard]] bool is_taken() const { return lock_.owns_lock(); }

 private:
  static std::array<std::timed_mutex, 64>& locks() {
    static std::array<std::timed_mutex, 64> all;
    return all;
  }
  std::unique_lock<std::timed_mutex> lock_;
};

class Use {
 public:
  Use(const House& house, const KeyUser& user, const KeyUse& use, const RequestFacts& facts)
      : house_(house), user_(user), use_(use), facts_(facts) {}

  base::Result<std::vector<base::Bytes>> run() {
    if (use_.orders.empty() || use_.orders.size() > most_orders) {
      return base::fail(base::Code::invalid_input, "there are 1 to 250 documents in one use");
    }
    ASSIGN_OR_RETURN(const auto judged, house_.store.read([&](store::Tx& tx) { return judge(tx); }));
    if (const auto* refusal = refusal_of(judged)) return refuse(nullptr, *refusal);
    const Ready& ready = std::get<Ready>(judged);
    ASSIGN_OR_RETURN(const auto signed_values, sign(ready));
    if (const auto* refusal = refusal_of(signed_values)) return refuse(&ready.credential, *refusal);
    const auto& values = std::get<std::vector<base::Bytes>>(signed_values);
    ASSIGN_OR_RETURN(const auto late, write_as(house_, user_, facts_.now,
                                               [&](store::Tx& tx) { return count(tx, ready.credential, values); }));
    if (late) return refuse(&ready.credential, *late);
    return values;
  }

  /// The same way up to the signature, over a text that is no document, and then no use but the activation.
  base::Result<void> activate(base::Time until) {
    ASSIGN_OR_RETURN(const auto judged, house_.store.read([&](store::Tx& tx) { return judge(tx); }));
    if (const auto* refusal = refusal_of(judged)) return refuse(nullptr, *refusal);
    const Ready& ready = std::get<Ready>(judged);
    if (ready.credential.account_id || ready.credential.activation != "pin") {
      return base::fail(base::Code::invalid_input, "only a seal with a PIN is activated for a time");
    }
    ASSIGN_OR_RETURN(const auto tried, sign(ready));
    if (const auto* refusal = refusal_of(tried)) return refuse(&ready.credential, *refusal);
    const rights::Actor* const actor = actor_of(user_);
    const auto record = [&](store::Tx& tx) -> base::Result<void> {
      RETURN_IF_ERROR(store::forgive_wrong_pins(tx, ready.credential.id));
      return record_credential({house_, tx, facts_, actor}, ready.credential, "activated");
    };
    RETURN_IF_ERROR(write_as(house_, user_, facts_.now, record));
    note_activation(ready.credential, use_.pin, until);
    return {};
  }

 private:
  struct Ready {
    SigningCredential credential;
    store::SigningSecrets secrets;
  };

  base::Result<Judged<Ready>> judge(store::Tx& tx) {
    ASSIGN_OR_RETURN(auto credential, find_known_credential(tx, user_, use_.credential_id));
    if (!credential) return base::fail(base::Code::not_found, "there is no such credential");
    ASSIGN_OR_RETURN(const auto refusal, find_key_refusal(house_, tx, user_, *credential, facts_));
    known_ = *credential;
    if (refusal) return Judged<Ready>(*refusal);
    const auto algorithms = crypto::list_algorithms_of(credential->spki);
    if (std::find(algorithms.begin(), algorithms.end(), use_.algorithm) == algorithms.end()) {
      return base::fail(base::Code::invalid_input, "not an algorithm of the credential");
    }
    Ready ready;
    if (credential->backend == "software") {
      ASSIGN_OR_RETURN(ready.secrets, store::find_signing_secrets(tx, credential->id));
    }
    ready.credential = std::move(*credential);
    return Judged<Ready>(std::move(ready));
  }

  base::Result<Judged<std::vector<base::Bytes>>> sign(const Ready& ready) {
    const bool needs_pin = ready.credential.activation == "pin";
    if (!needs_pin) return sign_now(ready);
    const bool is_activated = use_.pin.empty();
    pin_ = is_activated ? find_activation(ready.credential, facts_.now) : use_.pin;
    if (pin_.empty()) return KeyRefusal{base::Code::login_failed, "pin_missing"};
    // The PIN of an activation was right when it was given, and is no guess: somebody else's guesses do not stop it.
    if (is_activated && (ready.credential.backend == "software" || is_known_pin(ready))) return sign_now(ready);
    // A wait holds for the PIN that is remembered as well: otherwise each guess would tell for nothing whether it is
    // right.
    if (is_delayed(ready.credential)) return KeyRefusal{base::Code::too_many, "pin_delayed"};
    if (is_known_pin(ready)) return sign_now(ready);
    turn_.emplace(ready.credential.id);
    if (!turn_->is_taken()) return base::fail(base::Code::unavailable, "too many guesses at one PIN at once");
    // As it is now: the guess before this one may have been counted meanwhile.
    ASSIGN_OR_RETURN(const auto now, house_.store.read([&](store::Tx& tx) {
      return store::find_signing_credential(tx, ready.credential.id);
    }));
    if (!now) return base::fail(base::Code::not_found, "there is no such credential");
    if (is_delayed(*now)) return KeyRefusal{base::Code::too_many, "pin_delayed"};
    if (is_known_pin(ready)) return sign_now(ready);
    if (ready.credential.backend == "software") {
      if (!crypto::matches(pin_, ready.secrets.pin_hash.reveal())) {
        forget_right_pin(ready.credential.id);
        return KeyRefusal{base::Code::login_failed, "wrong_pin"};
      }
      note_right_pin(ready.credential.id, pin_, ready.secrets.pin_hash);
    }
    return sign_now(ready);
  }

  [[nodiscard]] bool is_delayed(const SigningCredential& credential) const {
    return credential.pins_wait_until && facts_.now < *credential.pins_wait_until;
  }

  bool is_known_pin(const Ready& ready) const {
    if (ready.credential.backend == "software") {
      return was_pin_right(ready.credential.id, pin_, ready.secrets.pin_hash);
    }
    const token::Token* const token = find_token(ready.credential);
    return token != nullptr && token->is_unlocked_by(pin_);
  }

  [[nodiscard]] const token::Token* find_token(const SigningCredential& credential) const {
    return house_.tokens == nullptr ? nullptr : house_.tokens->find(credential.token);
  }

  base::Result<Judged<std::vector<base::Bytes>>> sign_now(const Ready& ready) {
    if (ready.credential.backend == "token") return sign_on_token(ready.credential);
    ASSIGN_OR_RETURN(const crypto::SoftKey key, keep_soft_key(ready.credential.spki, ready.secrets.pkcs8));
    std::vector<base::Bytes> values;
    for (const KeyOrder& order : use_.orders) {
      ASSIGN_OR_RETURN(base::Bytes value, key.sign(use_.algorithm, order.to_be_signed));
      values.push_back(std::move(value));
    }
    return Judged<std::vector<base::Bytes>>(std::move(values));
  }

  base::Result<Judged<std::vector<base::Bytes>>> sign_on_token(const SigningCredential& credential) {
    token::Token* const token = house_.tokens == nullptr ? nullptr : house_.tokens->find(credential.token);
    if (token == nullptr) return KeyRefusal{base::Code::unavailable, "token_unavailable"};
    token::Order order{credential.token_object, use_.algorithm, {}};
    for (const KeyOrder& one : use_.orders) order.octets.push_back(one.to_be_signed);
    auto values = token->sign(pin_, std::move(order));
    if (!values) {
      switch (values.error().code) {
        case base::Code::login_failed: return KeyRefusal{base::Code::login_failed, "wrong_pin"};
        case base::Code::denied: return KeyRefusal{base::Code::denied, "pin_locked"};
        default: return KeyRefusal{base::Code::unavailable, "token_unavailable"};
      }
    }
    // Another key under the same id, or a faulty token, would be noticed only by those who verify.
    for (std::size_t i = 0; i < values->size(); ++i) {
      if (!crypto::verify_signature(credential.spki, use_.algorithm, use_.orders[i].to_be_signed, (*values)[i],
                                    crypto::ValueForm::der)) {
        return KeyRefusal{base::Code::unavailable, "token_unavailable"};
      }
    }
    return Judged<std::vector<base::Bytes>>(std::move(*values));
  }

  /// The one transaction of the use. A refusal is a value, so that what it records stays.
  base::Result<std::optional<KeyRefusal>> count(store::Tx& tx, const SigningCredential& before,
                                                const std::vector<base::Bytes>& values) {
    ASSIGN_OR_RETURN(const auto now, find_known_credential(tx, user_, use_.credential_id));
    if (!now || now->version != before.version) {
      return std::optional(KeyRefusal{base::Code::conflict, "credential_replaced"});
    }
    ASSIGN_OR_RETURN(const auto refusal, find_key_refusal(house_, tx, user_, *now, facts_));
    if (refusal) return refusal;
    ASSIGN_OR_RETURN(const bool is_counted,
                     store::count_signing_uses(tx, *now, static_cast<std::int64_t>(use_.orders.size()), facts_.now));
    if (!is_counted) return std::optional(KeyRefusal{base::Code::conflict, "credential_replaced"});
    for (const KeyOrder& order : use_.orders) {
      audit::Event event = make_event(audit::type::key_use, actor_of(user_), subject_of(*now), facts_,
                                      {{"credential", now->id},
                                       {"algorithm", audit::Value::checked_code(name_of(use_.algorithm))},
                                       {"document", audit::Value::checked_code(order.document_sha256)},
                                       {"backend", audit::Value::checked_code(now->backend)}});
      RETURN_IF_ERROR(name_client(tx, event));
      RETURN_IF_ERROR(store::append_event(tx, std::move(event)));
    }
    if (use_.also) RETURN_IF_ERROR(use_.also(tx, values));
    return std::optional<KeyRefusal>();
  }

  base::Result<void> name_client(store::Tx& tx, audit::Event& event) {
    const auto* const program = std::get_if<ClientByToken>(&user_);
    if (program == nullptr) return {};
    ASSIGN_OR_RETURN(const auto client, store::find_client(tx, program->client_id));
    if (client) event.client = client->client_id;
    return {};
  }

  tl::unexpected<base::Error> refuse(const SigningCredential* credential, const KeyRefusal& refusal);

  const House& house_;
  const KeyUser& user_;
  const KeyUse& use_;
  const RequestFacts& facts_;
  SigningCredential known_;
  base::Secret pin_;               // of the order, or of the activation
  std::optional<GuessTurn> turn_;  // until a wrong PIN is counted
};

tl::unexpected<base::Error> Use::refuse(const SigningCredential* credential, const KeyRefusal& refusal) {
  const SigningCredential& of = credential == nullptr ? known_ : *credential;
  const std::string counted = "key|" + of.id.to_string() + "|" + std::string(refusal.reason.view());
  const auto recorded = house_.store.write([&](store::Tx& tx) -> base::Result<void> {
    ASSIGN_OR_RETURN(const EventTurn turn,
                     take_event_turn(house_, tx, counted, house_.settings.audit.failures_each_minute, facts_.now));
    if (refusal.reason == "wrong_pin") RETURN_IF_ERROR(count_guess(tx, of.id, facts_.now));
    if (!turn.is_written) return {};
    audit::Event event = make_event(audit::type::key_refusal, actor_of(user_), subject_of(of), facts_,
                                    {{"credential", of.id},
                                     {"reason", refusal.reason},
                                     {"in_this_minute", audit::Value::count(turn.in_this_minute)}});
    event.outcome = "failure";
    RETURN_IF_ERROR(name_client(tx, event));
    return store::append_event(tx, std::move(event));
  });
  if (!recorded) return base::fail(recorded.error().code, recorded.error().reason);
  return base::fail(refusal.code, std::string(refusal.reason.view()));
}

UsableCredential show(const SigningCredential& row) {
  UsableCredential shown;
  shown.id = row.id;
  shown.label = row.label;
  shown.is_seal = !row.account_id;
  shown.activation = row.activation;
  shown.backend = row.backend;
  shown.certificate = row.certificate;
  shown.chain = split_chain(row.chain);
  shown.subject = row.subject;
  shown.issuer = row.issuer;
  shown.not_before = row.not_before.value_or(base::Time());
  shown.not_after = row.not_after.value_or(base::Time());
  shown.algorithms = crypto::list_algorithms_of(row.spki);
  return shown;
}

base::Result<std::vector<SigningCredential>> list_known(store::Tx& tx, const KeyUser& user) {
  std::optional<base::Id> account_id;
  std::vector<base::Id> tenants;
  if (const auto* actor = actor_of(user)) {
    if (!actor->is_operator() && !actor->is_acting()) account_id = actor->account().id;
    if (actor->may(rights::Permission::manage_credentials)) tenants = actor->tenants();
  } else if (const auto* token = std::get_if<AccountByToken>(&user)) {
    account_id = token->account_id;
    ASSIGN_OR_RETURN(const auto account, store::find_account(tx, token->account_id));
    if (account) tenants.push_back(account->tenant_id);
  } else {
    ASSIGN_OR_RETURN(const auto client, store::find_client(tx, std::get<ClientByToken>(user).client_id));
    if (client) tenants.push_back(client->tenant_id);
  }
  std::vector<SigningCredential> all;
  if (account_id) {
    ASSIGN_OR_RETURN(all, store::list_signing_credentials_of(tx, *account_id, most_listed));
  }
  for (const base::Id& tenant : tenants) {
    ASSIGN_OR_RETURN(auto seals, store::list_seals_of(tx, tenant, most_listed));
    std::move(seals.begin(), seals.end(), std::back_inserter(all));
  }
  return all;
}

base::Result<void> deactivate(const House& house, const rights::Actor& actor, const SigningCredential& row,
                              const RequestFacts& facts) {
  RETURN_IF_ERROR(write_for(house, actor, facts.now, [&](store::Tx& tx) {
    return record_credential({house, tx, facts, &actor}, row, "deactivated");
  }));
  forget_activation(row.id);
  return {};
}

}  // namespace

base::Result<std::vector<base::Bytes>> use_credential(const House& house, const KeyUser& user, const KeyUse& use,
                                                      const RequestFacts& facts) {
  return Use(house, user, use, facts).run();
}

base::Result<void> activate_credential(const House& house, const rights::Actor& actor, const ActivationWish& wish,
                                       const RequestFacts& facts) {
  RETURN_IF_ERROR(demand_permission(actor, rights::Permission::manage_credentials));
  RETURN_IF_ERROR(demand_fresh_proof(house, actor, facts.now));
  if (wish.lasts < base::Duration(0) || wish.lasts > longest_activation) {
    return base::fail(base::Code::invalid_input, "an activation lasts up to 31 days");
  }
  ASSIGN_OR_RETURN(const store::SigningCredential row, house.store.read([&](store::Tx& tx) {
    return find_managed_credential(tx, actor, wish.credential_id, facts.now);
  }));
  if (wish.lasts == base::Duration(0)) return deactivate(house, actor, row, facts);
  const auto algorithms = crypto::list_algorithms_of(row.spki);
  if (algorithms.empty()) return base::fail(base::Code::invalid_input, "a key that signs no documents");
  KeyUse use;
  use.credential_id = row.id;
  use.algorithm = algorithms.front();
  use.pin = wish.pin;
  use.orders = {{"activation of a seal", {}}};
  const KeyUser user = &actor;
  return Use(house, user, use, facts).activate(facts.now + wish.lasts);
}

base::Result<std::vector<UsableCredential>> list_usable_credentials(const House& house, const KeyUser& user,
                                                                    base::Time now) {
  RequestFacts facts;
  facts.now = now;
  if (const auto* actor = actor_of(user)) facts.ip = actor->ip();
  return house.store.read([&](store::Tx& tx) -> base::Result<std::vector<UsableCredential>> {
    ASSIGN_OR_RETURN(const auto rows, list_known(tx, user));
    std::vector<UsableCredential> usable;
    for (const SigningCredential& row : rows) {
      ASSIGN_OR_RETURN(const auto known, find_known_credential(tx, user, row.id));
      if (!known || usable.size() >= static_cast<std::size_t>(most_listed)) continue;
      ASSIGN_OR_RETURN(const auto refusal, find_key_refusal(house, tx, user, row, facts));
      if (!refusal || refusal->reason == "proof_needed") usable.push_back(show(row));
    }
    return usable;
  });
}

base::Result<UsableCredential> find_usable_credential(const House& house, const KeyUser& user,
                                                      const base::Id& credential_id, base::Time now) {
  RequestFacts facts;
  facts.now = now;
  if (const auto* actor = actor_of(user)) facts.ip = actor->ip();
  return house.store.read([&](store::Tx& tx) -> base::Result<UsableCredential> {
    ASSIGN_OR_RETURN(const auto row, find_known_credential(tx, user, credential_id));
    if (!row) return base::fail(base::Code::not_found, "there is no such credential");
    ASSIGN_OR_RETURN(const auto refusal, find_key_refusal(house, tx, user, *row, facts));
    if (refusal && refusal->reason != "proof_needed") {
      return base::fail(refusal->code, std::string(refusal->reason.view()));
    }
    return show(*row);
  });
}

}  // namespace flow
