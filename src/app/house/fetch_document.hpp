// How documents of clients are fetched (flow/registration/fetch_documents.hpp): by the one HTTP client, with the limits
// of the configuration, and in five seconds, because a request waits for it.
#pragma once

#include "app/config/config.hpp"
#include "flow/registration/fetch_documents.hpp"
#include "remote/http_client.hpp"

namespace app {

flow::FetchDocument make_document_fetcher(const Config& config);
/// The same with a client that lives longer.
flow::FetchDocument make_document_fetcher(const remote::HttpClient& client);

}  // namespace app
