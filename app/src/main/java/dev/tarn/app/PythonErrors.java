package dev.tarn.app;

import dev.tarn.model.ErrorCode;
import dev.tarn.model.Place;
import dev.tarn.model.Problem;
import dev.tarn.model.TarnException;
import dev.tarn.model.graph.Node;
import java.io.IOException;
import java.time.Duration;

/** What is said when a Python model cannot run, or fails. */
final class PythonErrors {
    private PythonErrors() {}

    private static TarnException at(ErrorCode code, Place place, String message) {
        return new TarnException(Problem.at(code, place, message));
    }

    private static Place place(Node node) {
        return node.common().place();
    }

    static TarnException noInterpreter(Node node, String interpreter) {
        return at(
                ErrorCode.UNSUPPORTED,
                place(node),
                ("Model '%s' is in Python, and '%s' cannot be started. Install Python 3 with"
                                + " pyarrow, or name an interpreter: TARN_PYTHON=/path/to/python, or"
                                + " 'python' in tarn.yml.")
                        .formatted(node.name(), interpreter));
    }

    static TarnException noArrow(Node node, String interpreter, String reason) {
        return at(
                ErrorCode.UNSUPPORTED,
                place(node),
                ("Model '%s' is in Python, and '%s' lacks pyarrow (%s). Run `%s -m pip install"
                                + " pyarrow` (and duckdb, which gives models their session), or name"
                                + " another interpreter with TARN_PYTHON or 'python' in tarn.yml.")
                        .formatted(node.name(), interpreter, reason, interpreter));
    }

    static TarnException oldArrow(Node node, String interpreter, String version) {
        return at(
                ErrorCode.UNSUPPORTED,
                place(node),
                ("Model '%s' is in Python, and '%s' has pyarrow %s; 14.0.1 is the oldest that reads"
                                + " Arrow streams safely. Run `%s -m pip install --upgrade pyarrow`,"
                                + " or name another interpreter with TARN_PYTHON or 'python' in"
                                + " tarn.yml.")
                        .formatted(node.name(), interpreter, version, interpreter));
    }

    static TarnException raised(Place place, String message) {
        return at(ErrorCode.TEMPLATE_FAILED, place, "The model's Python code failed: " + message);
    }

    static TarnException result(Node node, String type) {
        return at(
                ErrorCode.DATA_INVALID,
                place(node),
                ("model() returned a %s. It must return a data frame of pandas or polars, a table"
                                + " of pyarrow or a relation of duckdb.")
                        .formatted(type));
    }

    static TarnException rows(Node node, String message) {
        return at(
                ErrorCode.DATA_INVALID,
                place(node),
                "What model() returned cannot be written as rows: " + message);
    }

    static TarnException died(Node node, int status) {
        return at(
                ErrorCode.TEMPLATE_FAILED,
                place(node),
                "The Python process of model '%s' ended with status %d and left no rows."
                        .formatted(node.name(), status));
    }

    static TarnException timeout(Node node, Duration after) {
        return at(
                ErrorCode.TIMEOUT,
                place(node),
                "Python model '%s' was stopped after %s (engine.query_timeout)."
                        .formatted(node.name(), after));
    }

    static TarnException stopped(Node node) {
        return at(ErrorCode.INTERRUPTED, place(node), "The run was stopped.");
    }

    static TarnException folder(Node node, IOException e) {
        return at(
                ErrorCode.FILE_MISSING,
                place(node),
                "The folder for the rows of Python model '%s' cannot be used: %s."
                        .formatted(node.name(), e.getMessage()));
    }
}
