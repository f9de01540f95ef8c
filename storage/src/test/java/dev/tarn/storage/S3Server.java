package dev.tarn.storage;

import dev.tarn.storage.S3Settings.Credentials;
import java.net.URI;
import java.util.Map;
import java.util.Optional;
import org.gaul.s3proxy.S3Proxy;
import org.gaul.s3proxy.auth.AuthenticationType;
import org.gaul.s3proxy.nio2blob.TransientNio2BlobStore;
import software.amazon.awssdk.services.s3.S3Client;

/** A real S3 endpoint on loopback that keeps its objects in memory. */
public final class S3Server implements AutoCloseable {
    public static final String ACCESS_KEY = "local-access";
    public static final String SECRET_KEY = "local-secret";

    private final S3Proxy proxy;

    private S3Server(S3Proxy proxy) {
        this.proxy = proxy;
    }

    /** Starts the endpoint at a free port. */
    public static S3Server start() throws Exception {
        S3Proxy proxy =
                S3Proxy.builder()
                        .blobStore(new TransientNio2BlobStore())
                        .endpoint(URI.create("http://127.0.0.1:0"))
                        .awsAuthentication(AuthenticationType.AWS_V4, ACCESS_KEY, SECRET_KEY)
                        .build();
        proxy.start();
        return new S3Server(proxy);
    }

    public void createBucket(String name) {
        try (S3Client client = S3Clients.connect(settings())) {
            client.createBucket(r -> r.bucket(name));
        }
    }

    /** Where it listens. */
    public String endpoint() {
        return "http://127.0.0.1:" + proxy.getPort();
    }

    public S3Settings settings() {
        return settings(SECRET_KEY);
    }

    /** Settings with a secret key that may be wrong. */
    public S3Settings settings(String secretKey) {
        Map<String, String> environment = Map.of("ID", ACCESS_KEY, "SECRET", secretKey);
        return new S3Settings(
                Optional.of(URI.create(endpoint())),
                "us-east-1",
                true,
                new Credentials.Keys(
                        SecretRef.parse("env:ID", environment),
                        SecretRef.parse("env:SECRET", environment),
                        Optional.empty()));
    }

    @Override
    public void close() {
        try {
            proxy.stop();
        } catch (Exception e) {
            throw new IllegalStateException("The S3 endpoint does not stop", e);
        }
    }
}
