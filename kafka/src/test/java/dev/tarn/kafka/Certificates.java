package dev.tarn.kafka;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.crypto.Cipher;
import javax.crypto.EncryptedPrivateKeyInfo;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;

/** A key and a certificate of it that vouches for itself, in the forms that both sides want. */
public final class Certificates {
    private static final String WORD = "testing";
    private static final String CIPHER = "PBEWithHmacSHA256AndAES_256";
    private static final String PBES2 = "1.2.840.113549.1.5.13";

    private final Path store;
    private final String name;

    private Certificates(Path store, String name) {
        this.store = store;
        this.name = name;
    }

    /**
     * Makes them.
     *
     * @param folder for their files
     * @param host what the certificate is for, {@code IP:127.0.0.1} or {@code DNS:somewhere}
     */
    public static Certificates make(Path folder, String name, String host) throws IOException {
        Path store = Files.createDirectories(folder).resolve(name + ".p12");
        List<String> command =
                new ArrayList<>(
                        List.of(
                                Path.of(System.getProperty("java.home"), "bin", "keytool")
                                        .toString()));
        command.addAll(List.of("-genkeypair", "-keyalg", "EC", "-storetype", "PKCS12"));
        command.addAll(List.of("-alias", name, "-dname", "CN=" + name, "-ext", "SAN=" + host));
        command.addAll(List.of("-storepass", WORD, "-keystore", store.toString()));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.onExit().join().exitValue() != 0) {
            throw new IOException(said);
        }
        return new Certificates(store, name);
    }

    /** The certificate as PEM. */
    public String certificate() {
        try {
            return pem("CERTIFICATE", opened().getCertificate(name).getEncoded());
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The key as PEM, which nothing protects. */
    public String key() {
        return pem("PRIVATE KEY", plain());
    }

    /** The key as PEM, which a password protects. */
    public String key(String password) {
        try {
            Cipher cipher = Cipher.getInstance(CIPHER);
            cipher.init(
                    Cipher.ENCRYPT_MODE,
                    SecretKeyFactory.getInstance(CIPHER)
                            .generateSecret(new PBEKeySpec(password.toCharArray())));
            byte[] locked = cipher.doFinal(plain());
            AlgorithmParameters how = AlgorithmParameters.getInstance(PBES2);
            how.init(cipher.getParameters().getEncoded());
            return pem(
                    "ENCRYPTED PRIVATE KEY", new EncryptedPrivateKeyInfo(how, locked).getEncoded());
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private byte[] plain() {
        try {
            Key key = opened().getKey(name, WORD.toCharArray());
            return key.getEncoded();
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private KeyStore opened() throws GeneralSecurityException, IOException {
        KeyStore opened = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(store)) {
            opened.load(in, WORD.toCharArray());
        }
        return opened;
    }

    /**
     * Properties of a broker that has this certificate on its listener for clients.
     *
     * @param protocol {@code SSL} or {@code SASL_SSL}
     */
    public Map<String, String> broker(String protocol) {
        Map<String, String> properties = new LinkedHashMap<>();
        properties.put(
                "listener.security.protocol.map",
                "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT,CLIENT:" + protocol);
        properties.put(
                "listeners",
                "PLAINTEXT://127.0.0.1:{port},CONTROLLER://127.0.0.1:{controller},CLIENT://127.0.0.1:{client}");
        properties.put(
                "advertised.listeners", "PLAINTEXT://127.0.0.1:{port},CLIENT://127.0.0.1:{client}");
        properties.put("ssl.keystore.type", "PKCS12");
        properties.put("ssl.keystore.location", store.toString());
        properties.put("ssl.keystore.password", WORD);
        properties.put("ssl.key.password", WORD);
        return properties;
    }

    /** The same for a broker that lets in only who has the other certificate. */
    public Map<String, String> broker(Certificates clients) throws IOException {
        Path trusted = store.resolveSibling(name + "-trusts.p12");
        try (OutputStream out = Files.newOutputStream(trusted)) {
            KeyStore both = KeyStore.getInstance("PKCS12");
            both.load(null, null);
            both.setCertificateEntry("clients", clients.opened().getCertificate(clients.name));
            both.store(out, WORD.toCharArray());
        } catch (GeneralSecurityException e) {
            throw new IOException(e);
        }
        Map<String, String> properties = broker("SSL");
        properties.put("listener.name.client.ssl.client.auth", "required");
        properties.put("ssl.truststore.type", "PKCS12");
        properties.put("ssl.truststore.location", trusted.toString());
        properties.put("ssl.truststore.password", WORD);
        return properties;
    }

    private static String pem(String what, byte[] content) {
        return "-----BEGIN %1$s-----\n%2$s\n-----END %1$s-----\n"
                .formatted(
                        what, Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(content));
    }
}
