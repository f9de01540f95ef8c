package dev.tarn.alert;

import dev.tarn.model.ErrorCode;
import dev.tarn.model.Place;
import dev.tarn.model.TarnException;
import dev.tarn.model.alert.AlertBook;
import dev.tarn.model.alert.AlertKind;
import dev.tarn.model.alert.AlertRule;
import dev.tarn.model.alert.Finding;
import dev.tarn.project.AlertFiles;
import dev.tarn.spi.AlertStore;
import dev.tarn.state.StateConfig;
import dev.tarn.state.StateStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A store, a clock that stands, and facts that a test decides. */
final class AlertLab implements AutoCloseable {
    static final Instant BEGIN = Instant.parse("2026-11-21T06:00:00Z");

    final AlertStore store;
    final Facts facts = new Facts();
    final AlertDesk desk;
    private final StateStore state;
    private final Path folder;
    private Instant now = BEGIN;
    private Duration ticked = Duration.ZERO;

    /** Can be told what is wrong. */
    final class Facts implements AlertFacts {
        private final Map<String, Finding> red = new LinkedHashMap<>();
        private boolean unknown;

        @Override
        public AlertBook book() {
            AlertFiles.Reading reading = AlertFiles.read(folder);
            if (!reading.problems().isEmpty()) {
                throw new TarnException(reading.problems());
            }
            return reading.book();
        }

        @Override
        public List<Finding> findings(AlertRule rule) {
            if (unknown) {
                throw new TarnException(ErrorCode.CATALOG_UNAVAILABLE, "Away.");
            }
            return red.values().stream().filter(f -> f.kind() == rule.kind()).toList();
        }

        @Override
        public String project() {
            return "shop";
        }

        void unknown(boolean is) {
            unknown = is;
        }

        void red(AlertKind kind, String subject, String owner) {
            red.put(
                    kind + subject,
                    new Finding(
                            kind,
                            subject,
                            Optional.of(owner).filter(o -> !o.isEmpty()),
                            now,
                            "3 rows of " + subject + " are <bad>.",
                            Optional.of(new Place("models/orders.yml", 12, 8)),
                            List.of("gold.revenue", "exposure Weekly (Ann)"),
                            Optional.of("publication 57 of 2026-11-20T06:00:00Z, by run r1"),
                            "/assets/" + subject));
        }

        void green(AlertKind kind, String subject) {
            red.remove(kind + subject);
        }
    }

    AlertLab(Path folder, String alerts) {
        this.folder = folder;
        this.state = StateStore.open(StateConfig.Sqlite.in(folder.resolve("state")), clock());
        this.store = state.alerts();
        says(alerts);
        this.desk = desk("one");
    }

    /** Three channels and two rules; routes follow. */
    static String channels(Receiver receiver) {
        return """
        link: https://tarn.example.org/
        channels:
          - name: hook
            webhook: {url: "%s", token: env:TOKEN, headers: {X-Team: data}}
          - name: pager
            pagerduty: {key: env:KEY, url: "%s"}
          - name: chat
            slack: {url: "env:URL=%s"}
        rules:
          - on: check_failed
            severity: critical
          - on: table_stale
            older_than: 1h
            for: 10m
        """
                .formatted(
                        receiver.url("/hook/secret-path"),
                        receiver.url("/pager"),
                        receiver.url("/chat"));
    }

    void says(String alerts) {
        try {
            Files.writeString(folder.resolve("alerts.yml"), alerts);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    AlertDesk desk(String name) {
        return AlertDesk.idle(
                store,
                facts,
                AlertLab::secret,
                clock(),
                () -> ticked.toNanos(),
                name,
                AlertDesk.Settings.DEFAULT);
    }

    static String secret(String reference) {
        return switch (reference) {
            case "env:TOKEN" -> "token-very-secret";
            case "env:KEY" -> "key-very-secret";
            case "env:PASSWORD" -> "password-very-secret";
            default ->
                    reference.startsWith("env:URL=") ? reference.substring(8) : "unknown reference";
        };
    }

    AlertControl control() {
        return new AlertControl(store, facts, AlertLab::secret, clock());
    }

    /** Lets time pass, then does what there is to do. */
    void after(Duration time) {
        after(time, desk);
    }

    void after(Duration time, AlertDesk which) {
        pass(time);
        turn(which);
    }

    void pass(Duration time) {
        now = now.plus(time);
        ticked = ticked.plus(time);
    }

    static boolean turn(AlertDesk which) {
        boolean did = which.turn();
        try {
            which.await();
        } catch (InterruptedException | java.util.concurrent.ExecutionException e) {
            throw new AssertionError(e);
        }
        return did;
    }

    Instant now() {
        return now;
    }

    Clock clock() {
        return new Clock() {
            @Override
            public ZoneId getZone() {
                return ZoneOffset.UTC;
            }

            @Override
            public Clock withZone(ZoneId zone) {
                return this;
            }

            @Override
            public Instant instant() {
                return now;
            }
        };
    }

    @Override
    public void close() {
        desk.close();
        state.close();
    }
}
