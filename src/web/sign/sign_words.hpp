// What the pages about signing share: words, sizes, and how a file is handed over.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "flow/signature/document_copy.hpp"
#include "flow/signature/signing_job.hpp"
#include "flow/signing/administer_credentials.hpp"
#include "flow/signing/use_credential.hpp"
#include "web/page/visit.hpp"

namespace web {

/// "1.4 MiB", in the person's language.
std::string print_size(const Visit& visit, std::size_t octets);
/// "Signature of Anna Kowalska, until 1 May 2028", with the organisation's mark for a seal.
std::string say_credential(const Visit& visit, const flow::UsableCredential& credential);
/// Whose key it is: "Anna Kowalska", "the organisation (seal)".
std::string say_owner(const Visit& visit, const std::optional<base::Id>& account, const flow::OwnerNames& names);
std::string say_sign_refusal(const Visit& visit, flow::SignRefusal refusal);
int status_of_sign_refusal(flow::SignRefusal refusal);
/// Why one document was not signed; "" = there is no reason.
std::string say_item_reason(const Visit& visit, const std::string& reason);

/// The type with which a browser shows a document of this kind, of which it runs nothing; "" = it is downloaded.
std::string_view type_to_show(flow::LookKind kind);
/// `disposition`: "inline" or "attachment" (RFC 6266 §4.1). `name`: in any script (RFC 8187).
void add_file_name(http::Response& response, std::string_view disposition, std::string_view name);

}  // namespace web
