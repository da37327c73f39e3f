#include "http/tls.hpp"

#include <openssl/err.h>
#include <openssl/ssl.h>

#include <array>
#include <new>
#include <string>
#include <string_view>

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

void ask_for_certificate(SSL_CTX* context, ClientCertificate wish) {
  if (wish == ClientCertificate::none) return;
  int mode = SSL_VERIFY_PEER;
  if (wish == ClientCertificate::required) mode |= SSL_VERIFY_FAIL_IF_NO_PEER_CERT;
  SSL_CTX_set_verify(context, mode, accept_any);
  static constexpr std::string_view session_context = "chancery";
  SSL_CTX_set_session_id_context(context, reinterpret_cast<const unsigned char*>(session_context.data()),
                                 static_cast<unsigned>(session_context.size()));
}

}  // namespace

TlsContext::TlsContext() : context_(SSL_CTX_new(TLS_server_method())) {
  if (context_ == nullptr) throw std::bad_alloc();
}

TlsContext::~TlsContext() {
  SSL_CTX_free(context_);
}

base::Result<std::shared_ptr<const TlsContext>> TlsContext::make(const Listener& listener) {
  ERR_clear_error();
  const std::shared_ptr<const TlsContext> made(new TlsContext);
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
  ask_for_certificate(context, listener.client_certificate);
  if (SSL_CTX_set_ciphersuites(context, ciphers_1_3) != 1 || SSL_CTX_set_cipher_list(context, ciphers_1_2) != 1 ||
      SSL_CTX_set1_groups_list(context, "X25519:P-256") != 1) {
    return refuse(listener.name, "OpenSSL lacks the ciphers or groups");
  }
  const TlsFiles& files = listener.tls_files;
  if (SSL_CTX_use_certificate_chain_file(context, files.certificate_file.c_str()) != 1) {
    return refuse(listener.name, "cannot read the certificate chain " + files.certificate_file);
  }
  if (SSL_CTX_use_PrivateKey_file(context, files.key_file.c_str(), SSL_FILETYPE_PEM) != 1) {
    return refuse(listener.name, "cannot use the key " + files.key_file + " with the certificate");
  }
  if (SSL_CTX_check_private_key(context) != 1) {
    return refuse(listener.name,
                  "key " + files.key_file + " and certificate " + files.certificate_file + " do not belong together");
  }
  return made;
}

}  // namespace http
