package dev.tarn.storage;

import java.net.URI;
import java.util.Optional;

/**
 * How to reach an S3 endpoint.
 *
 * @param endpoint of a service other than AWS, such as {@code http://127.0.0.1:9000}
 * @param region as the service calls it; anything for most services other than AWS
 * @param pathStyle whether the bucket stands in the path rather than in the host's name
 */
public record S3Settings(
        Optional<URI> endpoint, String region, boolean pathStyle, Credentials credentials) {
    /** AWS itself, with what the environment, the profile or the machine's role say. */
    public static S3Settings aws(String region) {
        return new S3Settings(Optional.empty(), region, false, new Credentials.Ambient());
    }

    /** Who asks. */
    public sealed interface Credentials {
        /** What the environment, the profile or the machine's role say. */
        record Ambient() implements Credentials {}

        /** Nobody: for public buckets. */
        record Anonymous() implements Credentials {}

        /** A pair of keys, and a token with temporary ones. */
        record Keys(SecretRef accessKey, SecretRef secretKey, Optional<SecretRef> sessionToken)
                implements Credentials {}
    }
}
