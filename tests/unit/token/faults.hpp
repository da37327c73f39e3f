// What the faulty module (faulty_module.cpp) does wrong. It lies in the module, and a test finds it by dlsym.
#pragma once

#include <p11-kit/pkcs11.h>

#include <atomic>

struct Faults {
  std::atomic<CK_RV> of_sign{CKR_OK};  // what the next signatures give …
  std::atomic<int> signs{0};           // … so many of them
  std::atomic<CK_RV> of_login{CKR_OK};
  std::atomic<CK_FLAGS> flags{0};           // more flags of the token
  std::atomic<bool> asks_each_time{false};  // CKA_ALWAYS_AUTHENTICATE of every key
  std::atomic<bool> holds{false};           // a signature waits until this is false …
  std::atomic<int> held{0};                 // … so many of them have begun to
  std::atomic<int> logins{0};
  std::atomic<int> context_logins{0};  // C_Login(CKU_CONTEXT_SPECIFIC)
  std::atomic<int> sessions{0};        // C_OpenSession
};

inline constexpr const char* faults_symbol = "faults_of_module";
