package dev.tarn.bench;

import dev.tarn.app.Executed;
import dev.tarn.app.OpenRequest;
import dev.tarn.app.Tarn;
import dev.tarn.model.RefName;
import dev.tarn.model.graph.SqlText;
import dev.tarn.run.Cancellation;
import dev.tarn.run.StatementOutcome.Counts;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** One row of a hundred merged into a table, and into one a tenth of its size. */
final class MergeBenchmark implements Benchmark {
    private static final double MILLION = 1e6;
    private static final double DEFAULT_MILLIONS = 10;
    private static final int TENTH = 10;
    private static final int HUNDREDTH = 100;

    @Override
    public String name() {
        return "merge";
    }

    @Override
    public String title() {
        return "1 % of rows merged into a table ÷ the table written anew";
    }

    @Override
    public Outcome run(Setup setup) throws Exception {
        long rows = Math.round(setup.scale().orElse(DEFAULT_MILLIONS) * MILLION);
        int repetitions = setup.repetitions().orElse(3);
        Path folder = setup.fresh("warehouse");
        Files.writeString(folder.resolve("dbt_project.yml"), "name: merging\nversion: '1.0'\n");
        try (Tarn tarn = Tarn.open(OpenRequest.of(folder))) {
            setup.say("warming up");
            fill(tarn, "b.warm", 20_000);
            merge(tarn, "b.warm", 20_000, 200);
            setup.say("filling tables of %,d and %,d rows".formatted(rows / TENTH, rows));
            fill(tarn, "b.small", rows / TENTH);
            fill(tarn, "b.large", rows);
            fill(tarn, "b.anew", rows);
            List<Timing> small = new ArrayList<>();
            List<Timing> few = new ArrayList<>();
            List<Timing> large = new ArrayList<>();
            List<Timing> anew = new ArrayList<>();
            long changed = rows / HUNDREDTH;
            for (int i = 0; i < repetitions; i++) {
                setup.say("merging, %d of %d".formatted(i + 1, repetitions));
                small.add(merge(tarn, "b.small", rows / TENTH, changed / TENTH));
                few.add(merge(tarn, "b.large", rows, changed / TENTH));
                large.add(merge(tarn, "b.large", rows, changed));
                anew.add(rewritten(tarn, rows, changed));
            }
            Timing mine = Timing.median(large);
            Timing theirs = Timing.median(anew);
            return new Outcome(
                    "%,d rows merged into %,d, nine of ten are there already, in the newest tenth of the keys; median of %d"
                            .formatted(changed, rows, repetitions),
                    List.of(
                            new Outcome.Line("merge", mine),
                            new Outcome.Line("the table written anew", theirs),
                            new Outcome.Line(
                                    "%,d rows into %,d".formatted(changed / TENTH, rows),
                                    Timing.median(few)),
                            new Outcome.Line(
                                    "%,d rows into %,d".formatted(changed / TENTH, rows / TENTH),
                                    Timing.median(small))),
                    "merge ÷ written anew",
                    mine.wall() / theirs.wall(),
                    mine.cpu() / theirs.cpu(),
                    Optional.empty());
        }
    }

    static Executed sql(Tarn tarn, String sql) {
        return tarn.execute(SqlText.of(sql), RefName.MAIN, new Cancellation());
    }

    private static String rows(long from, long to, int version) {
        return """
        select i as id, i %% 10007 as customer, (i * 37 %% 100000 + %d)::decimal(12,2) as amount,
            'order ' || i || ' of customer ' || (i %% 10007) as note,
            date '2020-01-01' + (i %% 2000)::integer as day
        from range(%d, %d) r(i)\
        """
                .formatted(version, from, to);
    }

    static void fill(Tarn tarn, String table, long rows) {
        sql(
                tarn,
                """
                create or replace table %s with ('write.target-file-size-bytes' = '16777216') as %s order by id\
                """
                        .formatted(table, rows(0, rows, 0)));
    }

    /** Changed rows lie where most changes do: among the newest tenth; one of ten is new. */
    private static void source(Tarn tarn, long rows, long changed) {
        long old = changed * 9 / TENTH;
        long step = Math.max(1, rows / TENTH / Math.max(1, old));
        sql(
                tarn,
                "create or replace table b.source as %s where (i - %d) %% %d = 0 limit %d"
                        .formatted(
                                rows(rows - rows / TENTH, rows, 1),
                                rows - rows / TENTH,
                                step,
                                old));
        sql(tarn, "insert into b.source " + rows(rows, rows + changed - old, 1));
    }

    static Timing merge(Tarn tarn, String table, long rows, long changed) throws Exception {
        source(tarn, rows, changed);
        long old = changed * 9 / TENTH;
        Counts[] counts = {Counts.NONE};
        Timing timing =
                Timing.of(() ->
                        counts[0] =
                                sql(
                                                tarn,
                                                "merge into %s t using b.source s on t.id = s.id when matched then update set * when not matched then insert *"
                                                        .formatted(table))
                                        .outcomes()
                                        .getFirst()
                                        .counts());
        if (!counts[0].equals(new Counts(changed - old, old, 0))) {
            throw new IllegalStateException(
                    "%s was merged wrongly: %s".formatted(table, counts[0]));
        }
        sql(tarn, "delete from %s where id >= %d".formatted(table, rows));
        return timing;
    }

    /** The peer: what a merge comes to where only whole tables can be written. */
    private static Timing rewritten(Tarn tarn, long rows, long changed) throws Exception {
        source(tarn, rows, changed);
        Timing timing =
                Timing.of(() ->
                        sql(
                                tarn,
                                """
                                create or replace table b.anew with ('write.target-file-size-bytes' = '16777216') as
                                select * from b.anew t where not exists (select 1 from b.source s where s.id = t.id)
                                union all select * from b.source\
                                """));
        long found =
                sql(tarn, "delete from b.anew where id >= %d".formatted(rows))
                        .outcomes()
                        .getFirst()
                        .rows();
        if (found != changed - changed * 9 / TENTH) {
            throw new IllegalStateException("b.anew was written wrongly: %,d".formatted(found));
        }
        return timing;
    }
}
