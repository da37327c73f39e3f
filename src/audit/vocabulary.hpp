// Every kind of event, in the order in which the page offers them, and what its data may hold: the one list for the
// page's filter, the operators' table and the test that walks all events.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <span>

#include "audit/event.hpp"

namespace audit {

/// What a value of data looks like.
enum class Shape : std::uint8_t {
  code,   // one word of the program, or several with blanks between
  id,     // of an account, a session, a grant, a message
  count,  // a whole number
  time,   // RFC 3339
  name,   // registered by an administrator: of a client, a group, a context, a scope; or rules and URIs
};

struct Key {
  Code name;
  Shape shape = Shape::code;
};

struct Kind {
  Code type;
  std::span<const Key> keys;
  bool is_refusal = false;  // its name says already that something failed, so that a page does not add the outcome
};

namespace keys {
inline constexpr std::array login{Key{"method"},
                                  Key{"factors"},
                                  Key{"level", Shape::count},
                                  Key{"chosen"},
                                  Key{"must_change"},
                                  Key{"device_id", Shape::id},
                                  Key{"reason"},
                                  Key{"in_this_minute", Shape::count},
                                  Key{"before", Shape::count}};
inline constexpr std::array login_step{Key{"method"}};
inline constexpr std::array code_send{Key{"method"}, Key{"reason"}};
inline constexpr std::array device_trust{Key{"steps"}, Key{"device_id", Shape::id}};
inline constexpr std::array context_choice{Key{"previous_session", Shape::id}, Key{"reason"},
                                           Key{"in_this_minute", Shape::count}};
inline constexpr std::array why{Key{"why"}};
inline constexpr std::array act_for{Key{"step"}, Key{"why"}, Key{"motive"}};
inline constexpr std::array grant{Key{"grant", Shape::id}, Key{"scope", Shape::name}};
inline constexpr std::array consent_change{Key{"change"}, Key{"scope", Shape::name}};
inline constexpr std::array token_refusal{Key{"what"}, Key{"reason"}, Key{"in_this_minute", Shape::count}};
inline constexpr std::array device_decision{Key{"grant", Shape::id}, Key{"scope", Shape::name}, Key{"change"}};
inline constexpr std::array token_revoke{Key{"what"}, Key{"grant", Shape::id}};
inline constexpr std::array lockout{Key{"form"}, Key{"until", Shape::time}, Key{"reason"}};
inline constexpr std::array denied{Key{"page"}, Key{"permission"}, Key{"in_this_minute", Shape::count}};
inline constexpr std::array tampering{Key{"what"}, Key{"in_this_minute", Shape::count}};
inline constexpr std::array proof{Key{"method"}, Key{"for"}, Key{"reason"}, Key{"in_this_minute", Shape::count},
                                  Key{"before", Shape::count}};
inline constexpr std::array account_search{Key{"how"}, Key{"reason"}, Key{"in_this_minute", Shape::count}};
inline constexpr std::array account_create{Key{"kind"}, Key{"contexts", Shape::name}, Key{"main_account", Shape::id},
                                           Key{"invited"}};
inline constexpr std::array account_change{Key{"fields"},
                                           Key{"change"},
                                           Key{"locale"},
                                           Key{"reason"},
                                           Key{"verified"},
                                           Key{"device"},
                                           Key{"device_id", Shape::id},
                                           Key{"factor"},
                                           Key{"factor_id", Shape::id},
                                           Key{"fingerprint"},
                                           Key{"motive"}};
inline constexpr std::array motive{Key{"motive"}};
inline constexpr std::array suspend{Key{"by"}, Key{"motive"}};
inline constexpr std::array session_end{Key{"why"}, Key{"motive"}};
inline constexpr std::array data_export{Key{"format"}};
inline constexpr std::array role_change{Key{"role", Shape::name}, Key{"change"}, Key{"old", Shape::name},
                                        Key{"new", Shape::name}, Key{"motive"}};
inline constexpr std::array context_change{Key{"context", Shape::name},
                                           Key{"change"},
                                           Key{"old", Shape::name},
                                           Key{"new", Shape::name},
                                           Key{"from", Shape::time},
                                           Key{"until", Shape::time},
                                           Key{"motive"}};
inline constexpr std::array password_set{Key{"how"},
                                         Key{"why"},
                                         Key{"by"},
                                         Key{"previous_session", Shape::id},
                                         Key{"must_change"},
                                         Key{"channel"},
                                         Key{"failures_forgotten"},
                                         Key{"motive"}};
inline constexpr std::array password_reset{Key{"step"}, Key{"reason"}, Key{"motive"}};
inline constexpr std::array policy_change{Key{"policy", Shape::name},
                                          Key{"preset", Shape::name},
                                          Key{"rules", Shape::name},
                                          Key{"bound_to"},
                                          Key{"unbound_from"},
                                          Key{"whose", Shape::name},
                                          Key{"old", Shape::name},
                                          Key{"new", Shape::name},
                                          Key{"motive"}};
inline constexpr std::array group{Key{"group", Shape::name}, Key{"change"}, Key{"new", Shape::name}, Key{"motive"}};
inline constexpr std::array bulk_act{Key{"step"},
                                     Key{"act"},
                                     Key{"group", Shape::name},
                                     Key{"context", Shape::name},
                                     Key{"accounts", Shape::count},
                                     Key{"run", Shape::id},
                                     Key{"motive"}};
inline constexpr std::array message{Key{"kind"}, Key{"item", Shape::id}, Key{"reason"}};
inline constexpr std::array sms_limit{Key{"limit"}, Key{"purpose"}};
inline constexpr std::array sms_send{Key{"gateway", Shape::name}, Key{"kind"}, Key{"reason"},
                                     Key{"in_this_minute", Shape::count}};
inline constexpr std::array sms_change{Key{"fields"}, Key{"gateway", Shape::name}, Key{"old", Shape::name},
                                       Key{"new", Shape::name}, Key{"motive"}};
inline constexpr std::array client_create{Key{"old", Shape::name}, Key{"new", Shape::name}, Key{"token", Shape::id}};
inline constexpr std::array api_token_change{Key{"token", Shape::id},
                                             Key{"token_kind"},
                                             Key{"change"},
                                             Key{"name", Shape::name},
                                             Key{"scope", Shape::name},
                                             Key{"uses", Shape::count},
                                             Key{"until", Shape::time},
                                             Key{"motive"}};
inline constexpr std::array client_change{Key{"fields"}, Key{"old", Shape::name}, Key{"new", Shape::name},
                                          Key{"old_until", Shape::time}, Key{"motive"}};
inline constexpr std::array client_delete{Key{"old", Shape::name}, Key{"motive"}};
inline constexpr std::array resource{Key{"resource", Shape::name}, Key{"fields"}, Key{"old", Shape::name},
                                     Key{"new", Shape::name}, Key{"motive"}};
inline constexpr std::array system_change{Key{"system", Shape::name}, Key{"change"}, Key{"motive"}};
inline constexpr std::array system_certificate{Key{"system", Shape::name}, Key{"change"}, Key{"fingerprint"},
                                               Key{"why"}, Key{"motive"}};
inline constexpr std::array system_refusal{Key{"system", Shape::name}, Key{"reason"}, Key{"fingerprint"},
                                           Key{"in_this_minute", Shape::count}};
inline constexpr std::array connector_change{Key{"change"}, Key{"old", Shape::name}, Key{"new", Shape::name},
                                             Key{"motive"}};
inline constexpr std::array authority_change{Key{"authority", Shape::id}, Key{"change"}, Key{"fingerprint"},
                                             Key{"until", Shape::time}, Key{"why"}};
inline constexpr std::array certificate_issue{Key{"profile"},
                                              Key{"fingerprint"},
                                              Key{"authority", Shape::id},
                                              Key{"system", Shape::name},
                                              Key{"until", Shape::time},
                                              Key{"motive"}};
inline constexpr std::array certificate_revoke{
    Key{"profile"}, Key{"fingerprint"}, Key{"authority", Shape::id}, Key{"system", Shape::name},
    Key{"why"},     Key{"motive"}};
inline constexpr std::array trust_change{Key{"change"}, Key{"purpose"}, Key{"fingerprint"}, Key{"rules"}};
inline constexpr std::array enrolment_refusal{Key{"reason"}, Key{"fingerprint"}, Key{"in_this_minute", Shape::count}};
inline constexpr std::array credential_change{Key{"credential", Shape::id},
                                              Key{"change"},
                                              Key{"backend"},
                                              Key{"activation"},
                                              Key{"token", Shape::name},
                                              Key{"fingerprint"},
                                              Key{"until", Shape::time},
                                              Key{"why"},
                                              Key{"motive"}};
inline constexpr std::array key_use{Key{"credential", Shape::id}, Key{"algorithm"}, Key{"document"}, Key{"backend"},
                                    Key{"motive"}};
inline constexpr std::array key_refusal{Key{"credential", Shape::id}, Key{"reason"},
                                        Key{"in_this_minute", Shape::count}, Key{"motive"}};
inline constexpr std::array timestamp_issue{Key{"stamped"}, Key{"algorithm"}, Key{"serial"},
                                            Key{"stamp_policy", Shape::name}, Key{"stamped_at", Shape::time}};
inline constexpr std::array timestamp_authority_change{Key{"change"}, Key{"fingerprint"}, Key{"until", Shape::time},
                                                       Key{"motive"}};
inline constexpr std::array document_sign{Key{"credential", Shape::id},
                                          Key{"document"},
                                          Key{"format"},
                                          Key{"level"},
                                          Key{"packaging"},
                                          Key{"algorithm"},
                                          Key{"reason"},
                                          Key{"motive"}};
inline constexpr std::array signature_validated{Key{"document"}, Key{"policy", Shape::name}, Key{"indication"},
                                                Key{"sub_indication", Shape::name}, Key{"signatures", Shape::count}};
inline constexpr std::array tenant_create{Key{"tenant", Shape::name}, Key{"parent", Shape::name}};
inline constexpr std::array tenant_change{Key{"feature"},    Key{"feature_before"}, Key{"feature_state"}, Key{"name"},
                                          Key{"brand_name"}, Key{"accent"},         Key{"accent_dark"},   Key{"logo"},
                                          Key{"locale"},     Key{"acting_told"}};
inline constexpr std::array tenant_delete{Key{"tenant", Shape::name}};
inline constexpr std::array copy{Key{"digest"}, Key{"from"}, Key{"events", Shape::count}};
inline constexpr std::array key{Key{"kid"}, Key{"algorithm"}, Key{"old"}, Key{"new"}};
inline constexpr std::array audit_export{Key{"form"}, Key{"filters"}, Key{"events", Shape::count}};
inline constexpr std::array audit_check{Key{"step"}, Key{"flaw"}, Key{"event", Shape::count},
                                        Key{"events", Shape::count}};
inline constexpr std::array event_refusal{Key{"reason"}, Key{"in_this_minute", Shape::count}};
inline constexpr std::array audit_erase{Key{"what"}, Key{"account", Shape::id}, Key{"through", Shape::count}};
}  // namespace keys

inline constexpr std::array vocabulary{
    Kind{type::login, keys::login},
    Kind{type::login_step, keys::login_step},
    Kind{type::code_send, keys::code_send},
    Kind{type::device_trust, keys::device_trust},
    Kind{type::context_choice, keys::context_choice},
    Kind{type::logout, keys::why},
    Kind{type::act_for, keys::act_for},
    Kind{type::session_end, keys::session_end},
    Kind{type::code_issue, keys::grant},
    Kind{type::token_issue, keys::grant},
    Kind{type::token_refusal, keys::token_refusal, true},
    Kind{type::code_replay, keys::grant, true},
    Kind{type::refresh_replay, keys::grant, true},
    Kind{type::token_revoke, keys::token_revoke},
    Kind{type::device_decision, keys::device_decision},
    Kind{type::consent_change, keys::consent_change},
    Kind{type::lockout, keys::lockout},
    Kind{type::denied, keys::denied, true},
    Kind{type::tampering, keys::tampering, true},
    Kind{type::proof, keys::proof},
    Kind{type::account_search, keys::account_search},
    Kind{type::account_read, {}},
    Kind{type::account_create, keys::account_create},
    Kind{type::account_change, keys::account_change},
    Kind{type::account_suspend, keys::suspend},
    Kind{type::account_restore, keys::motive},
    Kind{type::account_unlock, keys::motive},
    Kind{type::account_delete, keys::suspend},
    Kind{type::data_export, keys::data_export},
    Kind{type::password_set, keys::password_set},
    Kind{type::password_reset, keys::password_reset},
    Kind{type::invitation, keys::password_reset},
    Kind{type::policy_change, keys::policy_change},
    Kind{type::group_create, keys::group},
    Kind{type::group_delete, keys::group},
    Kind{type::group_change, keys::group},
    Kind{type::bulk_act, keys::bulk_act},
    Kind{type::message_retry, keys::message},
    Kind{type::message_drop, keys::message},
    Kind{type::delivery_failure, keys::message, true},
    Kind{type::sms_limit, keys::sms_limit, true},
    Kind{type::sms_change, keys::sms_change},
    Kind{type::sms_send, keys::sms_send},
    Kind{type::client_create, keys::client_create},
    Kind{type::client_change, keys::client_change},
    Kind{type::client_delete, keys::client_delete},
    Kind{type::resource_create, keys::resource},
    Kind{type::resource_change, keys::resource},
    Kind{type::resource_delete, keys::resource},
    Kind{type::api_token_change, keys::api_token_change},
    Kind{type::system_change, keys::system_change},
    Kind{type::system_certificate, keys::system_certificate},
    Kind{type::system_refusal, keys::system_refusal, true},
    Kind{type::connector_change, keys::connector_change},
    Kind{type::credential_change, keys::credential_change},
    Kind{type::key_use, keys::key_use},
    Kind{type::key_refusal, keys::key_refusal, true},
    Kind{type::timestamp_issue, keys::timestamp_issue},
    Kind{type::timestamp_refusal, keys::event_refusal, true},
    Kind{type::timestamp_authority_change, keys::timestamp_authority_change},
    Kind{type::document_sign, keys::document_sign},
    Kind{type::signature_validated, keys::signature_validated},
    Kind{type::validation_refusal, keys::event_refusal, true},
    Kind{type::context_change, keys::context_change},
    Kind{type::role_change, keys::role_change},
    Kind{type::tenant_create, keys::tenant_create},
    Kind{type::tenant_change, keys::tenant_change},
    Kind{type::tenant_delete, keys::tenant_delete},
    Kind{type::key_create, keys::key},
    Kind{type::key_change, keys::key},
    Kind{type::authority_change, keys::authority_change},
    Kind{type::certificate_issue, keys::certificate_issue},
    Kind{type::certificate_revoke, keys::certificate_revoke},
    Kind{type::trust_change, keys::trust_change},
    Kind{type::enrolment_refusal, keys::enrolment_refusal, true},
    Kind{type::audit_export, keys::audit_export},
    Kind{type::audit_check, keys::audit_check},
    Kind{type::event_refusal, keys::event_refusal, true},
    Kind{type::backup_make, keys::copy},
    Kind{type::backup_restore, keys::copy},
    Kind{type::installation_dump, keys::copy},
    Kind{type::installation_load, keys::copy},
    Kind{type::audit_erase, keys::audit_erase},
};

/// nullptr: there is no such kind.
constexpr const Kind* find_kind(std::string_view type) {
  const auto* const found =
      std::find_if(vocabulary.begin(), vocabulary.end(), [&](const Kind& kind) { return kind.type == type; });
  return found == vocabulary.end() ? nullptr : found;
}

constexpr bool is_refusal(std::string_view type) {
  const Kind* const kind = find_kind(type);
  return kind != nullptr && kind->is_refusal;
}

}  // namespace audit
