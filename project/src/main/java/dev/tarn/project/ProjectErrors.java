package dev.tarn.project;

import dev.tarn.model.ErrorCode;
import dev.tarn.model.Place;
import dev.tarn.model.Problem;
import dev.tarn.model.Suggestion;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;

/** What is said about projects: their files, names, settings and how nodes hang together. */
final class ProjectErrors {
    private ProjectErrors() {}

    static Problem ingestValue(Place place, String what, String found, String wanted) {
        return Problem.at(
                ErrorCode.CONFIG_INVALID,
                place,
                "%s cannot be '%s': it is %s.".formatted(what, found, wanted));
    }

    static Problem expectationKinds(Place place, Collection<String> kinds) {
        return Problem.at(
                ErrorCode.CONFIG_INVALID,
                place,
                "An expectation has one of %s.".formatted(String.join(", ", kinds)));
    }

    static Problem notWithSnapshots(Place place, String key) {
        return Problem.at(
                ErrorCode.CONFIG_INVALID,
                place,
                "'%s' is for files that land once; with 'mode: snapshot' the table has all rows of the files that are there."
                        .formatted(key));
    }

    static Problem needsKey(Place place, String setting) {
        return Problem.at(
                ErrorCode.CONFIG_INVALID,
                place,
                "'%s' of files needs the 'key', the columns that name a row. Add it."
                        .formatted(setting));
    }

    static Problem ofTheTable(Place place, String block, String key) {
        return Problem.at(
                ErrorCode.UNKNOWN_KEY,
                place,
                "%s has no key '%s': it says what the table is like, whoever fills it. Write 'config: {%s: …}' beside 'ingest'."
                        .formatted(block, key, key));
    }

    static Problem budgetOfFiles(Place place) {
        return Problem.at(
                ErrorCode.CONFIG_INVALID,
                place,
                "Rows of files cost their source nothing, so 'budget' cannot have 'rows' here. Set 'bytes' or 'connections'.");
    }

    static Problem deduplicated(Place place, String write) {
        return Problem.at(
                ErrorCode.CONFIG_INVALID,
                place,
                "'deduplicate' is for rows that are added; with 'write: %s' a row takes the place of the one with its key."
                        .formatted(write));
    }

    static Problem noProject(Path root) {
        return Problem.of(
                ErrorCode.PROJECT_NOT_FOUND,
                ("There is no dbt_project.yml in %s. Run in a project's folder, or `tarn init` to"
                                + " make a project.")
                        .formatted(root));
    }

    static Problem unreadable(Place place, String reason) {
        return Problem.at(
                ErrorCode.FILE_MISSING, place, "The file cannot be read: %s.".formatted(reason));
    }

    static Problem projectFileEmpty(String file) {
        return Problem.at(
                ErrorCode.CONFIG_INVALID,
                Place.of(file),
                "The project file says nothing that can be read. It needs at least 'name'.");
    }

    static Problem projectName(Place place, String name) {
        return Problem.at(
                ErrorCode.NAME_INVALID,
                place,
                ("'%s' cannot be the name of a project: use letters, digits and '_', not starting"
                                + " with a digit.")
                        .formatted(name));
    }

    static Problem spaced(Place place, String word, String name, String flag) {
        return Problem.at(
                ErrorCode.NAME_INVALID,
                place,
                "%s '%s' has a space in its name. Rename it, or set %s: false under flags in dbt_project.yml."
                        .formatted(word, name.replace("\n", "\\n"), flag));
    }

    static Problem packageTwice(Place place, String name, Place first) {
        return Problem.at(
                ErrorCode.DUPLICATE_NAME,
                place,
                "Two packages are called '%s': the other is in %s. Remove one of them."
                        .formatted(name, first.file()));
    }

    static Problem language(
            Place place, String word, Collection<String> languages, String language) {
        return Problem.at(
                ErrorCode.CONFIG_INVALID,
                place,
                "Materialization '%s' only supports the languages %s; this model is in %s."
                        .formatted(word, String.join(", ", languages), language));
    }

    static Problem queryComment(Place place, String comment) {
        return Problem.at(
                ErrorCode.CONFIG_INVALID,
                place,
                "'query-comment' must not contain '*/', which would end the comment: %s"
                        .formatted(comment));
    }

    static Problem overridesNothing(Place place, String source, String packageName) {
        return Problem.at(
                ErrorCode.NODE_NOT_FOUND,
                place,
                ("Source '%s' is to override that of package '%s', which has no such source; it"
                                + " means nothing.")
                        .formatted(source, packageName));
    }

    static Problem functionNotFound(Place place, String by, String name, Collection<String> known) {
        return Problem.at(
                ErrorCode.NODE_NOT_FOUND,
                place,
                "%s calls function '%s', but there is none of that name.%s"
                        .formatted(by, name, Suggestion.hint(name, known)));
    }

    static Problem functionLanguage(Place place, String name) {
        return unsupported(
                place,
                ("Function '%s' is not written in SQL. The embedded engine runs functions in SQL"
                                + " only; a Python model can compute what SQL cannot.")
                        .formatted(name));
    }

    static Problem functionType(Place place, String name, String type) {
        return unsupported(
                place,
                "Function '%s' has type '%s'. Only scalar functions can be built here."
                        .formatted(name, type));
    }

    static Problem unitTestOfIncremental(Place place, String test, String model) {
        return Problem.at(
                ErrorCode.CONFIG_INVALID,
                place,
                ("Unit test '%s' does not say whether model '%s' is built incrementally, and the"
                                + " model asks for it. Add \"overrides: {macros: {is_incremental:"
                                + " false}}\", or true with 'input: this' among what is given.")
                        .formatted(test, model));
    }

    static Problem unitTestWithoutThis(Place place, String test, String model) {
        return Problem.at(
                ErrorCode.CONFIG_INVALID,
                place,
                ("Unit test '%s' builds model '%s' incrementally and does not say which rows it has"
                                + " already. Add 'input: this' to 'given'; 'rows: []' is an empty"
                                + " table.")
                        .formatted(test, model));
    }

    static Problem functionLooksAtData(Place place, String name) {
        return unsupported(
                place,
                "Function '%s' looks at data while it is compiled, which functions cannot do."
                        .formatted(name));
    }

    static Problem functionReturns(Place place, String name) {
        return Problem.at(
                ErrorCode.CONFIG_INVALID,
                place,
                ("Function '%s' does not say what it returns. Describe it in a property file:"
                                + " functions: [{name: %s, returns: {data_type: …}}].")
                        .formatted(name, name));
    }

    static Problem argumentShape(Place place, String name) {
        return Problem.at(
                ErrorCode.CONFIG_INVALID,
                place,
                "An argument of function '%s' needs 'name' and 'data_type'.".formatted(name));
    }

    static Problem argumentOrder(Place place, String name, String argument) {
        return Problem.at(
                ErrorCode.CONFIG_INVALID,
                place,
                ("Argument '%s' of function '%s' has no default value but comes after one that"
                                + " has. Arguments with default values come last.")
                        .formatted(argument, name));
    }

    static Problem argumentCount(
            Place place, String name, Collection<String> arguments, int given) {
        return Problem.at(
                ErrorCode.SQL_INVALID,
                place,
                "Function '%s' takes %s, but is given %d."
                        .formatted(
                                name,
                                arguments.isEmpty()
                                        ? "no arguments"
                                        : "the arguments " + String.join(", ", arguments),
                                given));
    }

    static Problem mergeKeyIsNoColumn(Place place, String model, String part) {
        return Problem.at(
                ErrorCode.CONFIG_INVALID,
                place,
                "unique_key of model '%s' is %s, and a merge needs columns. Name columns, add one to the query, or use the strategy delete+insert."
                        .formatted(model, part));
    }

    static Problem mergeColumnsTwice(Place place, String model) {
        return Problem.at(
                ErrorCode.CONFIG_INVALID,
                place,
                "Model '%s' has merge_update_columns and merge_exclude_columns. Keep one of them."
                        .formatted(model));
    }

    static Problem overwriteNeedsPartitions(Place place, String model) {
        return Problem.at(
                ErrorCode.CONFIG_INVALID,
                place,
                "Model '%s' overwrites partitions but has none. Set partition_by."
                        .formatted(model));
    }

    static Problem partition(Place place, String text) {
        return Problem.at(
                ErrorCode.CONFIG_INVALID,
                place,
                ("'%s' is not a partition. Write a column, or year|month|day|hour(column),"
                                + " bucket(16, column), truncate(10, column).")
                        .formatted(text));
    }

    static Problem timeZone(Place place, String text) {
        return Problem.at(
                ErrorCode.CONFIG_INVALID,
                place,
                "'%s' is not a time zone. Write one such as UTC or Europe/Berlin.".formatted(text));
    }

    static Problem sort(Place place, String text) {
        return Problem.at(
                ErrorCode.CONFIG_INVALID,
                place,
                "'%s' is not a sort order. Write a column, then 'asc' or 'desc' if needed."
                        .formatted(text));
    }

    static Problem duplicate(Place place, String kind, String name, Place first) {
        return Problem.at(
                ErrorCode.DUPLICATE_NAME,
                place,
                "%s '%s' is here twice: first at %s. Rename or remove one of them."
                        .formatted(kind, name, first));
    }

    static Problem sameRelation(Place place, String name, String relation, String other, Place at) {
        return Problem.at(
                ErrorCode.DUPLICATE_NAME,
                place,
                "'%s' becomes %s, and so does '%s' at %s. Give one of them another schema or alias."
                        .formatted(name, relation, other, at));
    }

    static Problem nodeNotFound(Place place, String by, String name, Collection<String> known) {
        return Problem.at(
                ErrorCode.NODE_NOT_FOUND,
                place,
                "%s refers to '%s', but no model or seed has that name.%s"
                        .formatted(by, name, Suggestion.hint(name, known)));
    }

    static Problem nodeDisabled(Place place, String by, String name, Place where) {
        return Problem.at(
                ErrorCode.NODE_DISABLED,
                place,
                "%s refers to '%s', which is disabled (%s). Enable it or remove the reference."
                        .formatted(by, name, where));
    }

    static Problem sourceNotFound(
            Place place, String by, String source, String table, Collection<String> known) {
        return Problem.at(
                ErrorCode.SOURCE_NOT_FOUND,
                place,
                "%s reads source '%s.%s', but no property file declares it.%s"
                        .formatted(
                                by, source, table, Suggestion.hint(source + "." + table, known)));
    }

    static Problem testNotFound(Place place, String test, Collection<String> known) {
        return Problem.at(
                ErrorCode.NODE_NOT_FOUND,
                place,
                "No generic test is called '%s'.%s".formatted(test, Suggestion.hint(test, known)));
    }

    static Problem testFailed(Place place, String test, String reason) {
        return Problem.at(
                ErrorCode.TEMPLATE_FAILED, place, "Test '%s': %s".formatted(test, reason));
    }

    static Problem cycle(Place place, List<String> path) {
        return Problem.at(
                ErrorCode.DEPENDENCY_CYCLE,
                place,
                "Models depend on each other in a circle: %s. Remove one of these references."
                        .formatted(String.join(" -> ", path)));
    }

    static Problem unsupported(Place place, String message) {
        return Problem.at(ErrorCode.UNSUPPORTED, place, message);
    }

    static Problem nothingToDescribe(
            Place place, String kind, String name, Collection<String> known) {
        return Problem.at(
                ErrorCode.NODE_NOT_FOUND,
                place,
                "A property file describes %s '%s', but there is none.%s"
                        .formatted(kind, name, Suggestion.hint(name, known)));
    }

    static Problem describedElsewhere(Place place, String name, String kind) {
        return Problem.at(
                ErrorCode.NODE_NOT_FOUND,
                place,
                "A property file describes model '%s', which is a %s. Describe it under '%s:'."
                        .formatted(name, kind, kind + "s"));
    }

    static Problem versionNotFound(
            Place place, String by, String name, String version, Collection<String> known) {
        return Problem.at(
                ErrorCode.NODE_NOT_FOUND,
                place,
                "%s refers to version %s of '%s', which has %s."
                        .formatted(
                                by,
                                version,
                                name,
                                known.isEmpty()
                                        ? "no versions"
                                        : "these versions: " + String.join(", ", known)));
    }

    static Problem dbtVersion(Place place, List<String> wanted, String ours) {
        return unsupported(
                place,
                ("The project wants a version of dbt that is %s. Tarn does what dbt %s does. Change"
                                + " require-dbt-version if that is enough.")
                        .formatted(String.join(" and ", wanted), ours));
    }

    static Problem fileOfVersion(
            Place place, String by, String file, String model, String version) {
        return Problem.at(
                ErrorCode.NODE_NOT_FOUND,
                place,
                "%s refers to '%s', which is the file of a version. Write ref('%s', v=%s)."
                        .formatted(by, file, model, version));
    }

    static Problem versionTwice(Place place, String model, String version) {
        return Problem.at(
                ErrorCode.DUPLICATE_NAME,
                place,
                "Model '%s' has version %s twice. Remove one of them, or give it another number."
                        .formatted(model, version));
    }

    static Problem latestVersion(
            Place place, String model, String latest, Collection<String> known) {
        return Problem.at(
                ErrorCode.NODE_NOT_FOUND,
                place,
                known.isEmpty()
                        ? ("The latest version of model '%s' cannot be %s: it has no 'versions'."
                                        + " Say them, or take 'latest_version' out.")
                                .formatted(model, latest)
                        : "The latest version of model '%s' cannot be %s: it has these versions: %s."
                                .formatted(model, latest, String.join(", ", known)));
    }

    static Problem versionWithoutFile(Place place, String model, String version, String file) {
        return Problem.at(
                ErrorCode.NODE_NOT_FOUND,
                place,
                ("A property file describes version %s of model '%s', but there is no model '%s'."
                                + " Name its file with 'defined_in'.")
                        .formatted(version, model, file));
    }

    static Problem noSchema(Place place, String model) {
        return Problem.at(
                ErrorCode.CONFIG_INVALID,
                place,
                "Macro 'generate_schema_name' gives model '%s' no schema. Let it return a name."
                        .formatted(model));
    }

    static Problem needsSetting(Place place, String what, String name, String key, String example) {
        return Problem.at(
                ErrorCode.CONFIG_INVALID,
                place,
                "%s '%s' needs the setting '%s', such as %s.".formatted(what, name, key, example));
    }

    static Problem batchSetting(Place place, String model, String what, String example) {
        return Problem.at(
                ErrorCode.CONFIG_INVALID,
                place,
                "Microbatch model '%s' must provide %s, such as %s."
                        .formatted(model, what, example));
    }

    static Problem notAllowed(Place place, String by, String name, String access, String whose) {
        return Problem.at(
                ErrorCode.NODE_NOT_FOUND,
                place,
                "%s refers to '%s', which is %s to %s. Reference another model, or change its access."
                        .formatted(by, name, access, whose));
    }

    static Problem materializationIsFixed(Place place, String word) {
        return Problem.at(
                ErrorCode.UNSUPPORTED,
                place,
                "The macro would replace how a %s is built, which Tarn always does itself. Remove the materialization '%s', or give it another name."
                        .formatted(word.equals("unit") ? "unit test" : word, word));
    }

    static Problem microbatchIsFixed(Place place, String model) {
        return Problem.at(
                ErrorCode.UNSUPPORTED,
                place,
                "A macro of the project would replace how single periods of '%s' are written, which Tarn always does itself. Give the macro the name get_incremental_microbatch_sql, which is called once for all rows, or use a strategy with a name of its own."
                        .formatted(model));
    }

    static Problem externalLocation(Place place, String path) {
        return Problem.at(
                ErrorCode.CONFIG_INVALID,
                place,
                "How to read '%s' does not follow from its name. Write the function that reads it, such as read_csv('%s')."
                        .formatted(path, path));
    }
}
