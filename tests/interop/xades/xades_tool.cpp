// Signs and reads XML signatures for the tests with programs of others.
//   xades_tool sign KEY CERTIFICATE ALGORITHM PACKAGING ELEMENT MEDIA OUT IN...   (KEY PKCS#8, CERTIFICATE DER)
//   xades_tool read SIGNATURE DETACHED...                                        one line of JSON a signature
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <memory>
#include <vector>

#include "base/json.hpp"
#include "crypto/signing/soft_key.hpp"
#include "signature/xades/xades_reader.hpp"
#include "signature/xades/xades_writer.hpp"

namespace {

base::Bytes read_file(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) throw std::runtime_error("cannot read " + path);
  return {std::istreambuf_iterator<char>(file), {}};
}

class FileContent : public signature::Content {
 public:
  explicit FileContent(const std::string& path)
      : octets_(read_file(path)), name_(std::filesystem::path(path).filename().string()) {}
  [[nodiscard]] base::Result<base::Bytes> digest(crypto::DigestKind kind) const override {
    return crypto::digest(kind, octets_);
  }
  [[nodiscard]] base::Result<base::Bytes> octets() const override { return octets_; }
  [[nodiscard]] const std::string& name() const override { return name_; }

 private:
  base::Bytes octets_;
  std::string name_;
};

template <class T>
T demand(base::Result<T> result) {
  if (!result) throw std::runtime_error(base::describe(result.error()));
  return std::move(*result);
}

using Contents = std::vector<std::unique_ptr<FileContent>>;
Contents read_contents(const std::vector<std::string>& arguments, std::size_t from) {
  Contents contents;
  for (std::size_t i = from; i < arguments.size(); ++i) contents.push_back(std::make_unique<FileContent>(arguments[i]));
  return contents;
}
std::vector<const signature::Content*> pointers(const Contents& contents) {
  std::vector<const signature::Content*> all;
  for (const auto& content : contents) all.push_back(content.get());
  return all;
}

void sign(const std::vector<std::string>& arguments) {
  const auto key = demand(crypto::SoftKey::from_pkcs8(base::Secret(read_file(arguments.at(1)))));
  signature::SignatureWish wish;
  wish.certificate = read_file(arguments.at(2));
  wish.algorithm = demand(crypto::parse_signature_algorithm(arguments.at(3)));
  wish.packaging = demand(signature::parse_packaging(arguments.at(4)));
  wish.element = arguments.at(5);
  wish.media_type = arguments.at(6);
  wish.signing_time = base::now();
  wish.unique_part = base::to_hex(base::random_bytes(16));
  const Contents contents = read_contents(arguments, 8);
  const auto prepared = demand(signature::prepare_xades(wish, pointers(contents)));
  base::Bytes value = demand(key.sign(prepared.algorithm, prepared.to_be_signed));
  if (prepared.algorithm.scheme == crypto::SignatureScheme::ecdsa)
    value = demand(crypto::convert_value(key.public_key(), value, crypto::ValueForm::der, crypto::ValueForm::raw));
  std::ofstream(arguments.at(7), std::ios::binary) << demand(signature::complete_xades(prepared.state, value));
}

void read(const std::vector<std::string>& arguments) {
  const Contents contents = read_contents(arguments, 2);
  const auto view = signature::read_xades(read_file(arguments.at(1)), pointers(contents));
  if (!view.flaw.empty()) throw std::runtime_error(view.flaw + " " + view.detail);
  for (const auto& one : view.signatures) {
    const bool is_right = one.format_flaw.empty() && one.is_data_found && one.are_digests_right && one.is_value_right;
    base::JsonArray scope;
    for (const auto& part : one.scope) scope.text(std::string(name_of(part.kind)) + ":" + part.name);
    std::cout << base::JsonObject()
                     .text("format", one.format)
                     .text("flaw", one.format_flaw + " " + one.format_detail)
                     .text("missing", one.missing_data)
                     .text("differs", one.wrong_digest)
                     .text("algorithm", one.algorithm_name)
                     .flag("right", is_right)
                     .flag("certificate", one.matches_certificate_reference)
                     .flag("baseline", one.is_baseline)
                     .raw("scope", scope.finish())
                     .finish()
              << '\n';
  }
}

}  // namespace

int main(int argc, char** argv) {
  try {
    const std::vector<std::string> arguments(argv + 1, argv + argc);
    if (!arguments.empty() && arguments[0] == "sign") {
      sign(arguments);
    } else if (!arguments.empty() && arguments[0] == "read") {
      read(arguments);
    } else {
      return 2;
    }
    return 0;
  } catch (const std::exception& error) {
    std::cerr << error.what() << '\n';
    return 1;
  }
}
