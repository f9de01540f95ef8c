package dev.tarn.spi;

import dev.tarn.model.graph.FeedSpec;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** A kind of system that is told what changes in tables. Safe for use by many threads. */
public interface Outlet {
    /** As people write it behind {@code to:}. */
    String name();

    /** The settings it knows. */
    List<Connector.Setting> settings();

    /**
     * Connects to what one feed tells, as the only one who tells it.
     *
     * @throws dev.tarn.model.TarnException {@code CONFIG_INVALID} for settings that cannot be, all
     *     of them together; {@code DELIVERY_FAILED} when nobody answers; {@code DELIVERY_REFUSED}
     *     when somebody does and says no. No message has a secret in it.
     */
    OpenOutlet open(Request request);

    /**
     * What is to be told.
     *
     * @param settings with secrets in the place of references
     * @param project what relative paths start at
     */
    record Request(FeedSpec feed, Map<String, String> settings, Path project) {
        public Request {
            settings = Map.copyOf(settings);
        }

        /** Without the settings, which may be secret. */
        @Override
        public String toString() {
            return feed.to() + " for feed " + feed.name();
        }
    }
}
