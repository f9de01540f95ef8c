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
        QUERIES.put("first", "select id, ts, k from deduplicate(EVENTS, ts, interval '7 minutes', k)");
        QUERIES.put(
                "each",
                "select e.id, names.name, e.v * 2 as twice from EVENTS as e left join s.names using (k) where e.v > 1");
        QUERIES.put(
                "united",
                "select id, k from EVENTS union all select id, k + 100 as k from OTHERS");
        QUERIES.put(
                "joined",
                "select e.id, o.id as other from EVENTS as e join OTHERS as o on e.k = o.k and o.ts between e.ts - interval '2 minutes' and e.ts + interval '5 minutes' where e.v > 0");
        QUERIES.put(
                "joined_otherwise",
                "select e.id, o.id as other from EVENTS as e, s.names as n, OTHERS as o where e.k = n.k and o.k = n.k and o.ts <= e.ts and e.ts < o.ts + interval 3 minutes");
    }

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
                shop.tarn()
                        .execute(SqlText.ofFile(sql, "sql"), RefName.MAIN, new Cancellation());
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
                                query.replace("from EVENTS", "from stream({{ source('s', 'events') }}, ts)")
                                        .replace("join OTHERS", "join stream({{ source('s', 'others') }}, ts)")
                                        .replace(", OTHERS", " cross join stream({{ source('s', 'others') }}, ts)")
                                        .replace("from OTHERS", "from stream({{ source('s', 'others') }}, ts)")
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
    @ValueSource(longs = {1, 2})
    void whatIsToldInTheEndIsWhatTheQueryTellsOverTheFinishedTable(long seed) {
        QUERIES.forEach((name, query) -> stream(name, "watermark='5 minutes'", query));
        SplittableRandom random = new SplittableRandom(seed);
        List<Event> events = events(random, 240, 300);
        List<Event> others = events(random, 160, 300);
        int done = 0;
        int doneOthers = 0;
        long time = 0;
        while (done < events.size()) {
            time += 300 + random.nextInt(2400);
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
        QUERIES.forEach((name, query) -> {
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
        stream("tumbling", "watermark='1 minute'", QUERIES.get("tumbling"));
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
}
