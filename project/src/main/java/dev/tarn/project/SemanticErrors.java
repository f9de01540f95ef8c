package dev.tarn.project;

import dev.tarn.model.ErrorCode;
import dev.tarn.model.Place;
import dev.tarn.model.Problem;
import dev.tarn.model.Suggestion;
import java.util.Collection;

/** What is said about exposures, groups and the semantic layer. */
final class SemanticErrors {
    private SemanticErrors() {}

    private static Problem invalid(Place place, String message) {
        return Problem.at(ErrorCode.CONFIG_INVALID, place, message);
    }

    static Problem notFound(
            Place place, String by, String what, String name, Collection<String> known) {
        return Problem.at(
                ErrorCode.NODE_NOT_FOUND,
                place,
                "%s depends on the %s '%s', which does not exist.%s"
                        .formatted(by, what, name, Suggestion.hint(name, known)));
    }

    /** A template asks for a metric that is not there, or that is switched off. */
    static Problem metricOfTemplate(CompileScope scope, String by, Draft.RefCall call) {
        boolean off =
                scope.declarations().disabled().stream()
                        .anyMatch(d ->
                                d.thing().kind().equals("metrics")
                                        && d.thing().name().equals(call.name()));
        return off
                ? invalid(
                        call.place(),
                        "%s depends on the metric '%s', which is disabled."
                                .formatted(by, call.name()))
                : notFound(
                        call.place(),
                        by,
                        "metric",
                        call.name(),
                        scope.declarations().of("metrics").stream()
                                .map(m -> m.thing().name())
                                .toList());
    }

    static Problem unended(Place place, String by, String text) {
        return invalid(
                place,
                "%s depends on %s, which is no whole call. In a list in brackets, put it into quotes."
                        .formatted(by, text));
    }

    static Problem missing(Place place, String by, String key) {
        return invalid(place, "%s needs '%s'.".formatted(by, key));
    }

    static Problem metricName(Place place, String name, String wrong) {
        return invalid(place, "The metric name '%s' is invalid. It %s.".formatted(name, wrong));
    }

    /**
     * @param what such as {@code metric 'a'}
     */
    static Problem name(Place place, String what) {
        return invalid(
                place,
                ("The name of %s is invalid: names have at least two characters, which are lower"
                                + " case letters, numbers and single underscores; they begin with a"
                                + " letter and do not end with an underscore.")
                        .formatted(what));
    }

    static Problem reservedName(Place place, String what) {
        return invalid(
                place,
                "The name of %s is invalid: it means a time to queries of metrics. Choose another."
                        .formatted(what));
    }

    static Problem nameTwice(Place place, String model, String name, String first, String second) {
        return invalid(
                place,
                "In semantic model '%s', '%s' is the name of two things, %s and %s. Rename one."
                        .formatted(model, name, first, second));
    }

    static Problem owner(Place place, String by) {
        return invalid(place, "%s needs an 'owner' with a name or an email.".formatted(by));
    }

    static Problem group(Place place, String by, String name, Collection<String> known) {
        return Problem.at(
                ErrorCode.NODE_NOT_FOUND,
                place,
                "%s belongs to group '%s', which is not defined.%s"
                        .formatted(by, name, Suggestion.hint(name, known)));
    }

    static Problem measureTwice(Place place, String by, String measure, Place first) {
        return Problem.at(
                ErrorCode.DUPLICATE_NAME,
                place,
                "%s has a measure '%s', and so has another semantic model at %s. Names of measures are unique in a project."
                        .formatted(by, measure, first));
    }

    static Problem entity(Place place, String by) {
        return invalid(
                place,
                "%s has dimensions but no primary entity. Give an entity the type 'primary', or set 'primary_entity'."
                        .formatted(by));
    }

    static Problem timeDimension(Place place, String by, String measure) {
        return invalid(
                place,
                ("%s: measure '%s' has no 'agg_time_dimension', and there is none under"
                                + " 'defaults'.")
                        .formatted(by, measure));
    }

    static Problem spine(Place place) {
        return invalid(
                place,
                "Semantic models need a time spine: a model with 'time_spine' whose column has the"
                        + " granularity day or finer, or one called 'metricflow_time_spine'.");
    }

    static Problem exportKind(Place place, String query, String export, String kind) {
        return invalid(
                place,
                ("Export '%s' of saved query '%s' %s. Write 'export_as: table' or 'export_as: view'"
                                + " under its 'config', or under that of the saved query.")
                        .formatted(
                                export,
                                query,
                                kind.isEmpty()
                                        ? "does not say what it is exported as"
                                        : "cannot be exported as '" + kind + "'"));
    }

    static Problem customGranularity(
            Place place, String model, String column, Collection<String> known) {
        return invalid(
                place,
                "The time spine '%s' has a custom granularity in the column '%s', which is not under its 'columns'.%s"
                        .formatted(model, column, Suggestion.hint(column, known)));
    }

    static Problem granularity(Place place, String model, String column) {
        return invalid(
                place,
                ("The time spine '%s' needs its column '%s' under 'columns', with a"
                                + " 'granularity'.")
                        .formatted(model, column));
    }
}
