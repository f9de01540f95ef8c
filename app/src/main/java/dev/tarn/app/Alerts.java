package dev.tarn.app;

import dev.tarn.alert.AlertControl;
import dev.tarn.alert.AlertDesk;
import dev.tarn.model.Problem;
import dev.tarn.model.TarnException;
import dev.tarn.model.alert.AlertBook;
import dev.tarn.storage.SecretRef;
import java.util.List;
import java.util.UUID;
import java.util.function.UnaryOperator;

/** What is wrong, who hears of it, and what people say to that. Safe for use by many threads. */
public final class Alerts {
    private final Wiring wiring;
    private final AlertLooking facts;
    private final AlertDefinitions definitions;
    private final UnaryOperator<String> secrets;

    Alerts(Building building, Wiring wiring, Jobs jobs) {
        this.wiring = wiring;
        this.definitions = new AlertDefinitions(building.request().projectDirectory());
        this.facts = new AlertLooking(building, wiring, jobs, definitions);
        this.secrets = reference -> SecretRef.parse(reference, wiring.environment()).resolve();
    }

    /** What the project says, as it is now. */
    public AlertBook book() {
        return definitions.book();
    }

    /** Everything that is wrong in {@code alerts.yml}. */
    public List<Problem> problems() {
        return definitions.problems();
    }

    /**
     * @throws TarnException with everything that is wrong in {@code alerts.yml}
     */
    public void requireRight() {
        List<Problem> problems = problems();
        if (!problems.isEmpty()) {
            throw new TarnException(problems);
        }
    }

    /** What people ask and say. */
    public AlertControl control() {
        return new AlertControl(wiring.alerts(), facts, secrets, wiring.clock());
    }

    /**
     * Begins to look and to send, until it is closed.
     *
     * @param link where this server's pages are, where {@code alerts.yml} does not say it
     */
    public AlertDesk work(String link) {
        definitions.linkOtherwise(link);
        return AlertDesk.start(
                wiring.alerts(),
                facts,
                secrets,
                wiring.clock(),
                System::nanoTime,
                UUID.randomUUID().toString(),
                AlertDesk.Settings.DEFAULT);
    }
}
