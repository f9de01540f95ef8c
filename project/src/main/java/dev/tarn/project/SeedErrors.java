package dev.tarn.project;

import dev.tarn.model.ErrorCode;
import dev.tarn.model.Place;
import dev.tarn.model.Problem;

/** What is said about seeds when they are to be loaded. */
final class SeedErrors {
    private SeedErrors() {}

    static Problem empty(Place place, String seed) {
        return Problem.at(
                ErrorCode.DATA_INVALID,
                place,
                "Seed '%s' is an empty file. Its first line names its columns.".formatted(seed));
    }

    static Problem unreadable(String file, SeedTypes.Mistake mistake) {
        return Problem.at(
                ErrorCode.DATA_INVALID,
                new Place(file, mistake.line(), 1),
                "This line %s. Values with delimiters, quotes or line breaks are in quotes, quotes in them doubled."
                        .formatted(mistake.reason()));
    }

    static Problem dependsOnOthers(Place place, String seed) {
        return Problem.at(
                ErrorCode.CONFIG_INVALID,
                place,
                "A hook of seed '%s' refers to another node. Seeds cannot depend on other nodes: use {{ this }}, or write the table's name out."
                        .formatted(seed));
    }

    static Problem delimiter(Place place, String seed, String text) {
        return Problem.at(
                ErrorCode.CONFIG_INVALID,
                place,
                "Compilation error in seed '%s': its delimiter is one character, not '%s'."
                        .formatted(seed, text));
    }

    static Problem unquoted(Place place, String seed, String column) {
        return Problem.at(
                ErrorCode.SQL_SYNTAX,
                place,
                "Column '%s' of seed '%s' is a syntax error without quotes, and quote_columns is false. Correct the delimiter or the file's first line, or leave out quote_columns."
                        .formatted(column, seed));
    }
}
