package dev.tarn.app;

import dev.tarn.iceberg.rest.CredentialVending;
import dev.tarn.iceberg.rest.IcebergRest;
import dev.tarn.iceberg.rest.RestConfig;
import dev.tarn.spi.HttpProtocol;
import dev.tarn.storage.SecretRef;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** What other programs may speak with this warehouse. */
final class Protocols {
    private final Wiring wiring;

    Protocols(Wiring wiring) {
        this.wiring = wiring;
    }

    HttpProtocol icebergRest(boolean anyLocation) {
        return IcebergRest.open(
                new RestConfig(
                        wiring.catalog(),
                        wiring.storage(),
                        wiring.tablesRoot(),
                        wiring.viewsRoot(),
                        anyLocation,
                        clientSettings(),
                        vending(),
                        wiring.clock(),
                        Optional.of(wiring.answers())));
    }

    /** How to reach the files, for clients that have credentials of their own. */
    private Map<String, String> clientSettings() {
        if (wiring.settings().isLocal()) {
            return Map.of();
        }
        Settings.S3 s3 = wiring.settings().s3();
        Map<String, String> settings = new HashMap<>();
        settings.put("client.region", s3.region());
        settings.put("s3.region", s3.region());
        settings.put("s3.path-style-access", Boolean.toString(s3.pathStyle()));
        s3.endpoint().ifPresent(endpoint -> settings.put("s3.endpoint", endpoint));
        return settings;
    }

    private CredentialVending vending() {
        Settings.S3 s3 = wiring.settings().s3();
        if (wiring.settings().isLocal()
                || !s3.vendKeys()
                || s3.accessKey().isEmpty()
                || s3.secretKey().isEmpty()) {
            return CredentialVending.NONE;
        }
        SecretRef accessKey = SecretRef.parse(s3.accessKey().get(), wiring.environment());
        SecretRef secretKey = SecretRef.parse(s3.secretKey().get(), wiring.environment());
        return location ->
                location.startsWith(wiring.settings().warehouse() + "/")
                        ? Optional.of(
                                new CredentialVending.Grant(
                                        wiring.settings().warehouse(),
                                        Map.of(
                                                "s3.access-key-id", accessKey.resolve(),
                                                "s3.secret-access-key", secretKey.resolve())))
                        : Optional.empty();
    }
}
