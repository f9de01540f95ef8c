package dev.tarn.duckdb;

import dev.tarn.model.ErrorCode;
import dev.tarn.model.Place;
import dev.tarn.model.Problem;
import dev.tarn.model.Suggestion;
import dev.tarn.model.TableName;
import dev.tarn.model.TarnException;
import dev.tarn.model.graph.SqlText;
import dev.tarn.spi.Relation;
import java.sql.SQLException;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Says DuckDB's errors again, in our words and with our codes, at the place they belong to. */
final class ErrorTranslator {
    private static final Pattern NO_TABLE_OF_SCHEMA =
            Pattern.compile("Table with name \"(.+?)\" does not exist because schema");

    private static final Pattern OF_EXTENSION =
            Pattern.compile(
                    "(?:requires the extension (?<file>\\w+) to be loaded"
                            + "|with name \"(?<name>.+?)\" is not in the catalog,"
                            + " but it exists in the (?<extension>\\w+) extension)");

    private ErrorTranslator() {}

    static TarnException translate(SQLException error, Source source) {
        return translate(RawError.of(error), source, error);
    }

    static TarnException translate(RawError error, Source source, @Nullable SQLException cause) {
        Said said = said(error, source);
        Optional<Place> place = source.locate(error.position());
        String message = source.view().map(ErrorTranslator::prefix).orElse("") + said.message();
        return new TarnException(new Problem(said.code(), place, message), cause);
    }

    /** What a view makes of its text; what is wrong in there is told as the view's. */
    static Relation.View inView(TableName name, Supplier<SqlText> text) {
        try {
            return new Relation.View(text.get().sql());
        } catch (TarnException e) {
            throw new TarnException(
                    e.problems().stream()
                            .map(p -> new Problem(p.code(), p.place(), prefix(name) + p.message()))
                            .toList(),
                    e);
        }
    }

    private static String prefix(TableName view) {
        return "In view " + view + ": ";
    }

    record Said(ErrorCode code, String message) {}

    private static Said said(RawError error, Source source) {
        Said file =
                FileErrors.find(error.message())
                        .map(f -> new Said(f.code(), f.message()))
                        .orElse(null);
        if (file != null && !error.is("Binder") && !error.is("Parser")) {
            return file;
        }
        Matcher extension = OF_EXTENSION.matcher(error.message());
        if (extension.find()) {
            return extension(extension);
        }
        return switch (error.kind().toLowerCase(java.util.Locale.ROOT)) {
            case "parser", "syntax" -> new Said(ErrorCode.SQL_SYNTAX, syntax(error));
            case "binder" -> BinderErrors.said(error, source);
            case "catalog" -> catalog(error, source);
            case "conversion" ->
                    new Said(ErrorCode.DATA_INVALID, DataErrors.conversion(error, source));
            case "out of range",
                    "invalid input",
                    "constraint",
                    "mismatch type",
                    "invalid type",
                    "sequence",
                    "invalid" ->
                    new Said(ErrorCode.DATA_INVALID, DataErrors.value(error));
            case "out of memory" -> new Said(ErrorCode.OUT_OF_MEMORY, DataErrors.memory(error));
            case "interrupt" -> new Said(ErrorCode.INTERRUPTED, "The statement was cancelled.");
            case "permission" -> new Said(ErrorCode.STORAGE_DENIED, sentence(error.message()));
            case "not implemented" -> new Said(ErrorCode.UNSUPPORTED, sentence(error.message()));
            case "io" -> new Said(ErrorCode.STORAGE_FAILED, sentence(error.message()));
            default ->
                    new Said(
                            ErrorCode.INTERNAL,
                            "DuckDB failed in a way Tarn does not know: " + error.message());
        };
    }

    /** Nothing is fetched from elsewhere that would run in this process. */
    private static Said extension(Matcher found) {
        String ending = ", and Tarn loads none. docs/projects.md says what there is instead.";
        return found.group("file") != null
                ? new Said(
                        ErrorCode.UNSUPPORTED,
                        "Files of this kind or place are read by DuckDB's extension '%s'%s"
                                .formatted(found.group("file"), ending))
                : new Said(
                        ErrorCode.UNSUPPORTED,
                        "'%s' is part of DuckDB's extension '%s'%s"
                                .formatted(found.group("name"), found.group("extension"), ending));
    }

    private static String syntax(RawError error) {
        String near = "syntax error at or near ";
        String message = error.message();
        if (message.startsWith(near)) {
            String token = message.substring(near.length()).replaceAll("^\"|\"$", "");
            return "The SQL cannot be read from '%s' on.".formatted(token);
        }
        if (message.startsWith("syntax error at end of input")) {
            return "The SQL ends too early.";
        }
        return sentence(message);
    }

    private static Said catalog(RawError error, Source source) {
        boolean missing = error.entry().equals("Table") && error.subtype().equals("MISSING_ENTRY");
        Matcher matcher = NO_TABLE_OF_SCHEMA.matcher(error.message());
        if (missing || matcher.find()) {
            String excerpt = source.excerpt(error.position(), error.length()).replace("\"", "");
            String written =
                    !excerpt.isEmpty() ? excerpt : missing ? error.name() : matcher.group(1);
            return new Said(
                    ErrorCode.TABLE_NOT_FOUND, EngineErrors.noTable(written, source.known().all()));
        }
        String hint = Suggestion.hint(error.name(), BinderErrors.candidates(error));
        if (error.entry().contains("Function")) {
            return new Said(
                    ErrorCode.SQL_INVALID,
                    "Function '%s' does not exist.%s".formatted(error.name(), hint));
        }
        if (error.entry().equals("Type")) {
            return new Said(
                    ErrorCode.SQL_INVALID,
                    "Type '%s' does not exist.%s".formatted(error.name(), hint));
        }
        return new Said(ErrorCode.SQL_INVALID, sentence(error.message()));
    }

    /** The first line, with a capital and a full stop. */
    static String sentence(String message) {
        String line = message.lines().findFirst().orElse("").strip();
        if (line.isEmpty()) {
            return "DuckDB gave no reason.";
        }
        if (line.endsWith("!")) {
            line = line.substring(0, line.length() - 1);
        }
        return Character.toUpperCase(line.charAt(0))
                + line.substring(1)
                + (line.endsWith(".") || line.endsWith("?") ? "" : ".");
    }
}
