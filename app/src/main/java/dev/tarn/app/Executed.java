package dev.tarn.app;

import dev.tarn.model.run.Run;
import dev.tarn.run.StatementOutcome;
import java.util.List;

/**
 * What statements did.
 *
 * @param run the run they were; it says what was published
 * @param outcomes one for each statement
 */
public record Executed(Run run, List<StatementOutcome> outcomes) {
    public Executed {
        outcomes = List.copyOf(outcomes);
    }
}
