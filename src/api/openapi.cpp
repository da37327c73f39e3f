#include "api/openapi.hpp"

namespace api {

std::string_view openapi_document() {
  return R"json({
"openapi": "3.1.0",
"info": {"title": "Chancery", "version": "1"},
"paths": {
 "/api/v1/account/password": {
  "post": {
   "operationId": "changeAccountPassword",
   "summary": "An account changes its own password with the old one",
   "description": "The same policy and lockout as on the pages. All sessions of the account end. No other proof than the old password is needed; the server keeps no session.",
   "requestBody": {"required": true, "content": {"application/json": {"schema": {"$ref": "#/components/schemas/PasswordChange"}}}},
   "responses": {
    "204": {"description": "Changed. From now on only the new password is valid."},
    "400": {"$ref": "#/components/responses/Problem"},
    "401": {"description": "urn:chancery:problem:wrong-password: the stored login or password is not valid; the same answer for every reason. Ask the operator for the password that is valid now.", "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}},
    "409": {"$ref": "#/components/responses/Problem"},
    "422": {"description": "urn:chancery:problem:password-refused: the new password does not keep the policy.", "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/PasswordRefused"}}}},
    "503": {"$ref": "#/components/responses/Problem"}
   }
  }
 },
 "/api/v1/events": {
  "post": {
   "operationId": "reportEvent",
   "summary": "A relying system writes an event into the audit log",
   "description": "The source of the event is the application that authenticates itself. It needs the permission to write events. A request that is sent again with the same Idempotency-Key, or with the same request_id and otherwise the same members, writes no second event.",
   "security": [{"client": []}],
   "parameters": [{"name": "Idempotency-Key", "in": "header", "required": false, "schema": {"type": "string", "maxLength": 255}}],
   "requestBody": {"required": true, "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Event"}}}},
   "responses": {
    "201": {"description": "Written, by this request or by the earlier one that it repeats", "content": {"application/json": {"schema": {"$ref": "#/components/schemas/EventWritten"}}}},
    "400": {"description": "urn:chancery:problem:invalid-fields, or not readable", "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/InvalidFields"}}}},
    "401": {"$ref": "#/components/responses/Problem"},
    "403": {"$ref": "#/components/responses/Problem"},
    "413": {"description": "More than 8 KiB"},
    "422": {"$ref": "#/components/responses/Problem"},
    "429": {"$ref": "#/components/responses/Problem"},
    "503": {"$ref": "#/components/responses/Problem"}
   }
  }
 },
 "/api/v1/openapi.json": {
  "get": {"operationId": "describe", "summary": "This description", "responses": {"200": {"description": "OpenAPI 3.1", "content": {"application/json": {}}}}}
 }
},
"components": {
 "securitySchemes": {"client": {"type": "http", "scheme": "basic", "description": "client_id and secret of the application"}},
 "responses": {
  "Problem": {"description": "Problem details (RFC 9457)", "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}}
 },
 "schemas": {
  "PasswordChange": {
   "type": "object", "additionalProperties": false, "required": ["login", "old_password", "new_password"],
   "properties": {
    "login": {"type": "string", "maxLength": 512, "description": "Login or e-mail address"},
    "old_password": {"type": "string", "maxLength": 512},
    "new_password": {"type": "string", "maxLength": 512}
   }
  },
  "Event": {
   "type": "object", "additionalProperties": false, "required": ["type", "outcome"],
   "properties": {
    "type": {"type": "string", "maxLength": 64, "pattern": "^[a-z0-9_]+(\\.[a-z0-9_]+)+$", "examples": ["record.read"]},
    "outcome": {"type": "string", "enum": ["success", "failure"]},
    "at": {"type": "string", "format": "date-time", "description": "By the application's clock, in UTC; at most five minutes in the future"},
    "actor": {"type": "string", "minLength": 1, "maxLength": 200, "description": "Id or login of an account of the application's organisation, or another text"},
    "subject": {"type": "string", "minLength": 1, "maxLength": 200, "description": "Likewise: whom it concerned"},
    "object": {"type": "string", "minLength": 1, "maxLength": 200},
    "reason": {"type": "string", "pattern": "^[A-Za-z0-9_.:-]{1,100}$"},
    "request_id": {"type": "string", "pattern": "^[A-Za-z0-9_.:-]{1,100}$"}
   }
  },
  "EventWritten": {
   "type": "object", "required": ["request_id", "received_at"],
   "properties": {"request_id": {"type": "string"}, "received_at": {"type": "string", "format": "date-time"}}
  },
  "InvalidFields": {
   "allOf": [{"$ref": "#/components/schemas/Problem"}, {
    "type": "object",
    "properties": {"errors": {"type": "array", "items": {
     "type": "object", "required": ["field", "code", "message"],
     "properties": {
      "field": {"type": "string"},
      "code": {"type": "string", "enum": ["missing", "not_text", "bad_form", "too_long", "bad_character", "not_a_choice", "in_the_future", "unknown_field"]},
      "message": {"type": "string"}
     }
    }}}
   }]
  },
  "Problem": {
   "type": "object", "required": ["type", "title", "status"],
   "properties": {
    "type": {"type": "string", "format": "uri"},
    "title": {"type": "string"},
    "status": {"type": "integer"},
    "detail": {"type": "string"},
    "instance": {"type": "string", "format": "uri"},
    "not_before": {"type": "string", "format": "date-time"}
   }
  },
  "PasswordRefused": {
   "allOf": [{"$ref": "#/components/schemas/Problem"}, {
    "type": "object", "required": ["flaws"],
    "properties": {"flaws": {"type": "array", "items": {
     "type": "object", "required": ["code", "message"],
     "properties": {
      "code": {"type": "string", "enum": ["not_text", "control_character", "too_short", "too_long", "too_few_classes", "contains_login", "contains_email", "contains_name", "contains_service", "used_before", "too_common", "breached", "too_easily_guessed"]},
      "needed": {"type": "integer"},
      "actual": {"type": "integer"},
      "message": {"type": "string", "description": "A sentence for people, in the language of Accept-Language (en, de, pl)"}
     }
    }}}
   }]
  }
 }
}
})json";
}

}  // namespace api
