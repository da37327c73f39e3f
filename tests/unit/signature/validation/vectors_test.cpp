// tests/vectors/signatures: for each sub-indication one document, made once with keys that nobody has any more, so that
// a judgement cannot change unnoticed. With CHANCERY_WRITE_VECTORS=FOLDER the test makes them anew.
#include <doctest/doctest.h>

#include <boost/json.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "places.hpp"
#include "unit/signature/validation/documents.hpp"

namespace json = boost::json;
using testing::Judged;

namespace {

json::array octets_of(const std::vector<base::Bytes>& list) {
  json::array array;
  for (const base::Bytes& one : list) array.push_back(json::string(base::to_base64(one)));
  return array;
}

json::object words_of(const std::map<std::string, std::string, std::less<>>& map) {
  json::object object;
  for (const auto& [name, value] : map) object[name] = value;
  return object;
}

json::object write(const Judged& one) {
  json::array revocation;
  for (const auto& source : one.material.revocation) {
    revocation.push_back({{"list", source.is_list}, {"from", source.from}, {"der", base::to_base64(source.octets)}});
  }
  return {{"name", one.name},
          {"indication", name_of(one.indication)},
          {"sub_indication", name_of(one.sub_indication)},
          {"without_revocation", one.without_revocation ? json::value(name_of(*one.without_revocation)) : nullptr},
          {"at", base::to_rfc3339(one.moment.at)},
          {"now", base::to_rfc3339(one.moment.now)},
          {"document", base::to_base64(one.document)},
          {"content", one.content ? json::value(base::to_base64(*one.content)) : nullptr},
          {"signature_anchors", octets_of(one.material.signature_anchors)},
          {"timestamp_anchors", octets_of(one.material.timestamp_anchors)},
          {"revocation", revocation},
          {"algorithms", words_of({one.algorithms.begin(), one.algorithms.end()})},
          {"signature_policies", words_of(one.signature_policies)}};
}

std::string text_in(const json::object& object, std::string_view name) {
  return std::string(object.at(name).as_string());
}
base::Bytes octets_in(const json::value& value) {
  return base::parse_base64(std::string_view(value.as_string())).value();
}

/// A judged document, and the words that it must get.
struct Vector {
  Judged judged;
  std::string indication;
  std::string sub_indication;
  std::optional<std::string> without_revocation;
};

Vector read(const json::object& object) {
  Vector read;
  Judged& one = read.judged;
  one.name = text_in(object, "name");
  read.indication = text_in(object, "indication");
  read.sub_indication = text_in(object, "sub_indication");
  if (object.at("without_revocation").is_string()) read.without_revocation = text_in(object, "without_revocation");
  one.moment = {base::parse_rfc3339(text_in(object, "at")).value(),
                base::parse_rfc3339(text_in(object, "now")).value()};
  one.document = octets_in(object.at("document"));
  if (object.at("content").is_string()) one.content = octets_in(object.at("content"));
  for (const auto& der : object.at("signature_anchors").as_array()) {
    one.material.signature_anchors.push_back(octets_in(der));
  }
  for (const auto& der : object.at("timestamp_anchors").as_array()) {
    one.material.timestamp_anchors.push_back(octets_in(der));
  }
  for (const auto& source : object.at("revocation").as_array()) {
    one.material.revocation.push_back(
        {octets_in(source.at("der")), source.at("list").as_bool(), std::string(source.at("from").as_string())});
  }
  for (const auto& pair : object.at("algorithms").as_object()) {
    one.algorithms[std::string(pair.key())] = std::string(pair.value().as_string());
  }
  for (const auto& pair : object.at("signature_policies").as_object()) {
    one.signature_policies[std::string(pair.key())] = std::string(pair.value().as_string());
  }
  return read;
}

std::filesystem::path folder() {
  return std::filesystem::path(testing::source_folder) / "tests" / "vectors" / "signatures";
}

}  // namespace

TEST_CASE("the documents of tests/vectors/signatures get the words that stand beside them") {
  if (const char* const to = std::getenv("CHANCERY_WRITE_VECTORS"); to != nullptr) {
    for (const Judged& one : testing::all_documents()) {
      std::ofstream(std::filesystem::path(to) / (one.name + ".json")) << json::serialize(write(one)) << "\n";
    }
  }
  std::size_t count = 0;
  for (const auto& entry : std::filesystem::directory_iterator(folder())) {
    if (entry.path().extension() != ".json") continue;
    std::ifstream file(entry.path());
    const std::string text{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
    Vector vector = read(json::parse(text).as_object());
    CAPTURE(vector.judged.name);
    const auto verdict = testing::judge(vector.judged).verdict;
    CAPTURE(verdict.reason);
    CHECK(name_of(verdict.indication) == vector.indication);
    CHECK(name_of(verdict.sub_indication) == vector.sub_indication);
    vector.judged.material.revocation.clear();
    const auto without = testing::judge(vector.judged).verdict;
    if (vector.without_revocation) CHECK(name_of(without.sub_indication) == *vector.without_revocation);
    ++count;
  }
  CHECK(count >= signature::count_of_sub_indications);
}
