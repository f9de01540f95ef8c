package dev.tarn.alert;

import dev.tarn.model.alert.AlertBook;
import dev.tarn.model.alert.AlertRule;
import dev.tarn.model.alert.Finding;
import java.util.List;

/** What the rest of the program knows. Safe for use by many threads. */
public interface AlertFacts {
    /** What the project says about alerts, as it is now. */
    AlertBook book();

    /**
     * What is wrong now, of the kind of a rule and beyond its limits.
     *
     * @throws dev.tarn.model.TarnException if that cannot be found out now
     */
    List<Finding> findings(AlertRule rule);

    /** The name of the project, for messages. */
    String project();
}
