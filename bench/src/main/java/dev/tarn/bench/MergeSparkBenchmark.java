package dev.tarn.bench;

import dev.tarn.app.Answer;
import dev.tarn.app.At;
import dev.tarn.app.OpenRequest;
import dev.tarn.app.Tarn;
import dev.tarn.run.Cancellation;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * One row of a hundred merged into a table by Tarn and by Spark, each on one core, each into an
 * Iceberg table of its own with the same rows and deletion vectors.
 */
final class MergeSparkBenchmark implements Benchmark {
    private static final double MILLION = 1e6;
    private static final int TENTH = 10;
    private static final int HUNDREDTH = 100;
    private static final int WARM = 20_000;
    private static final String SUMS = "select count(*), sum(amount), sum(customer) from ";

    @Override
    public String name() {
        return "mergespark";
    }

    @Override
    public String title() {
        return "1 % of rows merged into a table by Spark on one core ÷ by Tarn on one";
    }

    @Override
    public Outcome run(Setup setup) throws Exception {
        var unused = SparkPeer.sourceTree(setup);
        long rows = Math.round(setup.scale().orElse(1) * MILLION);
        long changed = rows / HUNDREDTH;
        int repetitions = setup.repetitions().orElse(3);
        Path folder = setup.fresh("warehouse");
        Files.writeString(folder.resolve("dbt_project.yml"), "name: merging\nversion: '1.0'\n");
        Files.writeString(folder.resolve("tarn.yml"), "engine:\n  threads: 1\n");
        List<Timing> mine = new ArrayList<>();
        List<Timing> theirs = new ArrayList<>();
        String ours;
        try (Tarn tarn = Tarn.open(OpenRequest.of(folder))) {
            setup.say("Tarn: warming up and filling %,d rows".formatted(rows));
            MergeBenchmark.fill(tarn, "b.warm", WARM);
            MergeBenchmark.merge(tarn, "b.warm", WARM, WARM / HUNDREDTH);
            MergeBenchmark.fill(tarn, "b.large", rows);
            for (int i = 0; i < repetitions; i++) {
                setup.say("Tarn merges, %d of %d".formatted(i + 1, repetitions));
                mine.add(MergeBenchmark.merge(tarn, "b.large", rows, changed));
            }
            ours = sums(tarn);
        }
        try (SparkPeer spark = SparkPeer.start(setup)) {
            setup.say("Spark: warming up and filling");
            fill(spark, "warm", WARM);
            merge(spark, "warm", WARM, WARM / HUNDREDTH);
            fill(spark, "large", rows);
            for (int i = 0; i < repetitions; i++) {
                setup.say("Spark merges, %d of %d".formatted(i + 1, repetitions));
                theirs.add(merge(spark, "large", rows, changed));
            }
            String other = spark.sql(SUMS + "ice.b.large").getFirst();
            if (!other.equals(ours)) {
                throw new IllegalStateException(
                        "Rows differ: %s here, %s there".formatted(ours, other));
            }
        }
        Timing here = Timing.median(mine);
        Timing there = Timing.median(theirs);
        return new Outcome(
                "%,d rows merged into %,d, nine of ten are there already, in the newest tenth of the keys; Iceberg v3 with deletion vectors; median of %d"
                        .formatted(changed, rows, repetitions),
                List.of(
                        new Outcome.Line("Tarn, one thread", here),
                        new Outcome.Line("Spark 4.1, local[1]", there)),
                "Spark ÷ Tarn",
                there.wall() / here.wall(),
                there.cpu() / here.cpu(),
                Optional.empty());
    }

    private static String sums(Tarn tarn) {
        try (Answer answer = tarn.query(SUMS + "b.large", At.MAIN, new Cancellation())) {
            answer.next();
            List<String> values = new ArrayList<>();
            for (Object value : answer.row()) {
                values.add(String.valueOf(value));
            }
            return String.join("|", values);
        }
    }

    private static String rows(long from, long to, int version) {
        return """
        select id, id %% 10007 as customer, cast(id * 37 %% 100000 + %d as decimal(12,2)) as amount,
            concat('order ', id, ' of customer ', id %% 10007) as note,
            date_add(date '2020-01-01', cast(id %% 2000 as int)) as day
        from range(%d, %d)\
        """
                .formatted(version, from, to);
    }

    private static void fill(SparkPeer spark, String table, long rows) throws Exception {
        spark.sql(
                """
                create table ice.b.%s using iceberg tblproperties ('format-version'='3',
                'write.merge.mode'='merge-on-read', 'write.delete.mode'='merge-on-read',
                'write.parquet.compression-codec'='zstd',
                'write.target-file-size-bytes'='16777216') as %s order by id\
                """
                        .formatted(table, rows(0, rows, 0)));
    }

    private static Timing merge(SparkPeer spark, String table, long rows, long changed)
            throws Exception {
        long old = changed * 9 / TENTH;
        long step = Math.max(1, rows / TENTH / Math.max(1, old));
        long from = rows - rows / TENTH;
        spark.sql("drop table if exists ice.b.source");
        spark.sql(
                "create table ice.b.source using iceberg as select * from (%s) where (id - %d) %% %d = 0 limit %d"
                        .formatted(rows(from, rows, 1), from, step, old));
        spark.sql("insert into ice.b.source " + rows(rows, rows + changed - old, 1));
        Timing timing =
                spark.time(
                        "merge into ice.b.%s t using ice.b.source s on t.id = s.id when matched then update set * when not matched then insert *"
                                .formatted(table));
        spark.sql("delete from ice.b.%s where id >= %d".formatted(table, rows));
        return timing;
    }
}
