#include "crypto/cms/timestamp_request.hpp"

#include <array>
#include <utility>

#include "crypto/cms/algorithm.hpp"
#include "crypto/cms/der.hpp"

namespace crypto {
namespace {

constexpr std::array<std::pair<TimestampFailure, std::string_view>, 8> failure_names{{
    {TimestampFailure::bad_alg, "badAlg"},
    {TimestampFailure::bad_request, "badRequest"},
    {TimestampFailure::bad_data_format, "badDataFormat"},
    {TimestampFailure::time_not_available, "timeNotAvailable"},
    {TimestampFailure::unaccepted_policy, "unacceptedPolicy"},
    {TimestampFailure::unaccepted_extension, "unacceptedExtension"},
    {TimestampFailure::add_info_not_available, "addInfoNotAvailable"},
    {TimestampFailure::system_failure, "systemFailure"},
}};
constexpr std::int64_t granted = 0;
constexpr std::int64_t granted_with_mods = 1;
constexpr std::size_t longest_nonce = 64;
constexpr std::size_t longest_text = 300;

// Reads a request; what it returns false for is said in `parsed`.
class RequestReader {
 public:
  explicit RequestReader(ParsedTimestampRequest& parsed) : parsed_(parsed) {}

  bool read(base::BytesView octets) {
    const auto whole = der::read_one(octets);
    if (!whole || whole->tag != der::sequence) return refuse(TimestampFailure::bad_data_format, "not a request");
    der::Reader reader(whole->content);
    const auto version = reader.take(der::integer);
    const auto imprint = reader.take(der::sequence);
    if (!version || !imprint) return refuse(TimestampFailure::bad_data_format, "not a request");
    if (version->content != base::BytesView("\x01", 1)) return refuse(TimestampFailure::bad_request, "another version");
    return read_imprint(der::Reader(imprint->content)) && read_options(reader);
  }

  [[nodiscard]] TimestampRequest take() { return std::move(request_); }

 private:
  bool refuse(TimestampFailure failure, const char* reason) {
    parsed_.failure = failure;
    parsed_.reason = reason;
    return false;
  }

  bool read_imprint(der::Reader reader) {
    const auto algorithm = reader.take(der::sequence);
    const auto imprint = reader.take(der::octet_string);
    if (!algorithm || !imprint || !reader.is_at_end()) {
      return refuse(TimestampFailure::bad_data_format, "a broken imprint");
    }
    const auto digest = cms::read_digest_identifier(algorithm->whole);
    if (!digest || !digest->kind) return refuse(TimestampFailure::bad_alg, "a digest that is not known");
    request_.digest_kind = *digest->kind;
    request_.imprint = imprint->content;
    return request_.imprint.size() == size_of(*digest->kind) ||
           refuse(TimestampFailure::bad_data_format, "an imprint of another length than its digest");
  }

  bool read_options(der::Reader reader) {
    const auto policy = reader.take_if(der::object_identifier);
    const auto nonce = reader.take_if(der::integer);
    const auto wants = reader.take_if(der::boolean);
    if (!policy || !nonce || !wants) return refuse(TimestampFailure::bad_data_format, "a broken request");
    if (*policy) {
      request_.policy = der::oid_text((*policy)->content);
      if (request_.policy.empty()) return refuse(TimestampFailure::bad_data_format, "a policy that is no identifier");
    }
    if (*nonce) {
      request_.nonce = (*nonce)->content;
      if (!der::is_canonical_integer(request_.nonce))
        return refuse(TimestampFailure::bad_data_format, "a broken nonce");
      if (request_.nonce.size() > longest_nonce)
        return refuse(TimestampFailure::bad_request, "a nonce that is too long");
    }
    if (*wants) {
      const base::BytesView value = (*wants)->content;
      if (value != base::BytesView("\xff", 1) && value != base::BytesView("\0", 1)) {
        return refuse(TimestampFailure::bad_data_format, "a BOOLEAN that is not DER");
      }
      request_.wants_certificates = value == base::BytesView("\xff", 1);
    }
    if (reader.next_tag() == der::context(0)) {
      return refuse(TimestampFailure::unaccepted_extension, "extensions are not accepted");
    }
    return reader.is_at_end() || refuse(TimestampFailure::bad_data_format, "octets behind the request");
  }

  ParsedTimestampRequest& parsed_;
  TimestampRequest request_;
};

base::Bytes make_failure(TimestampFailure failure) {
  const auto bit = static_cast<std::size_t>(failure);
  base::Bytes bits(bit / 8 + 2, '\0');
  bits.back() = static_cast<char>(0x80U >> (bit % 8));
  bits.front() = static_cast<char>(7 - bit % 8);  // unused bits; DER has no zero bits at the end
  return der::make(der::bit_string, bits);
}

// failInfo and text of a refusal, for the log.
std::string describe_refusal(der::Reader status) {
  std::string text;
  const auto texts = status.take_if(der::sequence);
  if (texts && *texts) {
    const auto all = der::read_all((*texts)->content);
    if (all && !all->empty() && base::is_utf8(all->front().content))
      text = all->front().content.substr(0, longest_text);
  }
  const auto failure = status.take_if(der::bit_string);
  if (failure && *failure) {
    const base::BytesView bits = (*failure)->content;
    for (const auto& [known, name] : failure_names) {
      const auto bit = static_cast<std::size_t>(known);
      const bool is_set =
          bits.size() > bit / 8 + 1 && (static_cast<unsigned char>(bits[bit / 8 + 1]) & (0x80U >> (bit % 8))) != 0;
      if (is_set) text = std::string(name) + (text.empty() ? "" : ": ") + text;
    }
  }
  return text;
}

tl::unexpected<base::Error> fail(const char* why) {
  return base::fail(base::Code::invalid_input, why);
}

base::Result<base::BytesView> read_token_of(base::BytesView response) {
  ASSIGN_OR_RETURN(const der::Element whole, der::read_one(response));
  if (whole.tag != der::sequence) return fail("not a response");
  der::Reader reader(whole.content, der::Rules::ber);
  ASSIGN_OR_RETURN(der::Reader status, reader.enter(der::sequence));
  ASSIGN_OR_RETURN(const der::Element number, status.take(der::integer));
  ASSIGN_OR_RETURN(const std::int64_t value, der::read_small(number));
  if (value != granted && value != granted_with_mods) {
    return base::fail(base::Code::denied, "the authority refuses: " + describe_refusal(status));
  }
  ASSIGN_OR_RETURN(const der::Element token, reader.take(der::sequence));
  RETURN_IF_ERROR(reader.finish());
  return token.whole;
}

}  // namespace

std::string_view name_of(TimestampFailure failure) {
  for (const auto& [known, name] : failure_names) {
    if (known == failure) return name;
  }
  return "systemFailure";
}

ParsedTimestampRequest parse_timestamp_request(base::BytesView der) {
  ParsedTimestampRequest parsed;
  if (der.size() > largest_timestamp_request) {
    parsed.failure = TimestampFailure::bad_request;
    parsed.reason = "a request that is too large";
    return parsed;
  }
  RequestReader reader(parsed);
  if (reader.read(der)) parsed.request = reader.take();
  return parsed;
}

base::Result<base::Bytes> make_timestamp_request(const TimestampRequest& request) {
  if (request.imprint.size() != size_of(request.digest_kind)) return fail("an imprint of another length");
  base::Bytes content = der::make_integer(1);
  content.append(der::make(der::sequence,
                           {cms::make_identifier(request.digest_kind), der::make(der::octet_string, request.imprint)}));
  if (!request.policy.empty()) {
    ASSIGN_OR_RETURN(const base::Bytes policy, der::make_oid(request.policy));
    content.append(policy);
  }
  if (!request.nonce.empty()) {
    if (!der::is_canonical_integer(request.nonce)) return fail("a nonce that is no number");
    der::append(content, der::integer, request.nonce);
  }
  if (request.wants_certificates) content.append("\x01\x01\xff", 3);
  return der::make(der::sequence, content);
}

base::Bytes make_nonce() {
  base::Bytes octets = base::random_bytes(8);
  octets.front() = static_cast<char>((static_cast<unsigned char>(octets.front()) & 0x3fU) | 0x40U);
  return octets;
}

base::Bytes grant_timestamp(base::BytesView token) {
  return der::make(der::sequence, {der::make(der::sequence, der::make_integer(0)), token});
}

base::Bytes refuse_timestamp(TimestampFailure failure, std::string_view text) {
  constexpr std::uint64_t rejection = 2;
  const base::Bytes texts = der::make(der::sequence, der::make(der::utf8_string, text));
  return der::make(der::sequence,
                   der::make(der::sequence, {der::make_integer(rejection), texts, make_failure(failure)}));
}

base::Result<base::Bytes> read_timestamp_response(base::BytesView response, const TimestampRequest& request,
                                                  const std::vector<base::Bytes>& others) {
  if (response.size() > largest_timestamp_token) return fail("a response that is too large");
  ASSIGN_OR_RETURN(const base::BytesView token, read_token_of(response));
  const TimestampFacts facts = read_timestamp_token(token, others);
  if (facts.flaw != TimestampFlaw::none) {
    return base::fail(base::Code::invalid_input,
                      "a token that is " + std::string(name_of(facts.flaw)) + ": " + facts.reason);
  }
  if (facts.info.digest_kind != request.digest_kind || facts.info.imprint != request.imprint) {
    return base::fail(base::Code::conflict, "a token of something else");
  }
  if (facts.info.nonce != request.nonce) return base::fail(base::Code::conflict, "a token with another nonce");
  if (!request.policy.empty() && facts.info.policy != request.policy) {
    return base::fail(base::Code::conflict, "a token by another policy");
  }
  return base::Bytes(token);
}

}  // namespace crypto
