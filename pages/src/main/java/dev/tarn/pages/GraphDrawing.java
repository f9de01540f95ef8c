package dev.tarn.pages;

import static dev.tarn.pages.Html.attr;
import static dev.tarn.pages.Html.cls;
import static dev.tarn.pages.Html.el;
import static dev.tarn.pages.Html.text;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Draws what comes from what, from left to right: everything stands right of what it reads, and
 * near to it. Works in the size of the graph, so that thousands of nodes are no trouble.
 */
final class GraphDrawing {
    private static final int SWEEPS = 4;
    private static final int WIDE = 200;
    private static final int HIGH = 40;
    private static final int GAP_X = 44;
    private static final int GAP_Y = 12;
    private static final int DENSE_HIGH = 20;
    private static final int DENSE_GAP = 3;
    private static final int DENSE_FROM = 400;
    private static final int EDGE = 12;
    private static final int LABEL = 27;

    private final List<Box> boxes;
    private final int[][] inputs;
    private final int[][] readers;
    private final boolean dense;
    private int[] rank = {};
    private double[] y = {};

    /**
     * One thing in the graph.
     *
     * @param label what it is called
     * @param kind what it is, and what else is worth a second line
     * @param inputs the ids of what it reads, as far as they are drawn
     * @param mark how it stands, where that is known of such things
     * @param self whether the drawing is about it
     * @param lit whether it is on a way that is to be seen
     */
    record Box(
            String id,
            String label,
            String kind,
            Optional<Mark> mark,
            Link link,
            List<String> inputs,
            boolean self,
            boolean lit) {
        Box {
            inputs = List.copyOf(inputs);
        }

        Box lit(boolean now) {
            return new Box(id, label, kind, mark, link, inputs, self, now);
        }

        private String says() {
            return kind + mark.map(m -> " · " + m.word()).orElse("");
        }
    }

    GraphDrawing(List<Box> boxes) {
        this.boxes = List.copyOf(boxes);
        dense = boxes.size() >= DENSE_FROM;
        Map<String, Integer> index = new HashMap<>();
        for (int i = 0; i < boxes.size(); i++) {
            index.put(boxes.get(i).id(), i);
        }
        inputs = new int[boxes.size()][];
        int[] counts = new int[boxes.size()];
        for (int i = 0; i < inputs.length; i++) {
            inputs[i] =
                    boxes.get(i).inputs().stream()
                            .filter(index::containsKey)
                            .mapToInt(index::get)
                            .distinct()
                            .toArray();
            for (int input : inputs[i]) {
                counts[input]++;
            }
        }
        readers = new int[boxes.size()][];
        Arrays.setAll(readers, i -> new int[counts[i]]);
        for (int i = 0; i < inputs.length; i++) {
            for (int input : inputs[i]) {
                readers[input][--counts[input]] = i;
            }
        }
    }

    Html draw() {
        rank();
        List<List<Integer>> layers = order();
        int high = dense ? DENSE_HIGH : HIGH;
        int width = EDGE * 2 + layers.size() * WIDE + Math.max(0, layers.size() - 1) * GAP_X;
        double bottom = Arrays.stream(y).max().orElse(0) + high + EDGE;
        List<Html> pieces = new ArrayList<>(boxes.size() * 2);
        pieces.add(attr("width", width));
        pieces.add(attr("height", Math.round(bottom)));
        pieces.add(attr("viewBox", "0 0 " + width + " " + Math.round(bottom)));
        pieces.add(attr("data-graph", ""));
        pieces.add(attr("role", "group"));
        pieces.add(attr("aria-label", "Lineage: each box is a link; the list below says the same"));
        pieces.add(shapes());
        for (int i = 0; i < inputs.length; i++) {
            for (int input : inputs[i]) {
                pieces.add(edge(input, i, high));
            }
        }
        for (int i = 0; i < boxes.size(); i++) {
            pieces.add(box(i, high));
        }
        return Html.div(
                "lineage",
                attr("tabindex", "0"),
                attr("role", "region"),
                attr("aria-label", "Drawing"),
                el("svg", pieces.toArray(Html[]::new)));
    }

    /** The longest way from a beginning; what goes in a circle stays where it was met. */
    private void rank() {
        rank = new int[boxes.size()];
        int[] open = new int[boxes.size()];
        int[] queue = new int[boxes.size()];
        int end = 0;
        for (int i = 0; i < open.length; i++) {
            open[i] = inputs[i].length;
            if (open[i] == 0) {
                queue[end++] = i;
            }
        }
        for (int at = 0; at < end; at++) {
            int done = queue[at];
            for (int reader : readers[done]) {
                rank[reader] = Math.max(rank[reader], rank[done] + 1);
                if (--open[reader] == 0) {
                    queue[end++] = reader;
                }
            }
        }
        // What nothing comes into stands next to its first reader, not far to the left.
        for (int i = 0; i < rank.length; i++) {
            if (inputs[i].length == 0 && readers[i].length > 0) {
                rank[i] =
                        Math.max(
                                0, Arrays.stream(readers[i]).map(r -> rank[r]).min().orElse(1) - 1);
            }
        }
    }

    /** Within each layer by the middle of what a node hangs together with, a few times. */
    private List<List<Integer>> order() {
        int depth = Arrays.stream(rank).max().orElse(0) + 1;
        List<List<Integer>> layers = new ArrayList<>();
        for (int i = 0; i < depth; i++) {
            layers.add(new ArrayList<>());
        }
        for (int i = 0; i < rank.length; i++) {
            layers.get(rank[i]).add(i);
        }
        y = new double[boxes.size()];
        int step = dense ? DENSE_HIGH + DENSE_GAP : HIGH + GAP_Y;
        layers.forEach(l -> place(l, step, false));
        for (int sweep = 0; sweep < SWEEPS; sweep++) {
            boolean down = sweep % 2 == 0;
            for (List<Integer> layer : down ? layers : layers.reversed()) {
                double[] wanted = new double[boxes.size()];
                for (int i : layer) {
                    wanted[i] = middle(down ? inputs[i] : readers[i], y[i]);
                }
                layer.sort(Comparator.comparingDouble(i -> wanted[i]));
                for (int i : layer) {
                    y[i] = wanted[i];
                }
                place(layer, step, true);
            }
        }
        double top = Arrays.stream(y).min().orElse(0);
        for (int i = 0; i < y.length; i++) {
            y[i] += EDGE - top;
        }
        return layers;
    }

    private double middle(int[] neighbours, double otherwise) {
        if (neighbours.length == 0) {
            return otherwise;
        }
        double sum = 0;
        for (int i : neighbours) {
            sum += y[i];
        }
        return sum / neighbours.length;
    }

    /** Gives each its place, as near to the wanted one as there is room. */
    private void place(List<Integer> layer, int step, boolean nearWanted) {
        double wantedMiddle = 0;
        double next = Double.NEGATIVE_INFINITY;
        for (int i : layer) {
            wantedMiddle += y[i];
            y[i] = nearWanted ? Math.max(y[i], next) : Math.max(0, next);
            next = y[i] + step;
        }
        if (nearWanted && !layer.isEmpty()) {
            double middle = layer.stream().mapToDouble(i -> y[i]).sum();
            double shift = (wantedMiddle - middle) / layer.size();
            for (int i : layer) {
                y[i] += shift;
            }
        }
    }

    private int x(int i) {
        return EDGE + rank[i] * (WIDE + GAP_X);
    }

    private Html edge(int from, int to, int high) {
        int x1 = x(from) + WIDE;
        int x2 = x(to);
        long y1 = Math.round(y[from] + high / 2.0);
        long y2 = Math.round(y[to] + high / 2.0);
        int bend = Math.max(24, (x2 - x1) / 2);
        boolean lit = boxes.get(from).lit() && boxes.get(to).lit();
        return el(
                "path",
                cls(lit ? "edge lit" : "edge"),
                attr("data-from", boxes.get(from).id()),
                attr("data-to", boxes.get(to).id()),
                attr(
                        "d",
                        "M"
                                + x1
                                + " "
                                + y1
                                + "C"
                                + (x1 + bend)
                                + " "
                                + y1
                                + " "
                                + (x2 - bend)
                                + " "
                                + y2
                                + " "
                                + x2
                                + " "
                                + y2));
    }

    private static String cut(String text) {
        return text.length() > LABEL ? text.substring(0, LABEL - 1) + "…" : text;
    }

    /** The shapes that are used, each drawn once. */
    private Html shapes() {
        List<Html> symbols = new ArrayList<>();
        boxes.stream()
                .flatMap(b -> b.mark().stream())
                .distinct()
                .forEach(mark ->
                        symbols.add(
                                el(
                                        "symbol",
                                        attr("id", "shape-" + mark.name()),
                                        attr("viewBox", "0 0 16 16"),
                                        el(
                                                "path",
                                                attr("fill-rule", "evenodd"),
                                                attr("d", mark.path())))));
        return el("defs", symbols.toArray(Html[]::new));
    }

    private static Html shape(Mark mark, int x, long y) {
        return el(
                "use",
                new Html.Attribute("href", "#shape-" + mark.name()),
                cls("m-" + mark.colour()),
                attr("x", x),
                attr("y", y),
                attr("width", "12"),
                attr("height", "12"));
    }

    private Html box(int i, int high) {
        Box box = boxes.get(i);
        int x = x(i);
        long top = Math.round(y[i]);
        String label = cut(box.label());
        String colour =
                switch (box.mark().orElse(Mark.NONE)) {
                    case FAILED -> " fail";
                    case WARNED -> " warn";
                    default -> "";
                };
        int indent = box.mark().isPresent() ? 25 : 10;
        List<Html> pieces = new ArrayList<>();
        pieces.add(cls("node" + (box.self() ? " self" : "") + (box.lit() ? " lit" : "") + colour));
        pieces.add(attr("data-id", box.id()));
        pieces.add(attr("aria-label", box.label() + ", " + box.says()));
        pieces.add(
                el(
                        "rect",
                        cls("box"),
                        attr("x", x),
                        attr("y", top),
                        attr("width", WIDE),
                        attr("height", high),
                        attr("rx", dense ? "3" : "6")));
        box.mark().ifPresent(mark -> pieces.add(shape(mark, x + 8, top + (dense ? 4 : 7))));
        pieces.add(
                el("text", attr("x", x + indent), attr("y", top + (dense ? 14 : 17)), text(label)));
        if (!dense) {
            pieces.add(
                    el(
                            "text",
                            cls("kind"),
                            attr("x", x + indent),
                            attr("y", top + 32),
                            text(cut(box.says()))));
        }
        if (!label.equals(box.label())) {
            pieces.add(el("title", box.label()));
        }
        return Html.a(box.link(), pieces.toArray(Html[]::new));
    }
}
