package dev.tarn.bench;

import dev.tarn.app.At;
import dev.tarn.model.RefName;
import dev.tarn.refs.MergeRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Branches of a warehouse with very many tables, beside those of one with few. */
final class BranchBenchmark implements Benchmark {
    private static final int TABLES = 10_000;
    private static final int TENTH = 10;

    /** One alone is over before the clock of processors has moved. */
    private static final int AT_ONCE = 50;

    private static final int SCHEMAS = 100;

    @Override
    public String name() {
        return "branch";
    }

    @Override
    public String title() {
        return "a branch over 10,000 tables ÷ one over 100";
    }

    @Override
    public Outcome run(Setup setup) throws Exception {
        int schemas = Math.max(2, (int) Math.round(setup.scale().orElse(1) * SCHEMAS));
        int each = TABLES / SCHEMAS;
        int repetitions = setup.repetitions().orElse(11);
        try (Warehouse few = Warehouse.fresh(setup, "few");
                Warehouse many = Warehouse.fresh(setup, "many")) {
            setup.say("making %,d tables".formatted(schemas * each));
            fill(few, 1, each);
            fill(many, schemas, each);
            Work small = new Work();
            Work large = new Work();
            for (int i = -TENTH; i < repetitions; i++) {
                small.branch(few, i);
                large.branch(many, i);
            }
            Timing mine = Timing.median(large.branched);
            Timing peer = Timing.median(small.branched);
            return new Outcome(
                    "%d branches over %,d tables and over %d; median of %d"
                            .formatted(AT_ONCE, schemas * each, each, repetitions),
                    List.of(
                            new Outcome.Line("50 branches over many", mine),
                            new Outcome.Line("50 branches over few", peer),
                            new Outcome.Line("a query on it", Timing.median(large.asked)),
                            new Outcome.Line("a query on it, few", Timing.median(small.asked)),
                            new Outcome.Line("merged again", Timing.median(large.merged)),
                            new Outcome.Line("merged again, few", Timing.median(small.merged))),
                    "branch over many ÷ over few",
                    mine.wall() / peer.wall(),
                    mine.cpu() / peer.cpu(),
                    Optional.empty());
        }
    }

    /** Makes tables by cloning a schema: entries of the catalog over the same files. */
    private static void fill(Warehouse warehouse, int schemas, int each) {
        StringBuilder sql = new StringBuilder();
        for (int i = 0; i < each; i++) {
            sql.append("create table s0.t%d as select %d as id;\n".formatted(i, i));
        }
        warehouse.sql(sql.toString());
        for (int s = 1; s < schemas; s++) {
            warehouse.tarn().states().copySchema(RefName.MAIN, "s0", At.MAIN, "s" + s);
        }
    }

    /** What was measured on one warehouse. */
    private static final class Work {
        private final List<Timing> branched = new ArrayList<>();
        private final List<Timing> asked = new ArrayList<>();
        private final List<Timing> merged = new ArrayList<>();

        private void branch(Warehouse warehouse, int number) throws Exception {
            RefName name = new RefName("b" + (number + TENTH));
            Timing made =
                    Timing.of(() -> {
                        warehouse.tarn().states().createBranch(name, At.MAIN);
                        for (int more = 1; more < AT_ONCE; more++) {
                            warehouse
                                    .tarn()
                                    .states()
                                    .createBranch(new RefName(name + "/" + more), At.MAIN);
                        }
                    });
            Timing read =
                    Timing.of(
                            () -> warehouse.number("select id from s0.t7", At.parse(name.value())));
            warehouse.sql("insert into s0.t8 select 8", name);
            Timing back =
                    Timing.of(() ->
                            warehouse
                                    .tarn()
                                    .states()
                                    .merge(
                                            new MergeRequest(
                                                    name, RefName.MAIN, Optional.empty(), false)));
            if (number >= 0) {
                branched.add(made);
                asked.add(read);
                merged.add(back);
            }
        }
    }
}
