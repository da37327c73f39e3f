#include "http/tls.hpp"

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <memory>
#include <new>
#include <string>
#include <string_view>

#include "base/ip_address.hpp"

namespace http {
namespace {

// RFC 9325 §4.2, the strongest first. Those of TLS 1.3 are named too, because the system's openssl.cnf could order them
// differently. A client that prefers ChaCha20 gets it, because its processor probably has no AES instructions, and
// ChaCha20 has 256 bits too.
constexpr const char* ciphers_1_3 = "TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256:TLS_AES_128_GCM_SHA256";
constexpr const char* ciphers_1_2 =
    "ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-RSA-AES256-GCM-SHA384:ECDHE-ECDSA-CHACHA20-POLY1305:"
    "ECDHE-RSA-CHACHA20-POLY1305:ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256";
constexpr std::string_view http_1_1 = "http/1.1";

std::string last_error() {
  std::array<char, 256> text{};
  ERR_error_string_n(ERR_peek_last_error(), text.data(), text.size());
  ERR_clear_error();
  return text.data();
}

tl::unexpected<base::Error> refuse(const std::string& listener, const std::string& what) {
  return base::fail(base::Code::invalid_input, "listener " + listener + ": " + what + " (" + last_error() + ")");
}

/// A file that cannot be opened is told in the words of the system, for OpenSSL has none for it.
base::Result<void> demand_readable(const std::string& listener, const std::string& file) {
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> opened(std::fopen(file.c_str(), "rb"), &std::fclose);
  if (opened != nullptr) return {};
  return base::fail(base::Code::invalid_input,
                    "listener " + listener + ": the file " + file + " cannot be read: " + std::strerror(errno));
}

/// ALPN (RFC 7301): a client whose list lacks http/1.1 is refused. A client without a list gets http/1.1 too, because
/// OpenSSL calls this function only for a list.
int choose_protocol(SSL* /*ssl*/, const unsigned char** out, unsigned char* out_size, const unsigned char* in,
                    unsigned int in_size, void* /*context*/) {
  for (unsigned int i = 0; i < in_size; i += in[i] + 1U) {
    if (i + 1 + in[i] > in_size) break;
    const std::string_view name(reinterpret_cast<const char*>(in + i + 1), in[i]);
    if (name != http_1_1) continue;
    *out = in + i + 1;
    *out_size = in[i];
    return SSL_TLSEXT_ERR_OK;
  }
  return SSL_TLSEXT_ERR_ALERT_FATAL;
}

/// Accepts every certificate, because TLS proves possession of the key only and the door judges the chain.
int accept_any(int /*ok*/, X509_STORE_CTX* /*store*/) {
  return 1;
}

/// Sessions of connections that were asked for a certificate are resumed only by others that are asked.
constexpr std::string_view asking_context = "chancery";
constexpr std::string_view silent_context = "chancery, no certificate";

const unsigned char* octets_of(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

int mode_of(ClientCertificate wish) {
  return wish == ClientCertificate::required ? SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT : SSL_VERIFY_PEER;
}

/// The host that the client names (RFC 6066 §3), in lower case; "" = none.
std::string find_server_name(SSL* ssl) {
  const unsigned char* data = nullptr;
  std::size_t size = 0;
  if (SSL_client_hello_get0_ext(ssl, TLSEXT_TYPE_server_name, &data, &size) != 1) return {};
  // A list with its length, and in it a type, which is 0, and the length of the name.
  constexpr std::size_t head = 5;
  if (size <= head || data[2] != TLSEXT_NAMETYPE_host_name) return {};
  const std::size_t length = static_cast<std::size_t>(data[3]) << 8U | data[4];
  if (length > size - head) return {};
  std::string name(data + head, data + head + length);
  for (char& c : name) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  return name;
}

/// Before anything else of the handshake, so that a resumed session is judged by what this connection is.
int ask_by_host(SSL* ssl, int* /*alert*/, void* context) {
  const auto& listener = *static_cast<const Listener*>(context);
  const std::string host = find_server_name(ssl);
  const auto& hosts = listener.certificate_hosts;
  if (std::find(hosts.begin(), hosts.end(), host) == hosts.end()) return SSL_CLIENT_HELLO_SUCCESS;
  SSL_set_verify(ssl, mode_of(listener.client_certificate), accept_any);
  SSL_set_session_id_context(ssl, octets_of(asking_context), asking_context.size());
  return SSL_CLIENT_HELLO_SUCCESS;
}

/// `listener` must outlive the context.
void ask_for_certificate(SSL_CTX* context, const Listener& listener) {
  if (!may_have_certificate(listener)) return;
  if (!listener.certificate_hosts.empty()) {
    SSL_CTX_set_session_id_context(context, octets_of(silent_context), silent_context.size());
    SSL_CTX_set_client_hello_cb(context, ask_by_host, const_cast<Listener*>(&listener));
    return;
  }
  SSL_CTX_set_verify(context, mode_of(listener.client_certificate), accept_any);
  SSL_CTX_set_session_id_context(context, octets_of(asking_context), asking_context.size());
}

}  // namespace

bool may_have_certificate(const Listener& listener) {
  return listener.client_certificate != ClientCertificate::none || !listener.certificate_hosts.empty() ||
         listener.role == Role::connector || listener.role == Role::certificate;
}

TlsContext::TlsContext(const Listener& listener) : listener_(listener), context_(SSL_CTX_new(TLS_server_method())) {
  if (context_ == nullptr) throw std::bad_alloc();
}

TlsContext::~TlsContext() {
  SSL_CTX_free(context_);
}

bool TlsContext::names(const std::string& host) const {
  X509* const certificate = SSL_CTX_get0_certificate(context_);
  if (certificate == nullptr || host.empty()) return false;
  if (base::IpAddress::parse(host)) return X509_check_ip_asc(certificate, host.c_str(), 0) == 1;
  return X509_check_host(certificate, host.data(), host.size(), 0, nullptr) == 1;
}

base::Result<std::shared_ptr<const TlsContext>> TlsContext::make(const Listener& listener) {
  ERR_clear_error();
  const std::shared_ptr<const TlsContext> made(new TlsContext(listener));
  SSL_CTX* const context = made->get();
  SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION);
  SSL_CTX_set_options(context, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION | SSL_OP_CIPHER_SERVER_PREFERENCE |
                                   SSL_OP_PRIORITIZE_CHACHA | SSL_OP_IGNORE_UNEXPECTED_EOF);
  // Frees the read and write buffers of idle connections.
  SSL_CTX_set_mode(context, SSL_MODE_RELEASE_BUFFERS | SSL_MODE_ENABLE_PARTIAL_WRITE |
                                SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER | SSL_MODE_AUTO_RETRY);
  SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
  SSL_CTX_set_num_tickets(context, 1);
  SSL_CTX_set_alpn_select_cb(context, choose_protocol, nullptr);
  ask_for_certificate(context, made->listener_);
  if (SSL_CTX_set_ciphersuites(context, ciphers_1_3) != 1 || SSL_CTX_set_cipher_list(context, ciphers_1_2) != 1 ||
      SSL_CTX_set1_groups_list(context, "X25519:P-256") != 1) {
    return refuse(listener.name, "OpenSSL lacks the ciphers or groups");
  }
  const TlsFiles& files = listener.tls_files;
  RETURN_IF_ERROR(demand_readable(listener.name, files.certificate_file));
  RETURN_IF_ERROR(demand_readable(listener.name, files.key_file));
  if (SSL_CTX_use_certificate_chain_file(context, files.certificate_file.c_str()) != 1) {
    return refuse(listener.name, "cannot read the certificate chain " + files.certificate_file);
  }
  const bool is_key = SSL_CTX_use_PrivateKey_file(context, files.key_file.c_str(), SSL_FILETYPE_PEM) == 1;
  if (!is_key && ERR_GET_REASON(ERR_peek_last_error()) != X509_R_KEY_VALUES_MISMATCH) {
    return refuse(listener.name, "cannot use the key " + files.key_file);
  }
  if (!is_key || SSL_CTX_check_private_key(context) != 1) {
    return refuse(listener.name,
                  "key " + files.key_file + " and certificate " + files.certificate_file + " do not belong together");
  }
  return made;
}

}  // namespace http
