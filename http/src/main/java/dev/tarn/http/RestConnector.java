package dev.tarn.http;

import dev.tarn.spi.Connector;
import dev.tarn.spi.OpenSource;
import java.time.Clock;
import java.util.List;
import java.util.function.Function;

/** Records of an API over HTTP as a source of rows. */
public final class RestConnector implements Connector {
    private final Function<Clock, Waiting> waiting;

    public RestConnector() {
        this(Waiting::new);
    }

    /**
     * @param waiting how time goes by
     */
    RestConnector(Function<Clock, Waiting> waiting) {
        this.waiting = waiting;
    }

    @Override
    public String name() {
        return "rest";
    }

    @Override
    public List<Setting> settings() {
        return RestSettings.KNOWN.stream()
                .map(n -> new Setting(n, n.equals("url"), RestSettings.SECRETS.contains(n)))
                .toList();
    }

    @Override
    public OpenSource open(Request request) {
        Secrets secrets = Secrets.of(request);
        Waiting pauses = waiting.apply(request.clock());
        SettingsReader reader = new SettingsReader(request);
        RestSettings settings = RestSettings.of(reader, request, secrets);
        Account account = RestSettings.account(reader, secrets, pauses);
        reader.throwIfAny();
        Caller caller = new Caller(settings.transport(), account, secrets, pauses);
        return new RestSource(settings, request, caller, pauses);
    }
}
