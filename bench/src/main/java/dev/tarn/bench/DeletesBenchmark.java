package dev.tarn.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reading a table of which rows are marked as deleted, beside the same rows without any marks. */
final class DeletesBenchmark implements Benchmark {
    private static final double MILLION = 1e6;
    private static final int HUNDRED = 100;
    private static final int[] PERCENT = {0, 1, 20};
    private static final String QUERY =
            "select sum(customer) + count(distinct day) + sum(length(note)) + sum(amount)::bigint from ";

    @Override
    public String name() {
        return "deletes";
    }

    @Override
    public String title() {
        return "a scan with 0, 1 and 20 % of the rows deleted ÷ the same rows in files of their own";
    }

    @Override
    public Outcome run(Setup setup) throws Exception {
        long rows = Math.round(setup.scale().orElse(10) * MILLION);
        int repetitions = setup.repetitions().orElse(9);
        try (Warehouse warehouse = Warehouse.fresh(setup, "warehouse")) {
            List<Outcome.Line> lines = new ArrayList<>();
            Timing last = new Timing(1, 1);
            Timing lastPeer = last;
            List<String> ratios = new ArrayList<>();
            for (int percent : PERCENT) {
                setup.say("%,d rows, %d %% deleted".formatted(rows, percent));
                String marked = "b.marked_" + percent;
                String clean = "b.clean_" + percent;
                fill(warehouse, marked, rows, 0);
                if (percent > 0) {
                    warehouse.sql("delete from %s where %s".formatted(marked, gone(percent)));
                }
                fill(warehouse, clean, rows, percent);
                List<Timing> ours = new ArrayList<>();
                List<Timing> peers = new ArrayList<>();
                for (int i = -2; i < repetitions; i++) {
                    long[] found = new long[2];
                    Timing own = Timing.of(() -> found[0] = warehouse.number(QUERY + marked));
                    Timing peer = Timing.of(() -> found[1] = warehouse.number(QUERY + clean));
                    if (found[0] != found[1]) {
                        throw new IllegalStateException("%s holds other rows".formatted(marked));
                    }
                    if (i >= 0) {
                        ours.add(own);
                        peers.add(peer);
                    }
                }
                last = Timing.median(ours);
                lastPeer = Timing.median(peers);
                lines.add(new Outcome.Line("%d %% deleted".formatted(percent), last));
                lines.add(new Outcome.Line("%d %% never written".formatted(percent), lastPeer));
                ratios.add("%d %%: %.2f".formatted(percent, last.cpu() / lastPeer.cpu()));
            }
            return new Outcome(
                    "%,d rows, four columns; ÷ without, of CPU: %s; median of %d"
                            .formatted(rows, String.join(", ", ratios), repetitions),
                    lines,
                    "20 % deleted ÷ the same rows without",
                    last.wall() / lastPeer.wall(),
                    last.cpu() / lastPeer.cpu(),
                    Optional.empty());
        }
    }

    private static String gone(int percent) {
        return "hash(id) %% %d < %d".formatted(HUNDRED, percent);
    }

    private static void fill(Warehouse warehouse, String table, long rows, int percent) {
        warehouse.sql(
                """
                create or replace table %s as
                select i as id, i %% 10007 as customer, (i * 37 %% 100000)::decimal(12,2) as amount,
                    'order ' || i || ' of customer ' || (i %% 10007) as note,
                    date '2020-01-01' + (i %% 2000)::integer as day
                from range(%d) r(i) where not hash(i) %% %d < %d\
                """
                        .formatted(table, rows, HUNDRED, percent));
    }
}
