// Documents that are read in pieces: signed and verified like those in memory, and within their own limits.
#include <doctest/doctest.h>

#include "crypto/digest/digest.hpp"
#include "flow/signature/job_fixture.hpp"
#include "flow/validation/content_from_source.hpp"

namespace {

using testing::JobFixture;

/// Octets that count how they are read.
class Watched final : public base::OctetSource {
 public:
  explicit Watched(base::Bytes octets) : octets_(std::move(octets)) {}
  [[nodiscard]] std::size_t size() const override { return octets_.size(); }
  [[nodiscard]] base::Result<base::Bytes> read(std::size_t offset, std::size_t most) const override {
    longest = std::max(longest, most);
    if (fails) return base::fail(base::Code::unavailable, "the disk is away");
    return offset < octets_.size() ? octets_.substr(offset, most) : base::Bytes();
  }
  [[nodiscard]] base::Result<base::Bytes> load() const override {
    ++loads;
    if (is_busy) return base::fail(base::Code::too_many, "no memory for it now");
    return octets_;
  }

  mutable std::size_t longest = 0;
  mutable int loads = 0;
  bool fails = false;
  bool is_busy = false;

 private:
  base::Bytes octets_;
};

std::shared_ptr<Watched> add(flow::JobWish& wish, const std::string& octets, const std::string& name = "large.bin") {
  const auto source = std::make_shared<Watched>(octets);
  flow::DocumentSent document;
  document.name = name;
  document.source = source;
  wish.documents.push_back(document);
  return source;
}

const std::string large(3'000'001, 'l');

}  // namespace

TEST_CASE("a separate signature reads its document in pieces, and is the one over the whole") {
  JobFixture f;
  for (const flow::Format format : {flow::Format::cades, flow::Format::xades}) {
    flow::JobWish wish = f.job_wish(format, flow::Packaging::detached);
    const auto source = add(wish, large);
    const flow::Job job = f.signed_job(wish);
    CHECK(source->loads == 0);
    CHECK(source->longest <= 256 * 1024);
    CHECK(job.items[0].size == static_cast<std::int64_t>(large.size()));
    CHECK(job.items[0].sha256 == base::to_hex(crypto::sha256(large)));
    CHECK(f.count_files() == 0);
    if (format == flow::Format::cades) CHECK(JobFixture::is_right(f.result(job), large));
    if (format == flow::Format::cades) CHECK_FALSE(JobFixture::is_right(f.result(job), large + "x"));
    const flow::ContentFromSource content("large.bin", source);
    if (format == flow::Format::xades) CHECK(JobFixture::is_right(signature::read_xades(f.result(job), {&content})));
  }
}

TEST_CASE("a document in pieces and the same in memory are one wish") {
  JobFixture f;
  flow::JobWish wish = f.job_wish();
  wish.repeat_key = "one";
  add(wish, "text", "a.txt");
  const flow::Job first = f.signed_job(wish);
  flow::JobWish same = f.job_wish();
  same.repeat_key = "one";
  JobFixture::add(same, "a.txt", "text");
  CHECK(f.signed_job(same).id == first.id);
  same.documents[0].octets = "texT";
  CHECK(f.refusal_of(same) == "key_reused");
}

TEST_CASE("a document that becomes a part of its signature is read as a whole, within its own limit") {
  JobFixture f;
  f.settings_of_desk.most_octets_inside = 10;
  f.settings_of_desk.most_octets_of_job_inside = 15;
  f.begin_process();
  flow::JobWish wish = f.job_wish(flow::Format::cades, flow::Packaging::enveloping);
  const auto source = add(wish, "0123456789");
  CHECK(JobFixture::is_right(f.result(f.signed_job(wish)), "0123456789"));
  CHECK(source->loads == 1);
  add(wish, "012345");
  CHECK(f.refusal_of(wish) == "job_too_large_inside");
  wish.documents.pop_back();
  for (const bool is_in_pieces : {true, false}) {
    wish.documents.clear();
    if (is_in_pieces) add(wish, "0123456789a");
    if (!is_in_pieces) JobFixture::add(wish, "a.txt", "0123456789a");
    wish.packaging = flow::Packaging::enveloping;
    CHECK(f.refusal_of(wish) == "document_too_large_inside");
    wish.packaging = flow::Packaging::detached;
    CHECK(f.refusal_of(wish).empty());
  }
  CHECK(f.count_files() == 1);  // of the one that was signed
}

TEST_CASE("without memory for it a document is not taken, and the same request is right a moment later") {
  JobFixture f;
  flow::JobWish wish = f.job_wish(flow::Format::cades, flow::Packaging::enveloping);
  wish.repeat_key = "one";
  const auto source = add(wish, "text");
  source->is_busy = true;
  CHECK(f.refusal_of(wish) == "busy");
  CHECK(f.count_files() == 0);
  source->is_busy = false;
  CHECK(f.refusal_of(wish).empty());
}

TEST_CASE("a document that cannot be read is not signed") {
  JobFixture f;
  flow::JobWish wish = f.job_wish();
  add(wish, "text")->fails = true;
  const auto answer = flow::sign_documents(*f.house, f.user(), wish, f.order(), f.facts());
  REQUIRE_FALSE(answer);
  CHECK(answer.error().code == base::Code::unavailable);
  CHECK(f.find(f.credential.id).uses == 0);
}

TEST_CASE("a content in pieces gives each digest once, and its octets up to a limit") {
  const auto source = std::make_shared<Watched>("text");
  const flow::ContentFromSource content("a.txt", source);
  CHECK(*content.digest(crypto::DigestKind::sha256) == crypto::digest(crypto::DigestKind::sha256, "text"));
  CHECK(*content.digest(crypto::DigestKind::sha512) == crypto::digest(crypto::DigestKind::sha512, "text"));
  source->fails = true;
  CHECK(content.digest(crypto::DigestKind::sha256).has_value());
  CHECK_FALSE(content.digest(crypto::DigestKind::sha384));
  CHECK(*content.octets() == "text");
  const auto larger = std::make_shared<Watched>(std::string(flow::ContentFromSource::most_in_memory + 1, 'x'));
  const flow::ContentFromSource too_large("b", larger);
  REQUIRE_FALSE(too_large.octets());
  CHECK(too_large.octets().error().code == base::Code::too_many);
  CHECK(larger->loads == 0);
}
