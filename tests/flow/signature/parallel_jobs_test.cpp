// A hundred jobs at the same time: of several people, with keys in software and on a token, in all forms, some with a
// wrong PIN, one of the people suspended meanwhile.
#include <doctest/doctest.h>

#include <atomic>
#include <map>
#include <set>
#include <thread>

#include "flow/account/suspend_account.hpp"
#include "flow/signature/job_fixture.hpp"
#include "softhsm.hpp"
#include "store/signing/signing_jobs.hpp"

using flow::Format;
using flow::Level;
using flow::Packaging;
using flow::SignRefusal;
using testing::JobFixture;

namespace {

constexpr int jobs = 100;
constexpr int threads = 16;

struct Signer {
  std::string login;
  std::string pin;
  store::SigningCredential credential;
  std::unique_ptr<rights::Actor> actor;
};

/// What one job wanted and what its caller was told.
struct Outcome {
  std::size_t signer = 0;
  std::size_t documents = 0;
  bool is_wrong_pin = false;
  flow::JobWish wish;
  flow::JobAnswer answer;
  std::string error;
};

struct ParallelFixture : testing::SoftHsm, JobFixture {
  static constexpr std::size_t on_token = 2;
  static constexpr std::size_t suspended = 3;
  static constexpr std::size_t guessing = 4;
  static constexpr int interrupted = 28;  // a job of the suspended person with twelve documents

  ParallelFixture() {
    add_token("HBA");
    tokens = std::make_unique<token::Tokens>(std::vector{SoftHsm::settings("HBA", "hba")});
    house->tokens = tokens.get();
    const auto add_signer = [&](const std::string& login, flow::CredentialWish wish, const char* its_pin) {
      add_person(login, login + "@clinic.example");
      auto made = make(wish);
      auto its_actor = std::make_unique<rights::Actor>(actor(log_in(login)));
      signers.push_back({login, its_pin, std::move(made), std::move(its_actor)});
    };
    add_signer("ewa", wish_for("ewa"), JobFixture::pin);
    flow::CredentialWish rsa = wish_for("piotr");
    rsa.kind = crypto::SoftKeyKind::rsa_2048;
    add_signer("piotr", rsa, JobFixture::pin);
    flow::CredentialWish card = wish_for("olga");
    card.pin = {};
    card.token = "hba";
    card.token_pin = base::Secret(SoftHsm::pin);
    add_signer("olga", card, SoftHsm::pin);
    add_signer("jan", wish_for("jan"), JobFixture::pin);
    add_signer("maria", wish_for("maria"), JobFixture::pin);
  }

  /// One to twelve documents: a stack of more than ten is signed in two parts.
  static std::string document_of(int job, std::size_t number) {
    return "<order job=\"" + std::to_string(job) + "\" n=\"" + std::to_string(number) + "\"></order>";
  }
  [[nodiscard]] Outcome plan(int job) const {
    static constexpr std::array forms{
        std::pair{Format::cades, Packaging::detached}, std::pair{Format::cades, Packaging::enveloping},
        std::pair{Format::xades, Packaging::enveloped}, std::pair{Format::xades, Packaging::enveloping}};
    Outcome outcome;
    outcome.signer = static_cast<std::size_t>(job) % signers.size();
    outcome.documents = static_cast<std::size_t>(job) % 7 == 0 ? 12 : static_cast<std::size_t>(job) % 3 + 1;
    // Two wrong ones do not brake yet; all of one person do.
    outcome.is_wrong_pin = outcome.signer == guessing || job == 2 || job == 52;
    const auto [format, packaging] = forms.at(static_cast<std::size_t>(job) / signers.size() % forms.size());
    outcome.wish.credential_id = signers[outcome.signer].credential.id;
    outcome.wish.format = format;
    outcome.wish.packaging = packaging;
    outcome.wish.level = job % 4 == 0 && outcome.signer != suspended ? Level::t : Level::b;
    outcome.wish.repeat_key = "job " + std::to_string(job);
    for (std::size_t i = 0; i < outcome.documents; ++i)
      add(outcome.wish, std::to_string(i) + ".xml", document_of(job, i));
    return outcome;
  }
  [[nodiscard]] flow::JobOrder order_of(int job, const Outcome& outcome) {
    flow::JobOrder made = order(outcome.is_wrong_pin ? "999999" : signers[outcome.signer].pin);
    if (job != interrupted) return made;
    // Before the second part of this stack.
    made.clocks = [this, looks = std::make_shared<int>(0)] {
      if (++*looks == 2) CHECK(flow::suspend_account(*house, by, signers[suspended].login, facts()));
      return signature::ClockReading{now, now - begin};
    };
    return made;
  }
  void run_all(std::vector<Outcome>& outcomes) {
    std::atomic<int> next{0};
    std::vector<std::thread> all;
    for (int i = 0; i < threads; ++i) {
      all.emplace_back([&] {
        for (int job = next++; job < jobs; job = next++) {
          Outcome& outcome = outcomes[static_cast<std::size_t>(job)];
          const flow::KeyUser who = signers[outcome.signer].actor.get();
          const auto answer = flow::sign_documents(*house, who, outcome.wish, order_of(job, outcome), facts());
          if (answer) {
            outcome.answer = *answer;
          } else {
            outcome.error = base::describe(answer.error());
          }
        }
      });
    }
    for (std::thread& one : all) one.join();
  }

  /// As the database has them: also of who gets nothing any more.
  std::vector<store::SigningItem> stored(const base::Id& job) {
    return store->read([&](store::Tx& tx) { return store::list_signing_items(tx, job); }).value();
  }
  /// Whether each document of the job has its own signature at its own place.
  void check_results(int number, const Outcome& outcome) {
    const flow::KeyUser who = signers[outcome.signer].actor.get();
    for (std::size_t i = 0; i < outcome.documents; ++i) {
      CAPTURE(i);
      const auto position = static_cast<std::int64_t>(i);
      CHECK(outcome.answer.job->items[i].name == std::to_string(i) + ".xml");
      const auto result = flow::find_result(*house, who, outcome.answer.job->id, position, now);
      REQUIRE_MESSAGE(result, base::describe(result.error()));
      const std::string text = document_of(number, i);
      if (outcome.wish.format == Format::xades) {
        CHECK(is_right_xml(result->octets));
        CHECK((result->octets.find(text.substr(0, text.find('>'))) != std::string::npos ||
               result->octets.find(base::to_base64(text)) != std::string::npos));
      } else if (outcome.wish.packaging == Packaging::detached) {
        CHECK(is_right(result->octets, text));
      } else {
        CHECK(is_right(signature::read_cades(result->octets, nullptr)));
        CHECK(signature::read_attached_content(result->octets) == text);
      }
    }
  }

  std::vector<Signer> signers;
  std::unique_ptr<token::Tokens> tokens;
};

}  // namespace

TEST_CASE("of a hundred parallel jobs each has one result, in its order, nothing is signed twice and nothing is lost") {
  ParallelFixture f;
  std::vector<Outcome> outcomes;
  for (int job = 0; job < jobs; ++job) outcomes.push_back(f.plan(job));
  f.run_all(outcomes);

  std::vector<std::int64_t> uses(f.signers.size());
  std::set<base::Bytes> values;
  std::set<base::Id> ids;
  std::map<SignRefusal, int> guesses;
  std::size_t all_signed = 0;
  for (int job = 0; job < jobs; ++job) {
    CAPTURE(job);
    const Outcome& outcome = outcomes[static_cast<std::size_t>(job)];
    CHECK(outcome.error.empty());
    if (outcome.signer == ParallelFixture::suspended && !outcome.answer.job) {
      CHECK(outcome.answer.refusal == SignRefusal::forbidden);
      continue;
    }
    REQUIRE(outcome.answer.job);
    REQUIRE(outcome.answer.job->items.size() == outcome.documents);
    CHECK(ids.insert(outcome.answer.job->id).second);
    CHECK_FALSE(outcome.answer.job->is_repeat);
    std::size_t done = 0;
    for (const store::SigningItem& item : f.stored(outcome.answer.job->id)) {
      CHECK((item.state == "done") == !item.value.empty());
      if (item.state != "done") continue;
      ++done;
      CHECK(values.insert(item.value).second);
    }
    uses[outcome.signer] += static_cast<std::int64_t>(done);
    all_signed += done;
    CHECK(outcome.answer.job->count("done") == static_cast<std::int64_t>(done));
    if (outcome.is_wrong_pin) {
      CHECK(done == 0);
      ++guesses[outcome.answer.refusal.value_or(SignRefusal::busy)];
    } else if (job == ParallelFixture::interrupted) {
      CHECK(outcome.answer.refusal == SignRefusal::forbidden);
      CHECK(done == 10);
    } else if (outcome.signer == ParallelFixture::suspended) {
      CHECK((outcome.answer.refusal == SignRefusal::forbidden) == (done < outcome.documents));
    } else {
      CHECK_FALSE(outcome.answer.refusal);
      CHECK(outcome.answer.job->state == "done");
      f.check_results(job, outcome);
    }
  }
  // Two of the token's owner, and of the person whose PIN is guessed three before the brake.
  CHECK(guesses == std::map<SignRefusal, int>{{SignRefusal::wrong_pin, 5}, {SignRefusal::pin_delayed, 17}});
  for (std::size_t i = 0; i < uses.size(); ++i) {
    CAPTURE(f.signers[i].login);
    CHECK(f.find(f.signers[i].credential.id).uses == uses[i]);
  }
  CHECK(uses[ParallelFixture::guessing] == 0);
  CHECK(uses[ParallelFixture::on_token] > 0);
  CHECK(f.events("key_use").size() == all_signed);
  CHECK(f.events("document_sign").size() == all_signed);

  // Every caller asks once more: what is done is the same, and what was begun by somebody who may not goes no further.
  std::vector<Outcome> again = outcomes;
  f.run_all(again);
  for (int job = 0; job < jobs; ++job) {
    CAPTURE(job);
    const Outcome& before = outcomes[static_cast<std::size_t>(job)];
    const Outcome& after = again[static_cast<std::size_t>(job)];
    CHECK(after.error.empty());
    // A suspended person is told nothing more, also of what was signed before.
    if (before.answer.refusal == SignRefusal::forbidden || before.signer == ParallelFixture::suspended) {
      CHECK(after.answer.refusal == SignRefusal::forbidden);
    } else {
      REQUIRE(after.answer.job);
      CHECK(after.answer.job->is_repeat);
      CHECK(after.answer.job->id == before.answer.job->id);
      CHECK(after.answer.job->count("done") == before.answer.job->count("done"));
    }
  }
  CHECK(f.events("key_use").size() == all_signed);
}

TEST_CASE("the same wish by sixteen threads at the same moment is one job, whose documents are signed once") {
  JobFixture f;
  flow::JobWish wish = f.job_wish(Format::cades, Packaging::enveloping);
  wish.repeat_key = "one form";
  for (int i = 0; i < 12; ++i) JobFixture::add(wish, std::to_string(i) + ".txt", "text " + std::to_string(i));
  std::vector<flow::JobAnswer> answers(threads);
  std::vector<std::thread> all;
  for (int i = 0; i < threads; ++i) {
    all.emplace_back([&, i] {
      const auto answer = flow::sign_documents(*f.house, f.user(), wish, f.order(), f.facts());
      if (answer) answers[static_cast<std::size_t>(i)] = *answer;
    });
  }
  for (std::thread& one : all) one.join();
  int complete = 0;
  for (const flow::JobAnswer& answer : answers) {
    REQUIRE(answer.job);
    CHECK(answer.job->id == answers.front().job->id);
    CHECK((!answer.refusal || answer.refusal == SignRefusal::job_running));
    if (!answer.refusal && answer.job->state == "done") ++complete;
  }
  CHECK(complete >= 1);
  CHECK(f.find(f.credential.id).uses == 12);
  CHECK(f.events("key_use").size() == 12);
  CHECK(f.count_files() == 12);
}
