// Lists and answers of authorities of others, fetched by the background from servers that are alive: a small HTTP
// server and the responder of OpenSSL.
#include <arpa/inet.h>
#include <doctest/doctest.h>
#include <netinet/in.h>
#include <signal.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>
#include <mutex>
#include <thread>

#include "app/config/config.hpp"
#include "crypto/certificate/certificate.hpp"
#include "crypto/certificate/issue.hpp"
#include "crypto/certificate/key_pair.hpp"
#include "crypto/certificate/revocation_list.hpp"
#include "door/app_fixture.hpp"
#include "flow/certificate/judge_certificate.hpp"
#include "flow/certificate/trust_anchors.hpp"
#include "flow/house/make_operator.hpp"
#include "http/router.hpp"
#include "http/server.hpp"
#include "store/certificate/trust_anchors.hpp"
#include "unit/http/client.hpp"

namespace {

constexpr base::Duration day = std::chrono::hours(24);

/// An authority of others.
struct Foreign {
  crypto::KeyPair key = crypto::KeyPair::generate(crypto::KeyKind::ec_p256).value();
  crypto::KeyPair leaf_key = crypto::KeyPair::generate(crypto::KeyKind::ec_p256).value();
  base::Time now = base::now();
  base::Bytes root;

  Foreign() {
    crypto::CertificateTemplate wanted = begin("Foreign Root");
    wanted.key_uses = {crypto::KeyUse::sign_certificates, crypto::KeyUse::sign_lists};
    wanted.is_authority = true;
    root = crypto::issue_root(wanted, key).value();
  }
  [[nodiscard]] crypto::CertificateTemplate begin(const std::string& name) const {
    crypto::CertificateTemplate wanted;
    wanted.serial = crypto::make_serial();
    wanted.common_name = name;
    wanted.not_before = now - day;
    wanted.not_after = now + 365 * day;
    wanted.key_uses = {crypto::KeyUse::digital_signature};
    return wanted;
  }
  [[nodiscard]] base::Bytes issue(const std::string& name) const {
    crypto::CertificateTemplate wanted = begin(name);
    wanted.public_key = leaf_key.public_key();
    wanted.extended_uses = {crypto::ExtendedUse::client_auth};
    return crypto::issue(wanted, {root, key}).value();
  }
  [[nodiscard]] base::Bytes list_of(const std::vector<crypto::RevokedSerial>& revoked, std::int64_t number) const {
    crypto::RevocationListTemplate list;
    list.number = number;
    list.this_update = now;
    list.next_update = now + day;
    list.revoked = revoked;
    return crypto::make_revocation_list(list, {root, key}).value();
  }
};

/// GET /ca.crl on a port of its own.
class ListServer {
 public:
  explicit ListServer(base::Bytes list) : list_(std::move(list)) {
    auto router = std::make_shared<http::Router>();
    router->get("/ca.crl", [this](const http::Request&) {
      const std::lock_guard lock(mutex_);
      http::Response response;
      response.content_type = "application/pkix-crl";
      response.body = list_;
      return response;
    });
    http::ServerOptions options;
    http::Listener listener;
    listener.name = "list";
    listener.address = "127.0.0.1";
    options.listeners = {listener};
    server_ = std::make_unique<http::Server>(std::move(options), std::move(router));
    REQUIRE(server_->start());
  }
  [[nodiscard]] std::string host() const { return "127.0.0.1:" + std::to_string(server_->port("list")); }
  void publish(base::Bytes list) {
    const std::lock_guard lock(mutex_);
    list_ = std::move(list);
  }

 private:
  std::mutex mutex_;
  base::Bytes list_;
  std::unique_ptr<http::Server> server_;
};

/// `openssl ocsp` as a responder; ended by its id.
class Responder {
 public:
  explicit Responder(std::vector<std::string> words) {
    std::vector<char*> arguments;
    for (std::string& word : words) arguments.push_back(word.data());
    arguments.push_back(nullptr);
    REQUIRE(::posix_spawnp(&child_, arguments.front(), nullptr, nullptr, arguments.data(), environ) == 0);
  }
  /// Waits until something listens at the port.
  static bool is_ready(std::uint16_t port) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    for (int i = 0; i < 6000; ++i) {
      const int socket = ::socket(AF_INET, SOCK_STREAM, 0);
      const bool is_open = ::connect(socket, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
      // Without a line it would wait for one, and for nobody else.
      const bool is_told = is_open && ::send(socket, "\n", 1, MSG_NOSIGNAL) == 1;
      ::close(socket);
      if (is_told) return true;
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    return false;
  }
  ~Responder() {
    ::kill(child_, SIGTERM);
    ::waitpid(child_, nullptr, 0);
  }
  Responder(const Responder&) = delete;
  Responder& operator=(const Responder&) = delete;

 private:
  pid_t child_ = -1;
};

struct Trusting {
  explicit Trusting(const std::string& host) : app([&host](app::Config& config) { config.loopback_http = {host}; }) {}

  [[nodiscard]] flow::RequestFacts facts() const { return {"192.0.2.7", "Test/1.0", "request-1", base::now()}; }
  void trust_it(const Foreign& foreign, trust::Asks asks, const std::string& url) {
    flow::AnchorWish wish;
    wish.certificate = foreign.root;
    wish.asks = asks;
    wish.url = url;
    const auto added = flow::add_trust_anchor(app.house(), flow::make_operator("test"), wish, facts());
    REQUIRE_MESSAGE(added, base::describe(added.error()));
    anchor = added->id;
  }
  [[nodiscard]] std::string judge(const base::Bytes& der) const {
    const auto judged = app.house().store.read(
        [&](store::Tx& tx) { return flow::judge_certificate(tx, der, trust::Purpose::person_login, base::now()); });
    REQUIRE(judged);
    return std::string(judged->flaw.view());
  }
  /// Judges until it comes out so; a judgement asks for what it misses.
  [[nodiscard]] std::string wait_for(const base::Bytes& der, const std::string& wanted) const {
    std::string flaw = judge(der);
    for (int i = 0; i < 6000 && flaw != wanted; ++i) {
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
      flaw = judge(der);
    }
    return flaw;
  }
  /// The background asks again.
  void make_due(const std::string& kind) const {
    REQUIRE(app.house().store.write([&](store::Tx& tx) -> base::Result<void> {
      ASSIGN_OR_RETURN(auto row, store::find_foreign_revocation(tx, anchor, kind, ""));
      if (!row) return base::fail(base::Code::internal, "nothing was fetched");
      row->due_at = base::now();
      return store::put_foreign_revocation(tx, *row);
    }));
  }

  door::App app;
  base::Id anchor;
};

}  // namespace

TEST_CASE("the list of an authority of others is fetched over HTTP, and again, and what it names is refused") {
  const Foreign foreign;
  const base::Bytes anna = foreign.issue("Anna Kowalska");
  const base::Bytes jan = foreign.issue("Jan Nowak");
  const std::string serial = crypto::parse_certificate(jan).value().serial;
  ListServer server(foreign.list_of({}, 1));
  Trusting f(server.host());
  f.trust_it(foreign, trust::Asks::crl, "http://" + server.host() + "/ca.crl");
  CHECK(f.wait_for(anna, "") == "");
  CHECK(f.judge(jan).empty());
  server.publish(foreign.list_of({{serial, foreign.now, {}}}, 2));
  f.make_due("crl");
  CHECK(f.wait_for(jan, "certificate_revoked") == "certificate_revoked");
  CHECK(f.judge(anna).empty());
}

TEST_CASE("a list of another key is not taken, and the login stays refused") {
  const Foreign foreign;
  const Foreign other;
  ListServer server(other.list_of({}, 1));
  Trusting f(server.host());
  f.trust_it(foreign, trust::Asks::crl, "http://" + server.host() + "/ca.crl");
  const auto failure = [&] {
    return f.app.house()
        .store.read([&](store::Tx& tx) { return store::find_foreign_revocation(tx, f.anchor, "crl", ""); })
        .value()
        .value_or(store::ForeignRevocation())
        .failure;
  };
  for (int i = 0; i < 6000 && failure().empty(); ++i) std::this_thread::sleep_for(std::chrono::milliseconds(10));
  CHECK(failure() == "denied");
  CHECK(f.judge(foreign.issue("Anna Kowalska")) == "certificate_unchecked");
}

TEST_CASE("openssl ocsp is asked about a certificate of others: good logs in, revoked and unknown do not") {
  const Foreign foreign;
  const base::Bytes anna = foreign.issue("Anna Kowalska");
  const base::Bytes jan = foreign.issue("Jan Nowak");
  const base::Bytes nobody = foreign.issue("Nobody");
  const test::Folder folder;
  std::ofstream(folder / "root.pem") << crypto::to_pem(foreign.root);
  std::ofstream(folder / "root.key") << foreign.key.to_pem().value().reveal();
  const auto serial_of = [](const base::Bytes& der) {
    std::string serial = crypto::parse_certificate(der).value().serial;
    for (char& c : serial) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
    return serial;
  };
  std::ofstream(folder / "index.txt") << "V\t491231235959Z\t\t" << serial_of(anna) << "\tunknown\t/CN=Anna Kowalska\n"
                                      << "R\t491231235959Z\t260101000000Z\t" << serial_of(jan)
                                      << "\tunknown\t/CN=Jan Nowak\n";
  const std::uint16_t free_port = door::find_free_port();
  const std::string port = std::to_string(free_port);
  const Responder responder({"openssl", "ocsp", "-index", folder / "index.txt", "-port", port, "-rsigner",
                             folder / "root.pem", "-rkey", folder / "root.key", "-CA", folder / "root.pem",
                             "-ignore_err", "-nmin", "60"});
  REQUIRE(Responder::is_ready(free_port));
  Trusting f("127.0.0.1:" + port);
  f.trust_it(foreign, trust::Asks::ocsp, "http://127.0.0.1:" + port);
  // Without an answer there is no login.
  CHECK(f.judge(nobody) == "certificate_unchecked");
  CHECK(f.wait_for(anna, "") == "");
  CHECK(f.wait_for(jan, "certificate_revoked") == "certificate_revoked");
  CHECK(f.judge(nobody) == "certificate_unchecked");
}
