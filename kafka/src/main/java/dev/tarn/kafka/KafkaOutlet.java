package dev.tarn.kafka;

import dev.tarn.spi.Connector.Setting;
import dev.tarn.spi.OpenOutlet;
import dev.tarn.spi.Outlet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A topic of a Kafka cluster that is told what changes in a table. */
public final class KafkaOutlet implements Outlet {
    @Override
    public String name() {
        return "kafka";
    }

    @Override
    public List<Setting> settings() {
        return FeedOptions.KNOWN.stream()
                .map(n ->
                        new Setting(
                                n,
                                n.equals("bootstrap_servers") || n.equals("topic"),
                                KafkaConnector.SECRETS.contains(n)))
                .toList();
    }

    @Override
    public OpenOutlet open(Request request) {
        Map<String, String> settings = new HashMap<>(request.settings());
        for (String file : KafkaConnector.FILES) {
            settings.computeIfPresent(
                    file, (name, path) -> request.project().resolve(path).toString());
        }
        return KafkaFeed.open(FeedOptions.of(request.feed(), settings));
    }
}
