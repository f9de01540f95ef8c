package dev.tarn.app;

import dev.tarn.spi.Engine;
import dev.tarn.spi.EngineSession;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** An engine that starts with its first session: most of what a compile wants is remembered. */
final class LateEngine implements Engine {
    private final Supplier<Engine> starter;
    private @Nullable Engine started;

    LateEngine(Supplier<Engine> starter) {
        this.starter = starter;
    }

    private synchronized Engine started() {
        Engine engine = started;
        if (engine == null) {
            engine = starter.get();
            started = engine;
        }
        return engine;
    }

    @Override
    public String name() {
        return started().name();
    }

    @Override
    public Capabilities capabilities() {
        return started().capabilities();
    }

    @Override
    public Set<String> sessionSettings() {
        return started().sessionSettings();
    }

    @Override
    public EngineSession open(SessionOptions options) {
        return started().open(options);
    }

    @Override
    public synchronized void close() {
        if (started != null) {
            started.close();
        }
    }
}
