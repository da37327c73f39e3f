#include "store/signing/signing_jobs.hpp"

#include <doctest/doctest.h>

#include "store/account/account_erasure.hpp"
#include "store/engines.hpp"
#include "store/sample.hpp"

using sample::noon;
using namespace std::chrono_literals;

namespace {

store::SigningJob job_of(const base::Id& tenant_id, const std::optional<base::Id>& account_id,
                         const std::string& number) {
  store::SigningJob job;
  job.id = base::Id::make(noon);
  job.number = number;
  job.tenant_id = tenant_id;
  job.account_id = account_id;
  job.certificate = std::string("\x30\x00", 2);
  job.algorithm = "ecdsa-sha256";
  job.format = "cades";
  job.level = "B";
  job.packaging = "detached";
  job.role = "Ärztin";
  job.key = base::Secret("key of the files");
  job.signing_at = noon;
  job.created_at = noon;
  job.expires_at = noon + 1h;
  return job;
}

std::vector<store::SigningItem> items(std::int64_t count) {
  std::vector<store::SigningItem> all;
  for (std::int64_t i = 0; i < count; ++i) {
    store::SigningItem item;
    item.position = i;
    item.name = "Brief " + std::to_string(i);
    item.digest = std::string("\0\1", 2);
    item.is_kept = true;
    all.push_back(item);
  }
  return all;
}

void insert(store::Store& db, const store::SigningJob& job, std::int64_t count = 1) {
  const auto done = db.write([&](store::Tx& tx) { return store::insert_signing_job(tx, job, items(count)); });
  REQUIRE_MESSAGE(done, base::describe(done.error()));
}

store::SigningJob find(store::Store& db, const base::Id& id) {
  return db.read([&](store::Tx& tx) { return store::find_signing_job(tx, id); }).value().value();
}

}  // namespace

TEST_CASE_TEMPLATE("a signing job is found as it was stored, with its documents in their order", E, ON_BOTH_ENGINES) {
  const auto db = E::open();
  const auto anna = sample::add_account(*db, "anna").value();
  auto job = job_of(anna.tenant_id, anna.id, "ABC-123");
  job.repeat_hash = "hash";
  insert(*db, job, 3);
  const auto found = find(*db, job.id);
  CHECK(found.number == "ABC-123");
  CHECK(found.account_id == anna.id);
  CHECK(found.role == "Ärztin");
  CHECK(found.key.reveal() == "key of the files");
  CHECK(found.certificate == job.certificate);
  CHECK(found.expires_at == job.expires_at);
  CHECK_FALSE(found.runs_until);
  REQUIRE(db->read([&](store::Tx& tx) -> base::Result<void> {
    const auto listed = store::list_signing_items(tx, job.id).value();
    REQUIRE(listed.size() == 3);
    CHECK(listed[2].name == "Brief 2");
    CHECK(listed[2].digest == std::string("\0\1", 2));
    CHECK(store::has_signing_job_number(tx, "ABC-123").value());
    CHECK_FALSE(store::has_signing_job_number(tx, "ABC-124").value());
    CHECK(store::find_signing_job_by_repeat(tx, "hash").value().has_value());
    CHECK_FALSE(store::find_signing_job_by_repeat(tx, "").value().has_value());
    CHECK(store::list_signing_jobs_of_account(tx, anna.id, 10).value().size() == 1);
    CHECK(store::list_signing_jobs_of_client(tx, anna.id, 10).value().empty());
    return {};
  }));
}

TEST_CASE_TEMPLATE("a number and an Idempotency-Key lead to one signing job", E, ON_BOTH_ENGINES) {
  const auto db = E::open();
  const auto anna = sample::add_account(*db, "anna").value();
  auto job = job_of(anna.tenant_id, anna.id, "ABC-123");
  job.repeat_hash = "hash";
  insert(*db, job);
  insert(*db, job_of(anna.tenant_id, anna.id, "ABC-124"));
  insert(*db, job_of(anna.tenant_id, anna.id, "ABC-125"));
  const auto refusal = [&](const store::SigningJob& other) {
    const auto done = db->write([&](store::Tx& tx) { return store::insert_signing_job(tx, other, {}); });
    return done ? base::Code::internal : done.error().code;
  };
  CHECK(refusal(job_of(anna.tenant_id, anna.id, "ABC-123")) == base::Code::already_exists);
  auto other = job_of(anna.tenant_id, anna.id, "ABC-126");
  other.repeat_hash = "hash";
  CHECK(refusal(other) == base::Code::already_exists);
}

TEST_CASE_TEMPLATE("one of two takes a signing job, and the other after its time", E, ON_BOTH_ENGINES) {
  const auto db = E::open();
  const auto anna = sample::add_account(*db, "anna").value();
  const auto job = job_of(anna.tenant_id, anna.id, "ABC-123");
  insert(*db, job);
  const auto take = [&](base::Time at) {
    return db->write([&](store::Tx& tx) { return store::take_signing_job(tx, job.id, at, at + 20s); }).value();
  };
  CHECK(take(noon));
  CHECK_FALSE(take(noon + 19s));
  CHECK(take(noon + 21s));
  REQUIRE(db->write([&](store::Tx& tx) { return store::leave_signing_job(tx, job.id); }));
  CHECK(take(noon + 22s));
  CHECK(db->write([&](store::Tx& tx) { return store::end_signing_job(tx, job.id, "done"); }).value());
  CHECK_FALSE(take(noon + 1min));
  CHECK(find(*db, job.id).key.reveal() == "key of the files");
}

TEST_CASE_TEMPLATE("a document is signed by one of two, and a cancelled job keeps no key", E, ON_BOTH_ENGINES) {
  const auto db = E::open();
  const auto anna = sample::add_account(*db, "anna").value();
  const auto job = job_of(anna.tenant_id, anna.id, "ABC-123");
  insert(*db, job, 2);
  store::SigningItem item = items(2)[1];
  item.state = "done";
  item.value = "value";
  const auto move = [&] {
    return db->write([&](store::Tx& tx) { return store::move_signing_item(tx, job.id, item, "waiting"); }).value();
  };
  CHECK(move());
  item.value = "of the other";
  CHECK_FALSE(move());
  const auto listed = db->read([&](store::Tx& tx) { return store::list_signing_items(tx, job.id); }).value();
  CHECK(listed[0].state == "waiting");
  CHECK(listed[1].value == "value");
  CHECK(db->write([&](store::Tx& tx) { return store::end_signing_job(tx, job.id, "cancelled"); }).value());
  CHECK_FALSE(db->write([&](store::Tx& tx) { return store::end_signing_job(tx, job.id, "done"); }).value());
  CHECK(find(*db, job.id).state == "cancelled");
  CHECK(find(*db, job.id).key.empty());
}

TEST_CASE_TEMPLATE("signing jobs go when their time is over, and with their account", E, ON_BOTH_ENGINES) {
  const auto db = E::open();
  const auto anna = sample::add_account(*db, "anna").value();
  const auto first = job_of(anna.tenant_id, anna.id, "ABC-123");
  auto second = job_of(anna.tenant_id, anna.id, "ABC-124");
  second.expires_at = noon + 2h;
  insert(*db, first);
  insert(*db, second);
  const auto over = db->read([&](store::Tx& tx) { return store::list_over_signing_jobs(tx, noon + 90min, 10); });
  CHECK(over.value() == std::vector{first.id});
  REQUIRE(db->write([&](store::Tx& tx) { return store::delete_signing_job(tx, first.id); }));
  REQUIRE(db->write([&](store::Tx& tx) { return store::erase_account(tx, anna.id); }));
  CHECK_FALSE(db->read([&](store::Tx& tx) { return store::find_signing_job(tx, second.id); }).value());
  CHECK(db->read([&](store::Tx& tx) { return store::list_signing_items(tx, second.id); }).value().empty());
}

TEST_CASE("the keys of files open under the next master key") {
  const auto db = engines::Sqlite::open();
  const auto anna = sample::add_account(*db, "anna").value();
  const auto job = job_of(anna.tenant_id, anna.id, "ABC-123");
  insert(*db, job);
  const auto next = crypto::MasterKey::make();
  REQUIRE(db->write([&](store::Tx& tx) { return store::seal_signing_jobs_anew(tx, next); }));
  CHECK(find(*db, job.id).key.empty());
}
