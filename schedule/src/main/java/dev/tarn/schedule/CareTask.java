package dev.tarn.schedule;

import dev.tarn.model.job.TaskKind;
import dev.tarn.model.job.TemplateText;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Fills in what tasks say that keep the warehouse in order. */
final class CareTask {
    private final TaskWork.Order order;
    private final Templates templates;
    private final Map<String, @Nullable Object> names;

    private CareTask(
            TaskWork.Order order, Templates templates, Map<String, @Nullable Object> names) {
        this.order = order;
        this.templates = templates;
        this.names = names;
    }

    static Doing.Care of(
            TaskKind kind,
            TaskWork.Order order,
            Templates templates,
            Map<String, @Nullable Object> names) {
        CareTask task = new CareTask(order, templates, names);
        return switch (kind) {
            case TaskKind.Maintain maintain ->
                    new Doing.Care.Maintain(
                            templates.render(maintain.tables(), names),
                            task.ref(maintain.ref()),
                            task.text(maintain.budget()),
                            task.text(maintain.bytesMax()));
            case TaskKind.Replay replay ->
                    new Doing.Care.Replay(
                            templates.render(replay.select(), names),
                            task.text(replay.where()),
                            task.ref(replay.ref()),
                            "quarantine replay by job %s, task %s"
                                    .formatted(order.job().name(), order.task().name()));
            case TaskKind.Rewind rewind ->
                    new Doing.Care.Rewind(
                            templates.render(rewind.select(), names),
                            task.text(rewind.to()),
                            task.text(rewind.position()),
                            templates.render(rewind.parts(), names),
                            rewind.keepRows(),
                            task.ref(rewind.ref()));
            case TaskKind.Feed feed -> new Doing.Care.Feed(templates.render(feed.names(), names));
            default -> new Doing.Care.Clean();
        };
    }

    private String ref(Optional<TemplateText> ref) {
        return text(ref).orElse(order.home().value());
    }

    private Optional<String> text(Optional<TemplateText> text) {
        return text.map(t -> templates.render(t, names));
    }
}
