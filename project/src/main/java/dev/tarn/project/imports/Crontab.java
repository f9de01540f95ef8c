package dev.tarn.project.imports;

import dev.tarn.model.ErrorCode;
import dev.tarn.model.Place;
import dev.tarn.model.Problem;
import dev.tarn.model.TarnException;
import dev.tarn.model.job.Cron;
import java.time.DateTimeException;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Lines of a crontab as jobs. A variable holds for the lines below it; what cron does and a job
 * does not is told with its line.
 */
final class Crontab {
    private static final Pattern VARIABLE =
            Pattern.compile("\\s*([A-Za-z_][A-Za-z0-9_]*)\\s*=\\s*(.*?)\\s*");
    private static final Pattern LINE =
            Pattern.compile("\\s*(@[a-z]+|(?:\\S+\\s+){4}\\S+)\\s+(.*\\S)\\s*");
    private static final Set<String> OF_CRON =
            Set.of("SHELL", "MAILTO", "MAILFROM", "RANDOM_DELAY", "CRON_TZ", "TZ", "LOGNAME");

    private final String file;
    private final boolean users;
    private final List<Problem> left = new ArrayList<>();
    private final Map<String, ImportedJob> jobs = new LinkedHashMap<>();
    private final Map<String, String> variables = new LinkedHashMap<>();
    private Optional<String> zone = Optional.empty();

    private Crontab(String file, boolean users) {
        this.file = file;
        this.users = users;
    }

    /**
     * @param users whether each line says whose it is, as in {@code /etc/crontab}
     */
    static JobImport.Taken read(String file, String text, boolean users) {
        Crontab crontab = new Crontab(file, users);
        int number = 0;
        for (String line : text.split("\n", -1)) {
            number++;
            if (!line.isBlank() && !line.stripLeading().startsWith("#")) {
                crontab.line(line.replace("\r", ""), number);
            }
        }
        return JobImport.taken(crontab.jobs.values(), crontab.left);
    }

    private void leave(int line, String why) {
        left.add(Problem.at(ErrorCode.UNSUPPORTED, new Place(file, line, 0), why));
    }

    private void line(String text, int number) {
        Matcher variable = VARIABLE.matcher(text);
        if (variable.matches()) {
            variable(variable.group(1), unquoted(variable.group(2)), number);
            return;
        }
        Matcher line = LINE.matcher(text);
        if (!line.matches()) {
            leave(number, "This is no line of a crontab.");
            return;
        }
        String when = line.group(1).strip().replaceAll("\\s+", " ");
        String command = line.group(2);
        if (when.equals("@reboot")) {
            leave(
                    number,
                    "A job cannot begin with the machine. Start '%s' elsewhere."
                            .formatted(command));
            return;
        }
        if (users) {
            String[] parts = command.split("\\s+", 2);
            if (parts.length < 2) {
                leave(number, "The line has no command behind the user.");
                return;
            }
            leave(
                    number,
                    "The command was run as user '%s'; jobs run as the user of `tarn serve`."
                            .formatted(parts[0]));
            command = parts[1];
        }
        add(when, command, number);
    }

    private void add(String when, String written, int number) {
        String expression = when.replaceAll("\\bSUN\\b|\\bsun\\b", "0");
        try {
            Cron unused = Cron.parse(expression, ZoneId.of(zone.orElse("UTC")));
        } catch (TarnException e) {
            leave(number, "Its time is not understood: " + e.problems().getFirst().message());
            return;
        }
        // Without a backslash, % begins what the command reads.
        String[] parts = written.split("(?<!\\\\)%", 2);
        String command = parts[0].replace("\\%", "%").strip();
        if (parts.length > 1) {
            String input = parts[1].replaceAll("(?<!\\\\)%", "\n").replace("\\%", "%");
            command = "printf '%s\\n' '" + input.replace("'", "'\\''") + "' | " + command;
        }
        String base = ImportedJob.name(program(parts[0]), "line_" + number);
        String name = base;
        for (int i = 2; jobs.containsKey(name); i++) {
            name = base + "_" + i;
        }
        ImportedJob job = new ImportedJob(name);
        job.keys.put("description", "Line %d of %s.".formatted(number, file));
        Map<String, Object> schedule = new LinkedHashMap<>();
        schedule.put("cron", expression);
        zone.ifPresent(z -> schedule.put("zone", z));
        job.keys.put("schedule", schedule);
        job.keys.put("catch_up", "none");
        job.keys.put("runs_at_a_time", 100);
        ImportedJob.Task task = new ImportedJob.Task();
        task.keys.put("shell", JobImport.literal(command));
        if (!variables.isEmpty()) {
            Map<String, Object> environment = new LinkedHashMap<>();
            variables.forEach((k, v) -> environment.put(k, JobImport.literal(v)));
            task.keys.put("environment", environment);
        }
        task.keys.put("retry", 0);
        job.tasks.put("run", task);
        jobs.put(name, job);
    }

    /** The last part of the first word that is a program. */
    private static String program(String command) {
        for (String word : command.split("[\\s;|&]+")) {
            if (!word.contains("=") && !word.matches("cd|nice|exec|sudo|flock|-.*|\\d+|")) {
                return word.substring(word.lastIndexOf('/') + 1).replaceAll("\\.[a-z]+$", "");
            }
        }
        return "";
    }

    private void variable(String name, String value, int number) {
        switch (name) {
            case "CRON_TZ", "TZ" -> {
                try {
                    zone =
                            value.isEmpty()
                                    ? Optional.empty()
                                    : Optional.of(ZoneId.of(value).getId());
                } catch (DateTimeException e) {
                    leave(
                            number,
                            "There is no time zone '%s'; the lines below are in UTC."
                                    .formatted(value));
                    zone = Optional.empty();
                }
            }
            case "MAILTO", "MAILFROM" -> {
                if (!value.isEmpty()) {
                    leave(
                            number,
                            "What commands print is kept with their runs and not mailed to '%s'. A rule `on: job_failed` in alerts.yml tells of failures."
                                    .formatted(value));
                }
            }
            case "SHELL" -> {
                if (!value.matches("(/usr)?/bin/(ba)?sh")) {
                    leave(number, "Jobs use the shell sh, not %s.".formatted(value));
                }
            }
            default -> {
                if (OF_CRON.contains(name)) {
                    leave(number, "%s means nothing for jobs.".formatted(name));
                } else {
                    variables.put(name, value);
                }
            }
        }
    }

    private static String unquoted(String text) {
        boolean quoted =
                text.length() > 1
                        && ((text.startsWith("\"") && text.endsWith("\""))
                                || (text.startsWith("'") && text.endsWith("'")));
        return quoted ? text.substring(1, text.length() - 1) : text;
    }
}
