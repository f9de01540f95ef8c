package dev.tarn.schedule;

import dev.tarn.model.TarnException;
import dev.tarn.model.job.TemplateText;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks the conditions of triggers beside the thread that decides, which must not wait for a query.
 * Each is asked once for what was published. Safe for use by many threads.
 */
final class Conditions {
    private static final Logger log = LoggerFactory.getLogger(Conditions.class);
    private static final int REMEMBERED = 1_000;

    private final Doing doing;
    private final Map<Question, Optional<Answer>> answers = new ConcurrentHashMap<>();

    Conditions(Doing doing) {
        this.doing = doing;
    }

    /** A condition, and the state of tables for which it is asked. */
    record Question(TemplateText condition, String state) {}

    /**
     * @param trouble why it could not be asked
     */
    record Answer(boolean holds, Optional<String> trouble) {}

    /** What came out; empty while it is being asked. */
    Optional<Answer> ask(Question question) {
        Optional<Answer> known = answers.get(question);
        if (known != null) {
            return known;
        }
        if (answers.size() > REMEMBERED) {
            answers.values().removeIf(Optional::isPresent);
        }
        if (answers.putIfAbsent(question, Optional.empty()) == null) {
            Thread unused =
                    Thread.ofVirtual()
                            .name("condition")
                            .start(() -> answers.put(question, Optional.of(answer(question))));
        }
        return Optional.empty();
    }

    private Answer answer(Question question) {
        try {
            return new Answer(doing.holds(question.condition()), Optional.empty());
        } catch (TarnException e) {
            return new Answer(false, Optional.of(e.problems().getFirst().toString()));
        } catch (RuntimeException e) {
            log.error("A condition could not be asked", e);
            return new Answer(false, Optional.of(String.valueOf(e.getMessage())));
        }
    }
}
