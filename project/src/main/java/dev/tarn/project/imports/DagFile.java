package dev.tarn.project.imports;

import dev.tarn.model.ErrorCode;
import dev.tarn.model.Place;
import dev.tarn.model.Problem;
import dev.tarn.project.imports.PyToken.Statement;
import dev.tarn.project.imports.PyValue.Call;
import dev.tarn.project.imports.PyValue.Items;
import dev.tarn.project.imports.PyValue.Name;
import dev.tarn.project.imports.PyValue.Shift;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * DAGs of Airflow as jobs, by their text alone: nothing of it is run. Statements that are not
 * understood are told with their line and passed over.
 */
final class DagFile {
    private final String file;
    private final List<Problem> left = new ArrayList<>();
    private final Map<String, ImportedJob> jobs = new LinkedHashMap<>();
    private final Map<String, PyValue> known = new HashMap<>();

    /** What names of tasks and groups stand for. */
    private final Map<String, List<String>> names = new HashMap<>();

    /** Blocks that are open, innermost last. */
    private final List<Block> blocks = new ArrayList<>();

    private final DagTasks operators;
    private ImportedJob job = new ImportedJob("");

    /** Statements that are indented more belong to it. */
    private record Block(int indent, Kind kind, String prefix, List<String> members) {
        enum Kind {
            DAG,
            GROUP,
            PASSED_OVER
        }
    }

    private DagFile(String file) {
        this.file = file;
        this.operators = new DagTasks(this::leave);
    }

    static JobImport.Taken read(String file, String text) {
        DagFile dag = new DagFile(file);
        for (Statement statement : PyToken.statements(text)) {
            dag.statement(statement);
        }
        dag.jobs
                .values()
                .removeIf(job -> {
                    if (job.tasks.isEmpty()) {
                        dag.leave(
                                0,
                                "DAG '%s' has no tasks that were understood.".formatted(job.name));
                    }
                    return job.tasks.isEmpty();
                });
        if (dag.jobs.isEmpty() && dag.left.isEmpty()) {
            dag.leave(0, "There is no DAG in this file that could be read.");
        }
        return JobImport.taken(dag.jobs.values(), dag.left);
    }

    private void leave(int line, String why) {
        left.add(Problem.at(ErrorCode.UNSUPPORTED, new Place(file, line, 0), why));
    }

    private void statement(Statement statement) {
        while (!blocks.isEmpty() && blocks.getLast().indent() >= statement.indent()) {
            blocks.removeLast();
        }
        if (blocks.stream().anyMatch(b -> b.kind() == Block.Kind.PASSED_OVER)) {
            return;
        }
        List<PyToken> tokens = statement.tokens();
        switch (tokens.getFirst().text()) {
            case "import", "from", "pass", "return" -> {}
            case "with" -> with(statement);
            case "def", "class", "if", "else", "elif", "for", "while", "try", "except", "finally" ->
                    passOver(statement);
            case "@" -> decorator(statement);
            default -> plain(statement);
        }
    }

    private void passOver(Statement statement) {
        String word = statement.tokens().getFirst().text();
        if (!word.matches("def|class|else|elif|except|finally")) {
            leave(
                    statement.line(),
                    "What stands below '%s' is decided when Python runs; it was passed over."
                            .formatted(word));
        }
        blocks.add(new Block(statement.indent(), Block.Kind.PASSED_OVER, "", new ArrayList<>()));
    }

    private void decorator(Statement statement) {
        String name = statement.tokens().size() > 1 ? statement.tokens().get(1).text() : "";
        if (name.equals("dag") || name.equals("task") || name.equals("task_group")) {
            leave(
                    statement.line(),
                    "'@%s' makes tasks of functions, which jobs cannot run. Call them from a shell task."
                            .formatted(name));
        }
    }

    /** {@code with DAG(…) as dag:} or {@code with TaskGroup("x") as x:}. */
    private void with(Statement statement) {
        List<PyToken> tokens = statement.tokens();
        int end = tokens.size();
        String as = "";
        for (int i = tokens.size() - 1; i > 0; i--) {
            if (tokens.get(i).text().equals("as")) {
                as = i + 1 < tokens.size() ? tokens.get(i + 1).text() : "";
                end = i;
                break;
            }
        }
        if (end == tokens.size() && tokens.getLast().text().equals(":")) {
            end--;
        }
        PyValue value = PyValue.parse(tokens.subList(1, end), known);
        String called = value instanceof Call call ? lastPart(call.name()) : "";
        if (value instanceof Call call && called.equals("DAG")) {
            begin(call, statement);
            blocks.add(new Block(statement.indent(), Block.Kind.DAG, "", new ArrayList<>()));
        } else if (value instanceof Name && names.isEmpty() && !job.name.isEmpty()) {
            blocks.add(new Block(statement.indent(), Block.Kind.DAG, "", new ArrayList<>()));
        } else if (value instanceof Call call && called.equals("TaskGroup")) {
            String id =
                    call.positional().stream()
                            .findFirst()
                            .or(() -> Optional.ofNullable(call.named().get("group_id")))
                            .flatMap(PyValue::asText)
                            .orElse("group");
            List<String> members = new ArrayList<>();
            blocks.add(
                    new Block(
                            statement.indent(),
                            Block.Kind.GROUP,
                            prefix() + ImportedJob.name(id, "group") + "_",
                            members));
            if (!as.isEmpty()) {
                names.put(as, members);
            }
        } else {
            leave(statement.line(), "This block is not understood; it was passed over.");
            blocks.add(
                    new Block(statement.indent(), Block.Kind.PASSED_OVER, "", new ArrayList<>()));
        }
    }

    private String prefix() {
        return blocks.stream()
                .filter(b -> b.kind() == Block.Kind.GROUP)
                .reduce((a, b) -> b)
                .map(Block::prefix)
                .orElse("");
    }

    private void begin(Call dag, Statement statement) {
        names.clear();
        job = new DagHead(this::leave).job(dag, statement.line());
        String base = job.name;
        if (jobs.containsKey(base)) {
            leave(
                    statement.line(),
                    "There is a DAG '%s' already; the later one holds.".formatted(base));
        }
        jobs.put(base, job);
    }

    private void plain(Statement statement) {
        List<PyToken> tokens = statement.tokens();
        boolean assigned =
                tokens.size() > 2
                        && tokens.getFirst().kind() == PyToken.Kind.NAME
                        && tokens.get(1).text().equals("=")
                        && tokens.get(1).kind() == PyToken.Kind.SIGN;
        PyValue value = PyValue.parse(assigned ? tokens.subList(2, tokens.size()) : tokens, known);
        String name = assigned ? tokens.getFirst().text() : "";
        switch (value) {
            case Call call when lastPart(call.name()).equals("DAG") -> begin(call, statement);
            case Call call when call.name().equals("chain") -> chain(call.positional(), statement);
            case Call call when call.name().matches(".*\\.set_(up|down)stream") ->
                    relation(call, statement);
            case Call call when isOperator(call) -> {
                String id = task(call, name, statement);
                if (!name.isEmpty()) {
                    names.put(name, new ArrayList<>(List.of(id)));
                }
            }
            case Shift shift -> {
                List<String> unused = shifted(shift, statement);
            }
            case Call call -> {
                if (!call.name().matches("print|dag\\..*|.*\\.(info|debug)")) {
                    leave(
                            statement.line(),
                            "What '%s' gives is known only when Python runs; it was passed over."
                                    .formatted(call.name()));
                }
            }
            case Items items when assigned && isTasks(items) ->
                    names.put(name, ids(items, statement));
            case PyValue other -> {
                if (assigned) {
                    known.put(name, other);
                }
            }
        }
    }

    private boolean isTasks(Items items) {
        return !items.items().isEmpty()
                && items.items().stream()
                        .allMatch(i ->
                                (i instanceof Name n && names.containsKey(n.name()))
                                        || (i instanceof Call c && isOperator(c)));
    }

    private static boolean isOperator(Call call) {
        return call.named().containsKey("task_id")
                || lastPart(call.name()).matches(".*(Operator|Sensor|Branch)");
    }

    private String task(Call call, String variable, Statement statement) {
        String written =
                Optional.ofNullable(call.named().get("task_id"))
                        .flatMap(PyValue::asText)
                        .orElse(variable);
        String id = prefix() + ImportedJob.name(written, "task_" + statement.line());
        if (job.name.isEmpty()) {
            leave(statement.line(), "The task '%s' belongs to no DAG.".formatted(written));
            return id;
        }
        job.tasks.put(id, operators.task(lastPart(call.name()), call, statement.line()));
        blocks.stream().filter(b -> b.kind() == Block.Kind.GROUP).forEach(b -> b.members().add(id));
        return id;
    }

    private void chain(List<PyValue> parts, Statement statement) {
        List<String> before = List.of();
        for (PyValue part : parts) {
            List<String> now = ids(part, statement);
            // Two lists of the same length are chained one by one.
            if (before.size() > 1 && before.size() == now.size()) {
                for (int i = 0; i < now.size(); i++) {
                    after(List.of(before.get(i)), List.of(now.get(i)));
                }
            } else {
                after(before, now);
            }
            before = now;
        }
    }

    private void relation(Call call, Statement statement) {
        String owner = call.name().substring(0, call.name().lastIndexOf('.'));
        List<String> own = ids(new Name(owner), statement);
        for (PyValue other : call.positional()) {
            List<String> others = ids(other, statement);
            if (call.name().endsWith("downstream")) {
                after(own, others);
            } else {
                after(others, own);
            }
        }
    }

    /** Orders both sides; what stands on the right goes on. */
    private List<String> shifted(Shift shift, Statement statement) {
        List<String> first =
                shift.left() instanceof Shift inner
                        ? shifted(inner, statement)
                        : ids(shift.left(), statement);
        List<String> second = ids(shift.right(), statement);
        if (shift.forward()) {
            after(first, second);
        } else {
            after(second, first);
        }
        return second;
    }

    private void after(List<String> before, List<String> later) {
        for (String id : later) {
            ImportedJob.Task task = job.tasks.get(id);
            if (task != null) {
                before.stream()
                        .filter(b -> !b.equals(id) && !task.after.contains(b))
                        .forEach(task.after::add);
            }
        }
    }

    private List<String> ids(PyValue value, Statement statement) {
        return switch (value) {
            case Name name -> {
                List<String> found = names.get(name.name());
                if (found == null) {
                    leave(
                            statement.line(),
                            "'%s' is no task that was understood.".formatted(name.name()));
                    yield List.of();
                }
                yield List.copyOf(found);
            }
            case Items items -> {
                List<String> all = new ArrayList<>();
                items.items().forEach(item -> all.addAll(ids(item, statement)));
                yield all;
            }
            case Call call when isOperator(call) -> List.of(task(call, "", statement));
            default -> List.of();
        };
    }

    static String lastPart(String name) {
        return name.substring(name.lastIndexOf('.') + 1);
    }
}
