#include "client/probe.hpp"

#include <arpa/inet.h>
#include <netdb.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <cstring>

#include "base/bytes.hpp"

namespace client {
namespace {

using Bio = std::unique_ptr<BIO, Freed<BIO_free_all>>;
using Context = std::unique_ptr<SSL_CTX, Freed<SSL_CTX_free>>;
using Tls = std::unique_ptr<SSL, Freed<SSL_free>>;
using Addresses = std::unique_ptr<addrinfo, Freed<freeaddrinfo>>;

constexpr int patience_in_milliseconds = 10'000;  // of one connection
constexpr std::size_t longest_answer = std::size_t{64} * 1024;

class Socket {
 public:
  Socket() = default;
  explicit Socket(int number) : number_(number) {}
  ~Socket() { close(); }
  Socket(Socket&& other) noexcept : number_(other.number_) { other.number_ = -1; }
  Socket& operator=(Socket&& other) noexcept {
    std::swap(number_, other.number_);
    return *this;
  }
  Socket(const Socket&) = delete;
  Socket& operator=(const Socket&) = delete;
  [[nodiscard]] int number() const { return number_; }

 private:
  void close() const {
    if (number_ >= 0) ::close(number_);
  }
  int number_ = -1;
};

std::string numeric(const addrinfo& one) {
  std::array<char, NI_MAXHOST> text{};
  if (getnameinfo(one.ai_addr, one.ai_addrlen, text.data(), text.size(), nullptr, 0, NI_NUMERICHOST) != 0) return "?";
  return text.data();
}

bool is_numeric(const std::string& host) {
  std::array<unsigned char, sizeof(in6_addr)> octets{};
  return inet_pton(AF_INET, host.c_str(), octets.data()) == 1 || inet_pton(AF_INET6, host.c_str(), octets.data()) == 1;
}

/// 0 = connected; otherwise an errno.
int connect_within(int number, const addrinfo& to) {
  if (::connect(number, to.ai_addr, to.ai_addrlen) == 0) return 0;
  if (errno != EINPROGRESS) return errno;
  pollfd wait{number, POLLOUT, 0};
  if (::poll(&wait, 1, patience_in_milliseconds) != 1) return ETIMEDOUT;
  int failed = 0;
  socklen_t size = sizeof failed;
  ::getsockopt(number, SOL_SOCKET, SO_ERROR, &failed, &size);
  return failed;
}

std::string say_refused(int number, const std::string& port) {
  switch (number) {
    case ECONNREFUSED: return "nothing listens on port " + port + ": is the port right, and does the server run?";
    case ETIMEDOUT: return "no answer within 10 seconds: a firewall may be in between, or the computer is off";
    case ENETUNREACH:
    case EHOSTUNREACH: return "the network does not lead there: is this computer in the right network?";
    default: return std::strerror(number);  // NOLINT(*-mt-unsafe)
  }
}

std::string last_tls_reason() {
  const unsigned long code = ERR_peek_last_error();
  const char* const reason = code == 0 || ERR_SYSTEM_ERROR(code) ? nullptr : ERR_reason_error_string(code);
  return reason == nullptr ? "the server has closed the connection; perhaps it did not take our certificate" : reason;
}

/// What a failed handshake means.
std::string say_handshake() {
  switch (ERR_GET_REASON(ERR_peek_last_error())) {
    case SSL_R_UNSUPPORTED_PROTOCOL:
    case SSL_R_TLSV1_ALERT_PROTOCOL_VERSION:
    case SSL_R_NO_PROTOCOLS_AVAILABLE:
      return "the server does not speak TLS 1.2 or 1.3: it is too old, or another program listens there";
    case SSL_R_WRONG_VERSION_NUMBER:
    case SSL_R_HTTP_REQUEST: return "the server does not answer with TLS: perhaps this is its port for plain http";
    case SSL_R_TLSV13_ALERT_CERTIFICATE_REQUIRED: return "the server wants a certificate and did not take ours";
    case SSL_R_SSLV3_ALERT_CERTIFICATE_EXPIRED: return "the server says that our certificate has expired";
    case SSL_R_SSLV3_ALERT_CERTIFICATE_REVOKED:
      return "the server says that our certificate is revoked; an administrator makes a new one";
    case SSL_R_TLSV1_ALERT_UNKNOWN_CA:
    case SSL_R_SSLV3_ALERT_CERTIFICATE_UNKNOWN:
    case SSL_R_SSLV3_ALERT_BAD_CERTIFICATE:
      return "the server does not know our certificate or its authority: was the ZIP made by this server?";
    case SSL_R_SSLV3_ALERT_HANDSHAKE_FAILURE: return "the server and this computer have no way of encryption in common";
    default: return last_tls_reason();
  }
}

std::string say_server_certificate(long verdict, const Address& address, const X509* certificate) {
  const std::string name = certificate == nullptr ? "" : name_of(X509_get_subject_name(certificate));
  const std::string issuer = certificate == nullptr ? "" : name_of(X509_get_issuer_name(certificate));
  switch (verdict) {
    case X509_V_ERR_HOSTNAME_MISMATCH:
    case X509_V_ERR_IP_ADDRESS_MISMATCH:
      return "the server's certificate (" + name + ") is not for " + address.host +
             ": use a name or an address that stands in it, or have it renewed";
    case X509_V_ERR_CERT_HAS_EXPIRED: return "the server's certificate has expired; its administrator renews it";
    case X509_V_ERR_CERT_NOT_YET_VALID:
      return "the server's certificate is not valid yet; is the clock of this computer right?";
    case X509_V_ERR_CERT_REVOKED: return "the server's certificate is revoked";
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT:
    case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
    case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN:
    case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT:
      return "the server's certificate comes from an authority that this computer does not know (" + issuer +
             "): get that authority's certificate from the administrator and name it with --ca FILE";
    default: return X509_verify_cert_error_string(verdict);
  }
}

int read_no_password(char* /*buffer*/, int /*size*/, int /*writing*/, void* /*data*/) {
  return 0;
}

void trust(SSL_CTX* context, std::string_view pem) {
  X509_STORE* const store = SSL_CTX_get_cert_store(context);
  const Bio in(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
  while (const Certificate one{PEM_read_bio_X509(in.get(), nullptr, read_no_password, nullptr)}) {
    X509_STORE_add_cert(store, one.get());
  }
  ERR_clear_error();
}

/// RFC 9112 §7.1. What cannot be read ends the text.
std::string join_chunks(std::string_view text) {
  std::string all;
  while (true) {
    std::size_t size = 0;
    const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), size, 16);
    const std::size_t line = text.find("\r\n");
    if (failed != std::errc() || size == 0 || line == std::string_view::npos || size > text.size() - line - 2)
      return all;
    all.append(text.substr(line + 2, size));
    text.remove_prefix(std::min(line + 2 + size + 2, text.size()));
    (void)end;
  }
}

/// The steps, until one fails.
class Connection {
 public:
  Connection(const Credential& credential, const Target& target, std::string_view authority)
      : credential_(credential), target_(target), authority_(authority) {}

  Probe run() {
    if (resolve() && connect() && shake_hands()) ask();
    return std::move(probe_);
  }

 private:
  bool fine(std::string name, std::string said) {
    probe_.steps.push_back({std::move(name), true, std::move(said)});
    return true;
  }
  bool wrong(std::string name, std::string said) {
    probe_.steps.push_back({std::move(name), false, std::move(said)});
    return false;
  }

  bool resolve() {
    addrinfo hints{};
    hints.ai_socktype = SOCK_STREAM;
    addrinfo* found = nullptr;
    const std::string& host = target_.address.host;
    const int failed = getaddrinfo(host.c_str(), target_.address.port.c_str(), &hints, &found);
    addresses_.reset(found);
    if (failed == EAI_NONAME) {
      return wrong("name resolution", "no computer is known by the name " + host + ": is it spelled right?");
    }
    if (failed != 0) return wrong("name resolution", host + ": " + gai_strerror(failed));
    return fine("name resolution", host + " is " + numeric(*addresses_));
  }

  bool connect() {
    int failed = 0;
    for (const addrinfo* one = addresses_.get(); one != nullptr; one = one->ai_next) {
      Socket made(::socket(one->ai_family, one->ai_socktype | SOCK_CLOEXEC | SOCK_NONBLOCK, one->ai_protocol));
      failed = made.number() < 0 ? errno : connect_within(made.number(), *one);
      if (failed != 0) continue;
      socket_ = std::move(made);
      return fine("connection", "connected to " + numeric(*one) + ", port " + target_.address.port);
    }
    return wrong("connection", say_refused(failed, target_.address.port));
  }

  /// Repeats a call of OpenSSL until it is done, has failed, or the time is over.
  template <class F>
  int repeat(F&& call) {
    while (true) {
      ERR_clear_error();
      const int done = call();
      if (done > 0) return done;
      const int why = SSL_get_error(tls_.get(), done);
      if (why != SSL_ERROR_WANT_READ && why != SSL_ERROR_WANT_WRITE) return -1;
      pollfd wait{socket_.number(), static_cast<short>(why == SSL_ERROR_WANT_READ ? POLLIN : POLLOUT), 0};
      if (::poll(&wait, 1, patience_in_milliseconds) != 1) {
        is_late_ = true;
        return -1;
      }
    }
  }

  bool shake_hands() {
    context_.reset(SSL_CTX_new(TLS_client_method()));
    SSL_CTX_set_min_proto_version(context_.get(), TLS1_2_VERSION);
    SSL_CTX_set_default_verify_paths(context_.get());
    trust(context_.get(), authority_);
    for (const Certificate& one : credential_.chain) {
      X509_STORE_add_cert(SSL_CTX_get_cert_store(context_.get()), one.get());
      SSL_CTX_add1_chain_cert(context_.get(), one.get());  // NOLINT: a macro of OpenSSL
    }
    SSL_CTX_use_certificate(context_.get(), credential_.certificate.get());
    SSL_CTX_use_PrivateKey(context_.get(), credential_.key.get());
    tls_.reset(SSL_new(context_.get()));
    const std::string& host = target_.address.host;
    X509_VERIFY_PARAM* const param = SSL_get0_param(tls_.get());
    // An authority below a root may be the anchor: the ZIP need not have the root.
    X509_VERIFY_PARAM_set_flags(param, X509_V_FLAG_PARTIAL_CHAIN);
    if (is_numeric(host)) {
      X509_VERIFY_PARAM_set1_ip_asc(param, host.c_str());
    } else {
      SSL_set_hostflags(tls_.get(), X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
      SSL_set1_host(tls_.get(), host.c_str());
      // SSL_set_tlsext_host_name, whose macro has a cast of C.
      SSL_ctrl(tls_.get(), SSL_CTRL_SET_TLSEXT_HOSTNAME, TLSEXT_NAMETYPE_host_name, const_cast<char*>(host.c_str()));
    }
    SSL_set_ex_data(tls_.get(), 0, this);
    SSL_set_verify(tls_.get(), SSL_VERIFY_PEER, [](int is_good, X509_STORE_CTX* chain) {
      const auto* const tls =
          static_cast<SSL*>(X509_STORE_CTX_get_ex_data(chain, SSL_get_ex_data_X509_STORE_CTX_idx()));
      auto* const self = static_cast<Connection*>(SSL_get_ex_data(tls, 0));
      X509* const shown = X509_STORE_CTX_get0_cert(chain);
      if (!self->shown_ && shown != nullptr && X509_up_ref(shown) == 1) self->shown_.reset(shown);
      return is_good;
    });
    SSL_set_fd(tls_.get(), socket_.number());
    if (repeat([&] { return SSL_connect(tls_.get()); }) == 1) {
      return fine("encryption", std::string(SSL_get_version(tls_.get())) + ", the server's certificate is for " + host);
    }
    if (is_late_) return wrong("encryption", "the server does not answer within 10 seconds");
    const long verdict = SSL_get_verify_result(tls_.get());
    if (verdict != X509_V_OK) {
      return wrong("encryption", say_server_certificate(verdict, target_.address, shown_.get()));
    }
    return wrong("encryption", say_handshake());
  }

  [[nodiscard]] std::string path() const {
    std::string path = target_.address.path == "/" ? "/connector/self" : target_.address.path;
    if (target_.claimed.empty()) return path;
    path.append(path.find('?') == std::string::npos ? "?" : "&").append("clientSystemId=");
    return path.append(base::percent_encode(target_.claimed));
  }

  bool ask() {
    const Address& address = target_.address;
    const std::string host = address.host.find(':') == std::string::npos ? address.host : "[" + address.host + "]";
    const std::string request =
        "GET " + path() + " HTTP/1.1\r\nHost: " + host + ":" + address.port +
        "\r\nAccept: application/json\r\nUser-Agent: chancery-client\r\nConnection: close\r\n\r\n";
    std::string answer;
    if (repeat([&] { return SSL_write(tls_.get(), request.data(), static_cast<int>(request.size())); }) > 0) {
      std::array<char, 4096> part{};
      while (answer.size() < longest_answer) {
        const int size = repeat([&] { return SSL_read(tls_.get(), part.data(), static_cast<int>(part.size())); });
        if (size <= 0) break;
        answer.append(part.data(), static_cast<std::size_t>(size));
      }
    }
    // With TLS 1.3 the server refuses our certificate only now.
    if (answer.empty()) return wrong("certificate", is_late_ ? "no answer within 10 seconds" : say_handshake());
    return judge(answer);
  }

  bool judge(const std::string& answer) {
    const std::size_t end = answer.find("\r\n\r\n");
    if (!answer.starts_with("HTTP/1.1 ") || end == std::string::npos) {
      return wrong("answer", "this is no web server: another program listens there");
    }
    const std::string status = answer.substr(9, 3);
    std::string head = answer.substr(0, end);
    std::transform(head.begin(), head.end(), head.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
    const bool is_chunked = head.find("\r\ntransfer-encoding: chunked") != std::string::npos;
    const std::string body = is_chunked ? join_chunks(answer.substr(end + 4)) : answer.substr(end + 4);
    const auto has = [&](std::string_view text) { return body.find(text) != std::string::npos; };
    if (status == "200") return fine("answer", body);
    if (has("4204")) {
      return wrong("answer", "4204: the server knows this certificate as another client system than \"" +
                                 target_.claimed + "\"; capital and small letters are different");
    }
    for (const auto& [code, said] : refusals) {
      if (has(code)) return wrong("certificate", std::string(said));
    }
    if (status == "404") return wrong("answer", "there is no connector at " + path() + ": is the address right?");
    return wrong("answer", "the server answers " + status + ": " + body.substr(0, 500));
  }

  struct Refusal {
    std::string_view code;  // of the connector's answer
    std::string_view said;
  };
  static constexpr std::array<Refusal, 7> refusals{{
      {"certificate_revoked", "our certificate is revoked; an administrator makes a new one"},
      {"certificate_expired", "our certificate has expired; an administrator makes a new one"},
      {"certificate_early", "our certificate is not valid yet; is the clock of the server right?"},
      {"certificate_unknown", "the server does not know our certificate: was the ZIP made by this server?"},
      {"certificate_not_accepted", "the server takes user name and password here, no certificates"},
      {"system_suspended", "the client system is suspended; ask an administrator"},
      {"feature_off", "client systems are not enabled for this organisation; it can order them"},
  }};

  const Credential& credential_;
  const Target& target_;
  std::string_view authority_;
  Probe probe_;
  Addresses addresses_;
  Socket socket_;
  Context context_;
  Tls tls_;
  Certificate shown_;  // by the server
  bool is_late_ = false;
};

}  // namespace

base::Result<Address> parse_address(std::string_view url) {
  const auto wrong = [&](std::string_view why) {
    return base::fail(base::Code::invalid_input, "\"" + std::string(url) + "\": " + std::string(why));
  };
  constexpr std::string_view scheme = "https://";
  if (url.starts_with("http://")) return wrong("a certificate needs an address that begins with https://");
  if (!url.starts_with(scheme)) return wrong("an address begins with https://");
  std::string_view rest = url.substr(scheme.size());
  Address address;
  const std::size_t slash = std::min(rest.find_first_of("/?"), rest.size());
  std::string_view place = rest.substr(0, slash);
  if (slash < rest.size()) address.path = (rest[slash] == '?' ? "/" : "") + std::string(rest.substr(slash));
  const bool is_plain =
      std::all_of(address.path.begin(), address.path.end(), [](char c) { return c > ' ' && c < '\x7f'; });
  if (!is_plain) return wrong("the path has characters that an address cannot have");
  if (place.starts_with('[')) {
    const std::size_t close = place.find(']');
    if (close == std::string_view::npos) return wrong("the bracket is not closed");
    address.host = place.substr(1, close - 1);
    place.remove_prefix(close + 1);
  } else {
    address.host = place.substr(0, place.find(':'));
    place.remove_prefix(address.host.size());
  }
  if (place.starts_with(':')) address.port = place.substr(1);
  const bool is_number =
      !address.port.empty() && address.port.size() <= 5 &&
      std::all_of(address.port.begin(), address.port.end(), [](char c) { return c >= '0' && c <= '9'; });
  if (!is_number || std::stoi(address.port) > 65535 || std::stoi(address.port) == 0)
    return wrong("the port is no number from 1 to 65535");
  const bool is_host = !address.host.empty() && address.host.size() <= 253 &&
                       std::all_of(address.host.begin(), address.host.end(), [](unsigned char c) {
                         return std::isalnum(c) != 0 || c == '.' || c == '-' || c == ':' || c == '_';
                       });
  if (!is_host) return wrong("the name of the computer has characters that it cannot have");
  return address;
}

Probe test_connection(const Credential& credential, const Target& target, std::string_view authority) {
  return Connection(credential, target, authority).run();
}

}  // namespace client
