// The description of this door in OpenAPI 3.1, written by hand. A change of the API changes it too.
#pragma once

#include <string_view>

namespace api {

std::string_view openapi_document();

}  // namespace api
