package dev.tarn.spi;

import dev.tarn.model.TableName;
import dev.tarn.model.graph.ConnectorSpec;
import dev.tarn.model.graph.IngestSpec;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A kind of system that rows come from, such as a database or a broker. Third parties name theirs
 * in {@code META-INF/services}; it then needs a constructor without parameters. Safe for use by
 * many threads.
 */
public interface Connector {
    /** As people write it behind {@code connector:}. */
    String name();

    /** The settings it knows, beside those that all sources share. */
    List<Setting> settings();

    /**
     * Connects to what one source's table is filled from.
     *
     * @throws dev.tarn.model.TarnException {@code CONFIG_INVALID} for settings that cannot be, all
     *     of them together; {@code SOURCE_UNAVAILABLE} when nobody answers; {@code SOURCE_DENIED}
     *     when somebody does and says no; {@code SOURCE_UNREADABLE} when what is to be read is not
     *     there. No message has a secret in it.
     */
    OpenSource open(Request request);

    /**
     * A setting.
     *
     * @param secret whether it has to be a reference, {@code env:NAME} or {@code file:PATH}
     */
    record Setting(String name, boolean required, boolean secret) {}

    /**
     * What is to be read.
     *
     * @param settings with secrets in the place of references
     * @param project what relative paths start at
     * @param work a folder for what may be lost between two batches
     */
    record Request(
            TableName table,
            IngestSpec ingest,
            Map<String, String> settings,
            Path project,
            Path work,
            Clock clock) {
        public Request {
            settings = Map.copyOf(settings);
        }

        public ConnectorSpec spec() {
            return ingest.connector().orElseThrow();
        }

        public Optional<String> setting(String name) {
            return Optional.ofNullable(settings.get(name));
        }

        /** Without the settings, which may be secret. */
        @Override
        public String toString() {
            return spec().connector() + " for " + table;
        }
    }
}
