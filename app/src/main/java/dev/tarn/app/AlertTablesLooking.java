package dev.tarn.app;

import dev.tarn.model.PublicationId;
import dev.tarn.model.TableName;
import dev.tarn.model.alert.AlertKind;
import dev.tarn.model.alert.AlertRule;
import dev.tarn.model.alert.Finding;
import dev.tarn.model.alert.Mark;
import dev.tarn.model.catalog.Entry;
import dev.tarn.model.catalog.Versioned;
import dev.tarn.model.graph.Node;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What is wrong with tables and sources, by what the catalog shows. */
final class AlertTablesLooking {
    private static final Pattern AT = Pattern.compile("\"at\":\"([^\"]+)\"");
    private static final String QUARANTINE = "__quarantine";

    /** A quarantine that has not grown for so long is a known one. */
    private static final Duration SETTLED = Duration.ofHours(1);

    private final Wiring wiring;
    private final AlertGraph graph;
    private final Map<TableName, Seen> known = new HashMap<>();

    private record Seen(PublicationId version, TableListing listing) {}

    AlertTablesLooking(Wiring wiring, AlertGraph graph) {
        this.wiring = wiring;
        this.graph = graph;
    }

    /** Tables whose rows have not changed for longer than they may. */
    List<Finding> stale(AlertRule rule) {
        Duration most = rule.olderThan().orElse(Duration.ofDays(1));
        List<Finding> findings = new ArrayList<>();
        for (TableListing table : listings(rule)) {
            if (!table.name().table().endsWith(QUARANTINE)) {
                table.changed()
                        .filter(at -> at.plus(most).isBefore(now()))
                        .ifPresent(at ->
                                findings.add(old(AlertKind.TABLE_STALE, table.name(), at, most)));
            }
        }
        return findings;
    }

    private Finding old(AlertKind kind, TableName table, Instant at, Duration most) {
        return new Finding(
                kind,
                table.toString(),
                graph.owner(table),
                at.plus(most),
                (kind == AlertKind.TABLE_STALE
                                ? "The rows of %s last changed at %s. They may be %s old."
                                : "Something of source %s was last read at %s. That may be %s ago.")
                        .formatted(
                                table, at.truncatedTo(ChronoUnit.SECONDS), AlertLooking.age(most)),
                Optional.empty(),
                graph.after(table),
                Optional.of("the state of " + at.truncatedTo(ChronoUnit.SECONDS)),
                AlertLooking.page(table));
    }

    /** Sources of which nothing was read for longer than they may. */
    List<Finding> sources(AlertRule rule) {
        Duration most = rule.olderThan().orElse(Duration.ofDays(1));
        Map<String, Optional<Instant>> read = new TreeMap<>();
        for (Versioned position : overview().positions(At.MAIN)) {
            String name = position.key().name();
            int slash = name.indexOf('/');
            if (slash > 0 && position.entry() instanceof Entry.Position said) {
                read.merge(name.substring(0, slash), at(said.value()), AlertTablesLooking::later);
            }
        }
        List<Finding> findings = new ArrayList<>();
        read.forEach((source, at) -> {
            if (rule.concerns(source)) {
                TableName table = TableName.parse(source);
                at.or(() -> changed(table))
                        .filter(t -> t.plus(most).isBefore(now()))
                        .ifPresent(t -> findings.add(old(AlertKind.SOURCE_STALE, table, t, most)));
            }
        });
        return findings;
    }

    private static Optional<Instant> later(Optional<Instant> a, Optional<Instant> b) {
        return a.isEmpty() || (b.isPresent() && b.get().isAfter(a.get())) ? b : a;
    }

    private static Optional<Instant> at(String position) {
        Matcher at = AT.matcher(position);
        try {
            return at.find() ? Optional.of(Instant.parse(at.group(1))) : Optional.empty();
        } catch (DateTimeParseException e) {
            return Optional.empty();
        }
    }

    /** Where a source's place in a stream says no time, its table does. */
    private Optional<Instant> changed(TableName table) {
        return overview().tables(At.MAIN, List.of(table)).stream()
                .flatMap(t -> t.changed().stream())
                .findFirst();
    }

    /** Sources with more rows put apart than were known. */
    List<Finding> quarantine(AlertRule rule) {
        List<Finding> findings = new ArrayList<>();
        Set<TableName> apart = new HashSet<>();
        for (TableListing table : listings(rule)) {
            String name = table.name().table();
            if (name.endsWith(QUARANTINE)) {
                TableName source =
                        new TableName(
                                table.name().schema(),
                                name.substring(0, name.length() - QUARANTINE.length()));
                apart.add(source);
                grown(source, table.rows())
                        .filter(g -> g.rows() >= rule.rows())
                        .ifPresent(g -> findings.add(grown(source, table.name(), g)));
            }
        }
        // That nothing of a source is put apart is known as well: the first rows are told.
        graph.sources().stream()
                .map(Node.Source::relation)
                .filter(s -> !apart.contains(s) && rule.concerns(s.toString()))
                .forEach(s -> grown(s, 0));
        return findings;
    }

    /** How many rows came since somebody last knew of them, and when the last of them did. */
    private record Growth(long rows, Instant since) {}

    /**
     * The first look tells nothing: what is there then is known. So is what stayed as it is for a
     * while, and what there was before rows were taken out.
     */
    private Optional<Growth> grown(TableName source, long rows) {
        Optional<Mark> known = wiring.alerts().read(t -> t.mark("quarantine " + source));
        if (known.filter(m -> m.value() == rows).isPresent()) {
            return Optional.empty();
        }
        Instant now = now();
        return wiring.alerts()
                .change(tables -> {
                    Optional<Mark> base = tables.mark("quarantine " + source);
                    Optional<Mark> last = tables.mark("quarantine now " + source);
                    if (last.filter(m -> m.value() == rows).isEmpty()) {
                        last = Optional.of(new Mark("quarantine now " + source, rows, now));
                        tables.put(last.get());
                    }
                    boolean settled = last.get().at().plus(SETTLED).isBefore(now);
                    if (base.isEmpty() || rows < base.get().value() || settled) {
                        if (base.filter(m -> m.value() == rows).isEmpty()) {
                            tables.put(new Mark("quarantine " + source, rows, now));
                        }
                        return Optional.empty();
                    }
                    long more = rows - base.get().value();
                    return more == 0
                            ? Optional.empty()
                            : Optional.of(new Growth(more, last.get().at()));
                });
    }

    private Finding grown(TableName source, TableName quarantine, Growth growth) {
        return new Finding(
                AlertKind.QUARANTINE_GREW,
                source.toString(),
                graph.owner(source),
                growth.since(),
                "%d rows of %s did not fit and were put apart. `tarn query \"select * from %s\"` shows them."
                        .formatted(growth.rows(), source, quarantine),
                Optional.empty(),
                List.of(),
                Optional.empty(),
                AlertLooking.page(quarantine));
    }

    /** Of tables on main that a rule is about, each looked at once for each of its states. */
    private synchronized List<TableListing> listings(AlertRule rule) {
        List<TableName> fresh = new ArrayList<>();
        Map<TableName, PublicationId> wanted = new TreeMap<>();
        for (Versioned relation : overview().relations(At.MAIN)) {
            TableName name = TableName.parse(relation.key().name());
            String subject = name.toString().replaceAll(QUARANTINE + "$", "");
            if (relation.pointer().isPresent() && rule.concerns(subject)) {
                wanted.put(name, relation.version());
                Seen seen = known.get(name);
                if (seen == null || !seen.version().equals(relation.version())) {
                    fresh.add(name);
                }
            }
        }
        for (TableListing listing : overview().tables(At.MAIN, fresh)) {
            PublicationId version = wanted.get(listing.name());
            if (version != null) {
                known.put(listing.name(), new Seen(version, listing));
            }
        }
        return wanted.keySet().stream()
                .map(known::get)
                .filter(java.util.Objects::nonNull)
                .map(Seen::listing)
                .toList();
    }

    private Overview overview() {
        return new Overview(
                new Looking(wiring.catalog(), wiring.runs(), wiring.tables()), wiring.runs());
    }

    private Instant now() {
        return wiring.clock().instant();
    }
}
