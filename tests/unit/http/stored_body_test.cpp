// Large bodies on their way to a file: pieces, limits, shares, full disks, clients that stop or leave.
#include "http/stored_body.hpp"

#include <doctest/doctest.h>

#include <atomic>
#include <thread>
#include <vector>

#include "http/multipart.hpp"
#include "unit/http/running.hpp"

namespace {

using test::Answer;
using test::Client;
using test::Gate;
using namespace std::chrono_literals;

constexpr std::size_t piece = 20'000;  // more than a small body (Limits::small_body)
constexpr std::size_t most_stored = 1'000'000;

/// Files in memory, which are counted, and can be full or slow.
class Shelf final : public http::BodyStore {
 public:
  base::Result<std::unique_ptr<http::BodyFile>> open() override {
    if (room == 0) return base::fail(base::Code::unavailable, std::string(http::disk_full));
    ++opened;
    return std::make_unique<File>(*this);
  }

  std::atomic<std::size_t> room{100'000'000};  // of one file
  std::atomic<int> open_files{0};
  std::atomic<int> opened{0};
  std::atomic<int> longest{0};  // piece
  Gate* gate = nullptr;         // passed by each piece

 private:
  class File final : public http::BodyFile {
   public:
    explicit File(Shelf& shelf) : shelf_(shelf) { ++shelf_.open_files; }
    ~File() override { --shelf_.open_files; }
    base::Result<void> append(base::BytesView octets) override {
      if (shelf_.gate != nullptr) shelf_.gate->pass();
      if (octets_.size() + octets.size() > shelf_.room)
        return base::fail(base::Code::unavailable, std::string(http::disk_full));
      shelf_.longest = std::max(shelf_.longest.load(), static_cast<int>(octets.size()));
      octets_.append(octets);
      return {};
    }
    base::Result<void> finish() override { return {}; }
    [[nodiscard]] base::Result<base::Bytes> read(std::size_t offset, std::size_t most) const override {
      return octets_.substr(offset, most);
    }

   private:
    Shelf& shelf_;
    base::Bytes octets_;
  };
};

/// The names and octets of all files of a form, and whether they were stored.
http::Response tell(const http::Request& request) {
  const auto form = http::parse_multipart(request, 20, "document");
  if (!form) return http::Response::text(form.error().reason, 400);
  std::string text = request.stored_body ? "stored" : "in memory";
  for (const http::UploadedFile& file : form->files) {
    const auto octets = file.stored ? file.stored->load() : base::Result<base::Bytes>(file.octets);
    text += "|" + file.name + "=" + (octets ? *octets : octets.error().reason);
  }
  return http::Response::text(text + "|" + form->fields.get("note"));
}

struct Site {
  explicit Site(const std::function<void(http::ServerOptions&)>& change = {}) {
    http::ServerOptions options;
    options.listeners = {{"http", "127.0.0.1", 0, false, {}}, {"figures", "127.0.0.1", 0, false, {}}};
    options.metrics_listener = "figures";
    options.limits.piece_of_body = piece;
    options.limits.linger = 500ms;
    options.limits.body = 5min;
    options.body_store = shelf;
    if (change) change(options);
    auto router = std::make_shared<http::Router>();
    router->add({.method = http::Method::post,
                 .pattern = "/files",
                 .handler = tell,
                 .body_limit = 30'000,
                 .stored_limit = most_stored});
    router->get("/alive", [](const http::Request&) { return http::Response::text("yes"); });
    router->on_error([](const http::Request& request, int status) {
      return http::Response::text(std::to_string(request.body_limit), status);
    });
    server = std::make_unique<http::Server>(options, router);
    REQUIRE(server->start());
  }
  ~Site() {
    gate.open();
    server->stop();
    CHECK(shelf->open_files == 0);
  }
  [[nodiscard]] Client client() const { return Client(server->port("http")); }
  /// What all bodies take of the disk, as the metrics show.
  [[nodiscard]] std::string taken() const {
    const std::string all = Client(server->port("figures")).get("/metrics").read().body;
    const std::string name = "\nchancery_http_stored_body_bytes ";
    const std::size_t at = all.find(name) + name.size();
    return all.substr(at, all.find('\n', at) - at);
  }
  void wait_for_nothing() const {
    while (shelf->open_files != 0 || taken() != "0") std::this_thread::yield();
  }

  Gate gate;
  std::shared_ptr<Shelf> shelf = std::make_shared<Shelf>();
  std::unique_ptr<http::Server> server;
};

std::string file(const std::string& name, const std::string& octets) {
  return "--mark\r\nContent-Disposition: form-data; name=\"document\"; filename=\"" + name + "\"\r\n\r\n" + octets +
         "\r\n";
}
std::string form_of(const std::string& files) {
  return files + "--mark\r\nContent-Disposition: form-data; name=\"note\"\r\n\r\nthe note\r\n--mark--\r\n";
}

const std::string head =
    "POST /files HTTP/1.1\r\nHost: a.example\r\nContent-Type: multipart/form-data; boundary=mark\r\n";
std::string with_length(const std::string& body, const std::string& more = "") {
  return head + more + "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
}
std::string chunked(const std::string& body, std::size_t size) {
  std::string text = head + "Transfer-Encoding: chunked\r\n\r\n";
  std::array<char, 20> length{};
  for (std::size_t at = 0; at < body.size(); at += size) {
    const std::string_view one = std::string_view(body).substr(at, size);
    std::snprintf(length.data(), length.size(), "%zx\r\n", one.size());
    text.append(length.data()).append(one).append("\r\n");
  }
  return text + "0\r\n\r\n";
}

std::string octets_of(std::size_t size) {
  std::string octets(size, '\0');
  for (std::size_t i = 0; i < size; ++i) octets[i] = static_cast<char>('a' + (i * i + i / 26) % 26);
  return octets;
}

}  // namespace

TEST_CASE("a large form comes to its handler whole, with its length or in chunks of any size") {
  const Site site;
  const std::string one = octets_of(123'456);
  const std::string two = octets_of(3);
  const std::string body = form_of(file("one", one) + file("two", two));
  const std::string expected = "stored|one=" + one + "|two=" + two + "|the note";
  CHECK((site.client().send(with_length(body)).read().body == expected));
  for (const std::size_t size : {std::size_t{7}, std::size_t{4096}, piece, std::size_t{100'000}, body.size()}) {
    CHECK((site.client().send(chunked(body, size)).read().body == expected));
  }
  // The connection goes on with its next request, also one that was sent behind the large one.
  Client client = site.client();
  client.send(with_length(body) + test::get("/alive") + with_length(body));
  CHECK((client.read().body == expected));
  CHECK(client.read().body == "yes");
  CHECK((client.read().body == expected));
  CHECK(site.shelf->opened == 8);
  CHECK(site.shelf->longest <= static_cast<int>(piece + 64 * 1024));
  site.wait_for_nothing();
}

TEST_CASE("a form that fits into memory has no file") {
  const Site site;
  const std::string body = form_of(file("one", "1"));
  CHECK(site.client().send(with_length(body)).read().body == "in memory|one=1|the note");
  CHECK(site.client().send(chunked(body, 10)).read().body == "in memory|one=1|the note");
  CHECK(site.shelf->opened == 0);
}

TEST_CASE("a form is stored as soon as it is longer than a piece, at every length around it") {
  const Site site;
  const std::size_t around = form_of(file("one", "")).size();
  for (std::size_t size = piece - around - 2; size <= piece - around + 2; ++size) {
    const std::string body = form_of(file("one", octets_of(size)));
    const bool is_stored = body.size() > piece;
    const std::string expected = (is_stored ? "stored|one=" : "in memory|one=") + octets_of(size) + "|the note";
    CHECK((site.client().send(with_length(body)).read().body == expected));
    CHECK((site.client().send(chunked(body, 1000)).read().body == expected));
  }
}

TEST_CASE("a body that is announced too large is refused with its limit before it is sent") {
  const Site site;
  const std::string limit = std::to_string(most_stored);
  for (const char* more : {"", "Expect: 100-continue\r\n"}) {
    const Answer answer =
        site.client().send(head + more + "Content-Length: " + std::to_string(most_stored + 1) + "\r\n\r\n").read();
    CHECK(answer.status == 413);
    CHECK(answer.body == limit);
  }
  Client client = site.client();
  client.send(head + "Expect: 100-continue\r\nContent-Length: " + std::to_string(most_stored) + "\r\n\r\n");
  CHECK(client.read(true).status == 100);
  CHECK(site.shelf->opened == 0);
}

TEST_CASE("a body in chunks that grows too large is refused, and its file is gone") {
  const Site site;
  const Answer answer = site.client().send(chunked(form_of(file("one", octets_of(most_stored))), 50'000)).read();
  CHECK(answer.status == 413);
  CHECK(answer.body == std::to_string(most_stored));
  CHECK(site.shelf->opened == 1);
  site.wait_for_nothing();
}

TEST_CASE("what is no form with files has the limit of memory") {
  const Site site;
  const std::string large(30'001, 'x');
  const Answer answer = site.client().send(test::post("/files", "Content-Type: application/json\r\n", large)).read();
  CHECK(answer.status == 413);
  CHECK(answer.body == "30000");
  CHECK(site.shelf->opened == 0);
}

TEST_CASE("without a store a form with files has the limit of memory") {
  const Site site([](auto& options) { options.body_store = nullptr; });
  const std::string body = form_of(file("one", octets_of(15'000)));
  CHECK(site.client().send(with_length(body)).read().body.starts_with("in memory|one="));
  CHECK(site.client().send(with_length(form_of(file("one", octets_of(35'000))))).read().status == 413);
}

TEST_CASE("a client that leaves in the middle leaves no file and takes nothing") {
  const Site site;
  const std::string body = form_of(file("one", octets_of(200'000)));
  for (const std::string& request : {with_length(body), chunked(body, 1000)}) {
    const int before = site.shelf->opened;
    {
      Client client = site.client();
      client.send(request.substr(0, 100'000));
      while (site.shelf->opened == before) std::this_thread::yield();
      CHECK(site.taken() != "0");
    }
    site.wait_for_nothing();
  }
  CHECK(site.client().send(with_length(body)).read().status == 200);
}

TEST_CASE("a client that stops in the middle is told so at its time, and leaves nothing") {
  const Site site([](auto& options) { options.limits.body = 300ms; });
  const std::string body = form_of(file("one", octets_of(200'000)));
  Client client = site.client();
  client.send(with_length(body).substr(0, 100'000));
  CHECK(client.read().status == 408);
  site.wait_for_nothing();
}

TEST_CASE("a full disk is told as what it is, and nothing is left") {
  const Site site;
  const std::string body = form_of(file("one", octets_of(200'000)));
  for (const std::size_t room : {std::size_t{0}, std::size_t{50'000}}) {
    site.shelf->room = room;
    CHECK(site.client().send(with_length(body)).read().status == 507);
    CHECK(site.client().send(chunked(body, 5000)).read().status == 507);
    site.wait_for_nothing();
  }
  site.shelf->room = 1'000'000;
  CHECK(site.client().send(with_length(body)).read().status == 200);
}

TEST_CASE("while the disk is slow, others are served, and the client waits as well") {
  Site site;
  site.shelf->gate = &site.gate;
  const std::string body = form_of(file("one", octets_of(900'000)));
  Client slow = site.client();
  std::thread sender([&] { slow.send(with_length(body)); });
  site.gate.wait_for(1);
  for (int i = 0; i < 10; ++i) CHECK(site.client().get("/alive").read().body == "yes");
  site.gate.open();
  sender.join();
  CHECK(slow.read().status == 200);
  CHECK(site.shelf->longest <= static_cast<int>(piece + 64 * 1024));
}

TEST_CASE("bodies share the disk: one network leaves as much free as it has") {
  const Site site([](auto& options) { options.limits.stored_bodies = 500'000; });
  const std::string body = form_of(file("one", octets_of(200'000)));
  Client first = site.client();
  first.send(with_length(body).substr(0, 100'000));
  while (site.shelf->opened == 0) std::this_thread::yield();
  const Answer refused = site.client().send(with_length(body)).read();
  CHECK(refused.status == 503);
  CHECK(refused.has("Retry-After: 1\r\n"));
  first.send(with_length(body).substr(100'000));
  CHECK(first.read().status == 200);
  site.wait_for_nothing();
  CHECK(site.client().send(with_length(body)).read().status == 200);
}

TEST_CASE("a form that is announced takes nothing of the disk before it comes, and one that never fits is refused") {
  const Site site([](auto& options) { options.limits.stored_bodies = 500'000; });
  const std::string body = form_of(file("one", octets_of(200'000)));
  const std::string request = with_length(body, "Expect: 100-continue\r\n");
  std::vector<Client> idle;
  for (int i = 0; i < 5; ++i) {
    idle.push_back(site.client());
    idle.back().send(request.substr(0, request.size() - body.size()));
    REQUIRE(idle.back().read(true).status == 100);
    idle.back().send(body.substr(0, 1));
  }
  CHECK(site.taken() == "0");
  CHECK(site.client().send(with_length(body)).read().status == 200);
  CHECK(site.client().send(head + "Expect: 100-continue\r\nContent-Length: 500001\r\n\r\n").read(true).status == 503);
}

TEST_CASE("a body in chunks takes of the disk what has come, and is refused when that is too much") {
  const Site site([](auto& options) { options.limits.stored_bodies = 120'000; });
  CHECK(site.client().send(chunked(form_of(file("one", octets_of(50'000))), 1000)).read().status == 200);
  CHECK(site.client().send(chunked(form_of(file("one", octets_of(150'000))), 1000)).read().status == 503);
  site.wait_for_nothing();
}

TEST_CASE("what a handler reads as a whole counts as memory, until its request is over") {
  const Site site([](auto& options) { options.limits.large_bodies = 300'000; });
  const std::string one = octets_of(250'000);
  const std::string two = octets_of(60'000);
  const Answer answer = site.client().send(with_length(form_of(file("one", one) + file("two", two)))).read();
  CHECK(answer.body == "stored|one=" + one + "|two=other bodies take the memory that is meant for them|the note");
  CHECK(site.client().send(with_length(form_of(file("two", two)))).read().body == "stored|two=" + two + "|the note");
}

TEST_CASE("a server that stops in the middle of a body leaves nothing") {
  const Site site([](auto& options) { options.limits.drain = 200ms; });
  Client client = site.client();
  client.send(with_length(form_of(file("one", octets_of(200'000)))).substr(0, 100'000));
  while (site.shelf->opened == 0) std::this_thread::yield();
  site.server->stop();
  CHECK(site.shelf->open_files == 0);
}
