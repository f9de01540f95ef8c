package dev.tarn.duckdb;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * A SELECT, in the parser's tree of a statement, that numbers the rows of each key: {@code
 * row_number() OVER (PARTITION BY key …)}, be it to keep the first ones with QUALIFY or as a column
 * that something else asks for. Of a key with one row that number is 1, whatever the order.
 *
 * @param statement the tree with all statements
 * @param path where the SELECT stands in the tree
 * @param before the common table expressions that it can see
 */
record RankedRows(JsonNode statement, String path, List<JsonNode> before) {
    private static final String WINDOW = "WINDOW";
    private static final Set<String> NUMBERS =
            Set.of("WINDOW_ROW_NUMBER", "WINDOW_RANK", "WINDOW_RANK_DENSE");
    private static final String TOP = "/statements/0/node";
    static final String KEY = "__tarn_key_";

    /** All there are in a statement whose rows can be taken apart by key. */
    static List<RankedRows> in(JsonNode statement) {
        if (statement.path("statements").size() != 1) {
            return List.of();
        }
        List<RankedRows> found = new ArrayList<>();
        List<JsonNode> before = new ArrayList<>();
        JsonNode ctes = statement.at(TOP + "/cte_map/map");
        for (int i = 0; i < ctes.size(); i++) {
            String path = TOP + "/cte_map/map/" + i + "/value/query_node";
            found.add(new RankedRows(statement, path, List.copyOf(before)));
            before.add(ctes.get(i));
        }
        found.add(new RankedRows(statement, TOP, List.of()));
        return found.stream().filter(RankedRows::isPlain).toList();
    }

    private JsonNode select() {
        return statement.at(path);
    }

    private List<JsonNode> windows() {
        List<JsonNode> windows = new ArrayList<>();
        for (JsonNode item : select().path("select_list")) {
            item.findParents("partitions").forEach(windows::add);
        }
        windows.addAll(select().path("qualify").findParents("partitions"));
        return windows;
    }

    /** The columns that are numbered by. */
    List<JsonNode> keys() {
        List<JsonNode> keys = new ArrayList<>();
        windows().getFirst().path("partitions").forEach(keys::add);
        return keys;
    }

    private boolean isPlain() {
        JsonNode select = select();
        boolean simple =
                select.path("type").asText().equals("SELECT_NODE")
                        && select.path("modifiers").isEmpty()
                        && select.path("group_expressions").isEmpty()
                        && select.path("group_sets").isEmpty()
                        && select.path("having").isNull()
                        && select.findValues("sample").stream().allMatch(JsonNode::isNull)
                        && !renames(select.path("select_list"))
                        && select.path("aggregate_handling").asText().equals("STANDARD_HANDLING");
        return simple
                && !windows().isEmpty()
                && !hasTwins()
                && windows().stream().allMatch(this::isNumber)
                && (isFirstOnly() || (select.path("qualify").isNull() && areNamed()));
    }

    private static boolean renames(JsonNode list) {
        return !list.findValues("replace_list").stream().allMatch(JsonNode::isEmpty)
                || !list.findValues("rename_list").stream().allMatch(JsonNode::isEmpty);
    }

    /** Whether two common table expressions that it sees have one name. */
    private boolean hasTwins() {
        Set<String> names = new HashSet<>();
        List<JsonNode> all = new ArrayList<>(before);
        select().path("cte_map").path("map").forEach(all::add);
        return !all.stream()
                .allMatch(c -> names.add(c.path("key").asText().toLowerCase(Locale.ROOT)));
    }

    private boolean isNumber(JsonNode window) {
        JsonNode keys = window.path("partitions");
        boolean columns = !keys.isEmpty();
        for (JsonNode key : keys) {
            columns &= key.path("class").asText().equals("COLUMN_REF") && !isAlias(key);
        }
        return columns
                && NUMBERS.contains(window.path("type").asText())
                && unplaced(keys).equals(unplaced(windows().getFirst().path("partitions")))
                && window.path("filter_expr").isNull()
                && window.path("exclude_clause").asText().equals("NO_OTHER")
                && !window.path("distinct").asBoolean();
    }

    /** Whether something else in the SELECT has a column's name, so that either may be meant. */
    private boolean isAlias(JsonNode column) {
        JsonNode names = column.path("column_names");
        String name = names.path(names.size() - 1).asText();
        for (JsonNode item : select().path("select_list")) {
            boolean named = item.path("alias").asText().equalsIgnoreCase(name);
            if (named && !item.path("column_names").equals(names)) {
                return true;
            }
        }
        return false;
    }

    /** QUALIFY row_number() … = 1, and no other number. */
    private boolean isFirstOnly() {
        JsonNode qualify = select().path("qualify");
        JsonNode one = qualify.path("right");
        return qualify.path("type").asText().equals("COMPARE_EQUAL")
                && qualify.path("left").path("class").asText().equals(WINDOW)
                && one.path("type").asText().equals("VALUE_CONSTANT")
                && one.path("literal").path("kind").asText().equals("INTEGER")
                && one.path("literal").path("text").asText().equals("1")
                && windows().size() == 1;
    }

    /** Whether each number is a column with a name of its own. */
    private boolean areNamed() {
        int columns = 0;
        for (JsonNode item : select().path("select_list")) {
            boolean window = item.path("class").asText().equals(WINDOW);
            columns += window && !item.path("alias").asText().isEmpty() ? 1 : 0;
        }
        return columns == windows().size();
    }

    /** The keys of all rows, as a statement of its own. */
    JsonNode keysOnly() {
        ObjectNode node = select().deepCopy();
        ArrayNode list = node.putArray("select_list");
        for (JsonNode key : keys()) {
            ObjectNode named = key.deepCopy();
            named.put("alias", KEY + list.size());
            list.add(named);
        }
        node.putNull("qualify");
        return alone(node);
    }

    /** The SELECT by itself. */
    JsonNode alone() {
        return alone(select().deepCopy());
    }

    private JsonNode alone(ObjectNode node) {
        ArrayNode visible = ctes(node);
        ArrayNode own = visible.deepCopy();
        visible.removeAll();
        before.forEach(visible::add);
        own.forEach(visible::add);
        ObjectNode all = statement.deepCopy();
        ((ObjectNode) all.at("/statements/0")).set("node", node);
        return all;
    }

    /**
     * The whole statement, in which rows whose keys have no other row are not numbered.
     *
     * @param frame a union of two queries over a common table expression with the other keys; of
     *     them only the conditions are used, whose first part gives way to the one that there is
     * @param one the number of a row whose key has no other
     */
    JsonNode apart(JsonNode frame, JsonNode one) {
        ObjectNode union = frame.at(TOP).deepCopy();
        JsonNode repeated = union.at("/cte_map/map/0");
        ObjectNode lone = restricted(union.at("/children/0/where_clause"));
        ObjectNode others = restricted(union.at("/children/1/where_clause"));
        ArrayNode ctes = ctes(union).removeAll();
        select().at("/cte_map/map").forEach(ctes::add);
        ctes.add(repeated);
        lone.putNull("qualify");
        ArrayNode list = (ArrayNode) lone.path("select_list");
        for (int i = 0; i < list.size(); i++) {
            JsonNode item = list.get(i);
            if (item.path("class").asText().equals(WINDOW)) {
                list.set(
                        i, ((ObjectNode) one.deepCopy()).put("alias", item.path("alias").asText()));
            }
        }
        union.putArray("children").add(lone).add(others);
        ObjectNode all = statement.deepCopy();
        int last = path.lastIndexOf('/');
        ((ObjectNode) all.at(path.substring(0, last))).set(path.substring(last + 1), union);
        return all;
    }

    /** The SELECT with one more condition. */
    private ObjectNode restricted(JsonNode both) {
        ObjectNode node = select().deepCopy();
        ctes(node).removeAll();
        ObjectNode condition = both.deepCopy();
        if (!node.path("where_clause").isNull()) {
            ((ArrayNode) condition.path("children")).set(0, node.path("where_clause"));
        }
        node.set("where_clause", condition);
        return node;
    }

    private static ArrayNode ctes(ObjectNode node) {
        return (ArrayNode) node.at("/cte_map/map");
    }

    /** A tree without the places in the text. */
    static JsonNode unplaced(JsonNode node) {
        JsonNode copy = node.deepCopy();
        copy.findParents("query_location")
                .forEach(n ->
                        ((ObjectNode) n)
                                .remove(List.of("query_location", "query_location_length")));
        return copy;
    }
}
