package dev.tarn.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.model.RefName;
import dev.tarn.model.graph.SqlText;
import dev.tarn.run.Cancellation;
import dev.tarn.run.RunReport;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Streams tell what the same query tells over the finished table, batch by batch. */
final class StreamTest {
    /** A query over {@code EVENTS}, {@code OTHERS} and the table {@code s.names}. */
    private static final Map<String, String> QUERIES = new LinkedHashMap<>();

    static {
        QUERIES.put(
                "tumbling",
                "select window_start, window_end, k, count(*) as n, sum(v) as total, median(v) as middle from tumble(EVENTS, ts, interval '10 minutes') group by all");
        QUERIES.put(
                "having_many",
                "select window_end, count(distinct k) as ks from tumble(EVENTS, ts, interval '1 hour') as w where w.v > 2 group by window_end having count(*) > 3");
        QUERIES.put(
                "hopping",
                "select window_start, k, max(v) as most from hop(EVENTS, ts, interval '5 minutes', interval '20' minute) group by all");
        QUERIES.put(
                "sessions",
                "select k, window_start, window_end, count(*) as n, sum(v) as total from session(EVENTS, ts, interval '4 minutes', k) group by k, window_start, window_end");
        QUERIES.put(
                "all_sessions",
                "select window_start, window_end, count(*) as n from session(EVENTS, ts, interval '50 seconds') group by all");
        QUERIES.put(
                "named",
                "select window_start, names.name, count(*) as n from tumble(EVENTS, ts, interval '10 minutes') as e left join s.names on e.k = names.k group by all");
        QUERIES.put(
                "first", "select id, ts, k from deduplicate(EVENTS, ts, interval '7 minutes', k)");
        QUERIES.put(
                "each",
                "select e.id, names.name, e.v * 2 as twice from EVENTS as e left join s.names using (k) where e.v > 1");
        QUERIES.put(
                "united", "select id, k from EVENTS union all select id, k + 100 as k from OTHERS");
        QUERIES.put(
                "joined",
                "select e.id, o.id as other from EVENTS as e join OTHERS as o on e.k = o.k and o.ts between e.ts - interval '2 minutes' and e.ts + interval '5 minutes' where e.v > 0");
        QUERIES.put(
                "joined_otherwise",
                "select e.id, o.id as other from EVENTS as e, s.names as n, OTHERS as o where e.k = n.k and o.k = n.k and o.ts <= e.ts and e.ts < o.ts + interval 3 minutes");
    }

    /** Queries whose results may be told again. */
    private static final Map<String, String> CORRECTED =
            Map.of(
                    "tumbling_again",
                    QUERIES.getOrDefault("tumbling", ""),
                    "hopping_again",
                    "select window_start as since, window_end as until, count(*) as n, min(id) as one from hop(EVENTS, ts, interval '4 minutes', interval '10 minutes') group by all",
                    "sessions_again",
                    QUERIES.getOrDefault("sessions", ""),
                    "all_sessions_again",
                    QUERIES.getOrDefault("all_sessions", ""));

    @TempDir Path folder;
    private Workshop shop;

    @BeforeEach
    void openShop() {
        shop = new Workshop(folder);
        shop.put(
                "models/sources.yml",
                """
                version: 2
                sources:
                  - name: s
                    schema: s
                    tables: [{name: events}, {name: others}, {name: names}]
                """);
        sql("create table s.events (id bigint, ts timestamp, k integer, v integer)");
        sql("create table s.others (id bigint, ts timestamp, k integer, v integer)");
        sql("create table s.names (k integer, name varchar)");
        sql("insert into s.names select i, 'n' || i from range(3) t(i)");
    }

    @AfterEach
    void closeShop() {
        shop.close();
    }

    private void sql(String sql) {
        var unused =
                shop.tarn().execute(SqlText.ofFile(sql, "sql"), RefName.MAIN, new Cancellation());
    }

    private List<String> sorted(String sql) {
        List<String> rows = new ArrayList<>(shop.rows(sql));
        rows.sort(null);
        return rows;
    }

    /** A stream over the events. */
    private void stream(String name, String config, String query) {
        shop.put(
                "streams/" + name + ".sql",
                "{{ config(%s) }}\n%s\n"
                        .formatted(
                                config,
                                query.replace(
                                                "from EVENTS",
                                                "from stream({{ source('s', 'events') }}, ts)")
                                        .replace(
                                                "join OTHERS",
                                                "join stream({{ source('s', 'others') }}, ts)")
                                        .replace(
                                                ", OTHERS",
                                                " cross join stream({{ source('s', 'others') }}, ts)")
                                        .replace(
                                                "from OTHERS",
                                                "from stream({{ source('s', 'others') }}, ts)")
                                        .replace("EVENTS", "stream({{ source('s', 'events') }})")
                                        .replace("s.names", "{{ source('s', 'names') }}")));
    }

    private RunReport build() {
        RunReport report = shop.build();
        assertThat(report.problems()).isEmpty();
        return report;
    }

    /** What a table is said to have become. */
    private String message(RunReport report, String name) {
        return report.tasks().stream()
                .filter(t -> t.node().endsWith("." + name))
                .map(t -> t.message().orElse(""))
                .collect(Collectors.joining());
    }

    private record Event(long id, long seconds, long arrives, int k, int v) {
        String row() {
            return "(%d, timestamp '2026-03-01' + to_seconds(%d), %d, %d)"
                    .formatted(id, seconds, k, v);
        }
    }

    /** Events that come out of order, none later than the watermark waits. */
    private static List<Event> events(SplittableRandom random, int count, int delay) {
        List<Event> events = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int seconds = random.nextInt(3 * 3600);
            events.add(
                    new Event(
                            i,
                            seconds,
                            seconds + random.nextInt(delay + 1),
                            random.nextInt(4),
                            random.nextInt(9)));
        }
        events.sort(Comparator.comparingLong(Event::arrives));
        return events;
    }

    private void insert(String table, List<Event> events) {
        if (!events.isEmpty()) {
            sql(
                    "insert into %s values %s"
                            .formatted(
                                    table,
                                    events.stream()
                                            .map(Event::row)
                                            .collect(Collectors.joining(", "))));
        }
    }

    @ParameterizedTest
    @ValueSource(longs = 1)
    void whatIsToldInTheEndIsWhatTheQueryTellsOverTheFinishedTable(long seed) {
        QUERIES.forEach((name, query) -> stream(name, "watermark='5 minutes'", query));
        CORRECTED.forEach((name, query) ->
                stream(name, "watermark='1 minute', allowed_lateness='4 minutes'", query));
        SplittableRandom random = new SplittableRandom(seed);
        List<Event> events = events(random, 240, 300);
        List<Event> others = events(random, 160, 300);
        int done = 0;
        int doneOthers = 0;
        long time = 0;
        while (done < events.size()) {
            time += 900 + random.nextInt(3600);
            int next = done;
            while (next < events.size() && events.get(next).arrives() <= time) {
                next++;
            }
            int nextOthers = doneOthers;
            while (nextOthers < others.size() && others.get(nextOthers).arrives() <= time) {
                nextOthers++;
            }
            insert("s.events", events.subList(done, next));
            insert("s.others", others.subList(doneOthers, nextOthers));
            done = next;
            doneOthers = nextOthers;
            build();
        }
        insert("s.others", others.subList(doneOthers, others.size()));
        sql("create table s.finished as select * from s.events");
        sql("create table s.others_finished as select * from s.others");
        for (String table : List.of("s.events", "s.others")) {
            insert(table, List.of(new Event(-1, 1_000_000, 0, 99, 0)));
        }
        build();
        Map<String, String> all = new LinkedHashMap<>(QUERIES);
        all.putAll(CORRECTED);
        all.forEach((name, query) -> {
            String whole =
                    query.replace("EVENTS", "s.finished").replace("OTHERS", "s.others_finished");
            List<String> expected = sorted(whole);
            assertThat(expected).as(name).isNotEmpty();
            List<String> told = sorted("select * from main." + name);
            told.removeIf(r -> r.startsWith("-1|"));
            assertThat(told).as("%s, seed %d", name, seed).isEqualTo(expected);
        });
        assertThat(Workshop.number(shop.tarn(), "select count(*) from main.tumbling__state"))
                .as("what is kept is bounded")
                .isEqualTo(1);
    }

    @Test
    void aWindowIsToldOnceItIsDoneAndNothingIsDoneTwice() {
        stream("tumbling", "watermark='1 minute'", QUERIES.getOrDefault("tumbling", ""));
        insert("s.events", List.of(new Event(1, 10, 0, 1, 5), new Event(2, 630, 0, 1, 7)));
        assertThat(message(build(), "tumbling"))
                .isEqualTo("stream, 2 in, 0 out, watermark 2026-03-01T00:09:30Z");
        insert("s.events", List.of(new Event(3, 599, 0, 1, 1), new Event(4, 660, 0, 2, 1)));
        assertThat(message(build(), "tumbling"))
                .isEqualTo("stream, 2 in, 1 out, watermark 2026-03-01T00:10:00Z");
        assertThat(shop.rows("select k, n, total from main.tumbling")).containsExactly("1|2|6");
        assertThat(Workshop.outcome(build())).containsEntry("model tumbling", "UNCHANGED");
        assertThat(shop.rows("select id from main.tumbling__state order by id"))
                .containsExactly("2", "4");
    }

    private String refusal() {
        return Workshop.told(shop.build().problems());
    }

    @Test
    void whatIsLateIsKeptBesideOrDropped() {
        String query =
                "select window_end, count(*) as n from tumble(EVENTS, ts, interval '10 minutes') group by all";
        stream("kept", "watermark='1 minute'", query);
        stream("dropped", "watermark='1 minute', late='drop'", query);
        stream(
                "corrected",
                "watermark='1 minute', allowed_lateness='10 minutes'",
                "select window_start, " + query.substring(7));
        insert("s.events", List.of(new Event(1, 10, 0, 1, 5), new Event(2, 700, 0, 1, 7)));
        build();
        insert("s.events", List.of(new Event(3, 20, 0, 1, 1)));
        sql("insert into s.events values (4, null, 1, 1)");

        RunReport report = build();

        assertThat(message(report, "kept"))
                .isEqualTo("stream, 2 in, 0 out, 2 late, watermark 2026-03-01T00:10:40Z");
        assertThat(
                        shop.rows(
                                "select id, late_reason, late_watermark from main.kept__late order by id"))
                .containsExactly(
                        "3|late|2026-03-01T00:10:40", "4|no event time|2026-03-01T00:10:40");
        assertThat(shop.rows("select n from main.kept")).containsExactly("1");
        assertThat(shop.rows("select n from main.corrected")).containsExactly("2");
        assertThat(shop.rows("select id from main.corrected__late")).containsExactly("4");
        assertThat(
                        shop.tarn()
                                .table(
                                        dev.tarn.model.TableName.parse("main.corrected"),
                                        dev.tarn.app.At.MAIN)
                                .attributes())
                .containsEntry("stream.watermark", "2026-03-01T00:10:40Z");
        assertThat(shop.tarn().tables(dev.tarn.app.At.MAIN).toString())
                .contains("main.kept__late")
                .doesNotContain("main.dropped__late");
        insert("s.events", List.of(new Event(5, 1320, 0, 1, 1)));
        build();
        insert("s.events", List.of(new Event(6, 30, 0, 1, 1), new Event(7, 650, 0, 1, 1)));
        build();
        assertThat(shop.rows("select n from main.corrected order by window_end"))
                .containsExactly("2", "2");
        assertThat(shop.rows("select id from main.corrected__late order by id"))
                .containsExactly("4", "6");
    }

    @Test
    void rowsThatMovedBetweenFilesAreNotNewAndThoseThatChangedAreRefused() {
        stream("ids", "", "select id from EVENTS as e");
        stream("ids_anyway", "input_changes='ignore'", "select id from EVENTS as e");
        for (int i = 0; i < 3; i++) {
            insert("s.events", List.of(new Event(i, i, 0, 1, 1)));
        }
        build();
        insert("s.events", List.of(new Event(3, 1, 0, 1, 1)));
        shop.tarn()
                .maintain(
                        new dev.tarn.app.MaintainRequest(
                                RefName.MAIN,
                                List.of(),
                                java.time.Duration.ofMinutes(1),
                                Long.MAX_VALUE,
                                true),
                        done -> {},
                        () -> false);
        insert("s.events", List.of(new Event(4, 1, 0, 1, 1)));
        build();
        assertThat(sorted("select id from main.ids")).containsExactly("0", "1", "2", "3", "4");
        sql("update s.events set v = 3 where id = 1");
        sql("delete from s.events where id = 2");
        insert("s.events", List.of(new Event(5, 1, 0, 1, 1)));

        assertThat(refusal())
                .isEqualTo(
                        "streams/ids.sql:1:1: s.events, which stream 'ids' follows, has 2 rows that were changed or deleted since. A stream takes rows that are added. Build it anew with --full-refresh, or pass such changes over with input_changes='ignore'. [UNSUPPORTED]");
        shop.remove("streams/ids.sql");
        build();
        assertThat(sorted("select id from main.ids_anyway"))
                .containsExactly("0", "1", "2", "3", "4", "5");
        RunReport full = shop.build(Workshop.full());
        assertThat(full.problems()).isEmpty();
        assertThat(sorted("select id from main.ids_anyway"))
                .containsExactly("0", "1", "3", "4", "5");
        sql("drop table s.events");
        sql("create table s.events (id bigint, ts timestamp, k integer, v integer)");
        assertThat(refusal())
                .isEqualTo(
                        "streams/ids_anyway.sql:1:1: s.events, which stream 'ids_anyway' follows, was made anew since. A stream takes rows that are added. Build it anew with --full-refresh. [UNSUPPORTED]");
    }

    @Test
    void partsFromWhichNothingComesHoldTheOthersBackOnlyForAWhile() {
        stream(
                "slowest",
                "watermark_by='k'",
                QUERIES.getOrDefault("having_many", "").replace(" having count(*) > 3", ""));
        stream(
                "impatient",
                "watermark_by='k', idle_after='1 ms'",
                QUERIES.getOrDefault("having_many", "").replace(" having count(*) > 3", ""));
        insert("s.events", List.of(new Event(1, 10, 0, 1, 5), new Event(2, 20, 0, 2, 5)));
        build();
        insert("s.events", List.of(new Event(3, 8000, 0, 1, 5)));
        build();
        assertThat(shop.rows("select ks from main.slowest")).isEmpty();
        assertThat(shop.rows("select ks from main.impatient order by window_end"))
                .containsExactly("2");
        insert("s.events", List.of(new Event(4, 30, 0, 2, 5), new Event(5, 8000, 0, 2, 5)));
        build();
        assertThat(shop.rows("select ks from main.slowest order by window_end"))
                .containsExactly("2");
        assertThat(shop.rows("select id from main.impatient__late")).containsExactly("4");
    }

    @Test
    void aStreamFollowsWhatAnotherTellsInTheSameRun() {
        stream("tumbling", "", QUERIES.getOrDefault("tumbling", ""));
        shop.put(
                "streams/hourly.sql",
                "select window_start, window_end, sum(n) as n from tumble(stream({{ ref('tumbling') }}), window_start, interval '1 hour') group by all");
        shop.put("models/view.sql", "select sum(n) as n from {{ ref('hourly') }}");
        insert(
                "s.events",
                List.of(
                        new Event(1, 10, 0, 1, 5),
                        new Event(2, 4000, 0, 2, 5),
                        new Event(3, 4900, 0, 2, 5)));
        build();
        assertThat(shop.rows("select window_end, n from main.hourly"))
                .containsExactly("2026-03-01T01:00|1");
        assertThat(shop.rows("select n from main.view")).containsExactly("1");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "select k, count(*) as n from EVENTS as e group by k|it groups rows without a window",
                "select window_start, sum(v) from tumble(EVENTS, ts, interval '1 hour') group by all limit 3|has a LIMIT",
                "select count(*) as n from session(EVENTS, ts, interval '1 hour', k) group by window_start, window_end|does not show all that it groups by",
                "select window_start, count(*) as n from session(EVENTS, ts, interval '1 hour', k) group by all|does not group by 'k'",
                "select *, row_number() over (order by ts) as nth from EVENTS as e|looks at rows beside a row",
                "select e.id from EVENTS as e join OTHERS as o on e.k = o.k|joins two streams without saying how far apart",
                "select e.id from EVENTS as e join OTHERS as o on e.k = o.k and (o.ts between e.ts and e.ts + interval '1 hour' or e.v = 1)|holds an expression not known",
                "select e.id from EVENTS as e join OTHERS as o on e.k = o.k and o.ts >= e.ts|joins two streams without saying how far apart",
                "select window_start, count(*) as n from tumble(EVENTS, ts, interval '1 month') group by all|Months and years have no fixed length",
                "select window_start, count(*) as n from tumble(EVENTS, ts, to_minutes(v)) group by all|TUMBLE takes a fixed length of time here",
                "select window_start, count(*) as n from tumble(EVENTS, tss, interval '1 hour') group by all|Column 'tss' does not exist",
                "select window_start, count(*) as n from tumble(EVENTS, v, interval '1 hour') group by all|time_bucket",
                "select id, now() as seen from EVENTS as e|it calls now()",
                "select k from s.names|follows no table"
            })
    void whatCannotGoOnWithBoundedStateIsRefused(String query, String reason) {
        stream("refused", "", query);
        String told;
        try {
            told = refusal();
        } catch (dev.tarn.model.TarnException e) {
            told = Workshop.told(e);
        }
        assertThat(told).contains(reason).contains("streams/refused.sql:");
    }

    @Test
    void otherWindowsWantTheStreamToBeBuiltAnew() {
        stream(
                "counted",
                "",
                "select window_end, count(*) as n from tumble(EVENTS, ts, interval '10 minutes') group by all");
        insert("s.events", List.of(new Event(1, 10, 0, 1, 5), new Event(2, 4000, 0, 2, 5)));
        build();
        stream(
                "counted",
                "",
                "select window_end, count(*) as n from tumble(EVENTS, ts, interval '20 minutes') group by all");
        assertThat(refusal())
                .isEqualTo(
                        "streams/counted.sql:1:1: The windows of stream 'counted' changed from tumble(s.events, ts, 10m) to tumble(s.events, ts, 20m), and what it keeps was kept for those before. Build it anew with --full-refresh. [SCHEMA_CHANGE_REFUSED]");
        assertThat(shop.build(Workshop.full()).problems()).isEmpty();
        assertThat(shop.rows("select window_end from main.counted"))
                .containsExactly("2026-03-01T00:20");
    }
}
