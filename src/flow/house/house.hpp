// What every flow works with: the database, the keys and the settings. Made once by flow/setup/settings.hpp.
// Invariant: the settings of a topic are only declared here. They stand in a header of the topic, so that a new setting
// recompiles its topic and room app, and nothing else.
#pragma once

namespace crypto {
class MasterKey;
struct HashParameters;
}  // namespace crypto

namespace store {
class Store;
class Tx;
}  // namespace store

namespace token {
class Tokens;
}  // namespace token

namespace flow {

class KeyRing;
class NetworkGate;
class SigningDesk;
class SmsRoute;
class TimestampDesk;
class ValidationDesk;
struct AttemptSettings;
struct AuditSettings;
struct BreachedSettings;
struct FactorSettings;
struct LockoutSettings;
struct ProofSettings;
struct ResetSettings;
struct SessionSettings;
struct SiteSettings;
struct TokenSettings;

struct TopicSettings {
  const SiteSettings& site;                     // flow/house/site_settings.hpp
  const AuditSettings& audit;                   // flow/house/audit_settings.hpp
  const SessionSettings& session;               // flow/session/session_settings.hpp
  const LockoutSettings& lockout;               // flow/proof/lockout_settings.hpp
  const ProofSettings& proof;                   // flow/proof/proof_settings.hpp
  const FactorSettings& factor;                 // flow/proof/factor_settings.hpp
  const crypto::HashParameters& password_hash;  // crypto/password/password_hash.hpp
  const BreachedSettings& breached;             // flow/password/breached_settings.hpp
  const ResetSettings& reset;                   // flow/password/reset_settings.hpp
  const AttemptSettings& attempt;               // flow/login/attempt_settings.hpp
  const TokenSettings& token;                   // flow/token/token_settings.hpp
};

struct House {
  store::Store& store;
  const crypto::MasterKey& master;
  KeyRing& keys;
  NetworkGate& gate;  // of this node
  TopicSettings settings;
  SmsRoute* sms = nullptr;               // flow/message/sms_route.hpp; nullptr: no short message can be sent
  token::Tokens* tokens = nullptr;       // token/token.hpp; nullptr: none is configured
  ValidationDesk* validation = nullptr;  // flow/validation/validation_desk.hpp; nullptr: no signature is judged
  TimestampDesk* timestamps = nullptr;   // flow/timestamp/timestamp_desk.hpp; nullptr: nothing is stamped
  SigningDesk* signing = nullptr;        // flow/signature/signing_desk.hpp; nullptr: no document is signed
};

}  // namespace flow
