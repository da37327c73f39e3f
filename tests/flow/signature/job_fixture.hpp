// A house that signs, with a time-stamp authority, a person and a credential.
#pragma once

#include <filesystem>
#include <memory>

#include "flow/signature/signing_desk.hpp"
#include "flow/signature/signing_job.hpp"
#include "flow/signing/credential_fixture.hpp"
#include "flow/timestamp/timestamp_authority.hpp"
#include "flow/timestamp/timestamp_desk.hpp"
#include "flow/validation/content_at_hand.hpp"
#include "signature/cades/read_cades.hpp"
#include "signature/xades/xades_reader.hpp"

namespace testing {

struct JobFixture : CredentialFixture {
  static constexpr const char* xml = "<order id=\"o1\"><item>Aspirin</item></order>";

  JobFixture() {
    settings_of_desk.spool = folder;
    begin_process();
    const auto made = flow::make_timestamp_authority(*house, by, {}, facts());
    REQUIRE_MESSAGE(made, base::describe(made.error()));
    credential = make(wish_for("anna"));
    person = std::make_unique<rights::Actor>(actor(log_in("anna")));
  }
  ~JobFixture() {
    house->signing = nullptr;
    house->timestamps = nullptr;
    std::error_code ignored;
    std::filesystem::remove_all(folder, ignored);
  }
  JobFixture(const JobFixture&) = delete;
  JobFixture& operator=(const JobFixture&) = delete;

  /// As a process that starts now.
  void begin_process(const std::vector<std::string>& sources = {"own"}) {
    flow::TimestampSettings stamps;
    stamps.sources = sources;
    stamping = std::make_unique<flow::TimestampDesk>(stamps, flow::PostTimestamp());
    house->timestamps = stamping.get();
    desk = std::make_unique<flow::SigningDesk>(settings_of_desk);
    house->signing = desk.get();
  }

  [[nodiscard]] flow::KeyUser user() const { return person.get(); }
  [[nodiscard]] flow::JobWish job_wish(flow::Format format = flow::Format::cades,
                                       flow::Packaging packaging = flow::Packaging::detached) const {
    flow::JobWish wish;
    wish.credential_id = credential.id;
    wish.format = format;
    wish.packaging = packaging;
    return wish;
  }
  static void add(flow::JobWish& wish, const std::string& name, const std::string& octets) {
    flow::DocumentSent document;
    document.name = name;
    document.octets = octets;
    wish.documents.push_back(document);
  }
  [[nodiscard]] flow::JobOrder order(const std::string& its_pin = pin) const {
    flow::JobOrder one;
    one.pin = base::Secret(its_pin);
    one.clocks = [this] { return signature::ClockReading{now, now - begin}; };
    return one;
  }
  flow::JobAnswer sign_all(const flow::JobWish& wish, const std::string& its_pin = pin) {
    const auto answer = flow::sign_documents(*house, user(), wish, order(its_pin), facts());
    REQUIRE_MESSAGE(answer, base::describe(answer.error()));
    return *answer;
  }
  flow::Job signed_job(const flow::JobWish& wish) {
    const auto answer = sign_all(wish);
    REQUIRE_MESSAGE(!answer.refusal, flow::name_of(answer.refusal.value_or(flow::SignRefusal::busy)));
    return *answer.job;
  }
  std::string result(const flow::Job& job, std::int64_t position = 0) {
    const auto found = flow::find_result(*house, user(), job.id, position, now);
    REQUIRE_MESSAGE(found, base::describe(found.error()));
    return found->octets;
  }
  /// Whether it is one right signature over the content.
  static bool is_right(const std::string& cades, const std::string& content) {
    const flow::ContentInMemory document("document", content);
    return is_right(signature::read_cades(cades, &document));
  }
  static bool is_right_xml(const std::string& xades) { return is_right(signature::read_xades(xades, {})); }
  static bool is_right(const signature::DocumentView& view) {
    if (!view.flaw.empty() || view.signatures.size() != 1) return false;
    const signature::SignatureView& one = view.signatures.front();
    return one.format_flaw.empty() && one.are_digests_right && one.is_value_right && one.is_baseline;
  }
  std::string refusal_of(const flow::JobWish& wish, const std::string& its_pin = pin) {
    const auto answer = sign_all(wish, its_pin);
    return std::string(answer.refusal ? flow::name_of(*answer.refusal) : "");
  }
  std::size_t count_files() const {
    if (!std::filesystem::exists(folder)) return 0;
    return static_cast<std::size_t>(std::distance(std::filesystem::directory_iterator(folder), {}));
  }

  std::string folder =
      std::filesystem::temp_directory_path() / ("chancery-spool-" + base::to_hex(base::random_bytes(8)));
  flow::SigningSettings settings_of_desk;
  base::Time begin = now;
  std::unique_ptr<flow::TimestampDesk> stamping;
  std::unique_ptr<flow::SigningDesk> desk;
  store::SigningCredential credential;
  std::unique_ptr<rights::Actor> person;
};

}  // namespace testing
