// A library with Cryptoki of a maker of tokens, loaded and initialised once for the process. For this room only.
#pragma once

#include <p11-kit/pkcs11.h>

#include <memory>
#include <string>

#include "base/result.hpp"

namespace token {

class Module {
 public:
  /// The library of the path, shared by all its tokens. Errors: unavailable.
  static base::Result<std::shared_ptr<Module>> open(const std::string& path);
  Module(const Module&) = delete;
  Module& operator=(const Module&) = delete;
  ~Module();

  const CK_FUNCTION_LIST* operator->() const { return functions_; }

 private:
  Module(void* library, const CK_FUNCTION_LIST* functions) : library_(library), functions_(functions) {}
  void* library_;
  const CK_FUNCTION_LIST* functions_;
};

/// "CKR_PIN_INCORRECT"; of one that has no name here "CKR_0x…".
std::string name_of(CK_RV value);
/// Whether the token, its session or its slot is gone, so that all has to be opened again.
bool is_loss(CK_RV value);
/// The error of a call. `what`: the function, "C_Sign".
tl::unexpected<base::Error> fail_with(CK_RV value, const char* what);

}  // namespace token
