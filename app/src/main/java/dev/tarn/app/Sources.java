package dev.tarn.app;

import dev.tarn.model.AsOf;
import dev.tarn.model.ErrorCode;
import dev.tarn.model.PublicationId;
import dev.tarn.model.RefName;
import dev.tarn.model.TableName;
import dev.tarn.model.TarnException;
import dev.tarn.model.catalog.Entry;
import dev.tarn.model.catalog.EntryKey;
import dev.tarn.model.catalog.Publication;
import dev.tarn.model.catalog.Versioned;
import dev.tarn.model.graph.IngestSpec;
import dev.tarn.model.graph.Node;
import dev.tarn.model.graph.NodeId;
import dev.tarn.spi.CatalogView;
import dev.tarn.spi.OpenSource.Lag;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Sources: how far they have been read, and going back. */
public final class Sources {
    private final Building building;
    private final Wiring wiring;
    private final Looking looking;
    private final Asking asking;

    Sources(Building building, Wiring wiring, Looking looking, Asking asking) {
        this.building = building;
        this.wiring = wiring;
        this.looking = looking;
        this.asking = asking;
    }

    /** What did not fit. */
    public Quarantine quarantine() {
        return new Quarantine(building, wiring, looking, asking, this);
    }

    /**
     * Where reading a part of a source stands.
     *
     * @param part a file, a partition, a range of keys: what the source has
     * @param value in a form of the source's own
     * @param since the publication that made it what it is
     */
    public record Position(
            NodeId source, TableName table, String part, String value, PublicationId since) {}

    /**
     * Where it stood once.
     *
     * @param value empty from when on it was forgotten
     */
    public record PastPosition(
            NodeId source,
            TableName table,
            String part,
            Optional<String> value,
            Publication publication) {}

    /** How far behind the source a table is. */
    public record Behind(NodeId source, TableName table, Lag lag) {}

    /** The positions of sources, by table and part. */
    public List<Position> positions(List<String> select, List<String> exclude, At at) {
        CatalogView view = looking.view(at);
        List<Position> positions = new ArrayList<>();
        for (Node.Source source : selected(select, exclude)) {
            for (Versioned found : entries(source, view)) {
                positions.add(
                        new Position(
                                source.id(),
                                source.relation(),
                                part(source, found.key()),
                                found.entry() instanceof Entry.Position p ? p.value() : "",
                                found.version()));
            }
        }
        return positions;
    }

    /**
     * What the positions that are there were before, the newest first within each part.
     *
     * @param limit how many of each part
     */
    public List<PastPosition> history(
            List<String> select, List<String> exclude, RefName ref, int limit) {
        CatalogView view = looking.view(new At(ref, AsOf.head()));
        List<PastPosition> past = new ArrayList<>();
        for (Node.Source source : selected(select, exclude)) {
            for (Versioned found : entries(source, view)) {
                for (var version : wiring.catalog().history(ref, found.key(), limit)) {
                    past.add(
                            new PastPosition(
                                    source.id(),
                                    source.relation(),
                                    part(source, found.key()),
                                    version.value()
                                            .map(Versioned::entry)
                                            .map(e ->
                                                    e instanceof Entry.Position p ? p.value() : ""),
                                    version.publication()));
                }
            }
        }
        return past;
    }

    /** Asks the sources that have a connector how much there is still to be read. */
    public List<Behind> behind(List<String> select, List<String> exclude, At at) {
        CatalogView view = looking.view(at);
        List<Behind> behind = new ArrayList<>();
        try (ConnectedIngestion connected = building.connected(Set.of(), 1, false)) {
            for (Node.Source source : selected(select, exclude)) {
                if (isConnected(source)) {
                    behind.add(
                            new Behind(
                                    source.id(),
                                    source.relation(),
                                    connected.lag(source, texts(source, view))));
                }
            }
        }
        return behind;
    }

    /**
     * Lets sources be read again from where they once stood.
     *
     * @throws TarnException {@code USAGE}, {@code PUBLICATION_NOT_FOUND}; {@code COMMIT_CONFLICT}
     *     when somebody landed meanwhile
     */
    public Rewind.Result rewind(Rewind request) {
        return new Rewinding(wiring, looking).rewind(request, this::lag, this::sources);
    }

    private List<Node.Source> sources(Rewind request) {
        return selected(request.select(), request.exclude());
    }

    private Lag lag(Node.Source source, Map<String, String> positions) {
        if (!isConnected(source)) {
            return Lag.UNKNOWN;
        }
        try (ConnectedIngestion connected = building.connected(Set.of(), 1, false)) {
            return connected.lag(source, positions);
        } catch (TarnException notNow) {
            return Lag.UNKNOWN;
        }
    }

    private static boolean isConnected(Node.Source source) {
        return source.ingest().flatMap(IngestSpec::connector).isPresent();
    }

    List<Node.Source> selected(List<String> select, List<String> exclude) {
        List<Node.Source> sources =
                building
                        .select(
                                select.stream().map(this::asSource).toList(),
                                exclude,
                                EnumSet.of(NodeKind.SOURCE))
                        .stream()
                        .filter(Node.Source.class::isInstance)
                        .map(Node.Source.class::cast)
                        .toList();
        if (sources.isEmpty() && !select.isEmpty()) {
            throw new TarnException(
                    ErrorCode.SELECTION_INVALID,
                    "No source is selected. `tarn ls --resource-type source` lists those there are.");
        }
        return sources;
    }

    /** The table of a source, which listings show, as a selection of that source. */
    private String asSource(String text) {
        return building.compiled().nodes().values().stream()
                .filter(n -> n instanceof Node.Source)
                .map(Node.Source.class::cast)
                .filter(s -> s.relation().toString().equals(text))
                .map(s -> "source:" + s.name())
                .findFirst()
                .orElse(text);
    }

    static List<Versioned> entries(Node.Source source, CatalogView view) {
        return view.list(EntryKey.Kind.POSITION, source.relation() + "/");
    }

    static String part(Node.Source source, EntryKey key) {
        return key.name().substring(source.relation().toString().length() + 1);
    }

    private static Map<String, String> texts(Node.Source source, CatalogView view) {
        return dev.tarn.ingest.StreamLanding.positions(source, view);
    }
}
