package dev.tarn.app;

import dev.tarn.model.AsOf;
import dev.tarn.model.ErrorCode;
import dev.tarn.model.RefName;
import dev.tarn.model.TarnException;
import dev.tarn.model.graph.Node;
import dev.tarn.model.graph.SqlText;
import dev.tarn.model.table.Type;
import dev.tarn.run.CatalogRelations;
import dev.tarn.spi.Engine;
import dev.tarn.spi.EngineSession;
import dev.tarn.spi.QueryResult;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Looks how old the newest rows of sources are. */
public final class Freshness {
    /** When rows that are not there were loaded. */
    public static final Instant NEVER = Instant.parse("0001-01-01T00:00:00Z");

    private final Building building;
    private final Wiring wiring;

    Freshness(Building building, Wiring wiring) {
        this.building = building;
        this.wiring = wiring;
    }

    /** What an age means. */
    public enum Status {
        PASS,
        WARN,
        ERROR,
        /** It could not be found out. */
        RUNTIME_ERROR
    }

    /**
     * The age of one source's table.
     *
     * @param loadedAt when its newest rows were loaded; empty when there are none, or it could not
     *     be found out
     * @param criteria how old they may be, as somebody wrote it
     */
    public record Finding(
            Node.Source source,
            Status status,
            Optional<Instant> loadedAt,
            Instant lookedAt,
            Map<Object, @Nullable Object> criteria,
            Optional<String> message) {}

    List<Finding> look(List<String> select, List<String> exclude) {
        List<Finding> findings = new ArrayList<>();
        for (Node node : building.select(select, exclude, EnumSet.of(NodeKind.SOURCE))) {
            Map<Object, @Nullable Object> facts = building.compiled().manifest().node(node.id());
            if (node instanceof Node.Source source && isAsked(facts.get("freshness"))) {
                findings.add(look(source, facts));
            }
        }
        return findings;
    }

    /** Whether there is an age that is too much. */
    private static boolean isAsked(@Nullable Object freshness) {
        return freshness instanceof Map<?, ?> criteria
                && (isLimit(criteria.get("warn_after")) || isLimit(criteria.get("error_after")));
    }

    private static boolean isLimit(@Nullable Object limit) {
        return limit instanceof Map<?, ?> map
                && map.get("count") != null
                && map.get("period") != null;
    }

    private Finding look(Node.Source source, Map<Object, @Nullable Object> facts) {
        Map<?, ?> criteria = facts.get("freshness") instanceof Map<?, ?> m ? m : Map.of();
        Map<Object, @Nullable Object> written = new java.util.LinkedHashMap<>();
        criteria.forEach(written::put);
        Instant now = wiring.clock().instant();
        try {
            Optional<Instant> newest = newest(source, facts, criteria);
            Duration age = Duration.between(newest.orElse(NEVER), now);
            Status status =
                    exceeds(age, criteria.get("error_after"))
                            ? Status.ERROR
                            : exceeds(age, criteria.get("warn_after")) ? Status.WARN : Status.PASS;
            return new Finding(source, status, newest, now, written, Optional.empty());
        } catch (TarnException e) {
            return new Finding(
                    source,
                    Status.RUNTIME_ERROR,
                    Optional.empty(),
                    now,
                    written,
                    Optional.of(e.problems().getFirst().toString()));
        }
    }

    private Optional<Instant> newest(
            Node.Source source, Map<Object, @Nullable Object> facts, Map<?, ?> criteria) {
        Object filter = criteria.get("filter");
        if (facts.get("loaded_at_query") == null && facts.get("loaded_at_field") == null) {
            throw notKnown(source);
        }
        String sql =
                facts.get("loaded_at_query") instanceof String query
                        ? rendered(source, query)
                        : "select max(%s) from %s.%s%s"
                                .formatted(
                                        facts.get("loaded_at_field"),
                                        Type.quoted(source.relation().schema()),
                                        Type.quoted(source.relation().table()),
                                        filter == null ? "" : " where " + filter);
        try (EngineSession session = wiring.engine().open(Engine.SessionOptions.TRUSTED)) {
            session.resolver(
                    new CatalogRelations(
                            wiring.catalog().read(RefName.MAIN, AsOf.head()),
                            wiring.tables(),
                            wiring.past()));
            try (QueryResult rows = session.query(SqlText.of(sql))) {
                return rows.next() ? time(rows.value(0)) : Optional.empty();
            }
        }
    }

    /** In a query of its own, {@code this} is the source's table. */
    private String rendered(Node.Source source, String query) {
        if (!query.contains("{")) {
            return query;
        }
        String[] names = source.name().split("\\.", 2);
        return new Operations(building, wiring)
                .inline(
                        "{%%- set this = source('%s', '%s') -%%}%s"
                                .formatted(names[0], names[1], query));
    }

    private static TarnException notKnown(Node.Source source) {
        return new TarnException(
                ErrorCode.CONFIG_INVALID,
                "No column of source '%s' says when its rows were loaded. Name one as"
                                .formatted(source.name())
                        + " 'loaded_at_field', or give a 'loaded_at_query'.");
    }

    private static Optional<Instant> time(@Nullable Object value) {
        return switch (value) {
            case Instant t -> Optional.of(t);
            case LocalDateTime t -> Optional.of(t.toInstant(ZoneOffset.UTC));
            case LocalDate d -> Optional.of(d.atStartOfDay().toInstant(ZoneOffset.UTC));
            case String text -> dev.tarn.project.TimeText.parse(text);
            case null, default -> Optional.empty();
        };
    }

    private static boolean exceeds(Duration age, @Nullable Object limit) {
        if (!(limit instanceof Map<?, ?> map)
                || !(map.get("count") instanceof Number count)
                || map.get("period") == null) {
            return false;
        }
        Duration allowed =
                switch (map.get("period").toString()) {
                    case "minute" -> Duration.ofMinutes(count.longValue());
                    case "hour" -> Duration.ofHours(count.longValue());
                    default -> Duration.ofDays(count.longValue());
                };
        return age.compareTo(allowed) > 0;
    }
}
