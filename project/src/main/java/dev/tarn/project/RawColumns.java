package dev.tarn.project;

import dev.tarn.model.Place;
import dev.tarn.model.graph.Node;
import dev.tarn.model.graph.Node.ColumnDoc;
import dev.tarn.model.graph.Project;
import dev.tarn.model.graph.SqlText;
import dev.tarn.model.table.Schema;
import dev.tarn.spi.EngineSession;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Finds the columns of what comes from outside: seeds, and sources that are not there yet. */
final class RawColumns {
    private static final String COLUMNS = ", auto_detect = false, parallel = false, columns = {";

    private final Project project;
    private final BindSessions sessions;
    private final BindCache remembered;
    private final Describing describing;

    /** Describes a query of a node; what is wrong with it is told, and nothing is given. */
    interface Describing {
        Optional<Schema> describe(EngineSession session, Node node, SqlText sql);
    }

    RawColumns(
            Project project, BindSessions sessions, BindCache remembered, Describing describing) {
        this.project = project;
        this.sessions = sessions;
        this.remembered = remembered;
        this.describing = describing;
    }

    /** The columns that are declared for a source, or those of the seed that fills it. */
    Optional<Schema> of(Node.Source source) {
        return declared(source).or(() -> seeded(source));
    }

    Optional<Schema> of(Node.Seed seed) {
        return alone(seed, rows(seed), seed.common().fingerprint());
    }

    /** The columns a property file gives types to; empty unless it does so for all. */
    private Optional<Schema> declared(Node.Source source) {
        Collection<ColumnDoc> columns = source.columns().values();
        if (columns.isEmpty() || columns.stream().anyMatch(c -> c.dataType().isEmpty())) {
            return Optional.empty();
        }
        List<String> casts =
                columns.stream()
                        .map(c ->
                                "cast(null as %s) as %s"
                                        .formatted(
                                                c.dataType().orElseThrow(),
                                                SqlNames.always(c.name())))
                        .toList();
        Place place = source.common().place();
        String sql = "select " + String.join(", ", casts);
        return alone(source, new SqlText(sql, offset -> Optional.of(place)), "");
    }

    /** The columns of the seed that fills it, where a project brings its own raw data. */
    private Optional<Schema> seeded(Node.Source source) {
        return project.nodes().values().stream()
                .filter(Node.Seed.class::isInstance)
                .map(Node.Seed.class::cast)
                .filter(s -> s.relation().equals(source.relation()))
                .findFirst()
                .flatMap(this::of);
    }

    private SqlText rows(Node.Seed seed) {
        Path file = project.root().resolve(seed.file());
        StringBuilder types = new StringBuilder();
        seed.columnTypes()
                .forEach((column, type) ->
                        types.append(types.isEmpty() ? COLUMNS : ", ")
                                .append(literal(column))
                                .append(": ")
                                .append(literal(type)));
        String sql =
                "select * from read_csv(%s, header = true, delim = %s%s)"
                        .formatted(
                                literal(file.toString()),
                                literal(String.valueOf(seed.delimiter())),
                                types.isEmpty() ? "" : types.append('}'));
        return new SqlText(sql, offset -> Optional.of(Place.of(seed.file())));
    }

    /**
     * The columns of a query that reads no relation.
     *
     * @param extra sums up what it reads instead
     */
    private Optional<Schema> alone(Node node, SqlText sql, String extra) {
        Optional<CacheKey> key = remembered.key(sql.sql(), Set.of(), extra);
        Optional<Schema> known = key.flatMap(remembered::find);
        if (known.isPresent()) {
            return known;
        }
        List<Schema> found = new ArrayList<>();
        sessions.each(
                List.of(sql),
                (session, s) -> describing.describe(session, node, s).ifPresent(found::add));
        found.forEach(schema -> key.ifPresent(k -> remembered.put(k, schema)));
        return found.stream().findFirst();
    }

    static String literal(String text) {
        return "'" + text.replace("'", "''") + "'";
    }
}
