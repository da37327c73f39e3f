#include "token/session.hpp"

#include <algorithm>
#include <array>
#include <cstring>

#include "crypto/certificate/certificate.hpp"
#include "crypto/signing/ecdsa_value.hpp"
#include "crypto/signing/token_parts.hpp"

namespace token {
namespace {

using crypto::DigestKind;
using crypto::SignatureAlgorithm;
using crypto::SignatureScheme;
using crypto::SoftKeyKind;

constexpr CK_ULONG most_slots = 64;
constexpr std::size_t most_objects = 200;
constexpr std::size_t largest_attribute = crypto::largest_certificate;
constexpr std::size_t largest_value = 1024;
constexpr std::size_t id_size = 16;

base::Result<std::string_view> find_digest_info(DigestKind kind) {
  using namespace std::string_view_literals;
  // RFC 8017 §9.2, note 1.
  switch (kind) {
    case DigestKind::sha256: return "\x30\x31\x30\x0d\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02\x01\x05\x00\x04\x20"sv;
    case DigestKind::sha384: return "\x30\x41\x30\x0d\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02\x02\x05\x00\x04\x30"sv;
    case DigestKind::sha512: return "\x30\x51\x30\x0d\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02\x03\x05\x00\x04\x40"sv;
    default: return base::fail(base::Code::invalid_input, "a token signs by SHA-2 only");
  }
}

base::Result<CK_RSA_PKCS_PSS_PARAMS> find_pss(DigestKind kind) {
  switch (kind) {
    case DigestKind::sha256: return CK_RSA_PKCS_PSS_PARAMS{CKM_SHA256, CKG_MGF1_SHA256, 32};
    case DigestKind::sha384: return CK_RSA_PKCS_PSS_PARAMS{CKM_SHA384, CKG_MGF1_SHA384, 48};
    case DigestKind::sha512: return CK_RSA_PKCS_PSS_PARAMS{CKM_SHA512, CKG_MGF1_SHA512, 64};
    default: return base::fail(base::Code::invalid_input, "a token signs by SHA-2 only");
  }
}

// DER of the OBJECT IDENTIFIER of a curve; "" = the kind is RSA.
std::string_view parameters_of(SoftKeyKind kind) {
  using namespace std::string_view_literals;
  switch (kind) {
    case SoftKeyKind::ec_p256: return "\x06\x08\x2a\x86\x48\xce\x3d\x03\x01\x07"sv;
    case SoftKeyKind::ec_p384: return "\x06\x05\x2b\x81\x04\x00\x22"sv;
    case SoftKeyKind::ec_p521: return "\x06\x05\x2b\x81\x04\x00\x23"sv;
    case SoftKeyKind::brainpool_p256: return "\x06\x09\x2b\x24\x03\x03\x02\x08\x01\x01\x07"sv;
    case SoftKeyKind::brainpool_p384: return "\x06\x09\x2b\x24\x03\x03\x02\x08\x01\x01\x0b"sv;
    default: return {};
  }
}

CK_ULONG modulus_bits_of(SoftKeyKind kind) {
  if (kind == SoftKeyKind::rsa_2048) return 2048;
  return kind == SoftKeyKind::rsa_3072 ? 3072 : 4096;
}

template <std::size_t n>
std::string text_of(const CK_UTF8CHAR (&padded)[n]) {  // NOLINT(*-avoid-c-arrays): Cryptoki has them
  std::string text(reinterpret_cast<const char*>(padded), n);
  text.erase(text.find_last_not_of(" \0") + 1);
  return base::is_utf8(text) ? text : std::string("?");
}

CK_BYTE* bytes_of(base::BytesView octets) {
  // Cryptoki's parameters are not const; the functions used here only read.
  return reinterpret_cast<CK_BYTE*>(const_cast<char*>(octets.data()));  // NOLINT(*-const-cast)
}

template <class T>
CK_ATTRIBUTE attribute(CK_ATTRIBUTE_TYPE type, T& value) {
  return {type, &value, sizeof(value)};
}
CK_ATTRIBUTE attribute(CK_ATTRIBUTE_TYPE type, base::BytesView octets) {
  return {type, bytes_of(octets), octets.size()};
}

PinState judge_pin(CK_FLAGS flags) {
  if ((flags & CKF_USER_PIN_LOCKED) != 0) return PinState::locked;
  if ((flags & CKF_USER_PIN_INITIALIZED) == 0) return PinState::not_set;
  if ((flags & CKF_USER_PIN_TO_BE_CHANGED) != 0) return PinState::to_be_changed;
  if ((flags & CKF_USER_PIN_FINAL_TRY) != 0) return PinState::final_try;
  return (flags & CKF_USER_PIN_COUNT_LOW) != 0 ? PinState::low : PinState::fine;
}

bool is_wanted(const CK_TOKEN_INFO& info, const Settings& settings) {
  if ((info.flags & CKF_TOKEN_INITIALIZED) == 0) return false;
  std::string serial(reinterpret_cast<const char*>(info.serialNumber), sizeof(info.serialNumber));
  serial.erase(serial.find_last_not_of(' ') + 1);
  return (settings.serial.empty() || serial == settings.serial) &&
         (settings.label.empty() || text_of(info.label) == settings.label) &&
         !(settings.serial.empty() && settings.label.empty());
}

}  // namespace

base::Result<std::unique_ptr<Session>> Session::open(const Settings& settings) {
  ASSIGN_OR_RETURN(std::shared_ptr<Module> module, Module::open(settings.module));
  std::array<CK_SLOT_ID, most_slots> slots{};
  CK_ULONG count = slots.size();
  const CK_RV listed = (*module)->C_GetSlotList(CK_TRUE, slots.data(), &count);
  if (listed != CKR_OK) return fail_with(listed, "C_GetSlotList");
  std::optional<CK_SLOT_ID> found;
  for (CK_ULONG i = 0; i < count; ++i) {
    CK_TOKEN_INFO info{};
    if ((*module)->C_GetTokenInfo(slots.at(i), &info) != CKR_OK || !is_wanted(info, settings)) continue;
    if (found) return base::fail(base::Code::unavailable, "several tokens are so; name it by its serial number");
    found = slots.at(i);
  }
  if (!found) return base::fail(base::Code::unavailable, "the token is not there");
  CK_SESSION_HANDLE session = 0;
  const CK_RV opened =
      (*module)->C_OpenSession(*found, CKF_SERIAL_SESSION | CKF_RW_SESSION, nullptr, nullptr, &session);
  if (opened != CKR_OK) return fail_with(opened, "C_OpenSession");
  return std::unique_ptr<Session>(new Session(std::move(module), *found, session));
}

Session::~Session() {
  logout();
  (*module_)->C_CloseSession(session_);
}

base::Result<void> Session::check(CK_RV value, const char* what) {
  if (value == CKR_OK) return {};
  if (is_loss(value)) is_lost_ = true;
  if (value == CKR_KEY_HANDLE_INVALID || value == CKR_OBJECT_HANDLE_INVALID || value == CKR_USER_NOT_LOGGED_IN) {
    is_stale_ = true;
  }
  return fail_with(value, what);
}

void Session::forget_handles() {
  handles_.clear();
  is_stale_ = false;
}

base::Result<State> Session::look() {
  CK_TOKEN_INFO info{};
  RETURN_IF_ERROR(check((*module_)->C_GetTokenInfo(slot_, &info), "C_GetTokenInfo"));
  State state;
  state.is_present = true;
  state.label = text_of(info.label);
  state.model = text_of(info.model);
  state.manufacturer = text_of(info.manufacturerID);
  state.serial.assign(reinterpret_cast<const char*>(info.serialNumber), sizeof(info.serialNumber));
  state.serial.erase(state.serial.find_last_not_of(' ') + 1);
  state.pin = judge_pin(info.flags);
  state.needs_pin = (info.flags & CKF_LOGIN_REQUIRED) != 0;
  return state;
}

base::Result<void> Session::login(const base::Secret& pin) {
  logout();
  // A token that is locked is not asked: some count that too.
  ASSIGN_OR_RETURN(const State state, look());
  if (state.pin == PinState::locked) return base::fail(base::Code::denied, "the PIN of the token is locked");
  if (state.pin == PinState::not_set) return base::fail(base::Code::denied, "the PIN of the token is not set");
  CK_RV done = (*module_)->C_Login(session_, CKU_USER, bytes_of(pin.reveal()), pin.size());
  if (done == CKR_USER_ALREADY_LOGGED_IN) {
    // Another part of the process has logged in; the token must judge this PIN all the same.
    (*module_)->C_Logout(session_);
    done = (*module_)->C_Login(session_, CKU_USER, bytes_of(pin.reveal()), pin.size());
  }
  RETURN_IF_ERROR(check(done, "C_Login"));
  is_logged_in_ = true;
  return {};
}

void Session::logout() {
  // Private objects get new handles after the next login.
  handles_.clear();
  if (is_logged_in_) (*module_)->C_Logout(session_);
  is_logged_in_ = false;
}

base::Result<std::vector<CK_OBJECT_HANDLE>> Session::find_objects(CK_OBJECT_CLASS kind, const base::Bytes* id) {
  std::array<CK_ATTRIBUTE, 2> wanted{attribute(CKA_CLASS, kind),
                                     attribute(CKA_ID, base::BytesView(id == nullptr ? base::BytesView() : *id))};
  RETURN_IF_ERROR(
      check((*module_)->C_FindObjectsInit(session_, wanted.data(), id == nullptr ? 1 : 2), "C_FindObjectsInit"));
  std::vector<CK_OBJECT_HANDLE> found(most_objects);
  CK_ULONG count = 0;
  const CK_RV listed = (*module_)->C_FindObjects(session_, found.data(), found.size(), &count);
  const CK_RV ended = (*module_)->C_FindObjectsFinal(session_);
  RETURN_IF_ERROR(check(listed, "C_FindObjects"));
  RETURN_IF_ERROR(check(ended, "C_FindObjectsFinal"));
  found.resize(count);
  return found;
}

base::Bytes Session::read_attribute(CK_OBJECT_HANDLE object, CK_ATTRIBUTE_TYPE type) {
  CK_ATTRIBUTE wanted{type, nullptr, 0};
  if ((*module_)->C_GetAttributeValue(session_, object, &wanted, 1) != CKR_OK) return {};
  if (wanted.ulValueLen == CK_UNAVAILABLE_INFORMATION || wanted.ulValueLen > largest_attribute) return {};
  base::Bytes value(wanted.ulValueLen, '\0');
  wanted.pValue = value.data();
  if ((*module_)->C_GetAttributeValue(session_, object, &wanted, 1) != CKR_OK) return {};
  value.resize(std::min<std::size_t>(value.size(), wanted.ulValueLen));
  return value;
}

base::Bytes Session::read_public_key(CK_OBJECT_HANDLE object) {
  const base::Bytes parameters = read_attribute(object, CKA_EC_PARAMS);
  const auto joined = parameters.empty() ? crypto::join_rsa_public_key(read_attribute(object, CKA_MODULUS),
                                                                       read_attribute(object, CKA_PUBLIC_EXPONENT))
                                         : crypto::join_ec_public_key(parameters, read_attribute(object, CKA_EC_POINT));
  return joined ? *joined : base::Bytes();
}

base::Result<std::vector<Key>> Session::list_keys() {
  std::map<base::Bytes, Key> keys;
  ASSIGN_OR_RETURN(const auto publics, find_objects(CKO_PUBLIC_KEY, nullptr));
  for (const CK_OBJECT_HANDLE object : publics) {
    Key& key = keys[read_attribute(object, CKA_ID)];
    key.label = read_attribute(object, CKA_LABEL);
    key.public_key = read_public_key(object);
  }
  ASSIGN_OR_RETURN(const auto certificates, find_objects(CKO_CERTIFICATE, nullptr));
  for (const CK_OBJECT_HANDLE object : certificates) {
    const base::Bytes der = read_attribute(object, CKA_VALUE);
    const auto parts = crypto::split_certificate(der);
    if (!parts) continue;
    Key& key = keys[read_attribute(object, CKA_ID)];
    // A certificate of an authority that lies on the card beside the others has another key.
    if (!key.public_key.empty() && key.public_key != parts->public_key) continue;
    key.certificate = der;
    key.public_key = parts->public_key;
    if (key.label.empty()) key.label = read_attribute(object, CKA_LABEL);
  }
  ASSIGN_OR_RETURN(const auto privates, find_objects(CKO_PRIVATE_KEY, nullptr));
  for (const CK_OBJECT_HANDLE object : privates) {
    Key& key = keys[read_attribute(object, CKA_ID)];
    const base::Bytes asks = read_attribute(object, CKA_ALWAYS_AUTHENTICATE);
    key.is_private_seen = true;
    key.asks_each_time = !asks.empty() && asks.front() != '\0';
    if (key.label.empty()) key.label = read_attribute(object, CKA_LABEL);
  }
  std::vector<Key> all;
  for (auto& [id, key] : keys) {
    key.id = id;
    if (!base::is_utf8(key.label)) key.label = "?";
    if (all.size() < most_objects) all.push_back(std::move(key));
  }
  return all;
}

base::Result<Session::KeyHandle> Session::find_private_key(const base::Bytes& id) {
  if (const auto known = handles_.find(id); known != handles_.end()) return known->second;
  ASSIGN_OR_RETURN(const auto found, find_objects(CKO_PRIVATE_KEY, &id));
  if (found.empty()) return base::fail(base::Code::not_found, "the token has no such key");
  KeyHandle key;
  key.handle = found.front();
  const base::Bytes type = read_attribute(key.handle, CKA_KEY_TYPE);
  if (type.size() == sizeof(key.type)) std::memcpy(&key.type, type.data(), sizeof(key.type));
  const base::Bytes asks = read_attribute(key.handle, CKA_ALWAYS_AUTHENTICATE);
  key.asks_each_time = !asks.empty() && asks.front() != '\0';
  handles_.emplace(id, key);
  return key;
}

base::Result<base::Bytes> Session::sign(const base::Secret& pin, const base::Bytes& key_id,
                                        SignatureAlgorithm algorithm, const base::Bytes& octets) {
  ASSIGN_OR_RETURN(const KeyHandle key, find_private_key(key_id));
  const bool is_curve = algorithm.scheme == SignatureScheme::ecdsa;
  if (key.type != (is_curve ? CKK_EC : CKK_RSA)) {
    return base::fail(base::Code::invalid_input, "the key of the token is of another sort");
  }
  base::Bytes data = crypto::digest(algorithm.digest, octets);
  CK_MECHANISM mechanism{CKM_ECDSA, nullptr, 0};
  ASSIGN_OR_RETURN(const std::string_view digest_info, find_digest_info(algorithm.digest));
  ASSIGN_OR_RETURN(CK_RSA_PKCS_PSS_PARAMS pss, find_pss(algorithm.digest));
  if (algorithm.scheme == SignatureScheme::rsa_pss) mechanism = {CKM_RSA_PKCS_PSS, &pss, sizeof(pss)};
  if (algorithm.scheme == SignatureScheme::rsa_pkcs1) {
    mechanism.mechanism = CKM_RSA_PKCS;
    data.insert(0, digest_info);
  }
  RETURN_IF_ERROR(check((*module_)->C_SignInit(session_, &mechanism, key.handle), "C_SignInit"));
  if (key.asks_each_time) {
    RETURN_IF_ERROR(
        check((*module_)->C_Login(session_, CKU_CONTEXT_SPECIFIC, bytes_of(pin.reveal()), pin.size()), "C_Login"));
  }
  base::Bytes value(largest_value, '\0');
  CK_ULONG size = value.size();
  RETURN_IF_ERROR(check((*module_)->C_Sign(session_, bytes_of(data), data.size(), bytes_of(value), &size), "C_Sign"));
  value.resize(std::min<std::size_t>(value.size(), size));
  return is_curve ? crypto::encode_ecdsa_value(value) : base::Result<base::Bytes>(std::move(value));
}

base::Result<Key> Session::generate(SoftKeyKind kind, const std::string& label) {
  CK_BBOOL yes = CK_TRUE;
  CK_BBOOL no = CK_FALSE;
  const base::Bytes id = base::random_bytes(id_size);
  const std::string_view parameters = parameters_of(kind);
  CK_ULONG bits = modulus_bits_of(kind);
  constexpr std::string_view exponent{"\x01\x00\x01", 3};
  std::vector<CK_ATTRIBUTE> of_public{attribute(CKA_TOKEN, yes), attribute(CKA_VERIFY, yes),
                                      attribute(CKA_ID, base::BytesView(id)),
                                      attribute(CKA_LABEL, base::BytesView(label))};
  std::vector<CK_ATTRIBUTE> of_private{attribute(CKA_TOKEN, yes),
                                       attribute(CKA_PRIVATE, yes),
                                       attribute(CKA_SENSITIVE, yes),
                                       attribute(CKA_EXTRACTABLE, no),
                                       attribute(CKA_SIGN, yes),
                                       attribute(CKA_ID, base::BytesView(id)),
                                       attribute(CKA_LABEL, base::BytesView(label))};
  CK_MECHANISM mechanism{CKM_EC_KEY_PAIR_GEN, nullptr, 0};
  if (parameters.empty()) {
    mechanism.mechanism = CKM_RSA_PKCS_KEY_PAIR_GEN;
    of_public.push_back(attribute(CKA_MODULUS_BITS, bits));
    of_public.push_back(attribute(CKA_PUBLIC_EXPONENT, exponent));
  } else {
    of_public.push_back(attribute(CKA_EC_PARAMS, parameters));
  }
  CK_OBJECT_HANDLE made_public = 0;
  CK_OBJECT_HANDLE made_private = 0;
  RETURN_IF_ERROR(
      check((*module_)->C_GenerateKeyPair(session_, &mechanism, of_public.data(), of_public.size(), of_private.data(),
                                          of_private.size(), &made_public, &made_private),
            "C_GenerateKeyPair"));
  Key key;
  key.id = id;
  key.label = label;
  key.public_key = read_public_key(made_public);
  key.is_private_seen = true;
  if (key.public_key.empty()) return base::fail(base::Code::unavailable, "the token does not show its new public key");
  return key;
}

base::Result<void> Session::import_certificate(const base::Bytes& key_id, const base::Bytes& der) {
  ASSIGN_OR_RETURN(const crypto::CertificateParts parts, crypto::split_certificate(der));
  ASSIGN_OR_RETURN(const KeyHandle key, find_private_key(key_id));
  base::Bytes label = read_attribute(key.handle, CKA_LABEL);
  ASSIGN_OR_RETURN(const auto before, find_objects(CKO_CERTIFICATE, &key_id));
  CK_OBJECT_CLASS kind = CKO_CERTIFICATE;
  CK_CERTIFICATE_TYPE type = CKC_X_509;
  CK_BBOOL yes = CK_TRUE;
  CK_BBOOL no = CK_FALSE;
  std::array wanted{attribute(CKA_CLASS, kind),
                    attribute(CKA_CERTIFICATE_TYPE, type),
                    attribute(CKA_TOKEN, yes),
                    attribute(CKA_PRIVATE, no),
                    attribute(CKA_ID, base::BytesView(key_id)),
                    attribute(CKA_LABEL, base::BytesView(label)),
                    attribute(CKA_SUBJECT, base::BytesView(parts.subject)),
                    attribute(CKA_ISSUER, base::BytesView(parts.issuer)),
                    attribute(CKA_SERIAL_NUMBER, base::BytesView(parts.serial)),
                    attribute(CKA_VALUE, base::BytesView(der))};
  CK_OBJECT_HANDLE made = 0;
  RETURN_IF_ERROR(check((*module_)->C_CreateObject(session_, wanted.data(), wanted.size(), &made), "C_CreateObject"));
  // The new one first, so that the key is never without a certificate.
  for (const CK_OBJECT_HANDLE object : before) {
    RETURN_IF_ERROR(check((*module_)->C_DestroyObject(session_, object), "C_DestroyObject"));
  }
  return {};
}

}  // namespace token
