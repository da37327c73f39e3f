// The pages around signatures: verification (S4.21) and signing (S4.22). `show_` answers a GET, `submit_` a POST.
#pragma once

#include "http/message.hpp"
#include "web/page/visit.hpp"

namespace web {

// verify.cpp
http::Response show_verify(Visit& visit);
http::Response submit_verify(Visit& visit);  // leads to the report

// verify_report.cpp
http::Response show_verify_report(Visit& visit);
http::Response show_verify_report_printed(Visit& visit);  // all of it opened, for paper
http::Response show_verify_report_json(Visit& visit);
http::Response show_verify_report_xml(Visit& visit);  // ETSI TS 119 102-2

// sign.cpp
http::Response show_sign(Visit& visit);
http::Response submit_sign(Visit& visit);  // leads to the job

// sign_job.cpp
http::Response show_sign_job(Visit& visit);
http::Response submit_sign_confirm(Visit& visit);
http::Response submit_sign_cancel(Visit& visit);
http::Response show_sign_result(Visit& visit);

// sign_document.cpp: a document of the job as it was received
http::Response show_sign_document(Visit& visit);

// sign_keys.cpp: the own keys
http::Response show_sign_keys(Visit& visit);
http::Response submit_own_key(Visit& visit);
http::Response submit_own_key_import(Visit& visit);  // PKCS#12

// timestamps.cpp
http::Response show_timestamps(Visit& visit);

// signatures.cpp
http::Response show_signatures(Visit& visit);
http::Response submit_new_signature_key(Visit& visit);
http::Response submit_signature_import(Visit& visit);  // PKCS#12

// signature_credential.cpp: below /admin/signatures and /account/sign/keys
http::Response show_signature_credential(Visit& visit);
http::Response submit_signature_request(Visit& visit);  // gives PKCS#10
http::Response submit_signature_answer(Visit& visit);
http::Response submit_signature_renewal(Visit& visit);
http::Response submit_signature_suspension(Visit& visit);
http::Response submit_signature_restoration(Visit& visit);
http::Response submit_signature_revocation(Visit& visit);
http::Response submit_signature_deletion(Visit& visit);

}  // namespace web
