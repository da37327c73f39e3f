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
    "413": {"description": "More than 8 KiB", "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}},
    "422": {"description": "urn:chancery:problem:password-refused: the new password does not keep the policy.", "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/PasswordRefused"}}}},
    "429": {"$ref": "#/components/responses/Problem"},
    "503": {"$ref": "#/components/responses/Problem"}
   }
  }
 },
 "/api/v1/events": {
  "post": {
   "operationId": "reportEvent",
   "summary": "A relying system writes an event into the audit log",
   "description": "The source of the event is the application that authenticates itself. It needs the permission to write events. A request that is sent again with the same Idempotency-Key, or with the same request_id and otherwise the same members, writes no second event.",
   "security": [{"client": []}, {"token": ["audit:write"]}],
   "parameters": [{"name": "Idempotency-Key", "in": "header", "required": false, "schema": {"type": "string", "maxLength": 255}}],
   "requestBody": {"required": true, "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Event"}}}},
   "responses": {
    "201": {"description": "Written, by this request or by the earlier one that it repeats", "content": {"application/json": {"schema": {"$ref": "#/components/schemas/EventWritten"}}}},
    "400": {"description": "urn:chancery:problem:invalid-fields, or not readable", "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/InvalidFields"}}}},
    "401": {"$ref": "#/components/responses/Problem"},
    "403": {"$ref": "#/components/responses/Problem"},
    "413": {"description": "More than 8 KiB", "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}},
    "422": {"$ref": "#/components/responses/Problem"},
    "429": {"$ref": "#/components/responses/Problem"},
    "503": {"$ref": "#/components/responses/Problem"}
   }
  }
 },
 "/api/v1/clients/self/secret": {
  "post": {
   "operationId": "changeClientSecret",
   "summary": "An application gets a new secret of its own",
   "description": "The present secret is the proof; an access token is none. With keep_old, which is the default, the present secret counts for 24 hours more, so that several machines can change over; an older one than it ends at once.",
   "security": [{"client": []}],
   "requestBody": {"required": true, "content": {"application/json": {"schema": {"type": "object", "properties": {"keep_old": {"type": "boolean", "default": true}}, "additionalProperties": false}}}},
   "responses": {
    "200": {"description": "The new secret, which is shown this once", "content": {"application/json": {"schema": {"type": "object", "properties": {"client_secret": {"type": "string"}, "old_until": {"type": "string", "format": "date-time"}}, "required": ["client_secret"]}}}},
    "400": {"description": "urn:chancery:problem:invalid-fields, or not readable", "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/InvalidFields"}}}},
    "401": {"$ref": "#/components/responses/Problem"},
    "409": {"$ref": "#/components/responses/Problem"},
    "413": {"description": "More than 1 KiB", "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}},
    "503": {"$ref": "#/components/responses/Problem"}
   }
  }
 },
 "/api/v1/messages": {
  "post": {
   "operationId": "sendMessage",
   "summary": "An application sends one short message",
   "description": "By the rules of the command sms send. The application needs the permission to send messages, and may send 60 in a minute. A request that is sent again with the same Idempotency-Key sends no second message, unless no gateway has taken the first one.",
   "security": [{"client": []}, {"token": ["messages:send"]}],
   "parameters": [{"name": "Idempotency-Key", "in": "header", "required": false, "schema": {"type": "string", "maxLength": 255}}],
   "requestBody": {"required": true, "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Message"}}}},
   "responses": {
    "201": {"description": "A gateway has taken it", "content": {"application/json": {"schema": {"$ref": "#/components/schemas/MessageSent"}}}},
    "400": {"description": "urn:chancery:problem:invalid-fields, or not readable", "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/InvalidFields"}}}},
    "401": {"$ref": "#/components/responses/Problem"},
    "403": {"$ref": "#/components/responses/Problem"},
    "409": {"$ref": "#/components/responses/Problem"},
    "413": {"description": "More than 16 KiB", "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}},
    "422": {"$ref": "#/components/responses/Problem"},
    "429": {"$ref": "#/components/responses/Problem"},
    "503": {"$ref": "#/components/responses/Problem"}
   }
  }
 },
 "/api/v1/timestamps": {
  "post": {
   "operationId": "makeTimestamp",
   "summary": "A time stamp (RFC 3161) for a digest",
   "description": "In multipart/form-data the file document is hashed here, by algorithm, and not kept. For applications that are registered for the scope timestamp, and for personal tokens with it. Programs that speak RFC 3161 send application/timestamp-query to /timestamp instead.",
   "security": [{"client": []}, {"token": ["timestamp"]}],
   "requestBody": {"required": true, "content": {"application/json": {"schema": {"$ref": "#/components/schemas/TimestampWish"}}, "multipart/form-data": {"schema": {"$ref": "#/components/schemas/TimestampForm"}}}},
   "responses": {
    "200": {"description": "Stamped", "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Timestamp"}}}},
    "400": {"description": "urn:chancery:problem:invalid-fields, or not readable", "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/InvalidFields"}}}},
    "401": {"$ref": "#/components/responses/Problem"},
    "403": {"$ref": "#/components/responses/Problem"},
    "404": {"$ref": "#/components/responses/Problem"},
    "413": {"$ref": "#/components/responses/Problem"},
    "422": {"$ref": "#/components/responses/Problem"},
    "429": {"$ref": "#/components/responses/Problem"},
    "503": {"$ref": "#/components/responses/Problem"},
    "507": {"$ref": "#/components/responses/Problem"}
   }
  }
 },
 "/api/v1/verify": {
  "post": {
   "operationId": "verifyDocument",
   "summary": "The signatures of a document are judged (EN 319 102-1)",
   "description": "CAdES and XAdES, with their counter-signatures and time stamps. The document is not kept. For a signature that is separate, send the document as content, or its digest as content_digest. For applications that are registered for the scope verify, and for personal tokens with it. The same members are fields and files of multipart/form-data, which takes larger documents than JSON: the refusal of a larger one names its limit.",
   "security": [{"client": []}, {"token": ["verify"]}],
   "requestBody": {"required": true, "content": {"application/json": {"schema": {"$ref": "#/components/schemas/VerifyWish"}}, "multipart/form-data": {"schema": {"$ref": "#/components/schemas/VerifyWish"}}}},
   "responses": {
    "200": {"description": "The report, whatever it says", "content": {"application/json": {"schema": {"$ref": "#/components/schemas/ValidationReport"}}}},
    "400": {"description": "urn:chancery:problem:invalid-fields, or not readable", "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/InvalidFields"}}}},
    "401": {"$ref": "#/components/responses/Problem"},
    "403": {"$ref": "#/components/responses/Problem"},
    "413": {"$ref": "#/components/responses/Problem"},
    "422": {"$ref": "#/components/responses/Problem"},
    "503": {"$ref": "#/components/responses/Problem"},
    "507": {"$ref": "#/components/responses/Problem"}
   }
  }
 },
 "/api/v1/sign": {
  "post": {
   "operationId": "sign",
   "summary": "Documents are signed with a key that is held here",
   "description": "CAdES and XAdES, one document or a stack of up to 250, in the order given. A document that cannot be signed is named, and the others are signed. A stack that was interrupted goes on when the same request comes again with its Idempotency-Key. For applications that are registered for the scope sign, and for personal tokens with it. In multipart/form-data each file of the field document is one document, which may be larger than in JSON; one that becomes a part of its signature has a smaller limit. Each refusal names its limit in octets.",
   "security": [{"client": []}, {"token": ["sign"]}],
   "parameters": [{"name": "Idempotency-Key", "in": "header", "required": false, "description": "The same request with the same key is the same job: what was signed is not signed again", "schema": {"type": "string", "maxLength": 255}}],
   "requestBody": {"required": true, "content": {"application/json": {"schema": {"$ref": "#/components/schemas/SignWish"}}, "multipart/form-data": {"schema": {"$ref": "#/components/schemas/SignWish"}}}},
   "responses": {
    "200": {"description": "Each document with its outcome", "content": {"application/json": {"schema": {"$ref": "#/components/schemas/SigningJob"}}}},
    "400": {"description": "urn:chancery:problem:invalid-fields, or not readable", "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/InvalidFields"}}}},
    "401": {"$ref": "#/components/responses/Problem"},
    "403": {"$ref": "#/components/responses/Problem"},
    "404": {"$ref": "#/components/responses/Problem"},
    "409": {"$ref": "#/components/responses/Problem"},
    "413": {"$ref": "#/components/responses/Problem"},
    "422": {"$ref": "#/components/responses/Problem"},
    "429": {"$ref": "#/components/responses/Problem"},
    "503": {"$ref": "#/components/responses/Problem"},
    "507": {"$ref": "#/components/responses/Problem"}
   }
  }
 },
 "/api/v1/sign/prepare": {
  "post": {
   "operationId": "prepareSignature",
   "summary": "First of two steps: the octets to be signed",
   "description": "With a credential that is held here, or with the certificate of a key of the caller. The document is kept sealed until expires_at.",
   "security": [{"client": []}, {"token": ["sign"]}],
   "parameters": [{"name": "Idempotency-Key", "in": "header", "required": false, "description": "The same request with the same key is the same job: what was signed is not signed again", "schema": {"type": "string", "maxLength": 255}}],
   "requestBody": {"required": true, "content": {"application/json": {"schema": {"$ref": "#/components/schemas/PrepareWish"}}, "multipart/form-data": {"schema": {"$ref": "#/components/schemas/PrepareWish"}}}},
   "responses": {
    "201": {"description": "The octets that the key signs; it makes their digest itself", "content": {"application/json": {"schema": {"$ref": "#/components/schemas/SigningJob"}}}},
    "400": {"description": "urn:chancery:problem:invalid-fields, or not readable", "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/InvalidFields"}}}},
    "401": {"$ref": "#/components/responses/Problem"},
    "403": {"$ref": "#/components/responses/Problem"},
    "404": {"$ref": "#/components/responses/Problem"},
    "409": {"$ref": "#/components/responses/Problem"},
    "413": {"$ref": "#/components/responses/Problem"},
    "422": {"$ref": "#/components/responses/Problem"},
    "429": {"$ref": "#/components/responses/Problem"},
    "503": {"$ref": "#/components/responses/Problem"},
    "507": {"$ref": "#/components/responses/Problem"}
   }
  }
 },
 "/api/v1/sign/{job}/complete": {
  "post": {
   "operationId": "completeSignature",
   "summary": "Second of two steps",
   "description": "The values in the order of the documents that wait; ECDSA as DER or as r and s. With pin instead, the key that is held here signs.",
   "security": [{"client": []}, {"token": ["sign"]}],
   "parameters": [{"name": "job", "in": "path", "required": true, "schema": {"type": "string", "format": "uuid"}}],
   "requestBody": {"required": true, "content": {"application/json": {"schema": {"$ref": "#/components/schemas/CompleteWish"}}}},
   "responses": {
    "200": {"description": "Each document with its outcome", "content": {"application/json": {"schema": {"$ref": "#/components/schemas/SigningJob"}}}},
    "400": {"description": "urn:chancery:problem:invalid-fields, or not readable", "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/InvalidFields"}}}},
    "401": {"$ref": "#/components/responses/Problem"},
    "403": {"$ref": "#/components/responses/Problem"},
    "404": {"$ref": "#/components/responses/Problem"},
    "409": {"$ref": "#/components/responses/Problem"},
    "413": {"$ref": "#/components/responses/Problem"},
    "422": {"$ref": "#/components/responses/Problem"},
    "429": {"$ref": "#/components/responses/Problem"},
    "503": {"$ref": "#/components/responses/Problem"}
   }
  }
 },
 "/api/v1/sign/{job}": {
  "get": {
   "operationId": "showSigningJob",
   "summary": "How far a job is",
   "security": [{"client": []}, {"token": ["sign"]}],
   "parameters": [{"name": "job", "in": "path", "required": true, "schema": {"type": "string", "format": "uuid"}}],
   "responses": {
    "200": {"description": "The job", "content": {"application/json": {"schema": {"$ref": "#/components/schemas/SigningJob"}}}},
    "401": {"$ref": "#/components/responses/Problem"},
    "403": {"$ref": "#/components/responses/Problem"},
    "404": {"$ref": "#/components/responses/Problem"},
    "503": {"$ref": "#/components/responses/Problem"}
   }
  },
  "delete": {
   "operationId": "forgetSigningJob",
   "summary": "A job is forgotten, with its documents and signatures",
   "security": [{"client": []}, {"token": ["sign"]}],
   "parameters": [{"name": "job", "in": "path", "required": true, "schema": {"type": "string", "format": "uuid"}}],
   "responses": {
    "204": {"description": "It is gone"},
    "401": {"$ref": "#/components/responses/Problem"},
    "403": {"$ref": "#/components/responses/Problem"},
    "404": {"$ref": "#/components/responses/Problem"},
    "503": {"$ref": "#/components/responses/Problem"}
   }
  }
 },
 "/api/v1/sign/{job}/items/{position}": {
  "get": {
   "operationId": "downloadSignature",
   "summary": "The signature or signed document of one item",
   "description": "Positions begin at 0.",
   "security": [{"client": []}, {"token": ["sign"]}],
   "parameters": [{"name": "job", "in": "path", "required": true, "schema": {"type": "string", "format": "uuid"}}, {"name": "position", "in": "path", "required": true, "schema": {"type": "integer", "minimum": 0}}],
   "responses": {
    "200": {"description": "Its octets", "content": {"application/pkcs7-signature": {}, "application/pkcs7-mime": {}, "application/xml": {}}},
    "401": {"$ref": "#/components/responses/Problem"},
    "403": {"$ref": "#/components/responses/Problem"},
    "404": {"$ref": "#/components/responses/Problem"},
    "503": {"$ref": "#/components/responses/Problem"}
   }
  }
 },
 "/api/v1/credentials": {
  "get": {
   "operationId": "listCredentials",
   "summary": "What the program may sign with now",
   "description": "Of the account those of a personal token; of an application the seals of its organisation that need no proof, or a PIN.",
   "security": [{"client": []}, {"token": ["sign"]}],
   "responses": {
    "200": {"description": "At most 100", "content": {"application/json": {"schema": {"type": "object", "required": ["items"], "properties": {"items": {"type": "array", "items": {"$ref": "#/components/schemas/Credential"}}, "next": {"type": "null"}}}}}},
    "401": {"$ref": "#/components/responses/Problem"},
    "403": {"$ref": "#/components/responses/Problem"},
    "503": {"$ref": "#/components/responses/Problem"}
   }
  }
 },
 "/api/v1/openapi.json": {
  "get": {"operationId": "describe", "summary": "This description", "responses": {"200": {"description": "OpenAPI 3.1", "content": {"application/json": {}}}}}
 }
},
"components": {
 "securitySchemes": {
  "client": {"type": "http", "scheme": "basic", "description": "client_id and secret of the application"},
  "token": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT", "description": "Access token of the token endpoint with resource = the issuer and /api/v1, and with the scope that the call names"}
 },
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
  "VerifyWish": {
   "type": "object", "additionalProperties": false, "required": ["document"],
   "properties": {
    "document": {"type": "string", "contentEncoding": "base64", "description": "The signed document, or the separate signature"},
    "content": {"type": "string", "contentEncoding": "base64", "description": "What a separate signature belongs to"},
    "content_digest": {"type": "string", "contentEncoding": "base64", "description": "Instead of content"},
    "content_algorithm": {"type": "string", "enum": ["sha256", "sha384", "sha512"], "default": "sha256"},
    "name": {"type": "string", "maxLength": 255, "description": "Of the document, for the report"},
    "policy": {"type": "string", "description": "Name of a policy; without it that of the installation"},
    "at": {"type": "string", "format": "date-time", "description": "A time in the past at which the document is known to have existed"}
   }
  },
  "ValidationReport": {
   "type": "object", "required": ["indication", "sub_indication", "signatures", "policy", "validated_at", "document"],
   "properties": {
    "indication": {"type": "string", "enum": ["TOTAL-PASSED", "TOTAL-FAILED", "INDETERMINATE"], "description": "The worst of the signatures"},
    "sub_indication": {"type": ["string", "null"]},
    "reason": {"type": "string", "description": "Why it is not TOTAL-PASSED: a code"},
    "detail": {"type": "string", "description": "To what the reason belongs"},
    "text": {"type": "string", "description": "The reason for people, in the language of Accept-Language (en, de, pl)"},
    "signatures": {"type": "array", "items": {"type": "object"}},
    "policy": {"type": "string"},
    "validated_at": {"type": "string", "format": "date-time"},
    "document": {"type": "object", "description": "The file that holds the signature", "properties": {"name": {"type": "string"}, "sha256": {"type": "string"}}},
    "content": {"type": "object", "description": "The document that was given beside it; absent: none, several, or its SHA-256 is not known", "properties": {"sha256": {"type": "string"}}}
   }
  },
  "DocumentContent": {
   "oneOf": [
    {"type": "string", "contentEncoding": "base64"},
    {"type": "object", "additionalProperties": false, "required": ["digest"], "description": "For a detached signature", "properties": {
     "digest": {"type": "string", "contentEncoding": "base64"},
     "algorithm": {"type": "string", "enum": ["sha256", "sha384", "sha512"], "default": "sha256"}}}
   ]
  },
  "SignWish": {
   "type": "object", "additionalProperties": false, "required": ["credential_id"],
   "properties": {
    "format": {"type": "string", "enum": ["cades", "xades"], "default": "cades"},
    "level": {"type": "string", "enum": ["B", "T"], "default": "B"},
    "packaging": {"type": "string", "enum": ["enveloped", "enveloping", "detached"], "default": "detached"},
    "credential_id": {"type": "string", "format": "uuid"},
    "algorithm": {"type": "string", "examples": ["ecdsa-sha256", "rsa-pss-sha256"], "description": "Without it the standard one of the key"},
    "document": {"$ref": "#/components/schemas/DocumentContent"},
    "name": {"type": "string", "description": "Of the document"},
    "media_type": {"type": "string", "description": "Of the document"},
    "documents": {"type": "array", "maxItems": 250, "items": {"type": "object", "additionalProperties": false, "required": ["document"], "properties": {
     "document": {"$ref": "#/components/schemas/DocumentContent"}, "name": {"type": "string"}, "media_type": {"type": "string"}}}},
    "element": {"type": ["string", "null"], "description": "XAdES: XPath of the one element that takes the signature"},
    "policy_id": {"type": "string", "description": "Name of a signature policy of the configuration"},
    "commitment": {"type": "string", "description": "Object identifier of a commitment type"},
    "role": {"type": "string", "description": "Claimed role of the signer"},
    "pin": {"type": "string", "description": "Of the credential, if it has one"}
   }
  },
  "PrepareWish": {
   "type": "object", "additionalProperties": false,
   "properties": {
    "format": {"type": "string", "enum": ["cades", "xades"], "default": "cades"},
    "level": {"type": "string", "enum": ["B", "T"], "default": "B"},
    "packaging": {"type": "string", "enum": ["enveloped", "enveloping", "detached"], "default": "detached"},
    "credential_id": {"type": "string", "format": "uuid"},
    "algorithm": {"type": "string", "examples": ["ecdsa-sha256", "rsa-pss-sha256"], "description": "Without it the standard one of the key"},
    "document": {"$ref": "#/components/schemas/DocumentContent"},
    "name": {"type": "string", "description": "Of the document"},
    "media_type": {"type": "string", "description": "Of the document"},
    "documents": {"type": "array", "maxItems": 250, "items": {"type": "object", "additionalProperties": false, "required": ["document"], "properties": {
     "document": {"$ref": "#/components/schemas/DocumentContent"}, "name": {"type": "string"}, "media_type": {"type": "string"}}}},
    "element": {"type": ["string", "null"], "description": "XAdES: XPath of the one element that takes the signature"},
    "policy_id": {"type": "string", "description": "Name of a signature policy of the configuration"},
    "commitment": {"type": "string", "description": "Object identifier of a commitment type"},
    "role": {"type": "string", "description": "Claimed role of the signer"},
    "certificate": {"type": "string", "contentEncoding": "base64", "description": "DER, of a key of the caller; instead of credential_id"},
    "chain": {"type": "array", "items": {"type": "string", "contentEncoding": "base64"}, "description": "Certificates above it"}
   }
  },
  "CompleteWish": {
   "type": "object", "additionalProperties": false,
   "properties": {
    "signature_value": {"type": "string", "contentEncoding": "base64"},
    "signature_values": {"type": "array", "maxItems": 250, "items": {"type": "string", "contentEncoding": "base64"}},
    "pin": {"type": "string"}
   }
  },
  "SigningJob": {
   "type": "object", "required": ["job_id", "job_number", "state", "expires_at", "items"],
   "properties": {
    "job_id": {"type": "string", "format": "uuid"},
    "job_number": {"type": "string", "examples": ["ABC-123"]},
    "state": {"type": "string", "enum": ["open", "running", "done", "cancelled"]},
    "format": {"type": "string"}, "level": {"type": "string"}, "packaging": {"type": "string"},
    "algorithm": {"type": "string"},
    "expires_at": {"type": "string", "format": "date-time"},
    "to_be_signed": {"type": "string", "contentEncoding": "base64", "description": "Of the only document"},
    "document": {"type": "string", "contentEncoding": "base64", "description": "Of the only document: the signature, or the signed document"},
    "items": {"type": "array", "items": {"type": "object", "required": ["name", "outcome"], "properties": {
     "name": {"type": "string"},
     "sha256": {"type": "string", "description": "Of the document, hexadecimal"},
     "outcome": {"type": "string", "enum": ["waiting", "signed", "failed"]},
     "error": {"type": "string", "description": "Why it failed, or why it still waits: a code"},
     "to_be_signed": {"type": "string", "contentEncoding": "base64"},
     "document": {"type": "string", "contentEncoding": "base64"},
     "file": {"type": "string", "description": "Name for the result"},
     "media_type": {"type": "string"}}}}
   }
  },
  "Credential": {
   "type": "object", "required": ["credential_id", "label", "owner", "activation", "certificate"],
   "properties": {
    "credential_id": {"type": "string", "format": "uuid"},
    "label": {"type": "string"},
    "owner": {"type": "string", "enum": ["account", "organisation"]},
    "activation": {"type": "string", "enum": ["password", "pin", "second_factor", "none"]},
    "backend": {"type": "string", "enum": ["software", "token"]},
    "subject": {"type": "string"}, "issuer": {"type": "string"},
    "not_before": {"type": "string", "format": "date-time"}, "not_after": {"type": "string", "format": "date-time"},
    "algorithms": {"type": "array", "items": {"type": "string"}},
    "certificate": {"type": "string", "contentEncoding": "base64"},
    "chain": {"type": "array", "items": {"type": "string", "contentEncoding": "base64"}}
   }
  },
  "TimestampWish": {
   "type": "object", "additionalProperties": false, "required": ["digest"],
   "properties": {
    "digest": {"type": "string", "contentEncoding": "base64", "description": "Of what is to be stamped"},
    "algorithm": {"type": "string", "enum": ["sha256", "sha384", "sha512"], "default": "sha256"},
    "policy": {"type": "string", "description": "Object identifier; without it the authority chooses"}
   }
  },
  "TimestampForm": {
   "type": "object", "additionalProperties": false, "required": ["document"],
   "properties": {
    "document": {"type": "string", "format": "binary", "description": "What is to be stamped; its digest is computed and it is not kept"},
    "algorithm": {"type": "string", "enum": ["sha256", "sha384", "sha512"], "default": "sha256"},
    "policy": {"type": "string", "description": "Object identifier; without it the authority chooses"}
   }
  },
  "Timestamp": {
   "type": "object", "required": ["token", "serial", "at", "policy"],
   "properties": {
    "token": {"type": "string", "contentEncoding": "base64", "description": "The token, ContentInfo, DER, with certificates"},
    "serial": {"type": "string", "description": "Hexadecimal"},
    "at": {"type": "string", "format": "date-time"},
    "policy": {"type": "string"}
   }
  },
  "Message": {
   "type": "object", "additionalProperties": false, "required": ["to"],
   "properties": {
    "to": {"type": "string", "examples": ["+48600123456"]},
    "kind": {"type": "string", "enum": ["text", "flash", "binary", "service"], "default": "text"},
    "text": {"type": "string", "maxLength": 1530, "description": "Of a service message its title"},
    "data": {"type": "string", "pattern": "^([0-9A-Fa-f]{2}){1,140}$", "description": "Of a binary message: octets in hexadecimal digits"},
    "udh": {"type": "string", "description": "Its user data header in hexadecimal digits"},
    "link": {"type": "string", "format": "uri", "description": "Of a service message"},
    "from": {"type": "string", "description": "The sender; without it that of the gateway"},
    "gateway": {"type": "string", "description": "Without it they are tried in their order"}
   }
  },
  "MessageSent": {
   "type": "object", "required": ["id"],
   "properties": {"id": {"type": "string"}, "gateway": {"type": "string"}, "parts": {"type": "integer"}}
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
      "code": {"type": "string", "enum": ["missing", "not_text", "bad_form", "too_long", "bad_character", "not_a_choice", "in_the_future", "unknown_field", "not_boolean", "bad_value", "bad_length", "not_base64", "not_a_digest", "not_a_time", "not_an_id", "not_a_list", "not_both"]},
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
    "not_before": {"type": "string", "format": "date-time"},
    "limit": {"type": "integer", "description": "Of a size or a number that is too large: what is taken; the detail says of what"},
    "reason": {"type": "string", "description": "Of a document that cannot be verified: a code"},
    "text": {"type": "string", "description": "The reason for people, in the language of Accept-Language (en, de, pl)"},
    "failure": {"type": "string", "description": "Of a time stamp that is refused: the failInfo of RFC 3161"},
    "job_id": {"type": "string", "format": "uuid", "description": "Of the signing job that waits on"}
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
