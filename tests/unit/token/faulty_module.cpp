// A module with Cryptoki for tests: SoftHSM, but for the calls that a test wants to go wrong.
#include <dlfcn.h>
#include <p11-kit/pkcs11.h>

#include <cstdlib>
#include <thread>

#include "unit/token/faults.hpp"

extern "C" {
extern Faults faults_of_module;
Faults faults_of_module;
}

namespace {

CK_FUNCTION_LIST* real = nullptr;
CK_FUNCTION_LIST mixed;

CK_RV open_session(CK_SLOT_ID slot, CK_FLAGS flags, void* application, CK_NOTIFY notify, CK_SESSION_HANDLE* session) {
  ++faults_of_module.sessions;
  return real->C_OpenSession(slot, flags, application, notify, session);
}

CK_RV get_token_info(CK_SLOT_ID slot, CK_TOKEN_INFO* info) {
  const CK_RV given = real->C_GetTokenInfo(slot, info);
  info->flags |= faults_of_module.flags;
  return given;
}

CK_RV log_in(CK_SESSION_HANDLE session, CK_USER_TYPE user, CK_UTF8CHAR* pin, CK_ULONG size) {
  if (user == CKU_CONTEXT_SPECIFIC) {
    ++faults_of_module.context_logins;
    return CKR_OK;
  }
  ++faults_of_module.logins;
  const CK_RV wanted = faults_of_module.of_login;
  return wanted == CKR_OK ? real->C_Login(session, user, pin, size) : wanted;
}

CK_RV get_attribute(CK_SESSION_HANDLE session, CK_OBJECT_HANDLE object, CK_ATTRIBUTE* attributes, CK_ULONG count) {
  if (count == 1 && attributes->type == CKA_ALWAYS_AUTHENTICATE && faults_of_module.asks_each_time) {
    if (attributes->pValue != nullptr) *static_cast<CK_BBOOL*>(attributes->pValue) = CK_TRUE;
    attributes->ulValueLen = sizeof(CK_BBOOL);
    return CKR_OK;
  }
  return real->C_GetAttributeValue(session, object, attributes, count);
}

CK_RV sign(CK_SESSION_HANDLE session, CK_BYTE* data, CK_ULONG size, CK_BYTE* value, CK_ULONG* value_size) {
  if (faults_of_module.holds) ++faults_of_module.held;
  while (faults_of_module.holds) std::this_thread::yield();
  if (faults_of_module.signs > 0) {
    --faults_of_module.signs;
    // The operation has to end before the session can be used again.
    CK_ULONG ignored = *value_size;
    real->C_Sign(session, data, size, value, &ignored);
    return faults_of_module.of_sign;
  }
  return real->C_Sign(session, data, size, value, value_size);
}

}  // namespace

extern "C" CK_RV C_GetFunctionList(CK_FUNCTION_LIST** list) {
  const char* const named = std::getenv("SOFTHSM2_MODULE");
  void* const library =
      dlopen(named == nullptr ? "/usr/lib/softhsm/libsofthsm2.so" : named, RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);
  if (library == nullptr) return CKR_GENERAL_ERROR;
  const auto get = reinterpret_cast<CK_C_GetFunctionList>(dlsym(library, "C_GetFunctionList"));
  if (get == nullptr || get(&real) != CKR_OK) return CKR_GENERAL_ERROR;
  mixed = *real;
  mixed.C_OpenSession = open_session;
  mixed.C_GetTokenInfo = get_token_info;
  mixed.C_Login = log_in;
  mixed.C_GetAttributeValue = get_attribute;
  mixed.C_Sign = sign;
  *list = &mixed;
  return CKR_OK;
}
