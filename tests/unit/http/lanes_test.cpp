// The order in which a thread of a lane runs jobs and flushes those that wait for a shared commit.
#include "http/lanes.hpp"

#include <doctest/doctest.h>
#include <sys/resource.h>

#include <algorithm>
#include <future>
#include <vector>

namespace {

enum class Event {
  ran_short,
  ran_long,
  flushed
};

/// One thread that is held by its first job until `go`, so that the jobs behind it are in the queue in a known order.
class HeldLane {
 public:
  HeldLane() : lane_(1, 64, [this] { events.push_back(Event::flushed); }) {
    lane_.start();
    REQUIRE(lane_.submit(holder_));
    holder_.entered.get_future().wait();
  }
  void submit(http::Job& job) { REQUIRE(lane_.submit(job)); }
  /// Lets the thread continue, and returns when `last` has run.
  void go_until(std::promise<void>& last) {
    holder_.go.set_value();
    last.get_future().wait();
    lane_.close();
  }

  std::vector<Event> events;  // written by the lane's thread alone

 private:
  struct Holder final : http::Job {
    bool run() noexcept override {
      entered.set_value();
      go.get_future().wait();
      return true;
    }
    [[nodiscard]] bool is_short() const override { return false; }
    [[nodiscard]] http::Parties parties() const override { return {}; }
    void abandon() noexcept override {}
    std::promise<void> entered;
    std::promise<void> go;
  };

  Holder holder_;
  http::LaneThreads lane_;
};

struct Recorded final : http::Job {
  Recorded(std::vector<Event>& into, Event what) : events(into), kind(what) {}
  bool run() noexcept override {
    events.push_back(kind);
    over.set_value();
    return kind == Event::ran_long;
  }
  [[nodiscard]] bool is_short() const override { return kind == Event::ran_short; }
  [[nodiscard]] http::Parties parties() const override { return {}; }
  void abandon() noexcept override {}

  std::vector<Event>& events;
  const Event kind;
  std::promise<void> over;
};

}  // namespace

TEST_CASE("an answer does not wait for a long request behind it") {
  HeldLane lane;
  Recorded quick(lane.events, Event::ran_short);
  Recorded slow(lane.events, Event::ran_long);
  lane.submit(quick);
  lane.submit(slow);
  lane.go_until(slow.over);
  CHECK(lane.events == std::vector{Event::ran_short, Event::flushed, Event::ran_long});
}

TEST_CASE("the threads of reports, and they alone, are those that every other one goes before") {
  using Jobs = http::LaneThreads::Jobs;
  const auto nice_of = [](Jobs jobs) {
    struct Asking final : http::Job {
      bool run() noexcept override {
        found.set_value(::getpriority(PRIO_PROCESS, 0));
        return true;
      }
      [[nodiscard]] bool is_short() const override { return false; }
      [[nodiscard]] http::Parties parties() const override { return {}; }
      void abandon() noexcept override {}
      std::promise<int> found;
    };
    Asking job;
    http::LaneThreads lane(1, 4, {}, jobs);
    lane.start();
    REQUIRE(lane.submit(job));
    return job.found.get_future().get();
  };
  const int own = ::getpriority(PRIO_PROCESS, 0);
  CHECK(nice_of(Jobs::wait) == own);
  CHECK(nice_of(Jobs::compute) == own);
  CHECK(nice_of(Jobs::yield) == std::min(own + 10, 19));
  CHECK(::getpriority(PRIO_PROCESS, 0) == own);
}
