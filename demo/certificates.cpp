#include "demo/certificates.hpp"

#include <fcntl.h>
#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/pkcs12.h>
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
#include <utility>

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
void free_certificates(STACK_OF(X509) * certificates) {
  sk_X509_pop_free(certificates, X509_free);
}
using List = std::unique_ptr<X509_CRL, Freed<X509_CRL_free>>;
using Extension = std::unique_ptr<X509_EXTENSION, Freed<X509_EXTENSION_free>>;

constexpr long day = 24L * 60 * 60;
constexpr long authority_days = 3650;
constexpr long server_days = 390;
constexpr long renewed_before_days = 30;
constexpr long list_days = 90;

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

/// Whether the list of revoked certificates is named at this address.
bool names_list(const Certificate& certificate, const std::string& url) {
  if (!certificate) return false;
  const int at = X509_get_ext_by_NID(certificate.get(), NID_crl_distribution_points, -1);
  if (at < 0) return false;
  const ASN1_OCTET_STRING* const octets = X509_EXTENSION_get_data(X509_get_ext(certificate.get(), at));
  const std::string text(reinterpret_cast<const char*>(ASN1_STRING_get0_data(octets)),
                         static_cast<std::size_t>(ASN1_STRING_length(octets)));
  return text.ends_with(url);
}

/// An empty list, DER.
std::string make_list(X509* authority, EVP_PKEY* key) {
  const List list(X509_CRL_new());
  demand(list && X509_CRL_set_version(list.get(), 1) == 1);
  demand(X509_CRL_set_issuer_name(list.get(), X509_get_subject_name(authority)) == 1);
  const std::unique_ptr<ASN1_TIME, Freed<ASN1_TIME_free>> from(X509_gmtime_adj(nullptr, -60));
  const std::unique_ptr<ASN1_TIME, Freed<ASN1_TIME_free>> until(X509_gmtime_adj(nullptr, list_days * day));
  demand(from && until && X509_CRL_set1_lastUpdate(list.get(), from.get()) == 1 &&
         X509_CRL_set1_nextUpdate(list.get(), until.get()) == 1);
  X509V3_CTX context;
  X509V3_set_ctx(&context, authority, nullptr, nullptr, list.get(), 0);
  const Extension of_authority(X509V3_EXT_conf_nid(nullptr, &context, NID_authority_key_identifier, "keyid"));
  demand(of_authority && X509_CRL_add_ext(list.get(), of_authority.get(), -1) == 1);
  // OpenSSL makes no number of a list from text.
  const std::unique_ptr<ASN1_INTEGER, Freed<ASN1_INTEGER_free>> number(ASN1_INTEGER_new());
  demand(number && ASN1_INTEGER_set_int64(number.get(), ::time(nullptr)) == 1 &&
         X509_CRL_add1_ext_i2d(list.get(), NID_crl_number, number.get(), 0, 0) == 1);
  demand(X509_CRL_sign(list.get(), key, EVP_sha256()) > 0);
  const Memory memory(BIO_new(BIO_s_mem()));
  demand(memory && i2d_X509_CRL_bio(memory.get(), list.get()) == 1);
  char* octets = nullptr;
  const long size = BIO_get_mem_data(memory.get(), &octets);
  return {octets, static_cast<std::size_t>(size)};
}

}  // namespace

base::Result<Certificates> prepare_certificates(const std::string& folder, const std::string& list_url) {
  Certificates files{folder + "/demo-ca.pem", folder + "/server.pem", folder + "/server-key.pem",
                     folder + "/demo-ca.crl"};
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

  RETURN_IF_ERROR(write_file(files.list_file, make_list(authority.get(), authority_key.get()), 0644));
  const Certificate present = read_certificate(files.certificate_file);
  if (has_authority && is_good(present, read_key(files.key_file)) && names_list(present, list_url)) return files;
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
  add_extension(server.get(), authority.get(), NID_crl_distribution_points, ("URI:" + list_url).c_str());
  demand(X509_sign(server.get(), authority_key.get(), EVP_sha256()) > 0);
  RETURN_IF_ERROR(write_file(files.key_file, to_pem(key.get()), 0600));
  RETURN_IF_ERROR(write_file(files.certificate_file, to_pem(server.get()) + to_pem(authority.get()), 0644));
  return files;
}

base::Result<void> write_pkcs12(const std::string& file, const std::string& pem, const std::string& name,
                                const std::string& password) {
  const Memory in(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
  const Key key(PEM_read_bio_PrivateKey(in.get(), nullptr, nullptr, nullptr));
  const Certificate certificate(PEM_read_bio_X509(in.get(), nullptr, nullptr, nullptr));
  if (!key || !certificate) return base::fail(base::Code::unavailable, "No key and certificate came for " + file + ".");
  const std::unique_ptr<STACK_OF(X509), Freed<free_certificates>> chain(sk_X509_new_null());
  while (X509* above = PEM_read_bio_X509(in.get(), nullptr, nullptr, nullptr)) {
    demand(sk_X509_push(chain.get(), above) > 0);
  }
  const std::unique_ptr<PKCS12, Freed<PKCS12_free>> store(
      PKCS12_create(password.c_str(), name.c_str(), key.get(), certificate.get(), chain.get(), 0, 0, 0, 0, 0));
  demand(store != nullptr);
  const Memory out(BIO_new(BIO_s_mem()));
  demand(out && i2d_PKCS12_bio(out.get(), store.get()) == 1);
  char* octets = nullptr;
  const long size = BIO_get_mem_data(out.get(), &octets);
  return write_file(file, {octets, static_cast<std::size_t>(size)}, 0600);
}

}  // namespace demo
