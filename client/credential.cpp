#include "client/credential.hpp"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/pkcs12.h>
#include <openssl/provider.h>

#include <algorithm>
#include <ctime>

#include "base/bytes.hpp"
#include "client/files.hpp"
#include "zip/zip.hpp"

namespace client {
namespace {

using Bio = std::unique_ptr<BIO, Freed<BIO_free_all>>;

constexpr std::size_t most_unpacked = std::size_t{1024} * 1024;
constexpr std::string_view password_end = "-password.txt";

tl::unexpected<base::Error> wrong(std::string why) {
  ERR_clear_error();
  return base::fail(base::Code::invalid_input, std::move(why));
}

std::string read_all(BIO* bio) {
  char* data = nullptr;
  const long size = BIO_get_mem_data(bio, &data);  // NOLINT: a macro of OpenSSL
  return size > 0 ? std::string(data, static_cast<std::size_t>(size)) : std::string();
}

// A certificate for old software is encrypted as OpenSSL 3 reads it only with this provider.
void allow_old_encryption() {
  static const bool is_loaded = [] {
    OSSL_PROVIDER_load(nullptr, "default");
    return OSSL_PROVIDER_load(nullptr, "legacy") != nullptr;
  }();
  (void)is_loaded;
  ERR_clear_error();
}

base::Time to_time(const ASN1_TIME* time) {
  std::tm parts{};
  if (ASN1_TIME_to_tm(time, &parts) != 1) return {};
  return base::Time(std::chrono::seconds(timegm(&parts)));
}

}  // namespace

base::Result<Credential> open_zip(std::string_view archive) {
  auto entries = zip::unpack(archive, most_unpacked);
  if (!entries) return wrong("this is not the ZIP that the server made: " + entries.error().reason);
  const auto ends = [](std::string_view name, std::string_view end) { return name.ends_with(end); };
  const auto p12 =
      std::find_if(entries->begin(), entries->end(), [&](const auto& one) { return ends(one.name, ".p12"); });
  const auto password =
      std::find_if(entries->begin(), entries->end(), [&](const auto& one) { return ends(one.name, password_end); });
  if (p12 == entries->end()) return wrong("the ZIP holds no file that ends with .p12");
  if (password == entries->end()) return wrong("the ZIP holds no file that ends with -password.txt");
  std::string id = p12->name.substr(0, p12->name.size() - 4);
  std::string line(password->content.reveal());
  line.erase(std::find_if(line.begin(), line.end(), [](char c) { return c == '\r' || c == '\n'; }), line.end());
  return open_p12(std::move(id), std::move(p12->content), base::Secret(std::move(line)));
}

base::Result<Credential> open_p12(std::string id, base::Secret p12, base::Secret password) {
  allow_old_encryption();
  const std::string_view octets = p12.reveal();
  const Bio in(BIO_new_mem_buf(octets.data(), static_cast<int>(octets.size())));
  const std::unique_ptr<PKCS12, Freed<PKCS12_free>> parsed(d2i_PKCS12_bio(in.get(), nullptr));
  if (!parsed) return wrong("the .p12 file cannot be read");
  const std::string phrase(password.reveal());
  if (PKCS12_verify_mac(parsed.get(), phrase.c_str(), -1) != 1)
    return wrong("the password does not open the .p12 file");
  EVP_PKEY* key = nullptr;
  X509* certificate = nullptr;
  STACK_OF(X509)* chain = nullptr;
  if (PKCS12_parse(parsed.get(), phrase.c_str(), &key, &certificate, &chain) != 1) {
    return wrong("the .p12 file is encrypted in a way that this computer's OpenSSL does not open");
  }
  Credential credential{std::move(id), std::move(p12), std::move(password), Certificate(certificate), Key(key), {}};
  for (int i = 0; i < sk_X509_num(chain); ++i) credential.chain.emplace_back(sk_X509_value(chain, i));
  sk_X509_free(chain);
  if (!credential.certificate || !credential.key) return wrong("the .p12 file holds no certificate with its key");
  if (X509_check_private_key(credential.certificate.get(), credential.key.get()) != 1) {
    return wrong("the key in the .p12 file is not that of its certificate");
  }
  return credential;
}

std::string to_pem(const X509* certificate) {
  const Bio out(BIO_new(BIO_s_mem()));
  PEM_write_bio_X509(out.get(), const_cast<X509*>(certificate));  // NOLINT: it is not changed
  return read_all(out.get());
}

base::Secret to_pem(EVP_PKEY* key) {
  const Bio out(BIO_new(BIO_s_secmem()));
  PEM_write_bio_PrivateKey(out.get(), key, nullptr, nullptr, 0, nullptr, nullptr);
  return base::Secret(read_all(out.get()));
}

std::string fingerprint_of(const X509* certificate) {
  std::string digest(EVP_MAX_MD_SIZE, '\0');
  unsigned size = 0;
  X509_digest(certificate, EVP_sha256(), reinterpret_cast<unsigned char*>(digest.data()), &size);  // NOLINT
  digest.resize(size);
  return base::to_hex(digest);
}

std::string name_of(const X509_NAME* name) {
  const Bio out(BIO_new(BIO_s_mem()));
  X509_NAME_print_ex(out.get(), name, 0, (XN_FLAG_RFC2253 & ~ASN1_STRFLGS_ESC_MSB) | ASN1_STRFLGS_UTF8_CONVERT);
  return read_all(out.get());
}

base::Time not_before_of(const X509* certificate) {
  return to_time(X509_get0_notBefore(certificate));
}
base::Time not_after_of(const X509* certificate) {
  return to_time(X509_get0_notAfter(certificate));
}

std::string describe_key(const EVP_PKEY* key) {
  const char* const type = EVP_PKEY_get0_type_name(key);
  return std::string(type == nullptr ? "unknown" : type) + ", " + std::to_string(EVP_PKEY_get_bits(key)) + " bits";
}

base::Result<void> keep(const std::filesystem::path& folder, const Credential& credential) {
  RETURN_IF_ERROR(make_folder(folder));
  std::string chain;
  for (const Certificate& one : credential.chain) chain += to_pem(one.get());
  RETURN_IF_ERROR(write_file(folder / file::p12, credential.p12.reveal()));
  RETURN_IF_ERROR(write_file(folder / file::password, credential.password.reveal()));
  RETURN_IF_ERROR(write_file(folder / file::certificate, to_pem(credential.certificate.get()) + chain));
  RETURN_IF_ERROR(write_file(folder / file::key, to_pem(credential.key.get()).reveal()));
  RETURN_IF_ERROR(write_file(folder / file::id, credential.id + "\n"));
  if (chain.empty()) {
    std::error_code gone;
    std::filesystem::remove(folder / file::authority, gone);
    return {};
  }
  return write_file(folder / file::authority, chain);
}

base::Result<Credential> read_kept(const std::filesystem::path& folder) {
  auto p12 = read_file(folder / file::p12);
  if (!p12) {
    return base::fail(base::Code::not_found, "nothing was imported yet; begin with: chancery-client import FILE.zip");
  }
  ASSIGN_OR_RETURN(base::Secret password, read_file(folder / file::password));
  ASSIGN_OR_RETURN(const base::Secret line, read_file(folder / file::id));
  std::string id(line.reveal());
  while (!id.empty() && id.back() == '\n') id.pop_back();
  return open_p12(std::move(id), std::move(*p12), std::move(password));
}

std::string find_flaw(const Credential& credential, base::Time now) {
  const X509* const certificate = credential.certificate.get();
  if (now < not_before_of(certificate)) {
    return "our certificate is not valid before " + base::to_rfc3339(not_before_of(certificate)) +
           "; is the clock of this computer right?";
  }
  if (now >= not_after_of(certificate)) {
    return "our certificate has expired at " + base::to_rfc3339(not_after_of(certificate)) +
           "; an administrator makes a new one";
  }
  return {};
}

}  // namespace client
