package dev.tarn.app;

import dev.tarn.http.PushConnector;
import dev.tarn.http.RestConnector;
import dev.tarn.http.WebConnector;
import dev.tarn.jdbc.JdbcConnector;
import dev.tarn.kafka.KafkaConnector;
import dev.tarn.model.Place;
import dev.tarn.model.Problem;
import dev.tarn.model.TarnException;
import dev.tarn.model.graph.ConnectorSpec;
import dev.tarn.model.graph.IngestSpec;
import dev.tarn.model.graph.Node;
import dev.tarn.mqtt.MqttConnector;
import dev.tarn.spi.Connector;
import dev.tarn.spi.OpenSource;
import dev.tarn.storage.SecretRef;
import dev.tarn.taps.TapConnector;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.TreeMap;
import java.util.TreeSet;

/** The connectors there are: our own, and those that others put on the class path. */
final class Connectors {
    private final Map<String, Connector> byName = new TreeMap<>();
    private final Map<String, String> environment;
    private final Path project;
    private final Path work;
    private final Clock clock;

    Connectors(Map<String, String> environment, Path project, Path work, Clock clock) {
        this.environment = environment;
        this.project = project;
        this.work = work;
        this.clock = clock;
        ServiceLoader.load(Connector.class).forEach(this::add);
        JdbcConnector.all().forEach(this::add);
        add(new KafkaConnector());
        add(new RestConnector());
        add(new PushConnector());
        TapConnector.all().forEach(this::add);
        add(new WebConnector());
        add(new MqttConnector());
    }

    /** The same, with another one in the place of that of its name. */
    Connectors with(Connector connector) {
        add(connector);
        return this;
    }

    private void add(Connector connector) {
        byName.put(connector.name(), connector);
    }

    /**
     * Opens what a source's table is filled from.
     *
     * @throws TarnException {@code CONFIG_INVALID} and {@code UNKNOWN_KEY}, all mistakes together;
     *     and what the connector throws, with the place of the block
     */
    OpenSource open(Node.Source source) {
        IngestSpec ingest = source.ingest().orElseThrow();
        ConnectorSpec spec = ingest.connector().orElseThrow();
        Connector connector = byName.get(spec.connector());
        if (connector == null) {
            throw new TarnException(
                    ConnectorErrors.unknown(ingest.place(), spec.connector(), byName.keySet()));
        }
        check(ingest.place(), connector.name(), connector.settings(), spec.settings());
        try {
            return connector.open(
                    new Connector.Request(
                            source.relation(),
                            ingest,
                            resolved(connector.settings(), spec.settings(), environment),
                            project,
                            work.resolve(spec.connector()),
                            clock));
        } catch (TarnException refused) {
            throw refused.at(ingest.place());
        }
    }

    /**
     * Sees to it that settings are known, whole, and without secrets.
     *
     * @throws TarnException {@code CONFIG_INVALID} and {@code UNKNOWN_KEY}, all mistakes together
     */
    static void check(
            Place place, String name, List<Connector.Setting> settings, Map<String, String> given) {
        List<Problem> problems = new ArrayList<>();
        TreeSet<String> known = new TreeSet<>();
        for (Connector.Setting setting : settings) {
            known.add(setting.name());
            String value = given.get(setting.name());
            if (value == null && setting.required()) {
                problems.add(ConnectorErrors.missing(place, name, setting.name()));
            }
            if (value != null && setting.secret() && !isReference(value)) {
                problems.add(ConnectorErrors.plainSecret(place, setting.name()));
            }
        }
        for (String one : new TreeSet<>(given.keySet())) {
            if (known.stream().noneMatch(k -> takes(k, one))) {
                problems.add(ConnectorErrors.unknownSetting(place, name, one, known));
            }
        }
        if (!problems.isEmpty()) {
            throw new TarnException(problems);
        }
    }

    /** A setting whose name ends with a star stands for all that begin so. */
    private static boolean takes(String setting, String name) {
        return setting.endsWith("*")
                ? name.startsWith(setting.substring(0, setting.length() - 1))
                : setting.equals(name);
    }

    private static boolean isReference(String value) {
        return value.startsWith("env:") || value.startsWith("file:");
    }

    /** The settings with what references refer to in their place. */
    static Map<String, String> resolved(
            List<Connector.Setting> known,
            Map<String, String> given,
            Map<String, String> environment) {
        Map<String, String> settings = new HashMap<>();
        given.forEach((name, value) -> {
            boolean secret = known.stream().anyMatch(s -> s.secret() && takes(s.name(), name));
            boolean reference = value.startsWith("env:") || (secret && isReference(value));
            settings.put(name, reference ? SecretRef.parse(value, environment).resolve() : value);
        });
        return settings;
    }
}
