package dev.tarn.model.graph;

import dev.tarn.model.Place;
import dev.tarn.model.graph.ConnectorSpec.Write;
import dev.tarn.model.table.PartitionField;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How files, or what a connector reads, become rows of a source's table: the {@code ingest:} block.
 *
 * @param location a folder, a file or a glob; relative to the project, absolute, or {@code
 *     s3://bucket/prefix}; empty where there is a connector
 * @param format empty: decided by the files' names
 * @param schemaPolicy what happens when files bring other columns than the table has
 * @param options of the format, such as {@code delimiter}, {@code header}, {@code encoding}, {@code
 *     nullstr}
 * @param columnTypes types that are decided, by column; the others are inferred
 * @param tableProperties settings of the table
 * @param connector what brings the rows; empty for files
 * @param ofFiles how rows of files change the table; connectors say it themselves
 * @param rules what rows have to be before they land
 * @param budget what reading may cost the source
 * @param place of the block in its YAML file
 */
public record IngestSpec(
        String location,
        Optional<Format> format,
        SchemaPolicy schemaPolicy,
        Map<String, String> options,
        Map<String, String> columnTypes,
        List<PartitionField> partitioning,
        Map<String, String> tableProperties,
        Optional<ConnectorSpec> connector,
        FileWriting ofFiles,
        LandingRules rules,
        Budget budget,
        Place place) {
    public IngestSpec {
        tableProperties = Map.copyOf(tableProperties);
        options = Map.copyOf(options);
        columnTypes = Map.copyOf(columnTypes);
        partitioning = List.copyOf(partitioning);
    }

    /** A block that says nothing of the table's settings. */
    public IngestSpec(
            String location,
            Optional<Format> format,
            SchemaPolicy schemaPolicy,
            Map<String, String> options,
            Map<String, String> columnTypes,
            List<PartitionField> partitioning,
            Place place) {
        this(
                location,
                format,
                schemaPolicy,
                options,
                columnTypes,
                partitioning,
                Map.of(),
                Optional.empty(),
                FileWriting.ADDED,
                LandingRules.NONE,
                Budget.UNLIMITED,
                place);
    }

    /** How rows change the table. */
    public Write write() {
        return connector.map(ConnectorSpec::write).orElse(ofFiles.write());
    }

    /** The columns that name a row, as the project says; empty where it does not. */
    public List<String> key() {
        return connector.map(ConnectorSpec::key).orElse(ofFiles.key());
    }

    /** The column whose values say which of two rows is newer. */
    public Optional<String> cursor() {
        return connector.isPresent() ? connector.flatMap(ConnectorSpec::cursor) : ofFiles.cursor();
    }

    public IngestSpec withTableProperties(Map<String, String> properties) {
        return new IngestSpec(
                location,
                format,
                schemaPolicy,
                options,
                columnTypes,
                partitioning,
                properties,
                connector,
                ofFiles,
                rules,
                budget,
                place);
    }

    public IngestSpec withConnector(ConnectorSpec spec) {
        return new IngestSpec(
                location,
                format,
                schemaPolicy,
                options,
                columnTypes,
                partitioning,
                tableProperties,
                Optional.of(spec),
                ofFiles,
                rules,
                budget,
                place);
    }

    public IngestSpec withFileWriting(FileWriting other) {
        return new IngestSpec(
                location,
                format,
                schemaPolicy,
                options,
                columnTypes,
                partitioning,
                tableProperties,
                connector,
                other,
                rules,
                budget,
                place);
    }

    public IngestSpec withSchemaPolicy(SchemaPolicy policy) {
        return new IngestSpec(
                location,
                format,
                policy,
                options,
                columnTypes,
                partitioning,
                tableProperties,
                connector,
                ofFiles,
                rules,
                budget,
                place);
    }

    public IngestSpec withRules(LandingRules other) {
        return new IngestSpec(
                location,
                format,
                schemaPolicy,
                options,
                columnTypes,
                partitioning,
                tableProperties,
                connector,
                ofFiles,
                other,
                budget,
                place);
    }

    public IngestSpec withBudget(Budget other) {
        return new IngestSpec(
                location,
                format,
                schemaPolicy,
                options,
                columnTypes,
                partitioning,
                tableProperties,
                connector,
                ofFiles,
                rules,
                other,
                place);
    }

    /** How rows are written in a file. */
    public enum Format {
        CSV,
        TSV,
        JSON,
        NDJSON,
        PARQUET,
        AVRO,
        ORC,
        EXCEL
    }

    /** What to do about files whose columns differ from the table's. */
    public enum SchemaPolicy {
        /** Add new columns and widen types; what cannot be widened goes to quarantine. */
        EVOLVE,
        /** The table stays; rows that bring something else go to quarantine. */
        QUARANTINE,
        /** The source stops until somebody decides. */
        HOLD
    }
}
