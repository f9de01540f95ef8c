package dev.tarn.run;

import dev.tarn.model.TableName;
import dev.tarn.model.TarnException;
import dev.tarn.model.catalog.Entry;
import dev.tarn.model.catalog.Versioned;
import dev.tarn.model.graph.QueryTraits;
import dev.tarn.model.graph.SqlText;
import dev.tarn.model.table.Schema;
import dev.tarn.model.table.TableDefinition;
import dev.tarn.model.table.Type;
import dev.tarn.sql.statement.Statement;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** Makes materialized views, and brings them up to date when asked. */
final class MaterializedStatements {
    /** The property that says when a view is brought up to date. */
    private static final String REFRESH = "tarn.refresh";

    private final StatementGround ground;

    MaterializedStatements(StatementGround ground) {
        this.ground = ground;
    }

    StatementOutcome create(Statement.CreateMaterialized create) {
        TableName name = ground.make(create.name());
        Optional<Versioned> existing = ground.find(name);
        if (CreateStatement.keeps(create.name(), name, existing, create.presence())) {
            return StatementOutcome.of("create materialized view", name);
        }
        SqlText query = ground.context().lasting(named(create));
        Schema columns = ground.describe(query);
        QueryTraits traits = ground.session().traits(query);
        if (traits.reads().contains(name)) {
            throw StatementErrors.readsItself(create.name(), name);
        }
        Statement.Layout layout = create.layout();
        MaterializedView wanted =
                new MaterializedView(
                        query.sql(), "", Map.of(), refresh(create, layout.properties()), "");
        TableDefinition definition =
                new TableDefinition(
                        columns.withoutIds(),
                        layout.partitioning(),
                        layout.sortOrder(),
                        layout.properties());
        ViewRefresh.Done done;
        try (TaskContext context = ground.context().again()) {
            done =
                    new ViewRefresh(context)
                            .make(name, existing.flatMap(Versioned::pointer), definition, wanted);
        } catch (TarnException failure) {
            throw StatementErrors.at(create.name().written(), failure);
        }
        Map<String, String> attributes = new HashMap<>(done.entry().attributes());
        attributes.put("run", ground.context().run().value());
        layout.comment().ifPresent(c -> attributes.put("description", c));
        attributes.put(MaterializedView.HOW, ViewRefresh.manner(traits.recipe()));
        ground.put(name, existing, new Entry.Table(done.entry().pointer(), attributes), "create");
        return new StatementOutcome(
                "create materialized view",
                Optional.of(name),
                done.counts(),
                Optional.empty(),
                Optional.of(ViewRefresh.manner(traits.recipe())));
    }

    private static MaterializedView.Refresh refresh(
            Statement.CreateMaterialized create, Map<String, String> properties) {
        return switch (properties.getOrDefault(REFRESH, "auto")) {
            case "auto" -> MaterializedView.Refresh.WITH_INPUTS;
            case "manual" -> MaterializedView.Refresh.MANUAL;
            default ->
                    throw StatementErrors.wrongRefresh(
                            create.name(), properties.getOrDefault(REFRESH, ""));
        };
    }

    private static SqlText named(Statement.CreateMaterialized create) {
        if (create.columns().isEmpty()) {
            return create.query();
        }
        String names =
                create.columns().stream().map(Type::quoted).collect(Collectors.joining(", "));
        return Sql.around("select * from (\n", create.query(), "\n) as q(" + names + ")");
    }

    StatementOutcome refresh(Statement.Refresh refresh) {
        StatementTable table = ground.table(refresh.name());
        if (!MaterializedView.is(table.entry())) {
            throw StatementErrors.notMaterialized(refresh.name(), table.name());
        }
        ViewRefresh.Done done;
        try (TaskContext context = ground.context().again()) {
            done = new ViewRefresh(context).refresh(table.name(), table.entry(), refresh.whole());
        } catch (TarnException failure) {
            throw StatementErrors.at(refresh.name().written(), failure);
        }
        if (!done.same()) {
            ground.put(table.name(), Optional.of(table.version()), done.entry(), "refresh");
        }
        return new StatementOutcome(
                "refresh materialized view",
                Optional.of(table.name()),
                done.counts(),
                Optional.empty(),
                Optional.of(done.how()));
    }
}
