package dev.tarn.pages;

import static dev.tarn.pages.Html.attr;
import static dev.tarn.pages.Html.cls;
import static dev.tarn.pages.Html.el;

import dev.tarn.model.run.Task;
import java.util.ArrayList;
import java.util.List;

/** What a check found run after run, as bars: as high as it found rows, and a foot where none. */
final class Trend {
    private static final int FOOT = 3;

    private final List<Task> oldestFirst;

    Trend(List<Task> oldestFirst) {
        this.oldestFirst = List.copyOf(oldestFirst);
    }

    Html small() {
        return draw(5, 2, 20);
    }

    Html large() {
        return draw(7, 3, 90);
    }

    private Html draw(int width, int gap, int high) {
        long most = oldestFirst.stream().mapToLong(Trend::found).max().orElse(0);
        List<Html> pieces = new ArrayList<>();
        pieces.add(attr("width", Math.max(1L, oldestFirst.size() * (long) (width + gap))));
        pieces.add(attr("height", high));
        pieces.add(attr("role", "img"));
        pieces.add(attr("aria-label", words()));
        for (int i = 0; i < oldestFirst.size(); i++) {
            Task task = oldestFirst.get(i);
            long found = found(task);
            long height =
                    found == 0 || most == 0
                            ? FOOT
                            : FOOT + Math.round((high - FOOT) * (double) found / most);
            pieces.add(
                    el(
                            "rect",
                            cls("b-" + Mark.of(task.status()).colour()),
                            attr("x", i * (long) (width + gap)),
                            attr("y", high - height),
                            attr("width", width),
                            attr("height", height),
                            el(
                                    "title",
                                    "%s: %s, %s"
                                            .formatted(
                                                    task.run(),
                                                    Mark.of(task.status()).word(),
                                                    Show.count(found, "row", "rows")))));
        }
        return el("svg", pieces.toArray(Html[]::new));
    }

    /** What a check found; of a passed one the number is of no interest. */
    private static long found(Task task) {
        return switch (task.status()) {
            case FAILED, WARNED -> task.rows();
            default -> 0;
        };
    }

    private String words() {
        return oldestFirst.stream().filter(t -> found(t) > 0).count()
                + " of the newest "
                + oldestFirst.size()
                + " runs found rows";
    }
}
