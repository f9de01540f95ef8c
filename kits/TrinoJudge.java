import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;

/**
 * Asks a Trino server statements over Tarn's catalog and compares the rows it gives. Java runs it from
 * source: {@code java TrinoJudge.java http://127.0.0.1:PORT}. Lines tell what was wrong; the last one
 * counts: {@code pass=… refused=… fail=…}.
 */
public final class TrinoJudge {
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    /**
     * A statement and the rows it must give, as Trino writes them in JSON; and how Trino may refuse
     * it where its version cannot.
     */
    private record Case(String sql, String rows, String mayRefuse) {
        Case(String sql, String rows) {
            this(sql, rows, "nothing");
        }
    }

    /** Trino before it knew deletion vectors. */
    private static final String NO_VECTORS = "Unexpected PUFFIN file format";

    /** Views are in the dialect of whoever made them. */
    private static final String NO_DIALECT = "Cannot read unsupported dialect";

    /** Stands for the first snapshot of the table two. */
    private static final String FIRST = "FIRST";

    private static final String ITS_FIRST =
            "select min_by(snapshot_id, committed_at) from tarn.own.\"two$snapshots\"";

    private static final List<Case> CASES =
            List.of(
                    // A table of Tarn's for older readers: format version 2, rows deleted.
                    new Case("select count(*), sum(id) from tarn.own.two", "[8,38]"),
                    new Case(
                            "select id, name, amount from tarn.own.two where id = 3",
                            "[3,\"n3\",\"0.30\"]"),
                    new Case(
                            "select st.x, l[1], m['k'] from tarn.own.two where id = 4",
                            "[4,\"4\",4]"),
                    new Case(
                            "select count(*) from tarn.own.two for version as of " + FIRST,
                            "[10]"),
                    new Case("select count(*) from tarn.own.\"two$history\"", "[2]"),
                    // The same in version 3 without deleted rows, then with deletion vectors.
                    new Case("select count(*), sum(id) from tarn.own.three", "[10,45]"),
                    new Case("select count(*), sum(id) from tarn.own.t", "[8,38]", NO_VECTORS),
                    new Case(
                            "select id, name, amount from tarn.own.t where id = 3",
                            "[3,\"n3\",\"0.30\"]",
                            NO_VECTORS),
                    new Case("select name from tarn.own.v", "[\"view\"]", NO_DIALECT),
                    // Tables of Trino's.
                    new Case("create schema tarn.theirs", null),
                    new Case(
                            "create table tarn.theirs.t (id bigint, name varchar, amount decimal(10,2), day date, tags array(varchar)) with (partitioning = array['month(day)'])",
                            null),
                    new Case(
                            "insert into tarn.theirs.t values (1, 'one', 1.50, date '2024-01-01', array['a', 'b']), (2, 'two', null, date '2024-02-01', null), (3, 'three', 3, null, array[])",
                            "[3]"),
                    new Case(
                            "select id, amount, cardinality(tags) from tarn.theirs.t order by id",
                            "[1,\"1.50\",2],[2,null,null],[3,\"3.00\",0]"),
                    new Case("update tarn.theirs.t set name = 'zwei' where id = 2", "[1]"),
                    new Case("delete from tarn.theirs.t where id = 3", "[1]"),
                    new Case(
                            "merge into tarn.theirs.t t using (values (1, 'eins'), (9, 'neun')) as s(id, name) on t.id = s.id when matched then update set name = s.name when not matched then insert (id, name) values (s.id, s.name)",
                            "[2]"),
                    new Case("alter table tarn.theirs.t add column more integer", null),
                    new Case(
                            "select id, name, more from tarn.theirs.t order by id",
                            "[1,\"eins\",null],[2,\"zwei\",null],[9,\"neun\",null]"),
                    new Case("alter table tarn.theirs.t execute optimize", null),
                    new Case("select count(*) from tarn.theirs.t", "[3]"),
                    new Case(
                            "create table tarn.theirs.copied as select id, name from tarn.own.two",
                            "[8]"),
                    new Case("create view tarn.theirs.w as select count(*) n from tarn.theirs.t", null),
                    new Case("select n from tarn.theirs.w", "[3]"),
                    // Changes of a table of Tarn's.
                    new Case("insert into tarn.own.two (id, name) values (100, 'trino')", "[1]"),
                    new Case("update tarn.own.two set amount = 7 where id = 1", "[1]"),
                    new Case("delete from tarn.own.two where id = 2", "[1]"),
                    new Case("select count(*), sum(amount) from tarn.own.two", "[8,\"10.50\"]"),
                    new Case("drop table tarn.theirs.copied", null));

    private TrinoJudge() {}

    public static void main(String[] arguments) throws Exception {
        int pass = 0;
        int unknown = 0;
        int fail = 0;
        String first = rows(arguments[0], ITS_FIRST).replaceAll("[^0-9]", "");
        for (Case each : CASES) {
            String rows;
            try {
                rows = rows(arguments[0], each.sql().replace(FIRST, first));
            } catch (IllegalStateException refused) {
                rows = "refused: " + refused.getMessage();
            }
            boolean right =
                    each.rows() == null ? !rows.startsWith("refused") : rows.equals(each.rows());
            if (right) {
                pass++;
            } else if (rows.startsWith("refused: " + each.mayRefuse())) {
                unknown++;
                System.out.printf("%s%n  %s%n", each.sql(), rows);
            } else {
                fail++;
                System.out.printf(
                        "%s%n  gave     %s%n  expected %s%n", each.sql(), rows, each.rows());
            }
        }
        System.out.printf("pass=%d refused=%d fail=%d%n", pass, unknown, fail);
        System.exit(fail == 0 ? 0 : 1);
    }

    /** The rows of a statement, one after the other, as JSON. */
    private static String rows(String server, String sql) throws Exception {
        String answer =
                send(
                        HttpRequest.newBuilder(URI.create(server + "/v1/statement"))
                                .header("X-Trino-User", "judge")
                                .POST(HttpRequest.BodyPublishers.ofString(sql)));
        StringBuilder rows = new StringBuilder();
        while (true) {
            String error = text(answer, "\"error\":{\"message\":\"");
            if (error != null) {
                throw new IllegalStateException(error);
            }
            String data = data(answer);
            if (!data.isEmpty()) {
                rows.append(rows.isEmpty() ? "" : ",").append(data);
            }
            String next = text(answer, "\"nextUri\":\"");
            if (next == null) {
                return rows.toString();
            }
            answer =
                    send(
                            HttpRequest.newBuilder(URI.create(next))
                                    .header("X-Trino-User", "judge"));
        }
    }

    private static String send(HttpRequest.Builder request) throws Exception {
        while (true) {
            HttpResponse<String> response =
                    HTTP.send(request.build(), HttpResponse.BodyHandlers.ofString());
            if (response.statusCode() == 200) {
                return response.body();
            }
            if (response.statusCode() != 503 && response.statusCode() != 502) {
                throw new IllegalStateException(response.statusCode() + " " + response.body());
            }
            Thread.sleep(200);
        }
    }

    /** The text that follows, up to its closing quote; null where it is not there. */
    private static String text(String json, String before) {
        int start = json.indexOf(before);
        if (start < 0) {
            return null;
        }
        StringBuilder text = new StringBuilder();
        for (int i = start + before.length(); json.charAt(i) != '"'; i++) {
            if (json.charAt(i) == '\\') {
                i++;
            }
            text.append(json.charAt(i));
        }
        return text.toString();
    }

    /** What is in the list of rows, without its brackets. */
    private static String data(String json) {
        int start = json.indexOf("\"data\":[");
        if (start < 0) {
            return "";
        }
        int from = start + "\"data\":[".length();
        int depth = 1;
        boolean quoted = false;
        for (int i = from; i < json.length(); i++) {
            char c = json.charAt(i);
            if (quoted) {
                i += c == '\\' ? 1 : 0;
                quoted = c != '"';
            } else if (c == '"') {
                quoted = true;
            } else if (c == '[' || c == '{') {
                depth++;
            } else if ((c == ']' || c == '}') && --depth == 0) {
                return json.substring(from, i);
            }
        }
        return "";
    }
}
