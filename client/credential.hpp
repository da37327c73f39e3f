// The access certificate of a client system with its key: as the server's ZIP holds it (formats.md, "Client system's
// ZIP": <id>.p12 and <id>-password.txt), and in the forms that other programs read.
#pragma once

#include <openssl/evp.h>
#include <openssl/x509.h>

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "base/secret.hpp"
#include "base/time.hpp"

namespace client {

template <auto Free>
struct Freed {
  template <class T>
  void operator()(T* object) const {
    Free(object);
  }
};
using Certificate = std::unique_ptr<X509, Freed<X509_free>>;
using Key = std::unique_ptr<EVP_PKEY, Freed<EVP_PKEY_free>>;

/// The files of an imported credential in the folder of the program.
namespace file {
inline constexpr std::string_view p12 = "client.p12";
inline constexpr std::string_view password = "password.txt";
inline constexpr std::string_view certificate = "client.pem";  // the certificate, then those of its authority
inline constexpr std::string_view key = "key.pem";
inline constexpr std::string_view authority = "ca.pem";  // may be missing
inline constexpr std::string_view id = "id.txt";
}  // namespace file

struct Credential {
  std::string id;  // of the client system
  base::Secret p12;
  base::Secret password;
  Certificate certificate;
  Key key;
  std::vector<Certificate> chain;  // of the authority, as far as it came with it
};

/// Errors: invalid_input (the reason says what is wrong with the archive, the password or the certificate).
base::Result<Credential> open_zip(std::string_view zip);
/// Errors: invalid_input (the password is wrong, or something is missing).
base::Result<Credential> open_p12(std::string id, base::Secret p12, base::Secret password);

/// Writes the files, each as one step; what was there is replaced. Errors: unavailable.
base::Result<void> keep(const std::filesystem::path& folder, const Credential& credential);
/// Errors: not_found (nothing was imported yet), invalid_input.
base::Result<Credential> read_kept(const std::filesystem::path& folder);

std::string to_pem(const X509* certificate);
base::Secret to_pem(EVP_PKEY* key);
/// In lower-case hexadecimal.
std::string fingerprint_of(const X509* certificate);
std::string name_of(const X509_NAME* name);  // RFC 2253, UTF-8
base::Time not_before_of(const X509* certificate);
base::Time not_after_of(const X509* certificate);
/// "RSA, 2048 bits"
std::string describe_key(const EVP_PKEY* key);

/// What is wrong with the own certificate before anything is sent; "" = nothing.
std::string find_flaw(const Credential& credential, base::Time now);

}  // namespace client
