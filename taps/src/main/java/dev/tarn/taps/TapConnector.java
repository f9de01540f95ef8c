package dev.tarn.taps;

import dev.tarn.spi.Connector;
import dev.tarn.spi.OpenSource;
import java.util.List;

/** Programs that tell records line by line: taps of Singer, and sources of Airbyte. */
public final class TapConnector implements Connector {
    private final String name;
    private final Protocol protocol;

    private TapConnector(String name, Protocol protocol) {
        this.name = name;
        this.protocol = protocol;
    }

    /** One for each of their protocols. */
    public static List<Connector> all() {
        return List.of(
                new TapConnector("singer", new Protocol.Singer()),
                new TapConnector("airbyte", new Protocol.Airbyte()));
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public List<Setting> settings() {
        return TapSettings.KNOWN.stream()
                .map(n -> new Setting(n, n.equals("command") || n.equals("stream"), false))
                .toList();
    }

    @Override
    public OpenSource open(Request request) {
        return new TapSource(TapSettings.of(request), protocol, request);
    }
}
