// A TLS client of the Java runtime, as programs of practices have it. Run by tls_clients.mjs: java TlsClient.java CA.pem
//
// Standard input has a line for each request: VERSION STORE PASSWORD URL, where STORE is a PKCS#12 file or "-". For each
// there is a line of output: STATUS VERSION BODY, or "refused WHY".

import java.io.BufferedReader;
import java.io.FileInputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.TrustManagerFactory;

public class TlsClient {
  public static void main(String[] arguments) throws Exception {
    TrustManagerFactory trust = trustIn(arguments[0]);
    BufferedReader lines = new BufferedReader(new InputStreamReader(System.in));
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      String[] wish = line.split(" ");
      try {
        System.out.println(ask(trust, wish[0], wish[1], wish[2], wish[3]));
      } catch (Exception problem) {
        System.out.println("refused " + String.valueOf(problem).replace('\n', ' '));
      }
    }
  }

  static TrustManagerFactory trustIn(String file) throws Exception {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    try (FileInputStream pem = new FileInputStream(file)) {
      int count = 0;
      for (var one : CertificateFactory.getInstance("X.509").generateCertificates(pem)) {
        store.setCertificateEntry("ca" + count++, one);
      }
    }
    TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
    trust.init(store);
    return trust;
  }

  static KeyManager[] keysIn(String file, String password) throws Exception {
    if (file.equals("-")) return null;
    KeyStore store = KeyStore.getInstance("PKCS12");
    try (FileInputStream octets = new FileInputStream(file)) {
      store.load(octets, password.toCharArray());
    }
    KeyManagerFactory keys = KeyManagerFactory.getInstance("PKIX");
    keys.init(store, password.toCharArray());
    return keys.getKeyManagers();
  }

  static String ask(TrustManagerFactory trust, String version, String file, String password, String url) throws Exception {
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(keysIn(file, password), trust.getTrustManagers(), null);
    SSLParameters parameters = new SSLParameters();
    parameters.setProtocols(new String[] {version});
    HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).sslContext(context).sslParameters(parameters).build();
    var answer = client.send(HttpRequest.newBuilder(URI.create(url)).build(), HttpResponse.BodyHandlers.ofString());
    String body = answer.body().replace('\n', ' ');
    return answer.statusCode() + " " + answer.sslSession().get().getProtocol() + " " + body.substring(0, Math.min(400, body.length()));
  }
}
