package dev.tarn.http;

import dev.tarn.spi.Connector;
import dev.tarn.spi.OpenSource;
import java.time.Clock;
import java.util.List;
import java.util.function.Function;

/** Pages of the web as a source of rows, which selectors of CSS find. */
public final class WebConnector implements Connector {
    private final Function<Clock, Waiting> waiting;

    public WebConnector() {
        this(Waiting::new);
    }

    /**
     * @param waiting how time goes by
     */
    WebConnector(Function<Clock, Waiting> waiting) {
        this.waiting = waiting;
    }

    @Override
    public String name() {
        return "web";
    }

    @Override
    public List<Setting> settings() {
        return WebSettings.KNOWN.stream().map(n -> new Setting(n, n.equals("url"), false)).toList();
    }

    @Override
    public OpenSource open(Request request) {
        Secrets secrets = Secrets.of(request);
        Waiting pauses = waiting.apply(request.clock());
        WebSettings settings = WebSettings.of(request, secrets);
        Caller caller = new Caller(settings.transport(), new Account.Nobody(), secrets, pauses);
        return new WebSource(settings, request, caller, pauses);
    }
}
