// The bound of refreshing: the same rotation of a grant, committed in groups and durable, without any request, token or
// judgement around it. Prints {"rate": rotations a second}. Its database is in the folder of the first argument.
#include <atomic>
#include <chrono>
#include <cstdio>
#include <string>
#include <thread>
#include <vector>

#include "store/sample.hpp"

namespace {

constexpr int chains = 64;
constexpr std::chrono::seconds lasts(3);

template <class T>
T must(base::Result<T> result) {
  if (result) return std::move(*result);
  std::fprintf(stderr, "%s\n", base::describe(result.error()).c_str());
  std::exit(1);
}

base::Id add_chain(store::Store& db, int number) {
  const auto account = must(sample::add_account(db, "bench" + std::to_string(number)));
  const auto client = sample::client_of(account.tenant_id, "bench" + std::to_string(number));
  const auto session = sample::session_of(account);
  store::Grant grant = sample::grant_of(session, client);
  grant.code_hash = grant.id.bytes();
  return must(db.write([&](store::Tx& tx) -> base::Result<base::Id> {
    RETURN_IF_ERROR(store::insert_client(tx, client, sample::noon));
    RETURN_IF_ERROR(store::insert_session(tx, session, sample::clearance_for(session)));
    RETURN_IF_ERROR(store::insert_grant(tx, grant, sample::clearance_for(session, rights::Issued::grant)));
    RETURN_IF_ERROR(store::redeem_grant(tx, grant.id, sample::noon,
                                        {sample::noon + std::chrono::hours(1), sample::noon + std::chrono::hours(24)}));
    return grant.id;
  }));
}

}  // namespace

int main(int count, char** words) {
  if (count != 2) return 2;
  const auto db =
      must(store::Store::open({.url = "sqlite:" + std::string(words[1]) + "/rotations.db"}, crypto::MasterKey::make()));
  std::vector<base::Id> grants;
  for (int i = 0; i < chains; ++i) grants.push_back(add_chain(*db, i));
  std::atomic<bool> ends{false};
  std::atomic<long> rotated{0};
  std::vector<std::thread> threads;
  for (const base::Id& id : grants) {
    threads.emplace_back([&db, &ends, &rotated, id] {
      for (std::int64_t generation = 1; !ends; ++generation) {
        const bool done = must(db->write([&](store::Tx& tx) {
          return store::rotate_grant(tx, id, generation, sample::noon, sample::noon + std::chrono::hours(1));
        }));
        if (done) ++rotated;
      }
    });
  }
  const auto begun = std::chrono::steady_clock::now();
  std::this_thread::sleep_for(lasts);
  ends = true;
  for (std::thread& thread : threads) thread.join();
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begun;
  std::printf("{\"rate\": %.1f}\n", static_cast<double>(rotated) / took.count());
  return rotated > 0 ? 0 : 1;
}
