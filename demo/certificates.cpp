#include "demo/certificates.hpp"

#include <fcntl.h>
#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <memory>
#include <sstream>
#include <stdexcept>

namespace demo {

namespace {

template <auto free_function>
struct Freed {
  template <class T>
  void operator()(T* object) const {
    free_function(object);
  }
};
using Key = std::unique_ptr<EVP_PKEY, Freed<EVP_PKEY_free>>;
using Certificate = std::unique_ptr<X509, Freed<X509_free>>;
using Memory = std::unique_ptr<BIO, Freed<BIO_free_all>>;
using Extension = std::unique_ptr<X509_EXTENSION, Freed<X509_EXTENSION_free>>;

constexpr long day = 24L * 60 * 60;
constexpr long authority_days = 3650;
constexpr long server_days = 390;
constexpr long renewed_before_days = 30;

void demand(bool good) {
  if (!good) throw std::runtime_error("OpenSSL cannot make a certificate");
}

void add_extension(X509* to, X509* issuer, int kind, const char* value) {
  X509V3_CTX context;
  X509V3_set_ctx(&context, issuer, to, nullptr, nullptr, 0);
  const Extension extension(X509V3_EXT_conf_nid(nullptr, &context, kind, value));
  demand(extension && X509_add_ext(to, extension.get(), -1) == 1);
}

Certificate make_certificate(EVP_PKEY* key, const std::string& name, long days) {
  Certificate made(X509_new());
  demand(made != nullptr);
  demand(X509_set_version(made.get(), 2) == 1);
  unsigned char serial[16];
  demand(RAND_bytes(serial, sizeof serial) == 1);
  serial[0] = static_cast<unsigned char>((serial[0] & 0x3F) | 0x40);  // positive and of full length
  const std::unique_ptr<BIGNUM, Freed<BN_free>> number(BN_bin2bn(serial, sizeof serial, nullptr));
  demand(BN_to_ASN1_INTEGER(number.get(), X509_get_serialNumber(made.get())) != nullptr);
  demand(X509_gmtime_adj(X509_getm_notBefore(made.get()), -day) != nullptr);
  demand(X509_gmtime_adj(X509_getm_notAfter(made.get()), days * day) != nullptr);
  demand(X509_NAME_add_entry_by_txt(X509_get_subject_name(made.get()), "CN", MBSTRING_UTF8,
                                    reinterpret_cast<const unsigned char*>(name.c_str()), -1, -1, 0) == 1);
  demand(X509_set_pubkey(made.get(), key) == 1);
  return made;
}

template <class Write>
std::string to_pem(Write write) {
  const Memory memory(BIO_new(BIO_s_mem()));
  demand(memory && write(memory.get()) == 1);
  char* octets = nullptr;
  const long size = BIO_get_mem_data(memory.get(), &octets);
  return {octets, static_cast<std::size_t>(size)};
}
std::string to_pem(X509* certificate) {
  return to_pem([&](BIO* to) { return PEM_write_bio_X509(to, certificate); });
}
std::string to_pem(EVP_PKEY* key) {
  return to_pem([&](BIO* to) { return PEM_write_bio_PKCS8PrivateKey(to, key, nullptr, nullptr, 0, nullptr, nullptr); });
}

std::string read_file(const std::string& file) {
  std::ifstream in(file);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

base::Result<void> write_file(const std::string& file, const std::string& text, mode_t mode) {
  const std::string fresh = file + ".new";
  ::unlink(fresh.c_str());
  const int out = ::open(fresh.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);
  const bool good = out >= 0 && ::write(out, text.data(), text.size()) == static_cast<ssize_t>(text.size());
  const int problem = errno;
  if (out >= 0) ::close(out);
  if (good && ::rename(fresh.c_str(), file.c_str()) == 0) return {};
  return base::fail(base::Code::unavailable, "Cannot write " + file + ": " + std::strerror(good ? errno : problem));
}

Certificate read_certificate(const std::string& file) {
  const std::string pem = read_file(file);
  const Memory memory(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
  return Certificate(PEM_read_bio_X509(memory.get(), nullptr, nullptr, nullptr));
}

Key read_key(const std::string& file) {
  const std::string pem = read_file(file);
  const Memory memory(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
  return Key(PEM_read_bio_PrivateKey(memory.get(), nullptr, nullptr, nullptr));
}

bool is_good(const Certificate& certificate, const Key& key) {
  if (!certificate || !key || X509_check_private_key(certificate.get(), key.get()) != 1) return false;
  time_t limit = ::time(nullptr) + renewed_before_days * day;
  return X509_cmp_time(X509_get0_notAfter(certificate.get()), &limit) > 0;
}

}  // namespace

base::Result<Certificates> prepare_certificates(const std::string& folder) {
  Certificates files{folder + "/demo-ca.pem", folder + "/server.pem", folder + "/server-key.pem"};
  const std::string authority_key_file = folder + "/demo-ca-key.pem";

  Certificate authority = read_certificate(files.authority_file);
  Key authority_key = read_key(authority_key_file);
  const bool has_authority = is_good(authority, authority_key);
  if (!has_authority) {
    authority_key.reset(EVP_EC_gen("P-256"));
    demand(authority_key != nullptr);
    authority = make_certificate(authority_key.get(), "Chancery demonstration CA", authority_days);
    X509_set_issuer_name(authority.get(), X509_get_subject_name(authority.get()));
    add_extension(authority.get(), authority.get(), NID_basic_constraints, "critical,CA:TRUE,pathlen:0");
    add_extension(authority.get(), authority.get(), NID_key_usage, "critical,keyCertSign,cRLSign");
    add_extension(authority.get(), authority.get(), NID_subject_key_identifier, "hash");
    // A browser that trusts this CA must not trust it for other hosts.
    add_extension(authority.get(), authority.get(), NID_name_constraints,
                  "critical,permitted;DNS:localhost,permitted;IP:127.0.0.0/255.0.0.0,"
                  "permitted;IP:0:0:0:0:0:0:0:1/FFFF:FFFF:FFFF:FFFF:FFFF:FFFF:FFFF:FFFF");
    demand(X509_sign(authority.get(), authority_key.get(), EVP_sha256()) > 0);
    RETURN_IF_ERROR(write_file(authority_key_file, to_pem(authority_key.get()), 0600));
    RETURN_IF_ERROR(write_file(files.authority_file, to_pem(authority.get()), 0644));
  }

  if (has_authority && is_good(read_certificate(files.certificate_file), read_key(files.key_file))) return files;
  const Key key(EVP_EC_gen("P-256"));
  demand(key != nullptr);
  const Certificate server = make_certificate(key.get(), "localhost", server_days);
  X509_set_issuer_name(server.get(), X509_get_subject_name(authority.get()));
  add_extension(server.get(), authority.get(), NID_basic_constraints, "critical,CA:FALSE");
  add_extension(server.get(), authority.get(), NID_key_usage, "critical,digitalSignature");
  add_extension(server.get(), authority.get(), NID_ext_key_usage, "serverAuth");
  add_extension(server.get(), authority.get(), NID_subject_alt_name, "DNS:localhost,IP:127.0.0.1,IP:0:0:0:0:0:0:0:1");
  add_extension(server.get(), authority.get(), NID_subject_key_identifier, "hash");
  add_extension(server.get(), authority.get(), NID_authority_key_identifier, "keyid");
  demand(X509_sign(server.get(), authority_key.get(), EVP_sha256()) > 0);
  RETURN_IF_ERROR(write_file(files.key_file, to_pem(key.get()), 0600));
  RETURN_IF_ERROR(write_file(files.certificate_file, to_pem(server.get()) + to_pem(authority.get()), 0644));
  return files;
}

}  // namespace demo
