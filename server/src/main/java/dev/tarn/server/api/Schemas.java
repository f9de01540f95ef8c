package dev.tarn.server.api;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What answers look like, in a short notation: {@code name: type}, where a type is {@code text},
 * {@code integer}, {@code flag}, {@code time}, {@code texts} (an object of texts), {@code any}, or
 * the name of another thing; {@code [type]} is a list, {@code type?} may be null, and {@code
 * type|type} is one of two.
 */
final class Schemas {
    private static final Map<String, String> THINGS = things();
    private static final Map<String, String> ANSWERS = answers();

    private Schemas() {}

    private static Map<String, String> things() {
        Map<String, String> all = new LinkedHashMap<>();
        all.put(
                "Job",
                "name: text, description: text, owner: text?, file: text, triggers: [text],"
                        + " params: texts, tasks: [JobTask], pausedBy: text?, restsUntil: time?,"
                        + " nextDue: time?, lastRun: JobRun?, trouble: text?");
        all.put("JobTask", "name: text, kind: text, after: [text]");
        String run =
                "id: text, job: text, status: text, cause: text, by: text, intervalStart: time,"
                        + " intervalEnd: time, dueAt: time, createdAt: time, startedAt: time?,"
                        + " finishedAt: time?, late: flag, params: texts, backfill: text?,"
                        + " message: text?";
        all.put("JobRun", run);
        all.put(
                "JobRunDetails",
                run + ", waitsFor: text?, tasks: [JobStep], attempts: [JobAttempt]");
        all.put(
                "JobStep",
                "task: text, kind: text, after: [text], status: text, attempt: integer,"
                        + " startedAt: time?, finishedAt: time?, run: text?, code: text?,"
                        + " message: text?, waitsFor: text?, output: text");
        all.put(
                "JobAttempt",
                "task: text, attempt: integer, outcome: text, server: text, startedAt: time,"
                        + " finishedAt: time, run: text?, code: text?, message: text?");
        all.put("JobPaused", "name: text, pausedBy: text?");
        all.put("JobLog", "log: text?");
        all.put("Interval", "from: time, to: time");
        all.put(
                "Backfill",
                "id: text, job: text, status: text, from: time, to: time, next: time,"
                        + " parallel: integer, by: text, createdAt: time, branch: text?, partitions: [texts]");
        String project =
                "id: text, command: text, target: text, status: text, startedAt: time,"
                        + " finishedAt: time?, error: text?";
        all.put("Run", project);
        all.put("RunDetails", project + ", tasks: [Task]");
        all.put("RunReport", "known: flag, findings: [Finding], problems: [Flaw]");
        all.put("Flaw", "code: text, place: text?, message: text");
        all.put("Finding", "check: text, node: text, columns: [text], rows: [[any]]");
        all.put(
                "Task",
                "node: text, attempt: integer, status: text, startedAt: time?, finishedAt: time?,"
                        + " message: text?");
        all.put(
                "Table",
                "name: text, kind: text, rows: integer, files: integer, bytes: integer,"
                        + " changed: time?, owner: text?, description: text?");
        all.put(
                "TableDetails",
                "name: text, kind: text, rows: integer, bytes: integer, sql: text?,"
                        + " publication: integer, columns: [Column], checks: [Check]");
        all.put("Column", "name: text, type: text");
        all.put(
                "Check",
                "check: text, table: text, outcome: text, failures: integer, failedRows: text?");
        all.put(
                "Publication",
                "id: integer, ref: text, run: text?, at: time, message: text, changes: integer");
        all.put("Version", "publication: Publication, there: flag");
        all.put(
                "Ref",
                "name: text, kind: text, parent: text?, cutAt: integer, head: integer,"
                        + " createdAt: time");
        all.put("Merged", "publication: Publication?, entries: [MergedEntry], positions: integer");
        all.put("MergedEntry", "name: text, kind: text");
        all.put(
                "Difference",
                "table: text, before: integer?, after: integer?, columns: [ColumnChange]");
        all.put("ColumnChange", "before: Column?, after: Column?");
        all.put("Rows", "columns: [Column], rows: [[any]], more: flag");
        all.put("Plan", "plan: text");
        all.put(
                "LineageSubject",
                "table: text, column: text, unknown: text?, upstream: [LineageStep],"
                        + " downstream: [LineageStep]");
        all.put(
                "LineageStep",
                "table: text, column: text, how: text, unknown: text?, repeated: flag,"
                        + " steps: [LineageStep]");
        all.put("Node", "id: text, name: text, kind: text, file: text?");
        all.put("Source", "name: text, parts: [SourcePart]");
        all.put("SourcePart", "name: text, position: any");
        all.put("Freshness", "source: text, status: text, loadedAt: time?, lookedAt: time");
        all.put("Setting", "name: text, value: text, origin: text");
        all.put("Trouble", "node: text, run: text, since: time, times: integer, message: text?");
        all.put("Done", "done: flag");
        care(all);
        return all;
    }

    private static void care(Map<String, String> all) {
        all.put("Cleaned", "files: integer, bytes: integer, kept: integer");
        all.put(
                "Attached",
                "format: text, version: text, location: text, publication: Publication?");
        all.put(
                "Adopted",
                "format: text, version: text, location: text, rows: integer, files: integer,"
                        + " publication: Publication");
        all.put("Lag", "source: text, table: text, rows: integer?");
        all.put(
                "Misfits",
                "table: text, column: text?, example: text, rows: integer, first: time,"
                        + " last: time");
        all.put("Fixed", "rows: integer");
        all.put("Rewound", "moved: [Moved]");
        all.put("Moved", "table: text, part: text, from: text?, to: text?");
        all.put(
                "Alert",
                "id: text, kind: text, subject: text, severity: text, owner: text?, since: time,"
                        + " openedAt: time, resolvedAt: time?, ackedBy: text?, silenced: flag,"
                        + " message: text, place: text?, blast: [text], lastGood: text?,"
                        + " page: text");
        all.put(
                "Silence",
                "id: text, kind: text?, subject: text?, owner: text?, createdAt: time,"
                        + " until: time, by: text, reason: text");
        all.put(
                "Notice",
                "id: text, channel: text, status: text, createdAt: time, dueAt: time,"
                        + " attempts: integer, finishedAt: time?, error: text?, alerts: [text]");
    }

    private static void careAnswers(Map<String, String> all) {
        all.put("POST /maintain", "JobRun");
        all.put("POST /clean", "Cleaned|JobRun");
        all.put("POST /attach", "Attached");
        all.put("POST /adopt", "Adopted");
        all.put("GET /tables/{table}/changes", "Rows");
        all.put("GET /lag", "[Lag]");
        all.put("GET /quarantine", "[Misfits]");
        all.put("POST /quarantine/fix", "Fixed");
        all.put("POST /quarantine/replay", "JobRun");
        all.put("POST /rewind", "Rewound|JobRun");
        all.put("GET /alerts", "[Alert]");
        all.put("POST /alerts/{alert}/ack", "Alert");
        all.put("GET /silences", "[Silence]");
        all.put("POST /silences", "Silence");
        all.put("DELETE /silences/{silence}", "Done");
        all.put("GET /notices", "[Notice]");
        all.put("POST /notices/{notice}/again", "Notice");
        all.put("POST /channels/{channel}/test", "Done");
    }

    private static Map<String, String> answers() {
        Map<String, String> all = new LinkedHashMap<>();
        all.put("GET /openapi.json", "any");
        all.put("GET /jobs", "[Job]");
        all.put("GET /jobs/{job}", "Job");
        all.put("GET /jobs/{job}/runs", "[JobRun]");
        all.put("POST /jobs/{job}/runs", "JobRun");
        all.put("POST /jobs/{job}/pause", "JobPaused");
        all.put("POST /jobs/{job}/resume", "JobPaused");
        all.put("POST /jobs/{job}/backfills", "any");
        all.put("GET /job-runs", "[JobRun]");
        all.put("GET /job-runs/{run}", "JobRunDetails");
        all.put("GET /job-runs/{run}/events", "any");
        all.put("POST /job-runs/{run}/cancel", "JobRun");
        all.put("POST /job-runs/{run}/rerun", "JobRun");
        all.put("GET /job-runs/{run}/tasks/{task}/log", "JobLog");
        all.put("POST /job-runs/{run}/tasks/{task}/mark", "JobRun");
        all.put("POST /job-runs/{run}/tasks/{task}/decide", "JobRun");
        all.put("GET /backfills", "[Backfill]");
        all.put("POST /backfills/{backfill}/pause", "Backfill");
        all.put("POST /backfills/{backfill}/resume", "Backfill");
        all.put("POST /backfills/{backfill}/cancel", "Backfill");
        all.put("GET /runs", "[Run]");
        all.put("GET /runs/{run}", "RunDetails");
        all.put("GET /runs/{run}/report", "RunReport");
        all.put("POST /runs/{run}/again", "JobRun");
        all.put("POST /builds", "JobRun");
        all.put("POST /statements", "JobRun");
        all.put("POST /query", "Rows");
        all.put("POST /explain", "Plan");
        all.put("GET /tables", "[Table]");
        all.put("GET /tables/{table}", "TableDetails");
        all.put("GET /tables/{table}/history", "[Version]");
        all.put("POST /tables/{table}/restore", "Publication?");
        all.put("POST /tables/{table}/drop", "Publication");
        all.put("POST /tables/{table}/undrop", "Publication");
        all.put("POST /tables/{table}/copy", "Publication");
        all.put("GET /publications", "[Publication]");
        all.put("GET /refs", "[Ref]");
        all.put("POST /branches", "Ref");
        all.put("POST /tags", "Ref");
        all.put("DELETE /refs/{ref}", "Done");
        all.put("POST /branches/{branch}/merge", "Merged");
        all.put("GET /diff", "[Difference]");
        all.put("GET /checks", "[Check]");
        all.put("GET /troubles", "[Trouble]");
        all.put("GET /lineage", "[LineageSubject]");
        all.put("GET /nodes", "[Node]");
        all.put("GET /sources", "[Source]");
        all.put("GET /freshness", "[Freshness]");
        all.put("GET /settings", "[Setting]");
        careAnswers(all);
        return all;
    }

    /** What is answered to a request; empty for a route that nobody described. */
    static Optional<Map<String, Object>> answer(Route route) {
        return Optional.ofNullable(ANSWERS.get(route.method() + " " + route.path()))
                .map(Schemas::type);
    }

    /** All things, by name. */
    static Map<String, Object> components() {
        Map<String, Object> all = new LinkedHashMap<>();
        THINGS.forEach((name, fields) -> all.put(name, thing(fields)));
        return all;
    }

    private static Map<String, Object> thing(String notation) {
        Map<String, Object> properties = new LinkedHashMap<>();
        for (String field : notation.split(", ")) {
            int colon = field.indexOf(": ");
            properties.put(field.substring(0, colon), type(field.substring(colon + 2)));
        }
        Map<String, Object> schema = new LinkedHashMap<>();
        schema.put("type", "object");
        schema.put("properties", properties);
        schema.put("required", new ArrayList<>(properties.keySet()));
        schema.put("additionalProperties", false);
        return schema;
    }

    private static Map<String, Object> type(String notation) {
        if (notation.contains("|")) {
            return Map.of(
                    "anyOf", List.of(notation.split("\\|")).stream().map(Schemas::type).toList());
        }
        if (notation.endsWith("?")) {
            return Map.of(
                    "anyOf",
                    List.of(
                            type(notation.substring(0, notation.length() - 1)),
                            Map.of("type", "null")));
        }
        if (notation.startsWith("[")) {
            Map<String, Object> list = new LinkedHashMap<>();
            list.put("type", "array");
            list.put("items", type(notation.substring(1, notation.length() - 1)));
            return list;
        }
        return switch (notation) {
            case "text" -> Map.of("type", "string");
            case "time" -> Map.of("type", "string", "format", "date-time");
            case "integer" -> Map.of("type", "integer");
            case "flag" -> Map.of("type", "boolean");
            case "texts" ->
                    Map.of("type", "object", "additionalProperties", Map.of("type", "string"));
            case "any" -> Map.of();
            default -> Map.of("$ref", "#/components/schemas/" + notation);
        };
    }
}
