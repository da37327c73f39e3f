// A database whose connections end at once, again and again: how often the store tries, and which error it gives.
#include <doctest/doctest.h>

#include <atomic>
#include <thread>
#include <vector>

#include "store/engines.hpp"
#include "store/proxy.hpp"
#include "store/sample.hpp"

namespace {

using Ends = postgres::Proxy::Ends;

struct Behind {
  postgres::Proxy proxy{postgres::make_place()};
  std::unique_ptr<store::Store> db = engines::open_or_fail({.url = proxy.url(), .readers = 4});

  base::Result<void> write() {
    return db->write([](store::Tx& tx) { return store::set_mark(tx, "x", "1"); });
  }
  base::Result<std::optional<std::string>> read() {
    return db->read([](store::Tx& tx) { return store::find_mark(tx, "x"); });
  }
};

}  // namespace

TEST_CASE(
    "through a proxy that ends each connection at its first statement, a read and a write make a few and give up") {
  Behind behind;
  REQUIRE(behind.write());
  REQUIRE(behind.read());
  CHECK(behind.proxy.take_count() == 2);  // one that writes, one that reads

  behind.proxy.set(Ends::at_first_prepared);
  // The first attempt is on the connection that is there.
  CHECK(behind.read().error().code == base::Code::unavailable);
  CHECK(behind.proxy.take_count() == 2);
  CHECK(behind.write().error().code == base::Code::unavailable);
  CHECK(behind.proxy.take_count() == 2);
  CHECK(behind.read().error().code == base::Code::unavailable);
  CHECK(behind.proxy.take_count() == 3);
  CHECK(behind.write().error().code == base::Code::unavailable);
  CHECK(behind.proxy.take_count() == 3);

  behind.proxy.set(Ends::never);
  CHECK(behind.write());
  CHECK(behind.read().value() == "1");
  CHECK(behind.proxy.take_count() == 2);
}

TEST_CASE("a connection that cannot even be set up is not tried again") {
  Behind behind;
  behind.proxy.set(Ends::at_first_query);
  CHECK_FALSE(behind.write());  // on the connection that is there, and one more
  (void)behind.proxy.take_count();
  CHECK(behind.read().error().code == base::Code::unavailable);
  CHECK(behind.proxy.take_count() == 1);
  CHECK(behind.write().error().code == base::Code::unavailable);
  CHECK(behind.proxy.take_count() == 1);
  CHECK_FALSE(behind.db->is_ready());
  behind.proxy.set(Ends::never);
  CHECK(behind.write());
  CHECK(behind.db->is_ready());
}

TEST_CASE("many requests in parallel to a database that ends every connection make three each at most") {
  Behind behind;
  behind.proxy.set(Ends::at_first_prepared);
  (void)behind.proxy.take_count();
  constexpr int requests = 16;
  std::atomic<int> unavailable{0};
  std::vector<std::thread> threads;
  for (int i = 0; i < requests; ++i) {
    threads.emplace_back([&] {
      const auto found = behind.read();
      if (!found && found.error().code == base::Code::unavailable) ++unavailable;
    });
    threads.emplace_back([&] {
      const auto done = behind.write();
      if (!done && done.error().code == base::Code::unavailable) ++unavailable;
    });
  }
  for (std::thread& thread : threads) thread.join();
  CHECK(unavailable == 2 * requests);
  CHECK(behind.proxy.take_count() <= 3 * 2 * requests);
}

TEST_CASE("after PostgreSQL has ended all connections, one read makes one new connection") {
  Behind behind;
  // Four readers that hold their connections at the same time.
  std::atomic<int> reading{0};
  std::vector<std::thread> readers;
  for (int i = 0; i < 4; ++i) {
    readers.emplace_back([&] {
      (void)behind.db->read([&](store::Tx& tx) -> base::Result<void> {
        RETURN_IF_ERROR(store::find_mark(tx, "x"));
        ++reading;
        while (reading < 4) std::this_thread::yield();
        return {};
      });
    });
  }
  for (std::thread& reader : readers) reader.join();
  (void)behind.proxy.take_count();
  behind.proxy.set(Ends::at_first_query);
  CHECK_FALSE(behind.read());
  behind.proxy.set(Ends::never);
  (void)behind.proxy.take_count();
  CHECK(behind.read());
  CHECK(behind.proxy.take_count() == 1);
}
