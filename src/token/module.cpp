#include "token/module.hpp"

#include <dlfcn.h>

#include <array>
#include <map>
#include <mutex>
#include <utility>

#include "base/bytes.hpp"

namespace token {
namespace {

struct Name {
  CK_RV value;
  const char* name;
  base::Code code;
};

// What people can do something about has a code of its own; all else is "not available".
constexpr std::array names{
    Name{CKR_HOST_MEMORY, "CKR_HOST_MEMORY", base::Code::unavailable},
    Name{CKR_SLOT_ID_INVALID, "CKR_SLOT_ID_INVALID", base::Code::unavailable},
    Name{CKR_GENERAL_ERROR, "CKR_GENERAL_ERROR", base::Code::unavailable},
    Name{CKR_FUNCTION_FAILED, "CKR_FUNCTION_FAILED", base::Code::unavailable},
    Name{CKR_ATTRIBUTE_TYPE_INVALID, "CKR_ATTRIBUTE_TYPE_INVALID", base::Code::invalid_input},
    Name{CKR_ATTRIBUTE_VALUE_INVALID, "CKR_ATTRIBUTE_VALUE_INVALID", base::Code::invalid_input},
    Name{CKR_DATA_LEN_RANGE, "CKR_DATA_LEN_RANGE", base::Code::invalid_input},
    Name{CKR_DEVICE_ERROR, "CKR_DEVICE_ERROR", base::Code::unavailable},
    Name{CKR_DEVICE_MEMORY, "CKR_DEVICE_MEMORY", base::Code::unavailable},
    Name{CKR_DEVICE_REMOVED, "CKR_DEVICE_REMOVED", base::Code::unavailable},
    Name{CKR_KEY_HANDLE_INVALID, "CKR_KEY_HANDLE_INVALID", base::Code::not_found},
    Name{CKR_KEY_TYPE_INCONSISTENT, "CKR_KEY_TYPE_INCONSISTENT", base::Code::invalid_input},
    Name{CKR_KEY_FUNCTION_NOT_PERMITTED, "CKR_KEY_FUNCTION_NOT_PERMITTED", base::Code::invalid_input},
    Name{CKR_MECHANISM_INVALID, "CKR_MECHANISM_INVALID", base::Code::invalid_input},
    Name{CKR_MECHANISM_PARAM_INVALID, "CKR_MECHANISM_PARAM_INVALID", base::Code::invalid_input},
    Name{CKR_OBJECT_HANDLE_INVALID, "CKR_OBJECT_HANDLE_INVALID", base::Code::not_found},
    Name{CKR_PIN_INCORRECT, "CKR_PIN_INCORRECT", base::Code::login_failed},
    Name{CKR_PIN_INVALID, "CKR_PIN_INVALID", base::Code::login_failed},
    Name{CKR_PIN_LEN_RANGE, "CKR_PIN_LEN_RANGE", base::Code::login_failed},
    Name{CKR_PIN_EXPIRED, "CKR_PIN_EXPIRED", base::Code::denied},
    Name{CKR_PIN_LOCKED, "CKR_PIN_LOCKED", base::Code::denied},
    Name{CKR_SESSION_CLOSED, "CKR_SESSION_CLOSED", base::Code::unavailable},
    Name{CKR_SESSION_COUNT, "CKR_SESSION_COUNT", base::Code::unavailable},
    Name{CKR_SESSION_HANDLE_INVALID, "CKR_SESSION_HANDLE_INVALID", base::Code::unavailable},
    Name{CKR_TEMPLATE_INCONSISTENT, "CKR_TEMPLATE_INCONSISTENT", base::Code::invalid_input},
    Name{CKR_TOKEN_NOT_PRESENT, "CKR_TOKEN_NOT_PRESENT", base::Code::unavailable},
    Name{CKR_TOKEN_NOT_RECOGNIZED, "CKR_TOKEN_NOT_RECOGNIZED", base::Code::unavailable},
    Name{CKR_TOKEN_WRITE_PROTECTED, "CKR_TOKEN_WRITE_PROTECTED", base::Code::invalid_input},
    Name{CKR_USER_NOT_LOGGED_IN, "CKR_USER_NOT_LOGGED_IN", base::Code::login_failed},
    Name{CKR_USER_PIN_NOT_INITIALIZED, "CKR_USER_PIN_NOT_INITIALIZED", base::Code::denied},
    Name{CKR_CURVE_NOT_SUPPORTED, "CKR_CURVE_NOT_SUPPORTED", base::Code::invalid_input},
};

const Name* find_name(CK_RV value) {
  for (const Name& one : names) {
    if (one.value == value) return &one;
  }
  return nullptr;
}

}  // namespace

base::Result<std::shared_ptr<Module>> Module::open(const std::string& path) {
  static std::mutex mutex;
  static std::map<std::string, std::weak_ptr<Module>> modules;
  const std::lock_guard lock(mutex);
  if (auto known = modules[path].lock()) return known;
  // It stays in memory: makers' libraries start threads and handlers that do not survive a dlclose.
  void* const library = dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);
  if (library == nullptr) {
    const char* const why = dlerror();
    return base::fail(base::Code::unavailable, "the module cannot be loaded: " + std::string(why ? why : path));
  }
  // The list of functions outlives the handle.
  const auto get_functions = reinterpret_cast<CK_C_GetFunctionList>(dlsym(library, "C_GetFunctionList"));
  CK_FUNCTION_LIST* functions = nullptr;
  if (get_functions == nullptr || get_functions(&functions) != CKR_OK || functions == nullptr) {
    dlclose(library);
    return base::fail(base::Code::unavailable, "no module with Cryptoki: " + path);
  }
  CK_C_INITIALIZE_ARGS arguments{};
  arguments.flags = CKF_OS_LOCKING_OK;
  const CK_RV made = functions->C_Initialize(&arguments);
  if (made != CKR_OK && made != CKR_CRYPTOKI_ALREADY_INITIALIZED) {
    dlclose(library);
    return fail_with(made, "C_Initialize");
  }
  std::shared_ptr<Module> module(new Module(library, functions));
  modules[path] = module;
  return module;
}

Module::~Module() {
  functions_->C_Finalize(nullptr);
  dlclose(library_);
}

std::string name_of(CK_RV value) {
  if (const Name* const found = find_name(value)) return found->name;
  constexpr std::string_view digits = "0123456789abcdef";
  std::string text;
  for (CK_RV rest = value; rest != 0 || text.empty(); rest >>= 4U) text.insert(text.begin(), digits[rest & 0xfU]);
  return "CKR_0x" + text;
}

bool is_loss(CK_RV value) {
  constexpr std::array losses{CKR_DEVICE_REMOVED, CKR_TOKEN_NOT_PRESENT,       CKR_SESSION_HANDLE_INVALID,
                              CKR_SESSION_CLOSED, CKR_SLOT_ID_INVALID,         CKR_TOKEN_NOT_RECOGNIZED,
                              CKR_DEVICE_ERROR,   CKR_CRYPTOKI_NOT_INITIALIZED};
  for (const CK_RV one : losses) {
    if (one == value) return true;
  }
  return false;
}

tl::unexpected<base::Error> fail_with(CK_RV value, const char* what) {
  const Name* const found = find_name(value);
  return base::fail(found == nullptr ? base::Code::unavailable : found->code,
                    std::string(what) + " gives " + name_of(value));
}

}  // namespace token
