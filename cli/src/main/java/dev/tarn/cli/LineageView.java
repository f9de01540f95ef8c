package dev.tarn.cli;

import dev.tarn.app.LineageReport;
import dev.tarn.app.LineageReport.Direction;
import dev.tarn.app.LineageReport.Step;
import dev.tarn.app.LineageReport.Subject;
import dev.tarn.cli.output.Json;
import dev.tarn.cli.output.Paint;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Columns and what they come from and go into, as trees for people and objects for programs. */
final class LineageView {
    private static final int GAP = 2;

    private final LineageReport report;
    private final Set<Direction> directions;

    /** One line of a tree: the column, and what is said about it. */
    private record Line(String tree, String remark) {}

    LineageView(LineageReport report, Set<Direction> directions) {
        this.report = report;
        this.directions = directions;
    }

    void print(PrintStream out, Paint paint) {
        if (report.subjects().isEmpty()) {
            out.println("Its columns are not known before it was built.");
        }
        boolean first = true;
        for (Subject subject : report.subjects()) {
            if (!first) {
                out.println();
            }
            first = false;
            out.println(paint.bold(subject.table() + "." + subject.column()));
            if (directions.contains(Direction.UPSTREAM)) {
                print(subject.upstream(), "comes from", source(subject), out, paint);
            }
            if (directions.contains(Direction.DOWNSTREAM)) {
                print(subject.downstream(), "goes into", "nothing", out, paint);
            }
        }
    }

    private static String source(Subject subject) {
        return subject.unknown().map(why -> "not known: " + why).orElse("no other column");
    }

    private static void print(
            List<Step> steps, String heading, String nothing, PrintStream out, Paint paint) {
        if (steps.isEmpty()) {
            out.println("  " + paint.dim(heading) + " " + nothing);
            return;
        }
        out.println("  " + paint.dim(heading));
        List<Line> lines = new ArrayList<>();
        steps.forEach(step -> collect(step, "  ", step == steps.getLast(), lines));
        int width = lines.stream().mapToInt(l -> l.tree().length()).max().orElse(0);
        for (Line line : lines) {
            String space = " ".repeat(width - line.tree().length() + GAP);
            out.println(line.tree() + space + paint.dim(line.remark()));
        }
    }

    private static void collect(Step step, String indent, boolean last, List<Line> lines) {
        String name = step.column().isEmpty() ? step.table() : step.table() + "." + step.column();
        lines.add(new Line(indent + (last ? "└─ " : "├─ ") + name, remark(step)));
        String below = indent + (last ? "   " : "│  ");
        step.steps().forEach(s -> collect(s, below, s == step.steps().getLast(), lines));
    }

    private static String remark(Step step) {
        String how = step.how().words();
        return step.unknown().map(why -> how + "; before that not known: " + why).orElse(how)
                + (step.repeated() ? ", see above" : "");
    }

    void printJson(PrintStream out) {
        Json.print(report.subjects().stream().map(this::object).toList(), out);
    }

    private Map<String, @Nullable Object> object(Subject subject) {
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("table", subject.table());
        json.put("column", subject.column());
        json.put("unknown", subject.unknown().orElse(null));
        if (directions.contains(Direction.UPSTREAM)) {
            json.put("upstream", objects(subject.upstream()));
        }
        if (directions.contains(Direction.DOWNSTREAM)) {
            json.put("downstream", objects(subject.downstream()));
        }
        return json;
    }

    private static List<Map<String, @Nullable Object>> objects(List<Step> steps) {
        return steps.stream().map(LineageView::object).toList();
    }

    private static Map<String, @Nullable Object> object(Step step) {
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("table", step.table());
        json.put("column", step.column().isEmpty() ? null : step.column());
        json.put("how", step.how().words());
        json.put("unknown", step.unknown().orElse(null));
        json.put("repeated", step.repeated());
        json.put("steps", objects(step.steps()));
        return json;
    }
}
