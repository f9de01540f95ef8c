package dev.tarn.iceberg.rest;

import dev.tarn.model.TableName;
import dev.tarn.model.catalog.Change;
import dev.tarn.model.catalog.CommitResult;
import dev.tarn.model.catalog.Entry;
import dev.tarn.model.catalog.EntryKey;
import dev.tarn.model.catalog.Versioned;
import dev.tarn.spi.Catalog;
import dev.tarn.spi.HttpProtocol.Answer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import org.apache.iceberg.catalog.Namespace;
import org.apache.iceberg.rest.RESTUtil;
import org.apache.iceberg.rest.requests.CreateNamespaceRequest;
import org.apache.iceberg.rest.requests.UpdateNamespacePropertiesRequest;
import org.apache.iceberg.rest.responses.CreateNamespaceResponse;
import org.apache.iceberg.rest.responses.GetNamespaceResponse;
import org.apache.iceberg.rest.responses.ListNamespacesResponse;
import org.apache.iceberg.rest.responses.UpdateNamespacePropertiesResponse;

/** Namespaces: those that somebody made, and those that are there because a table is in them. */
final class NamespaceRoutes {
    private static final int ATTEMPTS = 10;

    private final Catalog catalog;
    private final Publishing publishing;
    private final Locations locations;

    NamespaceRoutes(Catalog catalog, Publishing publishing, Locations locations) {
        this.catalog = catalog;
        this.publishing = publishing;
        this.locations = locations;
    }

    Answer list(Exchange exchange) {
        RefEntries entries = RefEntries.read(catalog, exchange.ref());
        Namespace parent =
                exchange.query("parent")
                        .map(RESTUtil::namespaceFromQueryParam)
                        .orElse(Namespace.empty());
        if (!parent.isEmpty()) {
            entries.requireNamespace(parent);
        }
        Pages.Page<String> page =
                Pages.cut(entries.children(Names.schema(parent)), name -> name, exchange);
        return Json.ok(
                ListNamespacesResponse.builder()
                        .addAll(page.entries().stream().map(Names::namespace).toList())
                        .nextPageToken(page.next().orElse(null))
                        .build());
    }

    Answer create(Exchange exchange) {
        CreateNamespaceRequest request = exchange.body(CreateNamespaceRequest.class);
        Namespace namespace = request.namespace();
        // The rules for names of schemas are those of the names that are made with them.
        String schema = new TableName(Names.schema(namespace), "t").schema();
        RefEntries entries = RefEntries.read(catalog, exchange.ref());
        if (entries.hasNamespace(schema)) {
            throw RestErrors.namespaceExists(namespace);
        }
        Change change =
                Change.put(
                        EntryKey.namespace(schema),
                        new Entry.Namespace(request.properties()),
                        new Change.Expected.Absent());
        List<CommitResult.Conflict> conflicts =
                publishing.attempt(
                        exchange,
                        List.of(change),
                        "create namespace " + namespace,
                        Optional.empty());
        if (!conflicts.isEmpty()) {
            throw RestErrors.namespaceExists(namespace);
        }
        return Json.ok(
                CreateNamespaceResponse.builder()
                        .withNamespace(namespace)
                        .setProperties(new HashMap<>(request.properties()))
                        .build());
    }

    Answer load(Exchange exchange) {
        Namespace namespace = exchange.namespace();
        RefEntries entries = RefEntries.read(catalog, exchange.ref());
        entries.requireNamespace(namespace);
        String schema = Names.schema(namespace);
        Map<String, String> properties = new HashMap<>(entries.properties(schema));
        // Clients that choose a table's folder by themselves, as Trino does, look for this.
        properties.putIfAbsent("location", locations.ofSchema(schema));
        return Json.ok(
                GetNamespaceResponse.builder()
                        .withNamespace(namespace)
                        .setProperties(properties)
                        .build());
    }

    Answer exists(Exchange exchange) {
        RefEntries.read(catalog, exchange.ref()).requireNamespace(exchange.namespace());
        return Json.nothing();
    }

    Answer drop(Exchange exchange) {
        Namespace namespace = exchange.namespace();
        String schema = Names.schema(namespace);
        RefEntries entries = RefEntries.read(catalog, exchange.ref());
        entries.requireNamespace(namespace);
        entries.firstWithin(schema)
                .ifPresent(within -> {
                    throw RestErrors.namespaceNotEmpty(namespace, within);
                });
        publishing.publish(
                exchange,
                List.of(
                        Change.drop(
                                EntryKey.namespace(schema),
                                Change.Expected.of(entries.namespace(schema)))),
                "drop namespace " + namespace);
        return Json.nothing();
    }

    Answer update(Exchange exchange) {
        UpdateNamespacePropertiesRequest request =
                exchange.body(UpdateNamespacePropertiesRequest.class);
        TreeSet<String> both = new TreeSet<>(request.removals());
        both.retainAll(request.updates().keySet());
        if (!both.isEmpty()) {
            throw RestErrors.bothUpdatedAndRemoved(String.join(", ", both));
        }
        for (int attempt = 1; ; attempt++) {
            RefEntries entries = RefEntries.read(catalog, exchange.ref());
            entries.requireNamespace(exchange.namespace());
            String schema = Names.schema(exchange.namespace());
            Optional<Versioned> seen = entries.namespace(schema);
            Map<String, String> before = entries.properties(schema);
            Map<String, String> after = new HashMap<>(before);
            request.removals().forEach(after::remove);
            after.putAll(request.updates());
            Change change =
                    Change.put(
                            EntryKey.namespace(schema),
                            new Entry.Namespace(after),
                            Change.Expected.of(seen));
            List<CommitResult.Conflict> conflicts =
                    after.equals(before)
                            ? List.of()
                            : publishing.attempt(
                                    exchange,
                                    List.of(change),
                                    "change properties of namespace " + exchange.namespace(),
                                    Optional.empty());
            if (conflicts.isEmpty()) {
                return Json.ok(updated(request, before));
            }
            if (attempt == ATTEMPTS) {
                throw RestErrors.moved(conflicts);
            }
        }
    }

    private static UpdateNamespacePropertiesResponse updated(
            UpdateNamespacePropertiesRequest request, Map<String, String> before) {
        List<String> missing = new ArrayList<>();
        List<String> removed = new ArrayList<>();
        new TreeSet<>(request.removals())
                .forEach(key -> (before.containsKey(key) ? removed : missing).add(key));
        return UpdateNamespacePropertiesResponse.builder()
                .addMissing(missing)
                .addRemoved(removed)
                .addUpdated(request.updates().keySet())
                .build();
    }
}
