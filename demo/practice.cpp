#include "demo/practice.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <openssl/err.h>
#include <openssl/pkcs12.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <memory>

#include "demo/page.hpp"
#include "demo/words.hpp"
#include "http/multipart.hpp"
#include "zip/zip.hpp"

namespace demo {

namespace {

constexpr std::size_t largest_archive = std::size_t{256} * 1024;
constexpr std::size_t largest_answer = std::size_t{64} * 1024;

template <auto free_function>
struct Freed {
  template <class T>
  void operator()(T* object) const {
    free_function(object);
  }
};
using Key = std::unique_ptr<EVP_PKEY, Freed<EVP_PKEY_free>>;
using Certificate = std::unique_ptr<X509, Freed<X509_free>>;
void free_certificates(STACK_OF(X509) * all) {
  sk_X509_pop_free(all, X509_free);
}
using Certificates = std::unique_ptr<STACK_OF(X509), Freed<free_certificates>>;
using Context = std::unique_ptr<SSL_CTX, Freed<SSL_CTX_free>>;
using Session = std::unique_ptr<SSL, Freed<SSL_free>>;

struct Socket {
  explicit Socket(int one) : handle(one) {}
  ~Socket() {
    if (handle >= 0) ::close(handle);
  }
  Socket(const Socket&) = delete;
  Socket& operator=(const Socket&) = delete;
  int handle;
};

/// What the practice program has of its client system.
struct Equipment {
  std::string id;
  Key key;
  Certificate certificate;
  Certificates chain;
};

std::string subject_of(const X509* certificate) {
  std::array<char, 256> text{};
  X509_NAME_oneline(X509_get_subject_name(certificate), text.data(), static_cast<int>(text.size()));
  return text.data();
}

std::string last_reason() {
  const char* const reason = ERR_reason_error_string(ERR_peek_last_error());
  ERR_clear_error();
  return reason == nullptr ? std::string() : reason;
}

class Walk {
 public:
  void good(std::string word, std::string detail) { steps_.push_back({std::move(word), std::move(detail), true}); }
  bool bad(std::string word, std::string detail) {
    steps_.push_back({std::move(word), std::move(detail), false});
    return false;
  }
  std::vector<PracticeStep> take() { return std::move(steps_); }

  bool open_archive(base::BytesView archive, Equipment& found);
  bool shake_hands(const PracticeCall& call, const Equipment& equipment, SSL* ssl);
  bool ask(const PracticeCall& call, const Equipment& equipment, SSL* ssl);

 private:
  std::vector<PracticeStep> steps_;
};

bool Walk::open_archive(base::BytesView archive, Equipment& found) {
  const auto entries = zip::unpack(archive, largest_archive);
  if (!entries) return bad("practice_zip", entries.error().reason);
  const zip::Entry* file = nullptr;
  const zip::Entry* password = nullptr;
  for (const zip::Entry& entry : *entries) {
    if (entry.name.ends_with(".p12")) file = &entry;
    if (entry.name.ends_with("-password.txt")) password = &entry;
  }
  if (file == nullptr || password == nullptr) return bad("practice_zip", "*.p12, *-password.txt");
  found.id = file->name.substr(0, file->name.size() - 4);
  good("practice_zip", file->name + ", " + password->name);
  const std::string_view octets = file->content.reveal();
  const auto* at = reinterpret_cast<const unsigned char*>(octets.data());
  const std::unique_ptr<PKCS12, Freed<PKCS12_free>> bag(d2i_PKCS12(nullptr, &at, static_cast<long>(octets.size())));
  EVP_PKEY* key = nullptr;
  X509* certificate = nullptr;
  STACK_OF(X509)* chain = nullptr;
  const bool is_open =
      bag && PKCS12_parse(bag.get(), std::string(password->content.reveal()).c_str(), &key, &certificate, &chain) == 1;
  found.key.reset(key);
  found.certificate.reset(certificate);
  found.chain.reset(chain);
  if (!is_open || key == nullptr || certificate == nullptr) return bad("practice_p12", last_reason());
  good("practice_p12", subject_of(certificate));
  return true;
}

int connect_to(const PracticeCall& call) {
  const int handle = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in to{};
  to.sin_family = AF_INET;
  to.sin_port = htons(call.port);
  ::inet_pton(AF_INET, call.host.c_str(), &to.sin_addr);
  const timeval patience{10, 0};
  ::setsockopt(handle, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  ::setsockopt(handle, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
  const void* const address = &to;
  if (::connect(handle, static_cast<const sockaddr*>(address), sizeof to) == 0) return handle;
  ::close(handle);
  return -1;
}

bool Walk::shake_hands(const PracticeCall& call, const Equipment& equipment, SSL* ssl) {
  if (SSL_connect(ssl) != 1) {
    const long verdict = SSL_get_verify_result(ssl);
    return bad("practice_tls", verdict == X509_V_OK ? last_reason() : X509_verify_cert_error_string(verdict));
  }
  const Certificate server(SSL_get1_peer_certificate(ssl));
  good("practice_tls", std::string(SSL_get_version(ssl)) + ", " + SSL_get_cipher_name(ssl));
  good("practice_server", subject_of(server.get()) + ", " + call.host);
  good("practice_client", subject_of(equipment.certificate.get()));
  return true;
}

bool Walk::ask(const PracticeCall& call, const Equipment& equipment, SSL* ssl) {
  const std::string target = call.path + "?clientSystemId=" + base::percent_encode(equipment.id);
  const std::string request = "GET " + target + " HTTP/1.1\r\nHost: " + call.host + ":" + std::to_string(call.port) +
                              "\r\nConnection: close\r\n\r\n";
  if (SSL_write(ssl, request.data(), static_cast<int>(request.size())) <= 0) return bad("practice_ask", last_reason());
  std::string answer;
  std::array<char, 4096> block{};
  int size = 0;
  while (answer.size() < largest_answer && (size = SSL_read(ssl, block.data(), static_cast<int>(block.size()))) > 0) {
    answer.append(block.data(), static_cast<std::size_t>(size));
  }
  ERR_clear_error();
  const std::size_t line = answer.find("\r\n");
  const std::size_t body = answer.find("\r\n\r\n");
  if (line == std::string::npos || body == std::string::npos) return bad("practice_ask", "");
  good("practice_ask", "https://" + call.host + ":" + std::to_string(call.port) + target);
  const std::string status = answer.substr(0, line);
  const bool is_known = status.find(" 200") != std::string::npos;
  const std::string detail = status + " " + answer.substr(body + 4);
  if (!is_known) return bad("practice_answer", detail);
  good("practice_answer", detail);
  return true;
}

/// Why it failed, in the person's language: the connector's reason, or the step that failed. The octets of the answer
/// stand beside it.
std::string_view find_why(text::Language language, const PracticeStep& step) {
  constexpr std::string_view member = "\"reason\":\"";
  std::string key = "why_" + step.word;
  if (const std::size_t at = step.detail.find(member); at != std::string::npos) {
    const std::size_t begin = at + member.size();
    key = "why_" + step.detail.substr(begin, step.detail.find('"', begin) - begin);
  }
  const std::string_view why = find_word(language, key);
  return why == key ? find_word(language, "why_refused") : why;
}

std::string make_steps(text::Language language, const std::vector<PracticeStep>& steps) {
  std::string list = "<ol class=\"steps\">";
  for (const PracticeStep& step : steps) {
    list += fill(language, R"(<li class="{{class}}"><strong>{{what}}</strong>: {{how}} <code>{{detail}}</code></li>)",
                 {{"class", step.is_good ? "good" : "bad"},
                  {"what", std::string(find_word(language, step.word))},
                  {"how", step.is_good ? std::string(find_word(language, "practice_good"))
                                       : std::string(find_word(language, "practice_bad")) + ". " +
                                             std::string(find_why(language, step))},
                  {"detail", step.detail}});
  }
  return list + "</ol>";
}

http::Response show(const http::Request& request, const Application& application, const Options& options,
                    const std::string& said) {
  const text::Language language = language_of(request);
  Frame frame;
  frame.application = application.name;
  frame.title = find_word(language, "practice_title");
  frame.portal = application.portal;
  frame.laboratory = application.laboratory;
  frame.current = "practice";
  const std::string connector = std::to_string(options.connector_port());
  const std::string main = fill(language,
                                R"(<h1>[[practice_title]]</h1><p class="lead">[[practice_lead]]</p>{{{said}}}
<form class="card" method="post" action="/practice" enctype="multipart/form-data">
<p><label for="zip">[[practice_file]]</label><br><input id="zip" name="zip" type="file" accept=".zip" required></p>
<p><button class="button" type="submit">[[practice_connect]]</button></p>
</form>
<p>[[practice_where]] <a href="https://127.0.0.1:{{port}}/administration/start.htm">https://127.0.0.1:{{port}}/administration/start.htm</a></p>
<p>[[practice_directory]] <a href="https://127.0.0.1:{{port}}/connector.sds">https://127.0.0.1:{{port}}/connector.sds</a></p>)",
                                {{"said", said}, {"port", connector}});
  return http::Response::html(make_page(language, frame, main));
}

}  // namespace

std::vector<PracticeStep> connect_practice(base::BytesView archive, const PracticeCall& call) {
  Walk walk;
  Equipment equipment;
  if (!walk.open_archive(archive, equipment)) return walk.take();
  const Socket socket(connect_to(call));
  const std::string place = call.host + ":" + std::to_string(call.port);
  if (socket.handle < 0) {
    walk.bad("practice_reach", place);
    return walk.take();
  }
  walk.good("practice_reach", place);
  const Context context(SSL_CTX_new(TLS_client_method()));
  SSL_CTX_set_min_proto_version(context.get(), TLS1_2_VERSION);
  SSL_CTX_set_verify(context.get(), SSL_VERIFY_PEER, nullptr);
  const bool is_ready = SSL_CTX_load_verify_file(context.get(), call.authority_file.c_str()) == 1 &&
                        SSL_CTX_use_cert_and_key(context.get(), equipment.certificate.get(), equipment.key.get(),
                                                 equipment.chain.get(), 1) == 1;
  const Session session(SSL_new(context.get()));
  if (!is_ready || !session) {
    walk.bad("practice_tls", last_reason());
    return walk.take();
  }
  X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(session.get()), call.host.c_str());
  SSL_set_fd(session.get(), socket.handle);
  if (walk.shake_hands(call, equipment, session.get())) walk.ask(call, equipment, session.get());
  return walk.take();
}

void add_practice(http::Router& portal, const Application& application, const Options& options,
                  const std::string& authority_file) {
  portal.get("/practice",
             [application, options](const http::Request& request) { return show(request, application, options, ""); });
  http::Route post;
  post.method = http::Method::post;
  post.pattern = "/practice";
  post.body_limit = 2 * largest_archive;
  post.handler = [application, options, authority_file](const http::Request& request) {
    const auto form = http::parse_multipart(request);
    const bool has_file = form && !form->files.empty();
    const PracticeCall call{.port = options.connector_port(), .authority_file = authority_file};
    const auto steps = connect_practice(has_file ? std::string_view(form->files.front().octets) : "", call);
    return show(request, application, options, make_steps(language_of(request), steps));
  };
  portal.add(std::move(post));
}

}  // namespace demo
