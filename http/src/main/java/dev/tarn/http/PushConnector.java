package dev.tarn.http;

import dev.tarn.model.TableName;
import dev.tarn.spi.Connector;
import dev.tarn.spi.OpenSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Rows that somebody else sends. Where no server runs there are none; the connector of a {@link
 * PushDesk} gives what is sent to it.
 */
public final class PushConnector implements Connector {
    private final Map<TableName, PushStream> streams = new ConcurrentHashMap<>();
    private final boolean served;

    /** One that nobody can send anything to. */
    public PushConnector() {
        this(false);
    }

    PushConnector(boolean served) {
        this.served = served;
    }

    @Override
    public String name() {
        return "push";
    }

    @Override
    public List<Setting> settings() {
        return PushSettings.KNOWN.stream()
                .map(n -> new Setting(n, false, PushSettings.SECRETS.contains(n)))
                .toList();
    }

    @Override
    public OpenSource open(Request request) {
        PushSettings settings = PushSettings.of(request);
        Optional<PushStream> stream =
                served
                        ? Optional.of(
                                streams.computeIfAbsent(
                                        request.table(),
                                        t -> new PushStream(t.toString(), settings)))
                        : Optional.empty();
        return new PushSource(stream, request.clock());
    }

    /** What has been opened for a table. */
    Optional<PushStream> stream(TableName table) {
        return Optional.ofNullable(streams.get(table));
    }
}
