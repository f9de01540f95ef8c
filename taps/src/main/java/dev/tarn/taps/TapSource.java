package dev.tarn.taps;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tarn.model.graph.ConnectorSpec.Write;
import dev.tarn.model.table.Field;
import dev.tarn.model.table.Schema;
import dev.tarn.model.table.Type.Primitive;
import dev.tarn.spi.Connector.Request;
import dev.tarn.spi.OpenSource;
import dev.tarn.spi.RowSink;
import dev.tarn.spi.Utf8;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One stream of a program. What it tells as its state is the position behind all rows told before,
 * so batches end where it tells one. The program goes on from one batch to the next as long as what
 * it told is published; else it is started again from the published state.
 */
final class TapSource implements OpenSource {
    private static final String PART = "state";
    private static final String VALUE = "value";

    /** Not of the table: its name says so. */
    private static final String FROM = "tarn_part";

    private static final String NUMBER = "tarn_number";
    private static final Schema COLUMNS =
            new Schema(
                    List.of(
                            Field.of(FROM, Primitive.VARCHAR),
                            Field.of(NUMBER, Primitive.BIGINT),
                            Field.of(VALUE, Primitive.VARCHAR)));
    private static final int MOST_SHOWN = 200;

    private final TapSettings settings;
    private final Protocol protocol;
    private final Request request;
    private final TapFolder folder;
    private @Nullable Path catalog;
    private volatile @Nullable TapProcess process;
    private volatile boolean cancelled;
    private @Nullable String told;
    private List<String> key = List.of();
    private Optional<byte[]> first = Optional.empty();
    private @Nullable Instant ended;
    private byte[] from = {};
    private long records;

    TapSource(TapSettings settings, Protocol protocol, Request request) {
        this.settings = settings;
        this.protocol = protocol;
        this.request = request;
        this.folder = TapFolder.under(request.work());
    }

    @Override
    public Optional<Schema> columns() {
        return Optional.empty();
    }

    @Override
    public List<String> key() {
        return key;
    }

    @Override
    public Optional<Batch> next(Map<String, String> positions, Limits limits) {
        check();
        String state = positions.get(PART);
        boolean goesOn = process != null && Objects.equals(state, told) && !settings.snapshot();
        if (!goesOn) {
            stop();
            Instant before = ended;
            if (before != null
                    && (!limits.linger()
                            || request.clock()
                                    .instant()
                                    .isBefore(before.plus(settings.refresh())))) {
                return Optional.empty();
            }
            start(state);
        }
        while (first.isEmpty()) {
            Optional<byte[]> line = running().line();
            if (line.isEmpty()) {
                over();
                return settings.snapshot() ? Optional.of(new Told(limits)) : Optional.empty();
            }
            if (message(line.get()) instanceof Message.Row row) {
                first = Optional.of(row.json());
            }
        }
        return Optional.of(new Told(limits));
    }

    private void check() {
        if (cancelled) {
            throw TapErrors.interrupted(settings.name());
        }
    }

    private TapProcess running() {
        TapProcess now = process;
        if (now == null) {
            throw TapErrors.interrupted(settings.name());
        }
        return now;
    }

    private void start(@Nullable String state) {
        Path config = folder.put("config.json", settings.configText());
        Path chosen = catalog;
        if (chosen == null) {
            chosen = folder.put("catalog.json", chosenStreams(config).toString());
            catalog = chosen;
        }
        Optional<Path> stateFile =
                state == null || settings.snapshot()
                        ? Optional.empty()
                        : Optional.of(folder.put("state.json", state));
        launch(protocol.reading(config, chosen, stateFile));
        told = state;
        from =
                (settings.stream() + "/" + request.clock().instant())
                        .getBytes(StandardCharsets.UTF_8);
        records = 0;
    }

    private void launch(List<String> arguments) {
        process = TapProcess.start(settings, arguments, folder.path());
        if (cancelled) {
            stop();
            check();
        }
    }

    private JsonNode chosenStreams(Path config) {
        byte[] all;
        if (settings.catalog().isPresent()) {
            try {
                all = Files.readAllBytes(settings.catalog().get());
            } catch (IOException e) {
                throw TapErrors.noCatalog(
                        settings.catalog().get().toString(), String.valueOf(e.getMessage()));
            }
        } else {
            launch(protocol.discovering(config));
            all = running().all();
            stop();
        }
        try {
            return protocol.chosen(
                    protocol.catalog(all).orElseThrow(() -> noMessage(all)), settings);
        } catch (IOException e) {
            throw noMessage(all);
        }
    }

    private dev.tarn.model.TarnException noMessage(byte[] line) {
        String text = new String(line, StandardCharsets.UTF_8).strip();
        String hidden = settings.hide(text);
        return TapErrors.noMessage(
                settings.name(),
                hidden.length() > MOST_SHOWN ? hidden.substring(0, MOST_SHOWN) + "…" : hidden);
    }

    /** What a line says; the key is kept, and giving up ends it. */
    private Message message(byte[] line) {
        Message message;
        try {
            message = protocol.read(line, settings.stream());
        } catch (IOException e) {
            throw noMessage(line);
        }
        if (message instanceof Message.Key found) {
            key = found.columns();
        }
        if (message instanceof Message.Failure failure) {
            throw TapErrors.failed(settings.name(), settings.hide(failure.reason()));
        }
        return message;
    }

    private void over() {
        ended = request.clock().instant();
        stop();
    }

    private void stop() {
        TapProcess now = process;
        process = null;
        first = Optional.empty();
        if (now != null) {
            now.close();
        }
    }

    @Override
    public void cancel() {
        cancelled = true;
        TapProcess now = process;
        if (now != null) {
            now.stop();
        }
    }

    @Override
    public void close() {
        stop();
        folder.close();
    }

    /** Rows up to a state. */
    private final class Told implements Batch, Portion {
        private final Limits limits;
        private final Optional<String> load =
                settings.snapshot()
                        ? Optional.of("load-" + request.clock().instant())
                        : Optional.empty();

        Told(Limits limits) {
            this.limits = limits;
        }

        @Override
        public Schema columns() {
            return COLUMNS;
        }

        @Override
        public Optional<String> document() {
            return Optional.of(VALUE);
        }

        /** What a record is called: the how manieth it is since the program was started when. */
        @Override
        public Optional<RowPlace> place() {
            return Optional.of(new RowPlace(List.of(FROM), NUMBER));
        }

        @Override
        public Optional<String> load() {
            return load;
        }

        @Override
        public List<Portion> portions() {
            return List.of(this);
        }

        @Override
        public Outcome read(RowSink sink, Refusals refusals) {
            long bytes = 0;
            long rows = 0;
            Optional<String> state = Optional.empty();
            boolean covered = false;
            Instant end = request.clock().instant().plus(limits.every());
            Message now = new Message.Other();
            if (first.isPresent()) {
                now = new Message.Row(first.get());
                first = Optional.empty();
            }
            while (true) {
                if (now instanceof Message.Row row) {
                    tell(row.json(), sink, refusals);
                    rows++;
                    bytes += row.json().length;
                    covered = false;
                } else if (now instanceof Message.State reached) {
                    state = Optional.of(reached.value());
                    covered = true;
                }
                boolean full =
                        rows >= limits.rows()
                                || (limits.linger() && !request.clock().instant().isBefore(end));
                if (covered && full && !settings.snapshot()) {
                    told = state.orElse(null);
                    return outcome(state, bytes, false);
                }
                Optional<byte[]> line = process == null ? Optional.empty() : running().line();
                if (line.isEmpty()) {
                    break;
                }
                now = message(line.get());
            }
            over();
            if (rows > 0
                    && state.isEmpty()
                    && !settings.snapshot()
                    && request.spec().write() == Write.APPEND) {
                throw TapErrors.noState(settings.name());
            }
            return outcome(state, bytes, settings.snapshot());
        }

        private void tell(byte[] json, RowSink sink, Refusals refusals) {
            records++;
            if (!Utf8.isText(json, 0, json.length)) {
                refusals.refuse(
                        new String(from, StandardCharsets.UTF_8),
                        records,
                        "is not UTF-8",
                        new String(json, StandardCharsets.UTF_8));
                return;
            }
            sink.bytes(from);
            sink.integer(records);
            sink.bytes(json);
            sink.endRow();
        }

        private Outcome outcome(Optional<String> state, long bytes, boolean complete) {
            return new Outcome(
                    state.isEmpty() || settings.snapshot() ? Map.of() : Map.of(PART, state),
                    bytes,
                    complete);
        }

        @Override
        public void close() {}
    }
}
