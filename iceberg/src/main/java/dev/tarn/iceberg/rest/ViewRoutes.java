package dev.tarn.iceberg.rest;

import dev.tarn.model.TableName;
import dev.tarn.model.catalog.Change;
import dev.tarn.model.catalog.CommitResult;
import dev.tarn.model.catalog.Entry;
import dev.tarn.model.catalog.EntryKey;
import dev.tarn.model.catalog.Versioned;
import dev.tarn.spi.Catalog;
import dev.tarn.spi.HttpProtocol.Answer;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.rest.requests.CreateViewRequest;
import org.apache.iceberg.rest.requests.RegisterViewRequest;
import org.apache.iceberg.rest.requests.RenameTableRequest;
import org.apache.iceberg.rest.requests.UpdateTableRequest;
import org.apache.iceberg.rest.responses.ImmutableLoadViewResponse;
import org.apache.iceberg.view.ViewMetadata;

/** Views of a ref. */
final class ViewRoutes {
    private static final int ATTEMPTS = 10;

    private final Catalog catalog;
    private final ViewFiles files;
    private final Publishing publishing;

    ViewRoutes(Catalog catalog, ViewFiles files, Publishing publishing) {
        this.catalog = catalog;
        this.files = files;
        this.publishing = publishing;
    }

    Answer list(Exchange exchange) {
        RefEntries entries = entries(exchange);
        entries.requireNamespace(exchange.namespace());
        return TableRoutes.listed(
                entries.names(Names.schema(exchange.namespace()), Entry.View.class), exchange);
    }

    Answer create(Exchange exchange) {
        CreateViewRequest request = exchange.body(CreateViewRequest.class);
        TableName name = Names.table(TableIdentifier.of(exchange.namespace(), request.name()));
        free(exchange, name);
        ViewMetadata made =
                files.write(
                        ViewMetadata.builder()
                                .setProperties(request.properties())
                                .setLocation(files.location(request.location(), name))
                                .setCurrentVersion(request.viewVersion(), request.schema())
                                .assignUUID(UUID.randomUUID().toString())
                                .build());
        add(exchange, name, made, "create view ");
        return answer(made);
    }

    Answer register(Exchange exchange) {
        RegisterViewRequest request = exchange.body(RegisterViewRequest.class);
        TableName name = Names.table(TableIdentifier.of(exchange.namespace(), request.name()));
        free(exchange, name);
        ViewMetadata known = files.registered(request.metadataLocation());
        add(exchange, name, known, "register view ");
        return answer(known);
    }

    private void free(Exchange exchange, TableName name) {
        RefEntries entries = entries(exchange);
        entries.requireNamespace(exchange.namespace());
        entries.requireFree(name, RefEntries.VIEW);
    }

    private void add(Exchange exchange, TableName name, ViewMetadata metadata, String what) {
        Change change =
                Change.put(
                        EntryKey.of(name),
                        files.entry(metadata, Map.of()),
                        new Change.Expected.Absent());
        List<CommitResult.Conflict> conflicts =
                publishing.attempt(
                        exchange, List.of(change), what + RestErrors.shown(name), Optional.empty());
        if (!conflicts.isEmpty()) {
            throw RestErrors.exists(RefEntries.VIEW, name);
        }
    }

    Answer load(Exchange exchange) {
        return answer(files.read(entries(exchange).view(exchange.view())));
    }

    Answer exists(Exchange exchange) {
        entries(exchange).view(exchange.view());
        return Json.nothing();
    }

    Answer update(Exchange exchange) {
        UpdateTableRequest request = exchange.body(UpdateTableRequest.class);
        TableName name = Names.table(exchange.view());
        for (int attempt = 1; ; attempt++) {
            Versioned found = entries(exchange).view(exchange.view());
            ViewMetadata base = files.read(found);
            request.requirements().forEach(requirement -> requirement.validate(base));
            ViewMetadata.Builder builder = ViewMetadata.buildFrom(base);
            request.updates().forEach(update -> files.apply(update, builder));
            ViewMetadata next = builder.build();
            if (next.changes().isEmpty()) {
                return answer(base);
            }
            ViewMetadata written = files.write(next);
            Change change =
                    Change.put(
                            found.key(),
                            files.entry(written, found.entry().attributes()),
                            Change.Expected.of(Optional.of(found)));
            List<CommitResult.Conflict> conflicts =
                    publishing.attempt(
                            exchange,
                            List.of(change),
                            "change view " + RestErrors.shown(name),
                            Optional.empty());
            if (conflicts.isEmpty()) {
                return answer(written);
            }
            files.discard(written);
            if (attempt == ATTEMPTS) {
                throw RestErrors.moved(conflicts);
            }
        }
    }

    Answer drop(Exchange exchange) {
        Versioned view = entries(exchange).view(exchange.view());
        publishing.publish(
                exchange,
                List.of(Change.drop(view.key(), Change.Expected.of(Optional.of(view)))),
                "drop view " + exchange.view());
        return Json.nothing();
    }

    Answer rename(Exchange exchange) {
        RenameTableRequest request = exchange.body(RenameTableRequest.class);
        RefEntries entries = entries(exchange);
        Versioned source = entries.view(request.source());
        publishing.publish(
                exchange,
                TableRoutes.renaming(entries, source, request),
                "rename view %s to %s".formatted(request.source(), request.destination()));
        return Json.nothing();
    }

    private static Answer answer(ViewMetadata metadata) {
        return Json.ok(
                ImmutableLoadViewResponse.builder()
                        .metadata(metadata)
                        .metadataLocation(metadata.metadataFileLocation())
                        .build());
    }

    private RefEntries entries(Exchange exchange) {
        return RefEntries.read(catalog, exchange.ref());
    }
}
