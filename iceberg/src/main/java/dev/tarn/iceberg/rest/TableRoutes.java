package dev.tarn.iceberg.rest;

import dev.tarn.iceberg.MetadataFiles;
import dev.tarn.model.TableName;
import dev.tarn.model.catalog.Change;
import dev.tarn.model.catalog.CommitResult;
import dev.tarn.model.catalog.Entry;
import dev.tarn.model.catalog.EntryKey;
import dev.tarn.model.catalog.Versioned;
import dev.tarn.model.table.AttachedPointer;
import dev.tarn.model.table.TablePointer;
import dev.tarn.spi.HttpProtocol.Answer;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.SortOrder;
import org.apache.iceberg.TableMetadata;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.exceptions.AlreadyExistsException;
import org.apache.iceberg.rest.RESTUtil;
import org.apache.iceberg.rest.credentials.Credential;
import org.apache.iceberg.rest.credentials.ImmutableCredential;
import org.apache.iceberg.rest.requests.CommitTransactionRequest;
import org.apache.iceberg.rest.requests.CreateTableRequest;
import org.apache.iceberg.rest.requests.RegisterTableRequest;
import org.apache.iceberg.rest.requests.RenameTableRequest;
import org.apache.iceberg.rest.requests.ReportMetricsRequest;
import org.apache.iceberg.rest.requests.UpdateTableRequest;
import org.apache.iceberg.rest.responses.ImmutableLoadCredentialsResponse;
import org.apache.iceberg.rest.responses.ListTablesResponse;
import org.apache.iceberg.rest.responses.LoadTableResponse;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tables of a ref. */
final class TableRoutes {
    private static final Logger log = LoggerFactory.getLogger(TableRoutes.class);

    private final RestConfig config;
    private final MetadataFiles files;
    private final Publishing publishing;
    private final Commits commits;
    private final Locations locations;

    TableRoutes(RestConfig config, MetadataFiles files, Publishing publishing) {
        this.config = config;
        this.files = files;
        this.publishing = publishing;
        this.locations = new Locations(config.tables(), config.anyLocation());
        this.commits = new Commits(config.catalog(), files, publishing, locations);
    }

    /** The pointer of a table that Iceberg's clients can read. */
    static TablePointer pointer(Versioned table) {
        TablePointer pointer = table.pointer().orElseThrow();
        if (AttachedPointer.of(pointer).isPresent()) {
            throw RestErrors.attached(TableName.parse(table.key().name()));
        }
        return pointer;
    }

    /** The metadata of a table that is offered as Iceberg. */
    static TableMetadata metadata(MetadataFiles files, Versioned table) {
        TableMetadata metadata = files.read(pointer(table));
        String formats = metadata.properties().getOrDefault("tarn.formats", "iceberg");
        if (!List.of(formats.split("[,\\s]+")).contains("iceberg")) {
            throw RestErrors.otherFormat(TableName.parse(table.key().name()), formats);
        }
        return metadata;
    }

    Answer list(Exchange exchange) {
        RefEntries entries = entries(exchange);
        entries.requireNamespace(exchange.namespace());
        return listed(
                entries.names(Names.schema(exchange.namespace()), Entry.Table.class), exchange);
    }

    static Answer listed(List<TableName> names, Exchange exchange) {
        Pages.Page<TableName> page = Pages.cut(names, TableName::table, exchange);
        return Json.ok(
                ListTablesResponse.builder()
                        .addAll(page.entries().stream().map(Names::identifier).toList())
                        .nextPageToken(page.next().orElse(null))
                        .build());
    }

    Answer create(Exchange exchange) {
        CreateTableRequest request = exchange.body(CreateTableRequest.class);
        TableName name = Names.table(TableIdentifier.of(exchange.namespace(), request.name()));
        RefEntries entries = entries(exchange);
        entries.requireNamespace(exchange.namespace());
        entries.requireFree(name, RefEntries.TABLE);
        TableMetadata made =
                TableMetadata.newTableMetadata(
                        request.schema(),
                        request.spec() == null ? PartitionSpec.unpartitioned() : request.spec(),
                        request.writeOrder() == null ? SortOrder.unsorted() : request.writeOrder(),
                        locations.chosen(request.location(), name),
                        request.properties());
        if (request.stageCreate()) {
            return answer(exchange, made);
        }
        TablePointer pointer = files.add(null, made);
        try {
            put(exchange, name, pointer, Optional.empty(), "create " + RestErrors.shown(name));
        } catch (AlreadyExistsException e) {
            files.remove(pointer);
            throw e;
        }
        return answer(exchange, files.read(pointer));
    }

    Answer register(Exchange exchange) {
        RegisterTableRequest request = exchange.body(RegisterTableRequest.class);
        TableName name = Names.table(TableIdentifier.of(exchange.namespace(), request.name()));
        RefEntries entries = entries(exchange);
        entries.requireNamespace(exchange.namespace());
        if (!request.overwrite()
                || entries.taken(name).filter(RefEntries.VIEW::equals).isPresent()) {
            entries.requireFree(name, RefEntries.TABLE);
        }
        locations.require(request.metadataLocation());
        TablePointer pointer = new TablePointer(request.metadataLocation());
        TableMetadata metadata = files.read(pointer);
        put(exchange, name, pointer, entries.find(name), "register " + RestErrors.shown(name));
        return answer(exchange, metadata);
    }

    private void put(
            Exchange exchange,
            TableName name,
            TablePointer pointer,
            Optional<Versioned> seen,
            String what) {
        Change change =
                Change.put(
                        EntryKey.of(name),
                        new Entry.Table(pointer, Map.of()),
                        Change.Expected.of(seen));
        List<CommitResult.Conflict> conflicts =
                publishing.attempt(exchange, List.of(change), what, Optional.empty());
        if (!conflicts.isEmpty()) {
            if (seen.isPresent()) {
                throw RestErrors.moved(conflicts);
            }
            throw RestErrors.exists(RefEntries.TABLE, name);
        }
    }

    Answer load(Exchange exchange) {
        Versioned table = entries(exchange).table(exchange.table());
        TablePointer pointer = pointer(table);
        if (!files.isThere(pointer)) {
            throw RestErrors.metadataGone(pointer.metadataLocation());
        }
        boolean all = allSnapshots(exchange);
        String etag = etag(pointer, all);
        if (exchange.header("if-none-match").filter(etag::equals).isPresent()
                && !wantsCredentials(exchange)) {
            return new Answer(304, Map.of("ETag", etag), new byte[0]);
        }
        TableMetadata metadata = metadata(files, table);
        return answer(
                exchange,
                all
                        ? metadata
                        : TableMetadata.buildFrom(metadata)
                                .withMetadataLocation(metadata.metadataFileLocation())
                                .suppressHistoricalSnapshots()
                                .discardChanges()
                                .build());
    }

    private static boolean allSnapshots(Exchange exchange) {
        String mode = exchange.query("snapshots").orElse("all").toLowerCase(Locale.ROOT);
        return switch (mode) {
            case "all" -> true;
            case "refs" -> false;
            default -> throw RestErrors.malformed("snapshots is 'all' or 'refs', not " + mode);
        };
    }

    Answer exists(Exchange exchange) {
        entries(exchange).table(exchange.table());
        return Json.nothing();
    }

    Answer update(Exchange exchange) {
        UpdateTableRequest request = exchange.body(UpdateTableRequest.class);
        TableName name = Names.table(exchange.table());
        List<TableMetadata> after =
                commits.commit(exchange, List.of(new Commits.Asked(name, request)));
        return answer(exchange, after.getFirst());
    }

    /** Several tables at once. */
    Answer transact(Exchange exchange) {
        CommitTransactionRequest request = exchange.body(CommitTransactionRequest.class);
        List<Commits.Asked> asked =
                request.tableChanges().stream()
                        .map(c -> new Commits.Asked(Names.table(c.identifier()), c))
                        .toList();
        if (asked.stream().map(Commits.Asked::name).distinct().count() < asked.size()) {
            throw RestErrors.malformed("a table stands in it twice");
        }
        commits.commit(exchange, asked);
        return Json.nothing();
    }

    /**
     * Takes a table off the ref. Its files stay, purged or not, while another ref, a tag or the
     * history reaches them; upkeep removes them when nothing does.
     */
    Answer drop(Exchange exchange) {
        Versioned table = entries(exchange).table(exchange.table());
        publishing.publish(
                exchange,
                List.of(Change.drop(table.key(), Change.Expected.of(Optional.of(table)))),
                "drop " + exchange.table());
        return Json.nothing();
    }

    Answer rename(Exchange exchange) {
        RenameTableRequest request = exchange.body(RenameTableRequest.class);
        RefEntries entries = entries(exchange);
        publishing.publish(
                exchange,
                renaming(entries, entries.table(request.source()), request),
                "rename %s to %s".formatted(request.source(), request.destination()));
        return Json.nothing();
    }

    static List<Change> renaming(RefEntries entries, Versioned source, RenameTableRequest request) {
        entries.requireNamespace(request.destination().namespace());
        TableName destination = Names.table(request.destination());
        entries.taken(destination)
                .ifPresent(what -> {
                    throw RestErrors.renameTaken(request.source(), request.destination(), what);
                });
        return List.of(
                Change.drop(source.key(), Change.Expected.of(Optional.of(source))),
                Change.put(EntryKey.of(destination), source.entry(), new Change.Expected.Absent()));
    }

    /** What clients measured; kept in the log only. */
    Answer metrics(Exchange exchange) {
        ReportMetricsRequest request = exchange.body(ReportMetricsRequest.class);
        log.debug("{} {}: {}", exchange.ref(), exchange.table(), request.report());
        return Json.nothing();
    }

    Answer credentials(Exchange exchange) {
        TableMetadata metadata = metadata(files, entries(exchange).table(exchange.table()));
        Credential credential =
                credential(metadata)
                        .orElseThrow(() -> RestErrors.noCredentials(metadata.location()));
        return Json.ok(
                ImmutableLoadCredentialsResponse.builder().addCredentials(credential).build());
    }

    private Optional<Credential> credential(TableMetadata metadata) {
        return config.vending()
                .grant(metadata.location())
                .map(grant ->
                        ImmutableCredential.builder()
                                .prefix(grant.prefix())
                                .config(grant.settings())
                                .build());
    }

    private Answer answer(Exchange exchange, TableMetadata metadata) {
        LoadTableResponse.Builder body =
                LoadTableResponse.builder()
                        .withTableMetadata(metadata)
                        .addAllConfig(new HashMap<>(config.clientSettings()));
        if (wantsCredentials(exchange)) {
            credential(metadata).ifPresent(body::addCredential);
        }
        String location = metadata.metadataFileLocation();
        return Json.answer(
                200,
                body.build(),
                location == null
                        ? Map.of()
                        : Map.of("ETag", etag(new TablePointer(location), allSnapshots(exchange))));
    }

    private static boolean wantsCredentials(Exchange exchange) {
        return exchange.header("x-iceberg-access-delegation")
                .filter(asked -> asked.contains("vended-credentials"))
                .isPresent();
    }

    /** A pointer never changes its meaning, so its text is all there is to tell. */
    private static String etag(TablePointer pointer, boolean allSnapshots) {
        return "\"%s%s\""
                .formatted(
                        RESTUtil.encodeString(pointer.metadataLocation()),
                        allSnapshots ? "" : "+refs");
    }

    private RefEntries entries(Exchange exchange) {
        return RefEntries.read(config.catalog(), exchange.ref());
    }
}
