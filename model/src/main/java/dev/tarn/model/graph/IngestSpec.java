package dev.tarn.model.graph;

import dev.tarn.model.Place;
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
                LandingRules.NONE,
                Budget.UNLIMITED,
                place);
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
