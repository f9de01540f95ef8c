package dev.tarn.storage;

import dev.tarn.storage.S3Settings.Credentials;
import java.time.Duration;
import software.amazon.awssdk.auth.credentials.AnonymousCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.checksums.ResponseChecksumValidation;
import software.amazon.awssdk.core.retry.RetryMode;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3ClientBuilder;
import software.amazon.awssdk.utils.AttributeMap;

/** Connects to S3 endpoints. */
final class S3Clients {
    private static final int CONNECTIONS = 64;

    private S3Clients() {}

    /** Opens no connection yet; failed requests are tried again, a little later each time. */
    static S3Client connect(S3Settings settings) {
        S3ClientBuilder builder =
                S3Client.builder()
                        .region(Region.of(settings.region()))
                        .forcePathStyle(settings.pathStyle())
                        .credentialsProvider(provider(settings.credentials()))
                        // Services other than AWS do not know the newer checksums.
                        .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
                        .responseChecksumValidation(ResponseChecksumValidation.WHEN_REQUIRED)
                        .overrideConfiguration(o -> o.retryStrategy(RetryMode.STANDARD))
                        // The JDK's own connections reuse ones that the endpoint has closed.
                        .httpClientBuilder(new Connections());
        settings.endpoint().ifPresent(builder::endpointOverride);
        return builder.build();
    }

    private static AwsCredentialsProvider provider(Credentials credentials) {
        return switch (credentials) {
            case Credentials.Ambient a -> DefaultCredentialsProvider.builder().build();
            case Credentials.Anonymous a -> AnonymousCredentialsProvider.create();
            case Credentials.Keys keys -> () -> resolve(keys);
        };
    }

    private static AwsCredentials resolve(Credentials.Keys keys) {
        String access = keys.accessKey().resolve();
        String secret = keys.secretKey().resolve();
        return keys.sessionToken()
                .<AwsCredentials>map(
                        token -> AwsSessionCredentials.create(access, secret, token.resolve()))
                .orElseGet(() -> AwsBasicCredentials.create(access, secret));
    }

    private static final class Connections implements SdkHttpClient.Builder<Connections> {
        @Override
        public SdkHttpClient buildWithDefaults(AttributeMap defaults) {
            return new ImpatientHttp(
                    Apache5HttpClient.builder()
                            .maxConnections(CONNECTIONS)
                            .connectionTimeout(Duration.ofSeconds(10))
                            .socketTimeout(Duration.ofSeconds(60))
                            .buildWithDefaults(defaults));
        }
    }
}
