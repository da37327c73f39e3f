// What the command line and later the administration pages do with accounts and clients. Each change is written
// with its audit event.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/secret.hpp"
#include "base/time.hpp"
#include "flow/house/house.hpp"
#include "flow/house/request_facts.hpp"
#include "rights/actor.hpp"
#include "rights/client.hpp"
#include "store/message/outbox.hpp"
#include "store/tenant/tenants.hpp"

namespace flow {

/// Makes the operator of the command line; the one other maker of actors beside the login flows.
rights::Actor make_operator(std::string request_id);

struct NewAccount {
  std::string login;
  std::string given_name;
  std::string family_name;
  identity::AccountKind kind = identity::AccountKind::employee;
  std::string email;  // "" = none; counts as verified if `trusted_addresses`
  std::string phone;
  bool trusted_addresses = false;
  std::string locale;
  std::vector<std::string> contexts{"user"};  // keys
  base::Secret password;                      // empty = none, cannot log in by password yet
  bool must_change = true;
  std::vector<std::pair<std::string, std::string>> identifiers;  // (identity::identifier_type, as typed): PESEL, NIP, …
  std::string preferred_channel;                                 // "email", "sms" or "" = not chosen
  std::string main_account;       // of a sub account: login, e-mail or id of its main account; "" = none (S2.4)
  bool redirect_to_main = false;  // the e-mail is a pseudo address (S2.5)
};
/// Makes sub accounts too: then the holder of the main account may do it as well (see create_sub_account).
/// Errors: denied, already_exists (reason names the field), invalid_input (reason names the field), not_found (main
/// account).
base::Result<base::Id> create_account(const House& house, const rights::Actor& actor, const NewAccount& wished,
                                      const RequestFacts& facts);
base::Result<std::vector<identity::Account>> list_accounts(const House& house, const rights::Actor& actor,
                                                           const base::Id& after, std::size_t most);
/// `account`: login, e-mail or id. Errors: not_found, denied, invalid_input.
base::Result<identity::Account> find_named_account(const House& house, const rights::Actor& actor,
                                                   std::string_view account, base::Time now);
// What changes an account of somebody else demands a fresh proof (prove_again), does not touch the actor's own account,
// and nobody's who has more rights. Errors besides those named: denied, not_found (also of another tenant).

base::Result<void> set_password(const House& house, const rights::Actor& actor, std::string_view account,
                                const base::Secret& password, bool must_change, const RequestFacts& facts);
/// Ends every session and token at once, with back-channel logout. Errors: conflict (deleted, or the last super
/// administrator).
base::Result<void> suspend_account(const House& house, const rights::Actor& actor, std::string_view account,
                                   const RequestFacts& facts);
/// Whoever suspended it; the person is told. Errors: conflict (a deleted account is never restored).
base::Result<void> restore_account(const House& house, const rights::Actor& actor, std::string_view account,
                                   const RequestFacts& facts);
/// Starts a reset for somebody (S4.10): the same link, by the same channel, as if the person had asked for it.
/// Errors: conflict (not active, or no channel that can be used).
base::Result<void> start_reset_for(const House& house, const rights::Actor& actor, std::string_view account,
                                   const RequestFacts& facts);
base::Result<void> unlock_account(const House& house, const rights::Actor& actor, std::string_view account,
                                  const RequestFacts& facts);

/// `secret` empty: one is made (32 random octets, base64url) for a confidential client; given back once.
base::Result<base::Secret> create_client(const House& house, const rights::Actor& actor, rights::Client client,
                                         const base::Secret& secret, const RequestFacts& facts);
base::Result<std::vector<rights::Client>> list_clients(const House& house, const rights::Actor& actor);
/// Keyed hash under which a client secret is stored.
base::Bytes hash_client_secret(const House& house, const base::Secret& secret);

/// First start: contexts "user" and "administrator" of the first tenant, an ES256 signing key.
base::Result<void> prepare_installation(const House& house, base::Time now);

struct ChainReport {
  std::int64_t events = 0;
  std::int64_t erased = 0;
  std::int64_t head_seq = 0;
  std::string head_hash;           // hexadecimal
  std::vector<std::string> flaws;  // empty = intact
};
/// `anchor`: "SEQ:HASH" noted earlier elsewhere, or "": the chain must contain it.
base::Result<ChainReport> verify_audit(const House& house, std::string_view anchor);

}  // namespace flow
