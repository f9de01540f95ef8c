package dev.tarn.project;

import dev.tarn.jinja.JinjaException;
import dev.tarn.model.ErrorCode;
import dev.tarn.model.Place;
import dev.tarn.model.Problem;
import dev.tarn.model.Suggestion;
import dev.tarn.model.TarnException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** What is said when a template fails, and what its functions say. */
final class TemplateErrors {
    /** Of more calls than these, not all are told. */
    private static final int MANY_CALLS = 20;

    private TemplateErrors() {}

    static Place place(dev.tarn.jinja.Place place) {
        return new Place(place.template(), place.line(), place.column());
    }

    /**
     * A template's failure as a problem: at the place in the template, with the macros that led
     * there.
     *
     * @param otherwise the place when the template does not know one
     */
    static Problem problem(JinjaException e, Place otherwise) {
        Place place = e.place().map(TemplateErrors::place).orElse(otherwise);
        if (e.getCause() instanceof TarnException own) {
            Problem first = own.problems().getFirst();
            return Problem.at(first.code(), place, sentence(first.message()) + calls(e));
        }
        ErrorCode code =
                e.kind() == JinjaException.Kind.SYNTAX
                        ? ErrorCode.TEMPLATE_SYNTAX
                        : ErrorCode.TEMPLATE_FAILED;
        return Problem.at(code, place, reason(e) + roundabout(e) + calls(e));
    }

    /** The reason in a sentence, without the place. */
    static String reason(JinjaException e) {
        if (e.getCause() instanceof TarnException own) {
            return own.problems().getFirst().message();
        }
        String text = e.reason().strip();
        String hint = e.hint().map(h -> " " + h).orElse("");
        return sentence(text) + hint;
    }

    private static String sentence(String text) {
        return text.matches("(?s).*[.!?]") ? text : text + ".";
    }

    private static String calls(JinjaException e) {
        List<JinjaException.Frame> frames = e.frames();
        if (frames.isEmpty()) {
            return "";
        }
        List<String> calls = new ArrayList<>();
        if (frames.size() <= MANY_CALLS) {
            frames.forEach(f -> calls.add(call(f)));
        } else {
            int first = Math.min(circle(frames), MANY_CALLS / 2) + 1;
            frames.subList(0, first).forEach(f -> calls.add(call(f)));
            calls.add("%d calls more".formatted(frames.size() - first - 1));
            calls.add(call(frames.getLast()));
        }
        return " In " + String.join(", in ", calls) + ".";
    }

    private static String call(JinjaException.Frame frame) {
        String macro = "macro '" + frame.macro() + "'";
        return frame.place() == null ? macro : macro + " called at " + frame.place();
    }

    /** After how many calls the same macros are called again, seen from the innermost. */
    private static int circle(List<JinjaException.Frame> frames) {
        String macro = frames.getFirst().macro();
        for (int i = 1; i < frames.size(); i++) {
            if (frames.get(i).macro().equals(macro)) {
                return i;
            }
        }
        return frames.size();
    }

    /** The macros that call each other without end, if that is what went wrong. */
    private static String roundabout(JinjaException e) {
        List<JinjaException.Frame> frames = e.frames();
        if (e.kind() != JinjaException.Kind.LIMIT || frames.size() <= MANY_CALLS) {
            return "";
        }
        int circle = circle(frames);
        if (circle > MANY_CALLS) {
            return "";
        }
        List<String> names = new ArrayList<>();
        frames.subList(0, circle + 1).forEach(f -> names.add(f.macro()));
        return " They call each other in a circle: " + String.join(" -> ", names.reversed()) + ".";
    }

    /** An error for a function of a template to throw; it gets the place of the call. */
    static TarnException failed(String message) {
        return new TarnException(ErrorCode.TEMPLATE_FAILED, message);
    }

    static TarnException unknownVariable(
            String name, String packageName, Collection<String> known) {
        String hint = Suggestion.hint(name, known);
        return failed(
                ("Variable '%s' is not set for project '%s' and has no default.%s Set it under"
                                + " 'vars' in dbt_project.yml or with --vars.")
                        .formatted(name, packageName, hint));
    }

    static TarnException unknownEarly(String name, Collection<String> known) {
        return failed(
                ("Variable '%s' is not known here and has no default.%s Templates in project files see"
                                + " what --vars says and no other variable: give it there, or a"
                                + " default, as in var('%s', 'value').")
                        .formatted(name, Suggestion.hint(name, known), name));
    }

    static TarnException unknownEnvironment(String name) {
        return failed(
                "Environment variable '%s' is not set, and env_var() was given no default."
                        .formatted(name));
    }

    static TarnException materializationTwice(String word, String first, String second) {
        return new TarnException(
                ErrorCode.DUPLICATE_NAME,
                ("Packages '%s' and '%s' both define the materialization '%s'. Define it in the"
                                + " project itself to choose one.")
                        .formatted(first, second, word));
    }

    static TarnException noRelations(String word) {
        return failed(
                ("The materialization '%s' did not return a list of relations. End it with"
                                + " {{ return({'relations': [this]}) }}.")
                        .formatted(word));
    }

    static TarnException wrongRelations(String word, String returned) {
        return failed(
                ("The materialization '%s' must return a dictionary with a list under 'relations',"
                                + " not %s.")
                        .formatted(word, returned));
    }

    static TarnException noMain(String word) {
        return failed(
                ("The materialization '%s' never ran its main statement: {%% call"
                                + " statement('main') %%}.")
                        .formatted(word));
    }

    static TarnException pythonJob() {
        return failed(
                "submit_python_job() cannot be called from a template. Write the code as a model:"
                        + " models/NAME.py with a function model(dbt, session).");
    }

    static TarnException noJudgement() {
        return failed(
                "The materialization 'test' must give one row with failures, should_warn and"
                        + " should_error: {% call statement('main', fetch_result=True) %}.");
    }

    static TarnException raised(String message) {
        return failed(message.isBlank() ? "The template raised an error." : message);
    }

    static TarnException noDispatch(String name, String namespace, List<String> tried) {
        return failed(
                "No macro is called '%s' in namespace '%s'. Searched for: %s."
                        .formatted(name, namespace, String.join(", ", tried)));
    }

    static TarnException needsDatabase(String what) {
        return new TarnException(
                ErrorCode.UNSUPPORTED,
                ("%s looks at data, which is not possible while a project is compiled here."
                                + " Write the values out instead.")
                        .formatted(what));
    }

    static TarnException noStrategy(String strategy, String macro) {
        return failed(
                "There is no incremental strategy '%s': no macro is called '%s'."
                        .formatted(strategy, macro));
    }

    static TarnException onlyQueries(String sql) {
        String start = sql.strip().replaceAll("\\s+", " ");
        return new TarnException(
                ErrorCode.UNSUPPORTED,
                "Templates can only query data here, but this one runs: %s"
                        .formatted(start.length() > 80 ? start.substring(0, 80) + "…" : start));
    }

    static TarnException noAdapterMethod(String name, Collection<String> known) {
        return new TarnException(
                ErrorCode.UNSUPPORTED,
                "adapter.%s is not supported.%s".formatted(name, Suggestion.hint(name, known)));
    }

    static TarnException badArguments(String function, String expected) {
        return failed("%s takes %s.".formatted(function, expected));
    }

    static TarnException missingSetting(String name) {
        return failed("Setting '%s' is required here but was not made.".formatted(name));
    }

    static TarnException noDocs(String name, Collection<String> known) {
        return failed(
                "No docs block is called '%s'.%s".formatted(name, Suggestion.hint(name, known)));
    }
}
