// Jobs that sign documents with a key that is held here.
#include "flow/signature/signing_job.hpp"

#include <doctest/doctest.h>
#include <sys/resource.h>
#include <sys/statfs.h>
#include <sys/statvfs.h>

#include <csignal>
#include <fstream>
#include <stdexcept>

#include "crypto/digest/digest.hpp"
#include "flow/account/delete_account.hpp"
#include "flow/account/suspend_account.hpp"
#include "flow/signature/document_copy.hpp"
#include "flow/signature/job_fixture.hpp"
#include "flow/signature/job_owner.hpp"
#include "rights/client.hpp"
#include "store/oauth/clients.hpp"
#include "store/signing/signing_jobs.hpp"

using flow::Format;
using flow::Level;
using flow::Packaging;
using testing::JobFixture;
using namespace std::chrono_literals;

namespace {

flow::JobWish many(const JobFixture& f, std::size_t count, Packaging packaging = Packaging::enveloping) {
  flow::JobWish wish = f.job_wish(Format::cades, packaging);
  for (std::size_t i = 0; i < count; ++i)
    JobFixture::add(wish, std::to_string(i) + ".txt", "text " + std::to_string(i));
  return wish;
}

/// Files may not grow beyond so many octets, as on a full disk.
class FullDisk {
 public:
  explicit FullDisk(rlim_t octets) {
    ::getrlimit(RLIMIT_FSIZE, &before_);
    handler_ = std::signal(SIGXFSZ, SIG_IGN);
    const rlimit limit{octets, before_.rlim_max};
    ::setrlimit(RLIMIT_FSIZE, &limit);
  }
  FullDisk(const FullDisk&) = delete;
  FullDisk& operator=(const FullDisk&) = delete;
  ~FullDisk() {
    ::setrlimit(RLIMIT_FSIZE, &before_);
    (void)std::signal(SIGXFSZ, handler_);
  }

 private:
  rlimit before_{};
  void (*handler_)(int) = nullptr;
};

/// What the disk has free, as far as the program sees; 0: what it has.
std::uint64_t free_octets = 0;

struct FreeDisk {
  explicit FreeDisk(std::uint64_t octets) { free_octets = octets; }
  FreeDisk(const FreeDisk&) = delete;
  FreeDisk& operator=(const FreeDisk&) = delete;
  ~FreeDisk() { free_octets = 0; }
};

}  // namespace

/// Instead of the system's.
extern "C" int fstatvfs(int file, struct statvfs* facts) noexcept {
  struct statfs real {};
  if (::fstatfs(file, &real) != 0) return -1;
  *facts = {};
  facts->f_frsize = 4096;
  facts->f_blocks = std::uint64_t{1} << 30;
  facts->f_bavail =
      free_octets > 0 ? free_octets / 4096 : real.f_bavail * static_cast<std::uint64_t>(real.f_bsize) / 4096;
  return 0;
}

TEST_CASE("a document is signed once, and the audit log has its hash and not its text") {
  JobFixture f;
  flow::JobWish wish = f.job_wish();
  f.add(wish, "C:\\letters\\report.txt", "a secret report");
  const auto job = f.signed_job(wish);
  CHECK(job.state == "done");
  CHECK(job.number.size() == 7);
  REQUIRE(job.items.size() == 1);
  CHECK(job.items[0].name == "report.txt");
  CHECK(job.items[0].size == 15);
  CHECK(job.items[0].sha256 == base::to_hex(crypto::sha256("a secret report")));
  const auto found = flow::find_result(*f.house, f.user(), job.id, 0, f.now);
  REQUIRE(found);
  CHECK(found->name == "report.txt.p7s");
  CHECK(found->media_type == "application/pkcs7-signature");
  CHECK(f.is_right(found->octets, "a secret report"));
  CHECK_FALSE(f.is_right(found->octets, "a secret reporT"));
  const auto events = f.events("document_sign");
  REQUIRE(events.size() == 1);
  CHECK(events[0].outcome == "success");
  for (const std::string& part : {job.items[0].sha256, f.credential.id.to_string(), std::string(R"("format":"cades")"),
                                  std::string(R"("level":"b")"), std::string(R"("packaging":"detached")")}) {
    CAPTURE(part);
    CHECK(events[0].data.find(part) != std::string::npos);
  }
  CHECK(events[0].data.find("secret") == std::string::npos);
  CHECK(f.events("key_use").size() == 1);
  CHECK(f.find(f.credential.id).uses == 1);
}

TEST_CASE("a document's name is shown without its folder and without signs that make it look like another") {
  JobFixture f;
  auto wish = f.job_wish();
  for (const char* name : {"../../etc/passwd", "C:\\temp\\a\"b.txt",
                           "invoice\xe2\x80\xae"
                           "fdp.exe",
                           "a\xe2\x81\xa6"
                           "b\xd8\x9c"
                           "c",
                           ".."}) {
    JobFixture::add(wish, name, "text");
  }
  const flow::Job job = f.signed_job(wish);
  const std::vector<std::string> shown{"passwd", "ab.txt", "invoicefdp.exe", "abc", "document"};
  REQUIRE(job.items.size() == shown.size());
  for (std::size_t i = 0; i < shown.size(); ++i) CHECK(job.items[i].name == shown[i]);
}

TEST_CASE("every form of signature that is offered is right by its octets") {
  JobFixture f;
  for (const Level level : {Level::b, Level::t}) {
    CAPTURE(signature::name_of(level));
    flow::JobWish inside = f.job_wish(Format::cades, Packaging::enveloping);
    inside.level = level;
    f.add(inside, "a.txt", "inside");
    const auto job = f.signed_job(inside);
    const auto view = signature::read_cades(f.result(job), nullptr);
    CHECK(f.is_right(view));
    CHECK(view.signatures.front().level == level);
    CHECK(signature::read_attached_content(f.result(job)) == "inside");
    for (const Packaging packaging : {Packaging::enveloped, Packaging::enveloping}) {
      CAPTURE(signature::name_of(packaging));
      flow::JobWish xml = f.job_wish(Format::xades, packaging);
      xml.level = level;
      f.add(xml, "order.xml", f.xml);
      const auto signed_xml = f.signed_job(xml);
      const auto read = signature::read_xades(f.result(signed_xml), {});
      CHECK(f.is_right(read));
      CHECK(read.signatures.front().level == level);
    }
  }
  flow::JobWish beside = f.job_wish(Format::xades);
  f.add(beside, "order.xml", f.xml);
  const auto job = f.signed_job(beside);
  const flow::ContentInMemory content("order.xml", f.xml);
  CHECK(f.is_right(signature::read_xades(f.result(job), {&content})));
}

TEST_CASE("a signature goes into the element that was asked for") {
  JobFixture f;
  flow::JobWish wish = f.job_wish(Format::xades, Packaging::enveloped);
  wish.element = "/*/extension";
  f.add(wish, "prescription.xml", "<cda><extension/><text>x</text></cda>");
  const std::string signed_xml = f.result(f.signed_job(wish));
  CHECK(signed_xml.find("<extension><ds:Signature") != std::string::npos);
  CHECK(f.is_right_xml(signed_xml));
}

TEST_CASE("a stack is signed in its order, and a document that cannot be signed is named while the others are there") {
  JobFixture f;
  flow::JobWish wish = f.job_wish(Format::xades, Packaging::enveloped);
  for (int i = 0; i < 25; ++i) {
    f.add(wish, std::to_string(i) + ".xml", i == 7 ? "<broken" : "<order n=\"" + std::to_string(i) + "\"/>");
  }
  const auto job = f.signed_job(wish);
  CHECK(job.state == "done");
  REQUIRE(job.items.size() == 25);
  CHECK(job.count("done") == 24);
  for (std::int64_t i = 0; i < 25; ++i) {
    CAPTURE(i);
    const flow::JobItem& item = job.items[static_cast<std::size_t>(i)];
    CHECK(item.name == std::to_string(i) + ".xml");
    if (i == 7) {
      CHECK(item.state == "failed");
      CHECK(item.reason == "xml_malformed");
      CHECK(flow::find_result(*f.house, f.user(), job.id, i, f.now).error().code == base::Code::not_found);
      continue;
    }
    const std::string made = f.result(job, i);
    CHECK(made.find("<order n=\"" + std::to_string(i) + "\">") != std::string::npos);
    CHECK(f.is_right_xml(made));
  }
  CHECK(f.find(f.credential.id).uses == 24);
  CHECK(f.events("document_sign").size() == 25);
}

TEST_CASE("an empty document in a stack is named, and the others are signed") {
  JobFixture f;
  for (const auto& [format, packaging] :
       {std::pair{Format::cades, Packaging::detached}, std::pair{Format::xades, Packaging::enveloped}}) {
    flow::JobWish wish = f.job_wish(format, packaging);
    f.add(wish, "first.xml", "<a/>");
    f.add(wish, "empty.xml", "");
    f.add(wish, "last.xml", "<b/>");
    const flow::Job job = f.signed_job(wish);
    REQUIRE(job.items.size() == 3);
    CHECK(job.count("done") == 2);
    CHECK(job.items[1].name == "empty.xml");
    CHECK(job.items[1].state == "failed");
    CHECK(job.items[1].reason == "empty_document");
    CHECK(job.items[2].state == "done");
  }
}

TEST_CASE("who is suspended or locked neither repeats a job that is done nor reads what became of it") {
  JobFixture f;
  flow::JobWish wish = f.job_wish();
  wish.repeat_key = "form 17";
  f.add(wish, "secret-diagnosis.txt", "text");
  const flow::Job job = f.signed_job(wish);
  const base::Id anna = f.person->account().id;
  const flow::KeyUser program = flow::AccountByToken{anna};
  const auto is_closed = [&](const flow::KeyUser& user) {
    const auto again = flow::sign_documents(*f.house, user, wish, f.order(), f.facts());
    REQUIRE(again);
    CHECK(again->refusal == flow::SignRefusal::forbidden);
    CHECK_FALSE(again->job);
    CHECK(flow::find_job(*f.house, user, job.id, f.now).error().code == base::Code::not_found);
    CHECK(flow::find_result(*f.house, user, job.id, 0, f.now).error().code == base::Code::not_found);
    CHECK(flow::list_own_jobs(*f.house, user, f.now).value().empty());
  };
  REQUIRE(flow::find_job(*f.house, program, job.id, f.now));
  SUBCASE("suspended") {
    REQUIRE(flow::suspend_account(*f.house, f.by, "anna", f.facts()));
  }
  SUBCASE("locked") {
    REQUIRE(f.store->write([&](store::Tx& tx) {
      return store::set_failures(tx, anna, {.failures = 5, .locked_until = f.now + 15min, .newly_locked = true});
    }));
    is_closed(program);
    // A session that is open goes on, because strangers can lock an account; it does not sign.
    CHECK(f.refusal_of(wish) == "forbidden");
    CHECK(flow::find_job(*f.house, f.user(), job.id, f.now));
    return;
  }
  is_closed(program);
  is_closed(f.user());
}

TEST_CASE("an application that is switched off, or whose account is suspended, reads nothing of its jobs") {
  JobFixture f;
  rights::Client client = rights::draft_client(rights::ClientKind::machine);
  client.id = base::Id::make(f.now);
  client.client_id = "archive";
  client.name = "Archive";
  client.tenant_id = f.credential.tenant_id;
  client.account_id = f.person->account().id;
  REQUIRE(f.store->write([&](store::Tx& tx) { return store::insert_client(tx, client, f.now); }));
  const auto acts = [&](const base::Id& id) {
    return f.store->read([&](store::Tx& tx) { return flow::acts_now(tx, flow::ClientByToken{id}, f.now); }).value();
  };
  CHECK(acts(client.id));
  CHECK_FALSE(acts(base::Id::make(f.now)));  // deleted meanwhile
  SUBCASE("switched off") {
    client.enabled = false;
    REQUIRE(f.store->write([&](store::Tx& tx) { return store::update_client(tx, client, f.now); }));
  }
  SUBCASE("suspended") {
    REQUIRE(flow::suspend_account(*f.house, f.by, "anna", f.facts()));
  }
  CHECK_FALSE(acts(client.id));
}

TEST_CASE("two clicks make one signature, and a key that came with another wish is refused") {
  JobFixture f;
  flow::JobWish wish = f.job_wish();
  wish.repeat_key = "form 17";
  f.add(wish, "a.txt", "text");
  const auto first = f.signed_job(wish);
  CHECK_FALSE(first.is_repeat);
  const auto second = f.signed_job(wish);
  CHECK(second.is_repeat);
  CHECK(second.id == first.id);
  CHECK(f.result(second) == f.result(first));
  CHECK(f.find(f.credential.id).uses == 1);
  f.add(wish, "b.txt", "more");
  CHECK(f.refusal_of(wish) == "key_reused");
  // Another person's key of the same text is another one.
  f.add_person("jan", "jan@clinic.example");
  const auto his = f.make(f.wish_for("jan"));
  const rights::Actor jan = f.actor(f.log_in("jan"));
  flow::JobWish other = f.job_wish();
  other.credential_id = his.id;
  other.repeat_key = "form 17";
  f.add(other, "a.txt", "text");
  const auto answer = flow::sign_documents(*f.house, &jan, other, f.order(), f.facts());
  REQUIRE(answer);
  CHECK_FALSE(answer->refusal);
  CHECK(answer->job->id != first.id);
}

TEST_CASE("a stack that was killed in the middle goes on where it was and signs nothing twice") {
  JobFixture f;
  const flow::JobWish wish = many(f, 25);
  const auto taken = flow::take_job(*f.house, f.user(), wish, f.facts());
  REQUIRE(taken);
  CHECK(taken->job->count("waiting") == 25);
  CHECK(f.count_files() == 25);
  flow::JobOrder order = f.order();
  order.job_id = taken->job->id;
  int looks = 0;
  order.clocks = [&]() -> signature::ClockReading {
    if (++looks == 3) throw std::runtime_error("killed");
    return {f.now, f.now - f.begin};
  };
  CHECK_THROWS(flow::sign_job(*f.house, f.user(), order, f.facts()));
  f.begin_process();
  const auto found = flow::find_job(*f.house, f.user(), order.job_id, f.now);
  REQUIRE(found);
  CHECK(found->count("done") == 20);
  CHECK(found->count("waiting") == 5);
  CHECK(found->state == "running");
  const std::string before = f.result(*found, 4);
  order = f.order();
  order.job_id = taken->job->id;
  auto again = flow::sign_job(*f.house, f.user(), order, f.facts());
  REQUIRE(again);
  CHECK(again->refusal == flow::SignRefusal::job_running);
  f.now += 21s;
  again = flow::sign_job(*f.house, f.user(), order, f.facts());
  REQUIRE(again);
  CHECK_FALSE(again->refusal);
  CHECK(again->job->state == "done");
  CHECK(again->job->count("done") == 25);
  CHECK(f.result(*again->job, 4) == before);
  for (std::int64_t i = 0; i < 25; ++i) {
    CHECK(signature::read_attached_content(f.result(*again->job, i)) == "text " + std::to_string(i));
  }
  CHECK(f.find(f.credential.id).uses == 25);
  CHECK(f.events("key_use").size() == 25);
}

TEST_CASE("the value of a signature is stored if and only if its use is counted") {
  JobFixture f;
  const auto taken = flow::take_job(*f.house, f.user(), many(f, 3), f.facts());
  REQUIRE(taken);
  // Another run has signed one of them meanwhile.
  store::SigningItem other;
  other.position = 1;
  other.state = "done";
  other.value = "of the other run";
  flow::JobOrder order = f.order();
  order.job_id = taken->job->id;
  order.clocks = [&] {
    CHECK(f.store->write([&](store::Tx& tx) { return store::move_signing_item(tx, order.job_id, other, "waiting"); }));
    return signature::ClockReading{f.now, f.now - f.begin};
  };
  const auto answer = flow::sign_job(*f.house, f.user(), order, f.facts());
  REQUIRE(answer);
  CHECK(answer->refusal == flow::SignRefusal::job_running);
  CHECK(answer->job->count("waiting") == 2);
  CHECK(f.find(f.credential.id).uses == 0);
  CHECK(f.events("key_use").empty());
  CHECK(f.events("document_sign").empty());
}

TEST_CASE("wrong PINs sign nothing, are told as what they are, and the job goes on with the right one") {
  JobFixture f;
  flow::JobWish wish = many(f, 2);
  wish.repeat_key = "one";
  CHECK(f.refusal_of(wish, "") == "pin_missing");
  CHECK(f.refusal_of(wish, "999999") == "wrong_pin");
  CHECK(f.refusal_of(wish, "999998") == "wrong_pin");
  CHECK(f.refusal_of(wish, "999997") == "wrong_pin");
  CHECK(f.refusal_of(wish) == "pin_delayed");
  CHECK(f.find(f.credential.id).uses == 0);
  CHECK(f.events("document_sign").empty());
  f.now += 2min;
  CHECK(f.refusal_of(wish).empty());
  CHECK(f.find(f.credential.id).uses == 2);
}

TEST_CASE("who may not sign, or whose credential does not count, is told why and nothing is kept") {
  JobFixture f;
  const flow::JobWish wish = many(f, 1);
  const auto kept = [&] { return f.count_files(); };
  REQUIRE(flow::suspend_credential(*f.house, f.by, f.credential.id, f.facts()));
  CHECK(f.refusal_of(wish) == "credential_suspended");
  REQUIRE(flow::restore_credential(*f.house, f.by, f.credential.id, f.facts()));
  const base::Time today = f.now;
  f.now = *f.find(f.credential.id).not_after + 1s;
  f.person = std::make_unique<rights::Actor>(f.actor(f.log_in("anna")));
  CHECK(f.refusal_of(wish) == "certificate_expired");
  f.now = today;
  f.person = std::make_unique<rights::Actor>(f.actor(f.log_in("anna")));
  flow::JobWish unknown = wish;
  unknown.credential_id = base::Id::make(f.now);
  CHECK(f.refusal_of(unknown) == "no_credential");
  f.add_person("jan", "jan@clinic.example");
  const rights::Actor jan = f.actor(f.log_in("jan"));
  const auto foreign = flow::sign_documents(*f.house, &jan, wish, f.order(), f.facts());
  REQUIRE(foreign);
  CHECK(foreign->refusal == flow::SignRefusal::no_credential);
  REQUIRE(flow::revoke_credential(*f.house, f.by, f.credential.id, crypto::RevocationReason::superseded, f.facts()));
  CHECK(f.refusal_of(wish) == "credential_revoked");
  CHECK(kept() == 0);
  CHECK(f.events("document_sign").empty());
}

TEST_CASE("a suspended account gets nothing, also not of what it has begun") {
  JobFixture f;
  const auto taken = flow::take_job(*f.house, f.user(), many(f, 3), f.facts());
  REQUIRE(taken);
  REQUIRE(flow::suspend_account(*f.house, f.by, "anna", f.facts()));
  flow::JobOrder order = f.order();
  order.job_id = taken->job->id;
  const auto answer = flow::sign_job(*f.house, f.user(), order, f.facts());
  REQUIRE(answer);
  CHECK(answer->refusal == flow::SignRefusal::forbidden);
  CHECK(answer->job->count("waiting") == 3);
  const flow::KeyUser token = flow::AccountByToken{f.anna};
  const auto by_token = flow::sign_job(*f.house, token, order, f.facts());
  REQUIRE(by_token);
  CHECK(by_token->refusal.has_value());
  CHECK(f.find(f.credential.id).uses == 0);
}

TEST_CASE("a wish that cannot be is refused with its reason") {
  JobFixture f;
  CHECK(f.refusal_of(f.job_wish()) == "no_documents");
  flow::JobWish one = many(f, 1);
  const auto with = [&](auto change) {
    flow::JobWish changed = one;
    change(changed);
    return f.refusal_of(changed);
  };
  CHECK(with([](auto& w) { w.format = Format::pades; }) == "format_not_built");
  CHECK(with([](auto& w) { w.level = Level::lta; }) == "level_not_built");
  CHECK(with([](auto& w) { w.packaging = Packaging::enveloped; }) == "packaging_wrong");
  CHECK(with([](auto& w) { w.element = "/a"; }) == "element_wrong");
  CHECK(with([](auto& w) { w.role = "two\nlines"; }) == "text_wrong");
  CHECK(with([](auto& w) { w.policy = "none"; }) == "policy_unknown");
  CHECK(with([](auto& w) { w.documents[0].octets.clear(); }) == "empty_document");
  CHECK(with([](auto& w) { w.algorithm = crypto::SignatureAlgorithm{crypto::SignatureScheme::rsa_pss}; }) ==
        "algorithm_wrong");
  CHECK(with([](auto& w) {
          w.documents[0].octets.clear();
          w.documents[0].digest = crypto::sha256("text");
        }) == "document_needed");
  CHECK(with([](auto& w) {
          w.packaging = Packaging::detached;
          w.documents[0].octets.clear();
          w.documents[0].digest = "short";
        }) == "digest_wrong");
  CHECK(with([](auto& w) {
          w.packaging = Packaging::detached;
          w.documents[0].octets.clear();
          w.algorithm = crypto::SignatureAlgorithm();
          w.documents[0].digest = std::string(64, 'x');
          w.documents[0].digest_kind = crypto::DigestKind::sha512;
        }) == "digest_wrong");
  CHECK(f.refusal_of(many(f, 251)) == "too_many_documents");
  f.settings_of_desk.most_octets = 5;
  f.begin_process();
  CHECK(f.refusal_of(one) == "document_too_large");
  f.settings_of_desk.most_octets = 6;
  f.settings_of_desk.most_octets_of_job = 11;
  f.begin_process();
  CHECK(f.refusal_of(many(f, 2)) == "job_too_large");
  CHECK(f.count_files() == 0);
}

TEST_CASE("a digest is enough for a separate signature") {
  JobFixture f;
  flow::JobWish wish = f.job_wish();
  flow::DocumentSent document;
  document.name = "film.mp4";
  document.digest = crypto::sha256("a long film");
  wish.documents.push_back(document);
  const auto job = f.signed_job(wish);
  CHECK(job.items[0].size == -1);
  CHECK(f.is_right(f.result(job), "a long film"));
}

TEST_CASE("documents wait in files that nobody can read without the database, and go with their job") {
  JobFixture f;
  flow::JobWish wish = f.job_wish(Format::cades, Packaging::enveloping);
  f.add(wish, "a.txt", "a very secret text");
  const auto job = f.signed_job(wish);
  REQUIRE(f.count_files() == 1);
  const std::filesystem::path file = std::filesystem::directory_iterator(f.folder)->path();
  std::ifstream in(file, std::ios::binary);
  const std::string sealed((std::istreambuf_iterator<char>(in)), {});
  CHECK(sealed.find("secret") == std::string::npos);
  CHECK(std::filesystem::status(file).permissions() ==
        (std::filesystem::perms::owner_read | std::filesystem::perms::owner_write));
  f.now += 59min;
  REQUIRE(flow::sweep_jobs(*f.house, f.now));
  CHECK(f.count_files() == 1);
  f.now += 2min;
  f.person = std::make_unique<rights::Actor>(f.actor(f.log_in("anna")));
  CHECK(flow::find_job(*f.house, f.user(), job.id, f.now).error().code == base::Code::not_found);
  REQUIRE(flow::sweep_jobs(*f.house, f.now));
  CHECK(f.count_files() == 0);
  CHECK_FALSE(f.store->read([&](store::Tx& tx) { return store::find_signing_job(tx, job.id); }).value());
}

TEST_CASE("a file whose job was never stored is swept") {
  JobFixture f;
  REQUIRE(f.desk->spool().put(base::Id::make(f.now), 0, flow::Spool::make_key(), "lost"));
  REQUIRE(flow::sweep_jobs(*f.house, f.now + 90min));
  CHECK(f.count_files() == 1);
  REQUIRE(flow::sweep_jobs(*f.house, f.now + 3h));
  CHECK(f.count_files() == 0);
}

TEST_CASE("on a full disk nothing is taken, and what was taken before stays") {
  JobFixture f;
  const auto taken = flow::take_job(*f.house, f.user(), many(f, 1), f.facts());
  REQUIRE(taken);
  {
    flow::JobWish wish = f.job_wish(Format::cades, Packaging::enveloping);
    f.add(wish, "small.txt", "small");
    f.add(wish, "large.bin", std::string(100'000, 'x'));
    const FullDisk full(50'000);
    CHECK(f.refusal_of(wish) == "storage_full");
  }
  CHECK(f.count_files() == 1);
  CHECK(f.find(f.credential.id).uses == 0);
  flow::JobOrder order = f.order();
  order.job_id = taken->job->id;
  const auto answer = flow::sign_job(*f.house, f.user(), order, f.facts());
  REQUIRE(answer);
  CHECK(answer->job->state == "done");
}

TEST_CASE("what one person has signed within an hour leaves the disk to others, and copies less of it") {
  JobFixture f;
  f.settings_of_desk.most_kept_of_account = 400'000;
  f.begin_process();
  const auto wish_of = [&](Packaging packaging) {
    flow::JobWish wish = f.job_wish(Format::cades, packaging);
    f.add(wish, "large.bin", std::string(150'000, 'x'));
    return wish;
  };
  CHECK(f.refusal_of(wish_of(Packaging::enveloping)).empty());
  CHECK(f.refusal_of(wish_of(Packaging::enveloping)).empty());
  CHECK(f.refusal_of(wish_of(Packaging::enveloping)) == "storage_share");
  flow::JobWish of_element = f.job_wish(Format::xades, Packaging::detached);
  JobFixture::add(of_element, "large.xml", std::string(150'000, 'x'));
  of_element.element = "part";
  CHECK(f.refusal_of(of_element) == "storage_share");
  // A separate signature keeps nothing.
  CHECK(f.refusal_of(wish_of(Packaging::detached)).empty());
  f.now += 61min;
  f.person = std::make_unique<rights::Actor>(f.actor(f.log_in("anna")));
  CHECK(f.refusal_of(wish_of(Packaging::enveloping)).empty());
  const auto has_copy = [&] {
    const flow::JobWish wish = wish_of(Packaging::detached);
    const auto taken = flow::take_job(*f.house, f.user(), wish, f.facts());
    REQUIRE(taken);
    REQUIRE(flow::keep_copies(*f.house, f.user(), *taken->job, wish.documents, f.now));
    return flow::list_copies(*f.house, f.user(), taken->job->id, f.now).value().at(0).is_there;
  };
  f.settings_of_desk.most_kept_of_account = 1'300'000;
  f.begin_process();
  CHECK(has_copy());
  CHECK(has_copy());
  CHECK_FALSE(has_copy());
}

TEST_CASE("what the database needs of the disk is not used, and copies are left out first") {
  JobFixture f;
  constexpr std::uint64_t kept = std::uint64_t{256} * 1024 * 1024;
  {
    const FreeDisk scarce(kept + 4096);
    CHECK(f.refusal_of(many(f, 1)).empty());
    flow::JobWish wish = f.job_wish(Format::cades, Packaging::enveloping);
    f.add(wish, "small.txt", "small");
    f.add(wish, "large.bin", std::string(100'000, 'x'));
    CHECK(f.refusal_of(wish) == "storage_full");
  }
  CHECK(f.count_files() == 1);
  const flow::JobWish wish = many(f, 1, Packaging::detached);
  for (const auto& [free, is_there] : {std::pair{4 * kept - 4096, false}, std::pair{4 * kept + 8192, true}}) {
    const FreeDisk disk(free);
    const auto taken = flow::take_job(*f.house, f.user(), wish, f.facts());
    REQUIRE(taken);
    REQUIRE(flow::keep_copies(*f.house, f.user(), *taken->job, wish.documents, f.now));
    const auto copies = flow::list_copies(*f.house, f.user(), taken->job->id, f.now);
    REQUIRE(copies);
    CHECK(copies->at(0).kind == flow::LookKind::text);
    CHECK(copies->at(0).is_there == is_there);
  }
}

TEST_CASE("eight jobs of an account wait, the oldest make room with their files, and what is signed stays") {
  JobFixture f;
  const auto signed_one = f.signed_job(many(f, 1));
  std::vector<flow::Job> jobs;
  for (int i = 0; i < 12; ++i) {
    f.now += 31s;
    const auto taken = flow::take_job(*f.house, f.user(), many(f, 1), f.facts());
    REQUIRE(taken);
    REQUIRE(taken->job);
    jobs.push_back(*taken->job);
  }
  CHECK(f.count_files() == 1 + 8);
  const auto state_of = [&](const flow::Job& job) { return flow::find_job(*f.house, f.user(), job.id, f.now)->state; };
  for (std::size_t i = 0; i < jobs.size(); ++i) CHECK(state_of(jobs[i]) == (i < 4 ? "cancelled" : "open"));
  CHECK(state_of(signed_one) == "done");
  CHECK_FALSE(f.result(signed_one).empty());
  // A program that signs at once ends no other job.
  CHECK(f.refusal_of(many(f, 1)).empty());
  CHECK(state_of(jobs[4]) == "open");
  // Of many at one moment some more stay, and no longer than that moment.
  for (int i = 0; i < 40; ++i) REQUIRE(flow::take_job(*f.house, f.user(), many(f, 1), f.facts()));
  CHECK(f.count_files() == 2 + 32);
  f.now += 31s;
  REQUIRE(flow::take_job(*f.house, f.user(), many(f, 1), f.facts()));
  CHECK(f.count_files() == 2 + 8);
}

TEST_CASE("without a time stamp a signature waits for it, and is not signed again") {
  JobFixture f;
  f.begin_process({"https://stamps.example/"});
  flow::JobWish wish = f.job_wish();
  wish.level = Level::t;
  f.add(wish, "a.txt", "text");
  const auto job = f.signed_job(wish);
  CHECK(job.state == "open");
  CHECK(job.items[0].state == "valued");
  CHECK(job.items[0].reason == "no_timestamp");
  CHECK(flow::find_result(*f.house, f.user(), job.id, 0, f.now).error().code == base::Code::not_found);
  f.begin_process();
  flow::JobOrder order = f.order("");
  order.job_id = job.id;
  const auto answer = flow::sign_job(*f.house, f.user(), order, f.facts());
  REQUIRE(answer);
  CHECK_FALSE(answer->refusal);
  CHECK(answer->job->state == "done");
  CHECK(f.is_right(f.result(*answer->job), "text"));
  CHECK(f.find(f.credential.id).uses == 1);
}

TEST_CASE("a cancelled job signs nothing more and keeps no document") {
  JobFixture f;
  const auto taken = flow::take_job(*f.house, f.user(), many(f, 2), f.facts());
  REQUIRE(taken);
  CHECK(flow::cancel_job(*f.house, f.user(), taken->job->id, f.now).value());
  CHECK_FALSE(flow::cancel_job(*f.house, f.user(), taken->job->id, f.now).value());
  CHECK(f.count_files() == 0);
  flow::JobOrder order = f.order();
  order.job_id = taken->job->id;
  const auto answer = flow::sign_job(*f.house, f.user(), order, f.facts());
  REQUIRE(answer);
  CHECK(answer->job->state == "cancelled");
  CHECK(f.find(f.credential.id).uses == 0);
}

TEST_CASE("a job is its owner's alone: for other people and programs there is none") {
  JobFixture f;
  const auto job = f.signed_job(many(f, 1));
  f.add_person("jan", "jan@clinic.example");
  const rights::Actor jan = f.actor(f.log_in("jan"));
  rights::Client client = rights::draft_client(rights::ClientKind::machine);
  client.id = base::Id::make(f.now);
  client.client_id = "archive";
  client.name = "Archive";
  client.tenant_id = f.credential.tenant_id;
  REQUIRE(f.store->write([&](store::Tx& tx) { return store::insert_client(tx, client, f.now); }));
  for (const flow::KeyUser& other : {flow::KeyUser(&jan), flow::KeyUser(flow::ClientByToken{client.id}),
                                     flow::KeyUser(&f.by), flow::KeyUser(flow::AccountByToken{jan.account().id})}) {
    CHECK(flow::find_job(*f.house, other, job.id, f.now).error().code == base::Code::not_found);
    CHECK(flow::find_result(*f.house, other, job.id, 0, f.now).error().code == base::Code::not_found);
    CHECK(flow::cancel_job(*f.house, other, job.id, f.now).error().code == base::Code::not_found);
    CHECK(flow::forget_job(*f.house, other, job.id, f.now).error().code == base::Code::not_found);
    CHECK(flow::list_own_jobs(*f.house, other, f.now).value().empty());
  }
  CHECK(flow::list_own_jobs(*f.house, f.user(), f.now).value().size() == 1);
  CHECK(flow::list_own_jobs(*f.house, flow::AccountByToken{f.anna}, f.now).value().size() == 1);
  REQUIRE(flow::forget_job(*f.house, f.user(), job.id, f.now));
  CHECK(flow::list_own_jobs(*f.house, f.user(), f.now).value().empty());
}

TEST_CASE("a renewed credential does not sign what was prepared with the certificate before it") {
  JobFixture f;
  const auto taken = flow::take_job(*f.house, f.user(), many(f, 1), f.facts());
  REQUIRE(taken);
  REQUIRE(flow::renew_credential(*f.house, f.by, f.credential.id, {}, f.facts()));
  flow::JobOrder order = f.order();
  order.job_id = taken->job->id;
  const auto answer = flow::sign_job(*f.house, f.user(), order, f.facts());
  REQUIRE(answer);
  CHECK(answer->refusal == flow::SignRefusal::credential_changed);
  CHECK(f.find(f.credential.id).uses == 0);
}

TEST_CASE("a job of a deleted account is erased with it") {
  JobFixture f;
  const auto job = f.signed_job(many(f, 1));
  REQUIRE(flow::delete_account(*f.house, f.by, "anna", f.facts()));
  CHECK_FALSE(f.store->read([&](store::Tx& tx) { return store::find_signing_job(tx, job.id); }).value());
  CHECK(f.store->read([&](store::Tx& tx) { return store::list_signing_items(tx, job.id); }).value().empty());
}
