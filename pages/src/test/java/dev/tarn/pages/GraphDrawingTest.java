package dev.tarn.pages;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

final class GraphDrawingTest {
    private static final Pattern BOX =
            Pattern.compile(
                    "data-id=\"(\\w+)\".*?x=\"(\\d+)\" y=\"(\\d+)\" width=\"(\\d+)\" height=\"(\\d+)\"");

    private static GraphDrawing.Box box(String id, String... inputs) {
        return new GraphDrawing.Box(
                id, id, "table", Optional.of(Mark.OK), Link.to(id), List.of(inputs), false, false);
    }

    private record Placed(String id, int x, int y, int width, int height) {}

    private static List<Placed> placed(String drawing) {
        List<Placed> all = new ArrayList<>();
        Matcher matcher = BOX.matcher(drawing);
        while (matcher.find()) {
            all.add(
                    new Placed(
                            matcher.group(1),
                            Integer.parseInt(matcher.group(2)),
                            Integer.parseInt(matcher.group(3)),
                            Integer.parseInt(matcher.group(4)),
                            Integer.parseInt(matcher.group(5))));
        }
        return all;
    }

    @Test
    void everythingStandsRightOfWhatItReads() {
        String drawing =
                Html.render(
                        new GraphDrawing(
                                        List.of(
                                                box("d", "b", "c"),
                                                box("a"),
                                                box("b", "a"),
                                                box("c", "b"),
                                                box("alone", "elsewhere")))
                                .draw());
        List<Placed> boxes = placed(drawing);
        assertThat(boxes).extracting(Placed::id).containsExactly("d", "a", "b", "c", "alone");
        assertThat(boxes.get(1).x()).isLessThan(boxes.get(2).x());
        assertThat(boxes.get(2).x()).isLessThan(boxes.get(3).x());
        assertThat(boxes.get(3).x()).isLessThan(boxes.get(0).x());
        assertThat(drawing.split("class=\"edge\"", -1)).hasSize(5);
    }

    @Test
    void boxesNeverLieOnEachOtherWhateverTheGraph() {
        SplittableRandom random = new SplittableRandom(7);
        for (int round = 0; round < 50; round++) {
            List<GraphDrawing.Box> boxes = new ArrayList<>();
            int size = 1 + random.nextInt(60);
            for (int i = 0; i < size; i++) {
                List<String> inputs = new ArrayList<>();
                for (int j = random.nextInt(4); j > 0; j--) {
                    // Also to what comes later, so that there are circles.
                    inputs.add("n" + random.nextInt(size));
                }
                boxes.add(box("n" + i, inputs.toArray(String[]::new)));
            }
            List<Placed> placed = placed(Html.render(new GraphDrawing(boxes).draw()));
            assertThat(placed).hasSize(size);
            for (Placed one : placed) {
                assertThat(one.x()).isNotNegative();
                assertThat(one.y()).isNotNegative();
                for (Placed other : placed) {
                    boolean apart =
                            one.equals(other)
                                    || one.x() != other.x()
                                    || Math.abs(one.y() - other.y()) >= one.height();
                    assertThat(apart).as("%s and %s in round %d", one, other, round).isTrue();
                }
            }
        }
    }

    @Test
    void nothingIsDrawnToo() {
        assertThat(Html.render(new GraphDrawing(List.of()).draw())).contains("<svg");
    }
}
