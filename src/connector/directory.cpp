#include "connector/directory.hpp"

#include "connector/place.hpp"

namespace connector {
namespace {

std::string escape(std::string_view text) {
  std::string out;
  for (const char c : text) {
    switch (c) {
      case '&': out += "&amp;"; break;
      case '<': out += "&lt;"; break;
      case '>': out += "&gt;"; break;
      case '"': out += "&quot;"; break;
      default: out += c;
    }
  }
  return out;
}

std::string element(std::string_view name, std::string_view content) {
  return "<" + std::string(name) + ">" + escape(content) + "</" + std::string(name) + ">";
}

}  // namespace

std::string print_directory(const Directory& directory) {
  const auto word = [](bool is_true) { return is_true ? "true" : "false"; };
  std::string xml =
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
      "<CONN:ConnectorServices xmlns:CONN=\"http://ws.gematik.de/conn/ServiceDirectory/v3.1\" "
      "xmlns:PI=\"http://ws.gematik.de/int/version/ProductInformation/v1.1\" "
      "xmlns:SI=\"http://ws.gematik.de/conn/ServiceInformation/v2.0\">\n<PI:ProductInformation>";
  xml += element("PI:InformationDate", base::to_rfc3339(directory.now));
  xml += "<PI:ProductTypeInformation>" + element("PI:ProductType", "Konnektor") +
         element("PI:ProductTypeVersion", product_type_version) + "</PI:ProductTypeInformation>";
  xml += "<PI:ProductIdentification>" + element("PI:ProductVendorID", "CHNCY") + element("PI:ProductCode", "CHANCERY") +
         "<PI:ProductVersion><PI:Local>" + element("PI:HWVersion", "1.0.0") +
         element("PI:FWVersion", print_version(directory.version)) +
         "</PI:Local></PI:ProductVersion></PI:ProductIdentification>";
  xml += "<PI:ProductMiscellaneous>" + element("PI:ProductVendorName", product_name) +
         element("PI:ProductName", product_name) + "</PI:ProductMiscellaneous></PI:ProductInformation>\n";
  xml += element("CONN:TLSMandatory", word(directory.is_tls_mandatory));
  xml += element("CONN:ClientAutMandatory", word(directory.is_authentication_mandatory));
  xml += "\n<SI:ServiceInformation><SI:Service Name=\"ClientSystem\">";
  xml += element("SI:Abstract", "Says which client system has connected, and with which certificate");
  xml += "<SI:Versions><SI:Version TargetNamespace=\"urn:chancery:connector:ClientSystem:v1.0\" Version=\"1.0.0\">";
  xml += element("SI:Abstract", "JSON over HTTPS");
  xml += "<SI:EndpointTLS Location=\"" + escape(directory.origin + "/connector/self") + "\"/>";
  xml += "</SI:Version></SI:Versions></SI:Service></SI:ServiceInformation>\n</CONN:ConnectorServices>\n";
  return xml;
}

}  // namespace connector
