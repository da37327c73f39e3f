// The description of this door in OpenAPI 3.1, written by hand. It must be changed together with the API.
#pragma once

#include <string_view>

namespace api {

std::string_view openapi_document();

}  // namespace api
