package dev.tarn.mqtt;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/** TLS as a source's settings want it. */
final class Tls {
    private Tls() {}

    /**
     * @throws dev.tarn.model.TarnException {@code CONFIG_INVALID} for files that have nothing
     */
    static SSLContext of(MqttSettings settings) {
        String name = "tls_ca";
        try {
            TrustManager @Nullable [] trust = null;
            if (settings.authorities().isPresent()) {
                trust = authorities(settings.authorities().get());
            }
            name = "tls_certificate";
            KeyManager @Nullable [] own = null;
            if (settings.certificate().isPresent()) {
                Collection<? extends Certificate> chain =
                        certificates(
                                new ByteArrayInputStream(
                                        settings.certificate()
                                                .get()
                                                .getBytes(StandardCharsets.US_ASCII)));
                name = "tls_key";
                own = own(chain, key(settings.privateKey().orElse("")));
            }
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(own, trust, null);
            return context;
        } catch (IOException | GeneralSecurityException | IllegalArgumentException e) {
            throw MqttErrors.noCertificates(name);
        }
    }

    private static TrustManager[] authorities(Path file)
            throws IOException, GeneralSecurityException {
        KeyStore store = emptyStore();
        try (InputStream in = Files.newInputStream(file)) {
            int number = 0;
            for (Certificate one : certificates(in)) {
                store.setCertificateEntry("authority-" + number++, one);
            }
        }
        TrustManagerFactory trust =
                TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(store);
        return trust.getTrustManagers();
    }

    private static Collection<? extends Certificate> certificates(InputStream in)
            throws GeneralSecurityException {
        Collection<? extends Certificate> all =
                CertificateFactory.getInstance("X.509").generateCertificates(in);
        if (all.isEmpty()) {
            throw new GeneralSecurityException("no certificate");
        }
        return all;
    }

    private static KeyManager[] own(Collection<? extends Certificate> chain, PrivateKey key)
            throws IOException, GeneralSecurityException {
        KeyStore store = emptyStore();
        store.setKeyEntry("own", key, new char[0], chain.toArray(new Certificate[0]));
        KeyManagerFactory keys =
                KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(store, new char[0]);
        return keys.getKeyManagers();
    }

    private static KeyStore emptyStore() throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
        store.load(null, null);
        return store;
    }

    private static PrivateKey key(String pem) throws GeneralSecurityException {
        String base64 = pem.replaceAll("-----[A-Z ]+-----", "").replaceAll("\\s", "");
        PKCS8EncodedKeySpec bytes = new PKCS8EncodedKeySpec(Base64.getDecoder().decode(base64));
        for (String algorithm : List.of("RSA", "EC", "EdDSA")) {
            try {
                return KeyFactory.getInstance(algorithm).generatePrivate(bytes);
            } catch (InvalidKeySpecException another) {
                // It is of one of the others, or of none.
            }
        }
        throw new GeneralSecurityException("no key");
    }
}
