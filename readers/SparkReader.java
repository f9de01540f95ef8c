import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.sql.DataFrameReader;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.streaming.Trigger;

/**
 * Reads tables with Spark for tests, which start it as a process of its own: Spark's libraries and
 * Tarn's do not fit on one class path. Each line of input is one request, its parts separated by
 * tabs: {@code read FORMAT PATH SQL [OPTION VALUE]...}, where the SQL reads the table as {@code t},
 * {@code columns FORMAT PATH COLUMN,...}, which may name what a format has beside its columns,
 * {@code land BROKERS TOPIC FIELDS TABLE CHECKPOINT}, which appends the JSON objects of a topic to a
 * table, or {@code sql STATEMENT}. Answers are lines of values, then {@code done} or {@code failed
 * REASON}.
 */
public final class SparkReader {
    private static final String MARK = "\u0001";

    private SparkReader() {}

    public static void main(String[] arguments) throws Exception {
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        SparkSession spark = session(arguments);
        out.println(MARK + "ready");
        BufferedReader in =
                new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            try {
                for (Row row : answer(spark, line.split("\t")).collectAsList()) {
                    out.println(MARK + "row " + text(row));
                }
                out.println(MARK + "done");
            } catch (Exception | LinkageError e) {
                StringBuilder reason = new StringBuilder();
                for (Throwable t = e; t != null; t = t.getCause()) {
                    reason.append(t).append(" | ");
                }
                out.println(MARK + "failed " + oneLine(reason.toString()));
            }
        }
        spark.stop();
    }

    /** The first argument is a folder for Spark's own files, the others are NAME=VALUE. */
    private static SparkSession session(String[] arguments) {
        String folder = arguments[0];
        SparkSession.Builder builder = SparkSession.builder();
        standard(builder, folder);
        for (int i = 1; i < arguments.length; i++) {
            String[] setting = arguments[i].split("=", 2);
            builder.config(setting[0], setting[1]);
        }
        return builder.getOrCreate();
    }

    private static void standard(SparkSession.Builder builder, String folder) {
        builder
                .appName("tarn-tests")
                .master("local[2]")
                .config("spark.ui.enabled", "false")
                .config("spark.sql.shuffle.partitions", "1")
                .config("spark.sql.session.timeZone", "UTC")
                .config("spark.sql.warehouse.dir", folder)
                .config("spark.sql.datetime.java8API.enabled", "true")
                .config("spark.databricks.delta.snapshotPartitions", "1")
                .config("spark.driver.host", "127.0.0.1")
                .config("spark.driver.bindAddress", "127.0.0.1")
                .config(
                        "spark.sql.extensions",
                        "org.apache.iceberg.spark.extensions.IcebergSparkSessionExtensions,"
                                + "io.delta.sql.DeltaSparkSessionExtension")
                .config(
                        "spark.sql.catalog.spark_catalog",
                        "org.apache.spark.sql.delta.catalog.DeltaCatalog")
                // Tables of Iceberg are opened by the path of their metadata.
                .config(
                        "spark.sql.catalog.default_iceberg",
                        "org.apache.iceberg.spark.SparkCatalog")
                .config("spark.sql.catalog.default_iceberg.type", "hadoop")
                .config("spark.sql.catalog.default_iceberg.warehouse", folder);
    }

    private static Dataset<Row> answer(SparkSession spark, String[] parts) throws Exception {
        if (parts[0].equals("sql")) {
            return spark.sql(parts[1]);
        }
        if (parts[0].equals("land")) {
            land(spark, parts[1], parts[2], parts[3], parts[4], parts[5]);
            return spark.emptyDataFrame();
        }
        DataFrameReader reader = spark.read().format(parts[1]);
        for (int i = 4; i + 1 < parts.length; i += 2) {
            reader = reader.option(parts[i], parts[i + 1]);
        }
        if (parts[0].equals("columns")) {
            return reader.load(parts[2]).selectExpr(parts[3].split(","));
        }
        reader.load(parts[2]).createOrReplaceTempView("t");
        return spark.sql(parts[3]);
    }

    /** All that the topic has now, with where each message was. */
    private static void land(
            SparkSession spark,
            String brokers,
            String topic,
            String fields,
            String table,
            String checkpoint)
            throws Exception {
        spark.readStream()
                .format("kafka")
                .option("kafka.bootstrap.servers", brokers)
                .option("subscribe", topic)
                .option("startingOffsets", "earliest")
                .load()
                .selectExpr(
                        "topic as _topic",
                        "partition as _partition",
                        "offset as _offset",
                        "timestamp as _timestamp",
                        "cast(key as string) as _key",
                        "from_json(cast(value as string), '" + fields + "') as value",
                        "current_timestamp() as _ingested_at")
                .selectExpr(
                        "_topic",
                        "_partition",
                        "_offset",
                        "_timestamp",
                        "_key",
                        "value.*",
                        "_ingested_at")
                .writeStream()
                .trigger(Trigger.AvailableNow())
                .option("checkpointLocation", checkpoint)
                .toTable(table)
                .awaitTermination();
    }

    private static String text(Row row) {
        List<String> values = new ArrayList<>();
        for (int i = 0; i < row.length(); i++) {
            values.add(text(row.get(i)));
        }
        return String.join("|", values);
    }

    private static String text(Object value) {
        if (value instanceof Row row) {
            return "{" + text(row) + "}";
        }
        if (value instanceof scala.collection.Map<?, ?> map) {
            Map<String, String> sorted = new TreeMap<>();
            map.foreach(
                    e -> {
                        scala.Tuple2<?, ?> entry = (scala.Tuple2<?, ?>) e;
                        return sorted.put(text(entry._1()), text(entry._2()));
                    });
            return sorted.toString();
        }
        if (value instanceof scala.collection.Seq<?> list) {
            List<String> values = new ArrayList<>();
            list.foreach(v -> values.add(text(v)));
            return values.toString();
        }
        if (value instanceof byte[] bytes) {
            return HexFormat.of().formatHex(bytes);
        }
        return value instanceof java.math.BigDecimal number
                ? number.toPlainString()
                : oneLine(String.valueOf(value));
    }

    private static String oneLine(String text) {
        return text.replace("\\", "\\\\").replace("\n", "\\n").replace("\r", "\\r");
    }
}
