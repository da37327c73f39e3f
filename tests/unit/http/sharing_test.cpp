// Answers that wait for a shared commit, while their threads handle other requests.
#include <doctest/doctest.h>

#include <mutex>
#include <string>
#include <vector>

#include "unit/http/running.hpp"

using test::Answer;
using test::Client;
using test::Running;

namespace {

/// Holds the waiting answers until the test releases them, or ends them when the lane is flushed.
class Shared final : public http::Sharing {
 public:
  explicit Shared(bool ends_at_flush) : ends_at_flush_(ends_at_flush) {}
  std::unique_ptr<Pending> call(const std::function<void()>& handle) override {
    handle();
    return std::make_unique<Waiting>(*this);
  }
  void flush() override {
    if (ends_at_flush_) end(true);
  }
  std::size_t count() {
    const std::lock_guard lock(mutex_);
    return told_.size();
  }
  void end(bool done) {
    std::vector<Told> told;
    {
      const std::lock_guard lock(mutex_);
      told.swap(told_);
    }
    for (const Told& one : told) one(done);
  }

 private:
  class Waiting final : public Pending {
   public:
    explicit Waiting(Shared& shared) : shared_(shared) {}
    void when_over(Told told) override {
      const std::lock_guard lock(shared_.mutex_);
      shared_.told_.push_back(std::move(told));
    }

   private:
    Shared& shared_;
  };

  const bool ends_at_flush_;
  std::mutex mutex_;
  std::vector<Told> told_;
};

Running run_with(const std::shared_ptr<Shared>& shared) {
  return Running([&](auto& options) {
    options.sharing = shared;
    options.work = {1, 64};
  });
}

}  // namespace

TEST_CASE("a lane without further work flushes, and every answer goes out") {
  const auto shared = std::make_shared<Shared>(true);
  const Running running = run_with(shared);
  std::vector<Client> clients;
  for (int i = 0; i < 20; ++i) clients.push_back(running.client());
  for (int i = 0; i < 20; ++i) clients[static_cast<std::size_t>(i)].get("/shared/" + std::to_string(i));
  for (int i = 0; i < 20; ++i) CHECK(clients[static_cast<std::size_t>(i)].read().body == std::to_string(i));
}

TEST_CASE("while an answer waits for its end its thread does other requests") {
  const auto shared = std::make_shared<Shared>(false);
  const Running running = run_with(shared);
  Client waiting = running.client();
  waiting.get("/shared/first");
  while (shared->count() == 0) std::this_thread::yield();
  CHECK(running.client().get("/echo/other").read().body == "other?");
  Client second = running.client();
  second.get("/shared/second");
  while (shared->count() < 2) std::this_thread::yield();
  shared->end(true);
  CHECK(waiting.read().body == "first");
  CHECK(second.read().body == "second");
}

TEST_CASE("an answer whose end has failed does not go out") {
  const auto shared = std::make_shared<Shared>(false);
  const Running running = run_with(shared);
  Client client = running.client();
  client.get("/shared/secret");
  while (shared->count() == 0) std::this_thread::yield();
  shared->end(false);
  const Answer answer = client.read();
  CHECK(answer.status == 503);
  CHECK(answer.has("Retry-After: 1\r\n"));
  CHECK(answer.body.find("secret") == std::string::npos);
  // The connection can still be used.
  CHECK(client.get("/echo/next").read().body == "next?");
}

TEST_CASE("a server that stops waits for the ends of what it has handled") {
  const auto shared = std::make_shared<Shared>(false);
  Running running = run_with(shared);
  Client client = running.client();
  client.get("/shared/last");
  while (shared->count() == 0) std::this_thread::yield();
  const std::uint16_t port = running.server->port("http");
  std::thread stopping([&] { running.server->stop(); });
  while (Client(port).connected()) std::this_thread::yield();
  shared->end(true);
  CHECK(client.read().body == "last");
  stopping.join();
}
