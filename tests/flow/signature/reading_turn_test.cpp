#include "flow/signature/reading_turn.hpp"

#include <doctest/doctest.h>

#include "flow/signature/document_copy.hpp"
#include "flow/signature/job_fixture.hpp"
#include "flow/signature/pack_results.hpp"

namespace {

using flow::Readings;
using testing::JobFixture;

constexpr std::size_t mib = std::size_t{1024} * 1024;

bool is_refused(Readings& readings, const std::string& whose, std::size_t octets) {
  const auto turn = readings.take(whose, octets);
  return !turn && turn.error().code == base::Code::unavailable && turn.error().reason == flow::readings_busy;
}

}  // namespace

TEST_CASE("who reads large documents leaves as much for others as he has, and who reads none may take what is left") {
  Readings readings;
  {
    const auto first = readings.take("anna", 16 * mib);
    REQUIRE(first);
    const auto second = readings.take("anna", 16 * mib);
    REQUIRE(second);
    CHECK(is_refused(readings, "anna", 16 * mib));
    CHECK_FALSE(is_refused(readings, "jan", 32 * mib));
    CHECK(is_refused(readings, "jan", 33 * mib));
    CHECK_FALSE(is_refused(readings, "anna", mib));
  }
  CHECK_FALSE(is_refused(readings, "jan", Readings::most));
  CHECK_FALSE(is_refused(readings, "jan", 10 * Readings::most));
}

TEST_CASE(
    "a large result, its document and the archive wait for memory that somebody else has, and small ones do not") {
  JobFixture f;
  flow::JobWish wish = f.job_wish(flow::Format::cades, flow::Packaging::enveloping);
  for (const auto& [name, octets] :
       {std::pair{"large.bin", std::string(2 * mib, 'l')}, std::pair{"small.txt", std::string("s")}}) {
    JobFixture::add(wish, name, octets);
  }
  const flow::Job job = f.signed_job(wish);
  const auto busy = [](const auto& answer) { return !answer && answer.error().reason == flow::readings_busy; };
  {
    const auto others = f.desk->readings().take("account of somebody else", Readings::most);
    REQUIRE(others);
    CHECK(busy(flow::find_result(*f.house, f.user(), job.id, 0, f.now)));
    CHECK(busy(flow::find_copy(*f.house, f.user(), job.id, 0, f.now)));
    CHECK(busy(flow::pack_results(*f.house, f.user(), job, f.now)));
    CHECK(flow::find_result(*f.house, f.user(), job.id, 1, f.now));
  }
  CHECK(flow::find_result(*f.house, f.user(), job.id, 0, f.now));
  CHECK(flow::find_copy(*f.house, f.user(), job.id, 0, f.now));
  CHECK(flow::pack_results(*f.house, f.user(), job, f.now));
}
