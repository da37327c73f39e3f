// One recorded fact (S4.26), and what of it is chained (house invariant 6); chain.hpp verifies the chain.
//   body   = canonical text of all columns but the personal ones, and of personal_digest; its first octet is a version:
//            1 = an event of our own, 2 = an event of a relying system, whose body also has the source
//   hash   = SHA-256(previous_hash ‖ body)
//   personal_digest = SHA-256(salt ‖ personal), followed by SHA-256(typed_salt ‖ typed) if there is a typed part: salts
//   and parts can be erased later, each at its age, the digest stays.
// The head (last seq and hash) is sealed with a key outside the database, so that a missing tail is detected.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "audit/value.hpp"
#include "base/bytes.hpp"
#include "base/id.hpp"
#include "base/time.hpp"

namespace audit {

/// Types of events: a fixed vocabulary, so that filters and auditors find them. Details that are not data are codes
/// too, because an event is stored once and read in several languages.
namespace type {
inline constexpr Code login = "login";                // outcome success | failure; a failure has a reason
inline constexpr Code login_step = "login_step";      // the first step was right, the second one is open
inline constexpr Code code_send = "code_send";        // a code for the second step was sent
inline constexpr Code device_trust = "device_trust";  // a device may do without a step for a time
inline constexpr Code context_choice = "context_choice";
inline constexpr Code logout = "logout";
inline constexpr Code act_for = "act_for";          // an account began or ended to act for another person
inline constexpr Code session_end = "session_end";  // by time, by the system
inline constexpr Code code_issue = "code_issue";
inline constexpr Code token_issue = "token_issue";
inline constexpr Code token_refusal = "token_refusal";
inline constexpr Code code_replay = "code_replay";
inline constexpr Code refresh_replay = "refresh_replay";      // a used refresh token came again
inline constexpr Code token_revoke = "token_revoke";          // by the application
inline constexpr Code device_decision = "device_decision";    // a person allowed or denied a device access (RFC 8628)
inline constexpr Code api_token_change = "api_token_change";  // a token for an endpoint of this server
inline constexpr Code consent_change = "consent_change";      // what a person agreed to that an application learns
inline constexpr Code lockout = "lockout";
inline constexpr Code denied = "denied";                  // the acting context does not allow it
inline constexpr Code tampering = "tampering";            // a value that only the server makes came back changed
inline constexpr Code account_search = "account_search";  // that can find people by their numbers
inline constexpr Code account_read = "account_read";      // an administrator looked at it
inline constexpr Code account_create = "account_create";
inline constexpr Code account_change = "account_change";
inline constexpr Code account_suspend = "account_suspend";
inline constexpr Code account_restore = "account_restore";
inline constexpr Code account_unlock = "account_unlock";
inline constexpr Code account_delete = "account_delete";
inline constexpr Code data_export = "data_export";        // a person downloaded what is stored about the own account
inline constexpr Code context_change = "context_change";  // of an account or a tenant
inline constexpr Code bulk_act = "bulk_act";              // one act on many accounts; each change has its own event
inline constexpr Code role_change = "role_change";
inline constexpr Code password_set = "password_set";  // data: how
inline constexpr Code group_create = "group_create";
inline constexpr Code group_delete = "group_delete";
inline constexpr Code group_change = "group_change";      // a member, or the name
inline constexpr Code policy_change = "policy_change";    // rules or bindings of a password policy
inline constexpr Code password_reset = "password_reset";  // requested, or link sent; a failure has a reason
inline constexpr Code invitation = "invitation";          // with the link for the first password
inline constexpr Code proof = "proof";                    // the password was given once more
inline constexpr Code message_retry = "message_retry";    // by an administrator
inline constexpr Code message_drop = "message_drop";
inline constexpr Code client_create = "client_create";
inline constexpr Code client_change = "client_change";
inline constexpr Code client_delete = "client_delete";
inline constexpr Code resource_create = "resource_create";  // a system that is called with access tokens
inline constexpr Code resource_change = "resource_change";
inline constexpr Code resource_delete = "resource_delete";
inline constexpr Code system_change = "system_change";              // a client system was added, or got a password
inline constexpr Code system_certificate = "system_certificate";    // issued, imported or revoked
inline constexpr Code system_refusal = "system_refusal";            // a client system was not let in
inline constexpr Code connector_change = "connector_change";        // what the connector demands
inline constexpr Code credential_change = "credential_change";      // a key that signs documents, or its certificate
inline constexpr Code key_use = "key_use";                          // a document was signed
inline constexpr Code key_refusal = "key_refusal";                  // a document was not signed
inline constexpr Code document_sign = "document_sign";              // a signature was made, or could not be made
inline constexpr Code signature_validated = "signature_validated";  // a document's signatures were judged
inline constexpr Code validation_refusal = "validation_refusal";    // a program may not have documents judged
inline constexpr Code tenant_create = "tenant_create";
inline constexpr Code tenant_change = "tenant_change";  // name, colours or logo
inline constexpr Code tenant_delete = "tenant_delete";
inline constexpr Code key_create = "key_create";
inline constexpr Code key_change = "key_change";                  // retiring or revoked
inline constexpr Code authority_change = "authority_change";      // the own one: made, rolled over, revoked
inline constexpr Code certificate_issue = "certificate_issue";    // by the own authority
inline constexpr Code certificate_revoke = "certificate_revoke";  // of the own authority
inline constexpr Code timestamp_issue = "timestamp_issue";        // by the own time-stamp authority
inline constexpr Code timestamp_refusal = "timestamp_refusal";    // a program got no time stamp
inline constexpr Code timestamp_authority_change = "timestamp_authority_change";
inline constexpr Code trust_change = "trust_change";            // an authority of others is trusted, or no more
inline constexpr Code enrolment_refusal = "enrolment_refusal";  // a request for a certificate (EST)
inline constexpr Code delivery_failure = "delivery_failure";    // a message of the outbox was given up
inline constexpr Code sms_limit = "sms_limit";                  // a limit of short messages was reached
inline constexpr Code sms_change = "sms_change";                // limits of short messages, or a gateway
inline constexpr Code sms_send = "sms_send";                    // a short message was sent by hand
inline constexpr Code audit_export = "audit_export";            // who took events out of the house, and which
inline constexpr Code audit_check = "audit_check";              // the chain was verified by a button of the page
inline constexpr Code event_refusal = "event_refusal";          // a relying system may not write its event
inline constexpr Code backup_make = "backup_make";              // the whole database was copied while it ran
inline constexpr Code backup_restore = "backup_restore";        // this database is a copy that was put back
inline constexpr Code installation_dump = "installation_dump";  // everything was written to a file
inline constexpr Code installation_load = "installation_load";  // this database was filled from such a file
inline constexpr Code audit_erase = "audit_erase";              // data: {"account" or "what":…,"through":seq}
}  // namespace type

/// Codes of the detail "why": why a session ended or a password was changed. Room text has their words. (If a password
/// had to be changed, the code is the name of its identity::MustChange.)
namespace why {
inline constexpr Code logout = "logout";
inline constexpr Code client = "client";                        // a relying party asked for it
inline constexpr Code other_login = "other_login";              // in the same browser
inline constexpr Code time_over = "time_over";                  // idle for too long, or open for too long
inline constexpr Code ended_elsewhere = "ended_elsewhere";      // the account has a new security stamp
inline constexpr Code too_many_sessions = "too_many_sessions";  // of one account; the one not used for longest ends
inline constexpr Code ended_by_owner = "ended_by_owner";
inline constexpr Code ended_by_administrator = "ended_by_administrator";
inline constexpr Code password_changed = "password_changed";
inline constexpr Code password_reset = "password_reset";
inline constexpr Code context_change = "context_change";  // an acting context was added or removed
inline constexpr Code password_set = "password_set";      // by an administrator
inline constexpr Code suspended = "suspended";
inline constexpr Code deleted = "deleted";
inline constexpr Code context_taken = "context_taken";
inline constexpr Code own_wish = "own_wish";
inline constexpr Code returned = "returned";                      // to the own context, from acting for another person
inline constexpr Code permission_taken = "permission_taken";      // to act for others
inline constexpr Code account_not_active = "account_not_active";  // the other person's
inline constexpr Code more_rights = "more_rights";                // the other person has more than the one who acts
inline constexpr std::array all{logout,
                                client,
                                other_login,
                                time_over,
                                ended_elsewhere,
                                ended_by_owner,
                                password_changed,
                                password_reset,
                                password_set,
                                suspended,
                                deleted,
                                context_taken,
                                own_wish,
                                ended_by_administrator,
                                too_many_sessions,
                                returned,
                                permission_taken,
                                account_not_active,
                                more_rights};
}  // namespace why

/// Codes of the detail "motive": why an administrator says that he acts on somebody's account. A fixed list, because
/// free text would put personal data into a part of the record that is never erased
/// (docs/decisions/0042-reasons-are-codes.md).
namespace motive {
inline constexpr Code asked = "asked";      // by the person
inline constexpr Code left = "left";        // the person left, or has other duties
inline constexpr Code misuse = "misuse";    // is suspected
inline constexpr Code lost = "lost";        // a device or a password
inline constexpr Code mistake = "mistake";  // is corrected
inline constexpr Code other = "other";
inline constexpr std::array all{asked, left, misuse, lost, mistake, other};
/// "" if `name` is none of them.
Code find(std::string_view name);
}  // namespace motive

struct Event {
  // The store fills these when it appends the event.
  std::int64_t seq = 0;
  base::Bytes previous_hash;
  base::Bytes hash;
  base::Bytes personal_digest;
  base::Bytes salt;        // "" = erased
  base::Bytes typed_salt;  // "" = erased

  base::Time at;
  base::Id tenant_id;
  /// client_id of the relying system that wrote the event (reported.hpp); "" = an event of our own.
  std::string source;
  std::string type;
  std::string outcome = "success";  // success | failure
  std::optional<base::Id> actor;    // account that acted
  std::optional<base::Id> on_behalf_of;
  std::optional<base::Id> subject;  // account that was affected
  std::string client;               // client_id of a relying party
  std::optional<base::Id> session;
  std::string request_id;
  std::string context;  // key of the acting context
  std::string data;     // JSON object of Details (value.hpp), never personal: {"reason":"wrong_password"}
  // Personal: erasable. One JSON object {"ip":…,"user_agent":…}; "" = nothing personal or erased. Programs before step
  // 8 of the schema kept "typed" here as well. With a source also the texts that the relying system sent.
  std::string personal;
  std::string typed;  // as the login; may be a password in the wrong field; erased separately
};

/// The octets that are hashed together with the previous hash. Each field has its length before it, so that two
/// different events never have the same octets.
base::Bytes body_of(const Event& event);
base::Bytes digest_of_personal(std::string_view salt, std::string_view personal);
inline constexpr std::size_t digest_size = 32;  // SHA-256
/// Sets salts and personal_digest for the parts that are there.
void seal_personal(Event& event);

/// The personal parts that are erased at an age.
enum class Part : std::uint8_t {
  typed,
  addresses,  // network address and browser
  reported,   // everything personal of an event of a relying system
};
std::string_view name_of(Part part);
inline constexpr std::array all_parts{Part::typed, Part::addresses, Part::reported};
/// Whether `personal` may hold a typed login: the digest has 32 octets, so that the event was written before step 8 of
/// the schema or had no typed part, and the event is of a type for which people type a login.
bool may_hold_typed(const Event& event);
/// Whether a personal part was there and is erased.
bool has_erased_part(const Event& event);
base::Bytes hash_of(const Event& event);  // from event.previous_hash and the body

struct Head {
  std::int64_t seq = 0;
  base::Bytes hash;
  base::Bytes seal;  // HMAC-SHA256 over seq ‖ hash under the purpose "audit-seal"
};
base::Bytes bytes_to_seal(std::int64_t seq, std::string_view hash);
/// The previous hash of the first event that was appended after the head had been found altered or removed. The log
/// continues, and the break stays visible in every later check.
inline base::Bytes broken_link() {
  return base::Bytes(32, '\xff');
}

}  // namespace audit
