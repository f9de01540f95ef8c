package dev.tarn.app;

import dev.tarn.model.ErrorCode;
import dev.tarn.model.Problem;
import dev.tarn.model.graph.Node;
import java.io.IOException;

/** What is said about the files that hold the rows of models. */
final class CopyErrors {
    private CopyErrors() {}

    static Problem remote(Node.Model model, String location) {
        return Problem.at(
                ErrorCode.UNSUPPORTED,
                model.common().place(),
                "Model '%s' would write to %s. Only files of this machine can be written; other programs read the table itself from the warehouse."
                        .formatted(model.name(), location));
    }

    static Problem outside(Node.Model model, String location) {
        return Problem.at(
                ErrorCode.CONFIG_INVALID,
                model.common().place(),
                "Model '%s' would write to %s, which is not in a folder of the project that is free for it. Choose another location, or name its folder in tarn.yml: `copies: {folders: PATH}`."
                        .formatted(model.name(), location));
    }

    static Problem failed(Node.Model model, String location, IOException e) {
        return Problem.at(
                ErrorCode.STORAGE_FAILED,
                model.common().place(),
                "Model '%s' is published, but its file %s could not be written: %s: %s. Mend that and build again; nothing is computed anew."
                        .formatted(
                                model.name(),
                                location,
                                e.getClass().getSimpleName(),
                                e.getMessage()));
    }
}
