package dev.tarn.app;

import dev.tarn.model.ErrorCode;
import dev.tarn.model.TarnException;
import dev.tarn.run.TaskContext;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/** What templates may run besides queries: a schema is only a name, so making one is nothing. */
final class TemplateStatements implements Consumer<String> {
    private static final Pattern NOTHING =
            Pattern.compile(
                    "(?is)\\s*(?:(?:create|drop)\\s+schema|begin|commit|analyze|checkpoint|comment"
                            + "|grant|revoke|use|set)\\b.*");

    TemplateStatements(TaskContext context) {}

    @Override
    public void accept(String sql) {
        if (!NOTHING.matcher(sql).matches()) {
            String start = sql.strip().replaceAll("\\s+", " ");
            throw new TarnException(
                    ErrorCode.UNSUPPORTED,
                    "This template runs a statement that is not supported: %s"
                            .formatted(start.length() > 80 ? start.substring(0, 80) + "…" : start));
        }
    }
}
