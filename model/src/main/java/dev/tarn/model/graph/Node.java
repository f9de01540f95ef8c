package dev.tarn.model.graph;

import dev.tarn.model.Place;
import dev.tarn.model.Problem;
import dev.tarn.model.TableName;
import dev.tarn.model.table.PartitionField;
import dev.tarn.model.table.Schema;
import dev.tarn.model.table.SortField;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Something a project declares and a run can do. */
public sealed interface Node {
    /** What all nodes have. */
    Common common();

    default NodeId id() {
        return common().id();
    }

    default String name() {
        return common().name();
    }

    default List<NodeId> dependsOn() {
        return common().dependsOn();
    }

    /**
     * @param fqn package, folders and name, as selections by path of names see it
     * @param place the file it is declared in, and where in it
     * @param dependsOn the nodes it reads, without doubles, in order of first use
     * @param whole those of them that it reads whole, also where a run is about a part of all rows
     * @param fingerprint changes when anything that decides its result changes: code, macros,
     *     variables, configuration; not its inputs' data
     */
    record Common(
            NodeId id,
            String name,
            String packageName,
            List<String> fqn,
            Place place,
            List<NodeId> dependsOn,
            Set<NodeId> whole,
            List<String> tags,
            String description,
            Optional<String> owner,
            String fingerprint) {
        public Common {
            fqn = List.copyOf(fqn);
            dependsOn = List.copyOf(dependsOn);
            whole = Set.copyOf(whole);
            tags = List.copyOf(tags);
        }

        /** A node that reads of nothing more than a run is about. */
        public Common(
                NodeId id,
                String name,
                String packageName,
                List<String> fqn,
                Place place,
                List<NodeId> dependsOn,
                List<String> tags,
                String description,
                Optional<String> owner,
                String fingerprint) {
            this(
                    id,
                    name,
                    packageName,
                    fqn,
                    place,
                    dependsOn,
                    Set.of(),
                    tags,
                    description,
                    owner,
                    fingerprint);
        }
    }

    /**
     * A table that comes from outside.
     *
     * @param sourceName the group it is declared in
     * @param columns what is declared about columns, by name
     * @param ingest how its rows get in; empty when somebody else fills the table
     * @param external where the table lies, when it is read where somebody else writes it
     */
    record Source(
            Common common,
            String sourceName,
            TableName relation,
            Map<String, ColumnDoc> columns,
            Optional<IngestSpec> ingest,
            Optional<ExternalSpec> external)
            implements Node {
        public Source(
                Common common,
                String sourceName,
                TableName relation,
                Map<String, ColumnDoc> columns,
                Optional<IngestSpec> ingest) {
            this(common, sourceName, relation, columns, ingest, Optional.empty());
        }

        /** Whether its rows are taken from files when something reads them. */
        public boolean isReadFromFiles() {
            return external.filter(ExternalSpec::isQuery).isPresent();
        }

        /** The same with another way to land. */
        public Source withIngest(IngestSpec other) {
            return new Source(common, sourceName, relation, columns, Optional.of(other), external);
        }

        /** Whether a run has something to do for it. */
        public boolean isLoaded() {
            return ingest.isPresent() || external.isPresent();
        }
    }

    /**
     * A CSV file of the project that becomes a table.
     *
     * @param obstacle why it cannot: told when it is to be loaded
     */
    record Seed(
            Common common,
            TableName relation,
            String file,
            char delimiter,
            Map<String, String> columnTypes,
            Map<String, ColumnDoc> columns,
            Map<String, String> tableProperties,
            BuildRules rules,
            Optional<Problem> obstacle)
            implements Node {
        public Seed(
                Common common,
                TableName relation,
                String file,
                char delimiter,
                Map<String, String> columnTypes,
                Map<String, ColumnDoc> columns) {
            this(
                    common,
                    relation,
                    file,
                    delimiter,
                    columnTypes,
                    columns,
                    Map.of(),
                    BuildRules.NONE,
                    Optional.empty());
        }
    }

    /**
     * A query that becomes a table or view.
     *
     * @param sql compiled for a full build
     * @param incrementalSql compiled for adding to the table that is there; present for incremental
     *     models
     * @param schema its columns as bound against its inputs; present once the project is bound
     * @param rules what it asks for around its rows
     */
    record Model(
            Common common,
            TableName relation,
            Materialization materialization,
            SqlText sql,
            Optional<SqlText> incrementalSql,
            List<PartitionField> partitioning,
            List<SortField> sortOrder,
            Map<String, String> tableProperties,
            Map<String, ColumnDoc> columns,
            Optional<Schema> schema,
            BuildRules rules)
            implements Node {
        public Model(
                Common common,
                TableName relation,
                Materialization materialization,
                SqlText sql,
                Optional<SqlText> incrementalSql,
                List<PartitionField> partitioning,
                List<SortField> sortOrder,
                Map<String, String> tableProperties,
                Map<String, ColumnDoc> columns,
                Optional<Schema> schema) {
            this(
                    common,
                    relation,
                    materialization,
                    sql,
                    incrementalSql,
                    partitioning,
                    sortOrder,
                    tableProperties,
                    columns,
                    schema,
                    BuildRules.NONE);
        }

        /** Whether its code is Python, which gives rows when it runs, and no query. */
        public boolean isPython() {
            return common.place().file().endsWith(".py");
        }

        /** The same model with other code. */
        public Model withSql(SqlText other) {
            return new Model(
                    common,
                    relation,
                    materialization,
                    other,
                    Optional.empty(),
                    partitioning,
                    sortOrder,
                    tableProperties,
                    columns,
                    schema,
                    rules);
        }

        /** The same model with its columns known. */
        public Model withSchema(Schema bound) {
            return new Model(
                    common,
                    relation,
                    materialization,
                    sql,
                    incrementalSql,
                    partitioning,
                    sortOrder,
                    tableProperties,
                    columns,
                    Optional.of(bound),
                    rules);
        }
    }

    /**
     * A query that finds what is wrong.
     *
     * @param sql returns the failing rows
     * @param kind {@code unique}, {@code not_null}, …, or {@code singular}
     * @param attachedTo the node it is about; a singular check may be about several and has none
     * @param column the column it is about
     * @param unit the given and expected rows of a unit test, which looks at code and not at data;
     *     its SQL is complete once the project is bound
     */
    record Check(
            Common common,
            SqlText sql,
            String kind,
            Optional<NodeId> attachedTo,
            Optional<String> column,
            CheckRules rules,
            Optional<UnitCase> unit)
            implements Node {
        public Check(
                Common common,
                SqlText sql,
                String kind,
                Optional<NodeId> attachedTo,
                Optional<String> column,
                CheckRules rules) {
            this(common, sql, kind, attachedTo, column, rules, Optional.empty());
        }

        /** The same check with another query. */
        public Check withSql(SqlText other) {
            return new Check(common, other, kind, attachedTo, column, rules, unit);
        }

        /** Whether it looks at code and not at data. */
        public boolean isUnit() {
            return unit.isPresent();
        }
    }

    /**
     * What is said about a column.
     *
     * @param dataType as somebody wrote it
     */
    record ColumnDoc(
            String name, String description, Optional<String> dataType, List<String> tags) {}

    /**
     * When a check fails.
     *
     * @param severity the most a finding can do
     * @param errorIf condition on the number of failures, such as {@code >10}
     * @param failCalc an aggregate over the failing rows
     * @param storeFailures whether failing rows are kept; empty: as the run wants it
     * @param kept the table that failing rows are kept in; empty: the standard one
     * @param asView whether a view of them is kept instead of the rows
     */
    record CheckRules(
            Severity severity,
            String errorIf,
            String warnIf,
            String failCalc,
            Optional<Long> limit,
            Optional<Boolean> storeFailures,
            Optional<TableName> kept,
            boolean asView) {
        public static final CheckRules DEFAULT =
                new CheckRules(
                        Severity.ERROR,
                        "!= 0",
                        "!= 0",
                        "count(*)",
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        false);

        public CheckRules(
                Severity severity,
                String errorIf,
                String warnIf,
                String failCalc,
                Optional<Long> limit,
                boolean storeFailures) {
            this(
                    severity,
                    errorIf,
                    warnIf,
                    failCalc,
                    limit,
                    Optional.of(storeFailures),
                    Optional.empty(),
                    false);
        }
    }

    /** What a finding does. */
    enum Severity {
        WARN,
        ERROR
    }
}
