package dev.tarn.server.api;

import dev.tarn.app.Freshness;
import dev.tarn.app.LineageReport;
import dev.tarn.app.Setting;
import dev.tarn.app.TableListing;
import dev.tarn.app.TableReport;
import dev.tarn.app.Trouble;
import dev.tarn.model.catalog.Publication;
import dev.tarn.model.catalog.Ref;
import dev.tarn.model.run.Verdict;
import dev.tarn.model.table.Field;
import dev.tarn.refs.Difference;
import dev.tarn.refs.Merged;
import dev.tarn.spi.Catalog;
import java.math.BigDecimal;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What the API tells of tables, refs and the project, by name. */
final class TableFacts {
    private TableFacts() {}

    static Map<String, @Nullable Object> listing(TableListing l) {
        Map<String, @Nullable Object> all = new LinkedHashMap<>();
        all.put("name", l.name());
        all.put("kind", l.kind());
        all.put("rows", l.rows());
        all.put("files", l.files());
        all.put("bytes", l.bytes());
        all.put("changed", l.changed());
        all.put("owner", l.owner());
        all.put("description", l.description());
        return all;
    }

    static Map<String, @Nullable Object> table(TableReport r) {
        Map<String, @Nullable Object> all = new LinkedHashMap<>();
        all.put("name", r.listing().name());
        all.put("kind", r.listing().kind());
        all.put("rows", r.listing().rows());
        all.put("bytes", r.listing().bytes());
        all.put("sql", r.sql());
        all.put("publication", r.publication().value());
        all.put("columns", r.schema().fields().stream().map(TableFacts::column).toList());
        all.put("checks", r.checks().stream().map(TableFacts::check).toList());
        return all;
    }

    static Map<String, @Nullable Object> column(Field field) {
        Map<String, @Nullable Object> all = new LinkedHashMap<>();
        all.put("name", field.name());
        all.put("type", field.type().sql());
        return all;
    }

    private static Map<String, @Nullable Object> column(Difference.ColumnChange.Column c) {
        Map<String, @Nullable Object> all = new LinkedHashMap<>();
        all.put("name", c.name());
        all.put("type", c.type().sql());
        return all;
    }

    static Map<String, @Nullable Object> check(Verdict v) {
        Map<String, @Nullable Object> all = new LinkedHashMap<>();
        all.put("check", v.check());
        all.put("table", v.subject());
        all.put("outcome", v.outcome());
        all.put("failures", v.failures());
        all.put("failedRows", v.failedRows());
        return all;
    }

    static Map<String, @Nullable Object> publication(Publication p) {
        Map<String, @Nullable Object> all = new LinkedHashMap<>();
        all.put("id", p.id().value());
        all.put("ref", p.ref());
        all.put("run", p.run());
        all.put("at", p.at());
        all.put("message", p.message());
        all.put("changes", p.changes());
        return all;
    }

    static Map<String, @Nullable Object> version(Catalog.EntryVersion v) {
        Map<String, @Nullable Object> all = new LinkedHashMap<>();
        all.put("publication", publication(v.publication()));
        all.put("there", v.value().isPresent());
        return all;
    }

    static Map<String, @Nullable Object> ref(Ref r) {
        Map<String, @Nullable Object> all = new LinkedHashMap<>();
        all.put("name", r.name());
        all.put("kind", r.kind());
        all.put("parent", r.parent());
        all.put("cutAt", r.cutAt().value());
        all.put("head", r.head().value());
        all.put("createdAt", r.createdAt());
        return all;
    }

    static Map<String, @Nullable Object> merged(Merged m) {
        Map<String, @Nullable Object> all = new LinkedHashMap<>();
        all.put("publication", m.publication().map(TableFacts::publication));
        all.put(
                "entries",
                m.outcomes().stream()
                        .map(o -> {
                            Map<String, @Nullable Object> entry = new LinkedHashMap<>();
                            entry.put("name", o.key().name());
                            entry.put("kind", o.kind());
                            return entry;
                        })
                        .toList());
        all.put("positions", m.positions());
        return all;
    }

    static Map<String, @Nullable Object> difference(Difference d) {
        Map<String, @Nullable Object> all = new LinkedHashMap<>();
        all.put("table", d.name());
        all.put("before", rows(d.before()));
        all.put("after", rows(d.after()));
        all.put(
                "columns",
                d.columns().stream()
                        .map(c -> {
                            Map<String, @Nullable Object> change = new LinkedHashMap<>();
                            change.put("before", c.before().map(TableFacts::column));
                            change.put("after", c.after().map(TableFacts::column));
                            return change;
                        })
                        .toList());
        return all;
    }

    private static Optional<Long> rows(Optional<Difference.Side> side) {
        return side.filter(Difference.Side.Table.class::isInstance)
                .map(s -> ((Difference.Side.Table) s).rows());
    }

    static Map<String, @Nullable Object> subject(LineageReport.Subject s) {
        Map<String, @Nullable Object> all = new LinkedHashMap<>();
        all.put("table", s.table());
        all.put("column", s.column());
        all.put("unknown", s.unknown());
        all.put("upstream", s.upstream().stream().map(TableFacts::step).toList());
        all.put("downstream", s.downstream().stream().map(TableFacts::step).toList());
        return all;
    }

    private static Map<String, @Nullable Object> step(LineageReport.Step s) {
        Map<String, @Nullable Object> all = new LinkedHashMap<>();
        all.put("table", s.table());
        all.put("column", s.column());
        all.put("how", s.how().words());
        all.put("unknown", s.unknown());
        all.put("repeated", s.repeated());
        all.put("steps", s.steps().stream().map(TableFacts::step).toList());
        return all;
    }

    static Map<String, @Nullable Object> freshness(Freshness.Finding f) {
        Map<String, @Nullable Object> all = new LinkedHashMap<>();
        all.put("source", f.source().id().value());
        all.put("status", f.status());
        all.put("loadedAt", f.loadedAt());
        all.put("lookedAt", f.lookedAt());
        return all;
    }

    static Map<String, @Nullable Object> setting(Setting s) {
        Map<String, @Nullable Object> all = new LinkedHashMap<>();
        all.put("name", s.name());
        all.put("value", s.value());
        all.put("origin", s.origin());
        return all;
    }

    static Map<String, @Nullable Object> trouble(Trouble t) {
        Map<String, @Nullable Object> all = new LinkedHashMap<>();
        all.put("node", t.latest().node());
        all.put("run", t.run().id());
        all.put("since", t.since().startedAt().orElse(t.run().startedAt()));
        all.put("times", t.times());
        all.put("message", t.latest().message());
        return all;
    }

    /** A value of a row: whole numbers, truth values and lists as such, all else as a text. */
    static @Nullable Object value(@Nullable Object value) {
        return switch (value) {
            case null -> null;
            case Boolean flag -> flag;
            case Integer number -> number;
            case Long number -> number;
            case Double number -> Double.isFinite(number) ? number : number.toString();
            case Float number ->
                    Float.isFinite(number) ? Double.valueOf(number) : number.toString();
            case BigDecimal number -> number.toPlainString();
            case byte[] bytes -> Base64.getEncoder().encodeToString(bytes);
            case List<?> list -> list.stream().map(TableFacts::listed).toList();
            case Map<?, ?> map -> {
                Map<String, @Nullable Object> all = new LinkedHashMap<>();
                map.forEach((k, v) -> all.put(String.valueOf(k), value(v)));
                yield all;
            }
            default -> value.toString();
        };
    }

    /** Lists hold their values as options, for they cannot hold null. */
    private static Object listed(@Nullable Object value) {
        return Optional.ofNullable(value(value));
    }
}
