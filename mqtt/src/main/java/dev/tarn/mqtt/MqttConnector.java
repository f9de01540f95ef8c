package dev.tarn.mqtt;

import dev.tarn.spi.Connector;
import dev.tarn.spi.OpenSource;
import java.util.List;
import java.util.Set;

/** Topics of an MQTT broker as a source of rows. */
public final class MqttConnector implements Connector {
    private static final Set<String> SECRETS = Set.of("password", "tls_key", "tls_certificate");

    @Override
    public String name() {
        return "mqtt";
    }

    @Override
    public List<Setting> settings() {
        return MqttSettings.KNOWN.stream()
                .map(n -> new Setting(n, n.equals("url"), SECRETS.contains(n)))
                .toList();
    }

    @Override
    public OpenSource open(Request request) {
        return new MqttSource(MqttSettings.of(request), request.clock());
    }
}
