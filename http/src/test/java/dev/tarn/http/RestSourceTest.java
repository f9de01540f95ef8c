package dev.tarn.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tarn.http.ApiServer.Reply;
import dev.tarn.spi.OpenSource;
import dev.tarn.spi.OpenSource.Limits;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Records of a real server, page by page, look by look. */
final class RestSourceTest {
    private static final Limits SMALL = new Limits(2, 256 << 20, Duration.ofHours(1), false);

    private final Landed landed = new Landed();
    private ApiServer api;

    @BeforeEach
    void begin() throws IOException {
        api = ApiServer.start();
    }

    @AfterEach
    void end() {
        api.close();
    }

    private OpenSource open(String... settings) {
        Map<String, String> all = new HashMap<>(Map.of("url", api.url()));
        for (String setting : settings) {
            String[] pair = setting.split("=", 2);
            all.put(pair[0], pair[1]);
        }
        return Landed.open(new RestConnector(), all);
    }

    /** Lands all that is there. */
    private int land(String... settings) {
        try (OpenSource source = open(settings)) {
            return landed.land(source);
        }
    }

    private List<String> values() {
        return landed.rows.stream().map(r -> r.substring(r.lastIndexOf('|') + 1)).toList();
    }

    private static String list(int from, int to) {
        return IntStream.range(from, to)
                .mapToObj(i -> "{\"id\":" + i + "}")
                .collect(Collectors.joining(",", "[", "]"));
    }

    private static List<String> ids(int from, int to) {
        return IntStream.range(from, to).mapToObj(i -> "{\"id\":" + i + "}").toList();
    }

    @Test
    void aListIsASnapshotOfItsRecords() {
        api.put("/orders", "[{\"id\":1, \"price\":1.50},\n {\"id\":2}]");

        assertThat(land("path=orders", "params.status=open", "headers.X-Who=tests")).isEqualTo(1);

        assertThat(landed.rows)
                .containsExactly(
                        "/orders?status=open|1|{\"id\":1, \"price\":1.50}",
                        "/orders?status=open|2|{\"id\":2}");
        assertThat(api.calls().getFirst().headers()).containsEntry("x-who", "tests");
    }

    @Test
    void aSnapshotIsTakenAgainByTheNextLook() {
        api.put("/orders", list(0, 3));
        land("path=orders");
        api.put("/orders", list(1, 2));
        land("path=orders");

        assertThat(values()).containsExactly("{\"id\":1}");
    }

    @Test
    void recordsAreFoundWhereTheyAre() {
        api.put("/a", "{\"data\":{\"items\":[{\"id\":1}],\"id\":9}}")
                .put("/b", "{\"groups\":[{\"rows\":[{\"id\":2}]},{\"rows\":[{\"id\":3}]}]}")
                .put("/c", "{\"id\":4}");

        land("path=a", "records=data.items");
        assertThat(values()).containsExactly("{\"id\":1}");
        land("path=b", "records=/groups/*/rows");
        assertThat(values()).containsExactly("{\"id\":2}", "{\"id\":3}");
        land("path=c");
        assertThat(values()).containsExactly("{\"id\":4}");
    }

    @Test
    void pagesAreCountedUpToAnEmptyOne() {
        api.put(
                "/orders",
                call -> {
                    int page = Integer.parseInt(call.query("page", "1"));
                    return Reply.json(page <= 3 ? list(page * 2, page * 2 + 2) : "[]");
                });

        land("path=orders", "paginate.by=page", "paginate.size=2", "paginate.size_param=per_page");

        assertThat(values()).isEqualTo(ids(2, 8));
        assertThat(api.asked())
                .containsExactly(
                        "/orders?{page=1, per_page=2}",
                        "/orders?{page=2, per_page=2}",
                        "/orders?{page=3, per_page=2}",
                        "/orders?{page=4, per_page=2}");
    }

    @Test
    void pagesAreCountedUpToTheNumberThatIsSaid() {
        api.put(
                "/orders",
                call ->
                        Reply.json(
                                "{\"pages\":2,\"rows\":%s}"
                                        .formatted(
                                                list(
                                                        Integer.parseInt(call.query("p", "0")),
                                                        Integer.parseInt(call.query("p", "0"))
                                                                + 1))));

        land(
                "path=orders",
                "records=rows",
                "paginate.by=page",
                "paginate.param=p",
                "paginate.start=0",
                "paginate.pages=/pages");

        assertThat(values()).isEqualTo(ids(0, 2));
        assertThat(api.asked()).hasSize(2);
    }

    @Test
    void offsetsGoOnByWhatCame() {
        api.put(
                "/orders",
                call -> {
                    int from = Integer.parseInt(call.query("offset", "0"));
                    return Reply.json(
                            "{\"total\":5,\"rows\":%s}"
                                    .formatted(list(from, Math.min(from + 2, 5))));
                });

        land("path=orders", "records=rows", "paginate.by=offset", "paginate.total=total");

        assertThat(values()).isEqualTo(ids(0, 5));
        assertThat(api.asked())
                .containsExactly("/orders?{offset=0}", "/orders?{offset=2}", "/orders?{offset=4}");
    }

    @Test
    void aCursorStandsInTheAnswerOrInTheLastRecord() {
        api.put(
                "/a",
                call ->
                        Reply.json(
                                call.query("cursor", "").isEmpty()
                                        ? "{\"rows\":%s,\"meta\":{\"next\":\"x y\"}}"
                                                .formatted(list(0, 2))
                                        : "{\"rows\":%s,\"meta\":{\"next\":null}}"
                                                .formatted(list(2, 3))));
        api.put(
                "/b",
                call -> {
                    int after = Integer.parseInt(call.query("starting_after", "-1"));
                    return Reply.json(
                            "{\"has_more\":%s,\"data\":%s}"
                                    .formatted(after < 1, list(after + 1, after + 3)));
                });

        land("path=a", "records=rows", "paginate.by=cursor", "paginate.cursor=/meta/next");
        assertThat(values()).isEqualTo(ids(0, 3));
        assertThat(api.asked()).containsExactly("/a", "/a?{cursor=x y}");

        land(
                "path=b",
                "records=data",
                "paginate.by=cursor",
                "paginate.param=starting_after",
                "paginate.last=id",
                "paginate.more=has_more");
        assertThat(values()).isEqualTo(ids(0, 4));
    }

    @Test
    void theNextAddressStandsInAHeaderOrInTheAnswer() {
        api.put(
                "/a",
                call ->
                        call.query("page", "").isEmpty()
                                ? Reply.json(list(0, 1))
                                        .with(
                                                "Link",
                                                "</a?page=0>; rel=\"prev\", <%s/a?page=2&token=t>; rel=\"next\""
                                                        .formatted(api.url()))
                                : Reply.json(list(1, 2)));
        api.put(
                "/b",
                call ->
                        Reply.json(
                                call.query("page", "").isEmpty()
                                        ? "{\"rows\":%s,\"next\":\"/b?page=2\"}"
                                                .formatted(list(0, 1))
                                        : "{\"rows\":%s,\"next\":\"\"}".formatted(list(1, 2))));

        land("path=a", "paginate.by=link");
        assertThat(values()).isEqualTo(ids(0, 2));
        land("path=b", "records=rows", "paginate.by=next_url", "paginate.next=next");
        assertThat(values()).isEqualTo(ids(0, 2));
    }

    @Test
    void aServerThatDoesNotCountIsNotAskedForEver() {
        api.put("/orders", list(0, 2));

        assertThatThrownBy(() -> land("path=orders", "paginate.by=page"))
                .hasMessage(
                        "The page behind %s/orders is the same page again, so there would be no end. Check 'paginate'. [SOURCE_UNREADABLE]"
                                .formatted(api.url()));
        assertThat(landed.rows).isEmpty();
    }

    @Test
    void pagesThatLeadBackAreNotFollowedForEver() {
        api.put(
                "/orders",
                call ->
                        Reply.json(
                                "{\"rows\":[{\"id\":1}],\"next\":\"%s\"}"
                                        .formatted(
                                                call.query("after", "").equals("b") ? "a" : "b")));

        assertThatThrownBy(() ->
                        land(
                                "path=orders",
                                "records=rows",
                                "paginate.by=cursor",
                                "paginate.cursor=next",
                                "paginate.param=after"))
                .hasMessage(
                        "The pages behind %s/orders lead back to one that was there before, so there would be no end. Check 'paginate'. [SOURCE_UNREADABLE]"
                                .formatted(api.url()));
        assertThat(api.asked()).hasSize(3);
    }

    @Test
    void whereACursorIsAnObjectNothingIsLeftOutInSilence() {
        api.put("/orders", "{\"rows\":[{\"id\":1}],\"next\":{\"id\":7}}");

        assertThatThrownBy(() ->
                        land(
                                "path=orders",
                                "records=rows",
                                "paginate.by=cursor",
                                "paginate.cursor=next"))
                .hasMessage(
                        "What %s/orders answers is no JSON, but application/json: there is an object at '/next', which 'paginate' names for a text or a number, in line 1, column 28. It begins with: {\"rows\":[{\"id\":1}],\"next\":{\"id\":7}} [SOURCE_UNREADABLE]"
                                .formatted(api.url()));
    }

    @Test
    void aNumberOfPagesThatIsNoneEndsNothing() {
        api.put(
                "/orders",
                call -> {
                    int page = Integer.parseInt(call.query("page", "0"));
                    return Reply.json(
                            "{\"pages\":\"many\",\"rows\":%s}"
                                    .formatted(page < 4 ? "[{\"id\":" + page + "}]" : "[]"));
                });
        land("path=orders", "records=rows", "paginate.by=page", "paginate.pages=pages");

        assertThat(values()).containsExactly("{\"id\":1}", "{\"id\":2}", "{\"id\":3}");
    }

    @Test
    void anAddressThatIsAQueryAloneIsOfTheSamePath() {
        api.put(
                "/orders",
                call ->
                        Reply.json(
                                call.query("page", "").equals("2")
                                        ? "{\"rows\":[{\"id\":2}]}"
                                        : "{\"rows\":[{\"id\":1}],\"next\":\"?page=2\"}"));
        land("path=orders", "records=rows", "paginate.by=next_url", "paginate.next=next");

        assertThat(values()).containsExactly("{\"id\":1}", "{\"id\":2}");
    }

    @Test
    void recordsThatAServerTellsThoughNobodyAskedForThemAreLeftOut() {
        List<String> all = new ArrayList<>(List.of(event(1, "1"), event(2, "2"), event(3, "3")));
        api.put("/events", call -> Reply.json(String.join(",", all).transform(t -> "[" + t + "]")));
        String[] asked = {"path=events", "cursor=at", "cursor_param=since"};
        land(asked);
        assertThat(land(asked)).isZero();
        all.add(event(4, "4"));
        assertThat(land(asked)).isEqualTo(1);
        assertThat(land(asked)).isZero();

        assertThat(values()).containsExactlyElementsOf(all);
    }

    @Test
    void aNextPageAtAnotherServerIsNotFollowed() {
        api.put("/orders", "{\"rows\":[],\"next\":\"https://elsewhere.example.com/2\"}");

        assertThatThrownBy(() ->
                        land(
                                "path=orders",
                                "records=rows",
                                "paginate.by=next_url",
                                "paginate.next=next"))
                .hasMessage(
                        "%s/orders names a next page at another server, elsewhere.example.com. Pages are followed on one server only. [SOURCE_UNREADABLE]"
                                .formatted(api.url()));
    }

    /** Events that a server has, in the order of their time. */
    private void events(List<String> events) {
        api.put(
                "/events",
                call -> {
                    String since = call.query("since", "");
                    int offset = Integer.parseInt(call.query("offset", "0"));
                    List<String> found =
                            events.stream()
                                    .filter(e ->
                                            e.replaceAll(".*\"at\":\"([^\"]*)\".*", "$1")
                                                            .compareTo(since)
                                                    >= 0)
                                    .toList();
                    return Reply.json(
                            found.stream()
                                    .skip(offset)
                                    .limit(2)
                                    .collect(Collectors.joining(",", "[", "]")));
                });
    }

    private static String event(int id, String at) {
        return "{\"id\":%d,\"at\":\"2026-01-0%s\"}".formatted(id, at);
    }

    private static final String[] INCREMENTAL = {
        "path=events", "paginate.by=offset", "cursor=at", "cursor_param=since"
    };

    @Test
    void onlyNewRecordsLandBehindACursorThoughTheSeamIsGivenAgain() {
        List<String> events = new ArrayList<>(List.of(event(1, "1"), event(2, "2"), event(3, "2")));
        events(events);
        land(INCREMENTAL);
        assertThat(land(INCREMENTAL)).isZero();
        events.add(event(4, "2"));
        events.add(event(5, "3"));
        assertThat(land(INCREMENTAL)).isEqualTo(1);
        assertThat(land(INCREMENTAL)).isZero();

        assertThat(values())
                .containsExactly(
                        event(1, "1"), event(2, "2"), event(3, "2"), event(4, "2"), event(5, "3"));
        assertThat(api.asked().getLast()).isEqualTo("/events?{offset=1, since=2026-01-03}");
    }

    @Test
    void equalRecordsLandAsOftenAsTheyAreThere() {
        List<String> events = new ArrayList<>(List.of(event(1, "1"), event(1, "1")));
        events(events);
        land(INCREMENTAL);
        events.add(event(1, "1"));
        land(INCREMENTAL);
        land(INCREMENTAL);

        assertThat(values()).containsExactly(event(1, "1"), event(1, "1"), event(1, "1"));
    }

    @Test
    void aLookThatWasCutGoesOnWithItsNextPage() {
        List<String> events = new ArrayList<>();
        for (int i = 1; i < 8; i++) {
            events.add(event(i, String.valueOf(i)));
        }
        events(events);
        for (int i = 0; i < 4; i++) {
            try (OpenSource source = open(INCREMENTAL)) {
                landed.landOne(source, SMALL);
            }
        }
        assertThat(values()).isEqualTo(events);
        events.add(event(8, "8"));
        land(INCREMENTAL);
        assertThat(land(INCREMENTAL)).isZero();

        assertThat(values()).isEqualTo(events);
    }

    @Test
    void aBatchThatWasNotPublishedComesAgain() {
        events(List.of(event(1, "1"), event(2, "2")));
        try (OpenSource source = open(INCREMENTAL)) {
            source.next(Map.of(), Landed.ALL).orElseThrow().close();
        }
        land(INCREMENTAL);

        assertThat(values()).hasSize(2);
    }

    @Test
    void aLogGoesOnWithItsLastPage() {
        List<Integer> log = new ArrayList<>(List.of(1, 2, 3));
        api.put(
                "/log",
                call -> {
                    int page = Integer.parseInt(call.query("page", "1"));
                    return Reply.json(
                            log.stream()
                                    .skip(2L * (page - 1))
                                    .limit(2)
                                    .map(i -> "{\"id\":" + i + "}")
                                    .collect(Collectors.joining(",", "[", "]")));
                });
        String[] settings = {"path=log", "mode=LOG", "paginate.by=page"};
        land(settings);
        assertThat(land(settings)).isZero();
        log.add(4);
        log.add(5);
        assertThat(land(settings)).isEqualTo(1);
        assertThat(land(settings)).isZero();

        assertThat(values()).isEqualTo(ids(1, 6));
        assertThat(api.asked().getLast()).isEqualTo("/log?{page=4}");
    }

    @Test
    void aSnapshotThatWasCutGoesOnWithItsNextPage() {
        api.put(
                "/orders",
                call -> {
                    int from = Integer.parseInt(call.query("offset", "0"));
                    return Reply.json(list(from, Math.min(from + 2, 5)));
                });
        String[] settings = {"path=orders", "paginate.by=offset"};
        for (int i = 0; i < 2; i++) {
            try (OpenSource source = open(settings)) {
                landed.landOne(source, SMALL);
            }
        }
        assertThat(values()).isEqualTo(ids(0, 4));
        int before = api.calls().size();
        try (OpenSource source = open(settings)) {
            landed.land(source, SMALL);
        }

        assertThat(values()).isEqualTo(ids(0, 5));
        assertThat(api.asked().get(before)).isEqualTo("/orders?{offset=4}");
    }

    @Test
    void childrenAreAskedForByTheirParents() {
        api.put("/customers", "{\"rows\":[{\"id\":7},{\"id\":\"a/b\"},{\"id\":9}]}")
                .put("/customers/7/orders", list(0, 2))
                .put("/customers/a/b/orders", list(2, 3));

        land(
                "path=customers/{parent}/orders",
                "parent.path=customers",
                "parent.records=rows",
                "parent.field=id");

        assertThat(landed.rows)
                .containsExactly(
                        "/customers/7/orders|1|7|{\"id\":0}",
                        "/customers/7/orders|2|7|{\"id\":1}",
                        "/customers/a%2Fb/orders|1|a/b|{\"id\":2}");
        assertThat(landed.refused)
                .containsExactly("/customers/9/orders:0 there is nothing of this parent (404) <9>");
    }
}
