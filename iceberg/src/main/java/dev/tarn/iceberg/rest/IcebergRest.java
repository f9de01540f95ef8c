package dev.tarn.iceberg.rest;

import dev.tarn.iceberg.MetadataFiles;
import dev.tarn.model.RefName;
import dev.tarn.model.catalog.Ref;
import dev.tarn.spi.Catalog;
import dev.tarn.spi.HttpProtocol;
import java.util.ArrayList;
import java.util.List;
import org.apache.iceberg.rest.Endpoint;
import org.apache.iceberg.rest.responses.ConfigResponse;

/**
 * The Iceberg REST catalog protocol. The name of a warehouse is that of a ref: a branch, a tag
 * (which can only be read) or {@code run:ID}; without a name it is {@code main}. Whatever a client
 * changes is one publication.
 */
public final class IcebergRest implements HttpProtocol {
    private final Catalog catalog;
    private final Routes routes = new Routes();
    private final Repetitions repetitions;
    private final List<Endpoint> endpoints = new ArrayList<>();

    private IcebergRest(RestConfig config) {
        this.catalog = config.catalog();
        this.repetitions = new Repetitions(config.clock(), config.answers());
        MetadataFiles files = new MetadataFiles(config.storage(), config.clock());
        Publishing publishing = new Publishing(config.catalog());
        routes.add("GET", "config", this::configuration);
        namespaces(
                new NamespaceRoutes(
                        catalog, publishing, new Locations(config.tables(), config.anyLocation())));
        TableRoutes tables = new TableRoutes(config, files, publishing);
        tables(tables);
        if (config.vending().equals(CredentialVending.NONE)) {
            // Clients do not ask for what is not offered; who asks all the same is told why not.
            routes.add(Endpoint.V1_TABLE_CREDENTIALS, tables::credentials);
        } else {
            serve(Endpoint.V1_TABLE_CREDENTIALS, tables::credentials);
        }
        plans(new PlanRoutes(catalog, files, new Plans(config.clock())));
        views(
                new ViewRoutes(
                        catalog,
                        new ViewFiles(files, config.views(), config.tables(), config.anyLocation()),
                        publishing));
    }

    public static IcebergRest open(RestConfig config) {
        return new IcebergRest(config);
    }

    private void serve(Endpoint endpoint, Routes.Handler handler) {
        endpoints.add(endpoint);
        routes.add(endpoint, handler);
    }

    private void namespaces(NamespaceRoutes namespaces) {
        serve(Endpoint.V1_LIST_NAMESPACES, namespaces::list);
        serve(Endpoint.V1_CREATE_NAMESPACE, namespaces::create);
        serve(Endpoint.V1_LOAD_NAMESPACE, namespaces::load);
        serve(Endpoint.V1_NAMESPACE_EXISTS, namespaces::exists);
        serve(Endpoint.V1_UPDATE_NAMESPACE, namespaces::update);
        serve(Endpoint.V1_DELETE_NAMESPACE, namespaces::drop);
    }

    private void tables(TableRoutes tables) {
        serve(Endpoint.V1_LIST_TABLES, tables::list);
        serve(Endpoint.V1_CREATE_TABLE, tables::create);
        serve(Endpoint.V1_REGISTER_TABLE, tables::register);
        serve(Endpoint.V1_LOAD_TABLE, tables::load);
        serve(Endpoint.V1_TABLE_EXISTS, tables::exists);
        serve(Endpoint.V1_UPDATE_TABLE, tables::update);
        serve(Endpoint.V1_DELETE_TABLE, tables::drop);
        serve(Endpoint.V1_RENAME_TABLE, tables::rename);
        serve(Endpoint.V1_COMMIT_TRANSACTION, tables::transact);
        serve(Endpoint.V1_REPORT_METRICS, tables::metrics);
    }

    private void plans(PlanRoutes plans) {
        serve(Endpoint.V1_SUBMIT_TABLE_SCAN_PLAN, plans::submit);
        serve(Endpoint.V1_FETCH_TABLE_SCAN_PLAN, plans::fetch);
        serve(Endpoint.V1_CANCEL_TABLE_SCAN_PLAN, plans::cancel);
        serve(Endpoint.V1_FETCH_TABLE_SCAN_PLAN_TASKS, plans::tasks);
    }

    private void views(ViewRoutes views) {
        serve(Endpoint.V1_LIST_VIEWS, views::list);
        serve(Endpoint.V1_CREATE_VIEW, views::create);
        serve(Endpoint.V1_LOAD_VIEW, views::load);
        serve(Endpoint.V1_VIEW_EXISTS, views::exists);
        serve(Endpoint.V1_UPDATE_VIEW, views::update);
        serve(Endpoint.V1_DELETE_VIEW, views::drop);
        serve(Endpoint.V1_RENAME_VIEW, views::rename);
        serve(Endpoint.V1_REGISTER_VIEW, views::register);
    }

    @Override
    public Refusals refusals() {
        return Refusals.CATALOG;
    }

    @Override
    public Answer answer(Call call) {
        boolean commits = false;
        try {
            Routes.Found found = routes.find(call);
            commits = found.route().commits();
            return repetitions.once(call, found.exchange().ref(), () -> answer(found));
        } catch (RuntimeException e) {
            return Failures.answer(e, commits);
        }
    }

    /** Failures are answers here already, so that a repeated request gets the same one. */
    private static Answer answer(Routes.Found found) {
        try {
            return found.route().handler().answer(found.exchange());
        } catch (RuntimeException e) {
            return Failures.answer(e, found.route().commits());
        }
    }

    private Answer configuration(Exchange exchange) {
        RefName name = exchange.query("warehouse").map(RefName::new).orElse(RefName.MAIN);
        Ref ref = catalog.ref(name);
        return Json.ok(
                ConfigResponse.builder()
                        .withOverride("prefix", "refs/" + Names.segment(ref.name()))
                        .withEndpoints(endpoints)
                        .withIdempotencyKeyLifetime(Repetitions.KEPT.toString())
                        .build());
    }
}
