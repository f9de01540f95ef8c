package dev.tarn.cli;

import dev.tarn.app.At;
import dev.tarn.app.CacheNote;
import dev.tarn.app.Tarn;
import dev.tarn.cli.output.Json;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "explain",
        description = {
            "Show how a query would be run, or how it ran.",
            "",
            "The last line says whether rows of an earlier query are the answer."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  tarn explain \"select count(*) from gold.orders\"",
            "  tarn explain --analyze \"select count(*) from gold.orders\""
        })
final class ExplainCommand extends ProjectCommand {
    @Parameters(paramLabel = "SQL", description = "The query.")
    String sql = "";

    @Option(
            names = "--at",
            paramLabel = "STATE",
            description = "Ref, publication, run or time to read. Default: main.")
    String at = "main";

    @Option(names = "--analyze", description = "Run it and show what each step took.")
    boolean analyze;

    @Option(names = "--json", description = "Print JSON.")
    boolean json;

    ExplainCommand(Invocation invocation) {
        super(invocation);
    }

    @Override
    int run(Tarn tarn) {
        CacheNote note = tarn.cacheNote(sql, At.parse(at));
        String plan = tarn.explain(sql, At.parse(at), analyze).stripTrailing();
        String state = note.state().name().toLowerCase(Locale.ROOT);
        if (json) {
            Map<String, Object> cache = new LinkedHashMap<>();
            cache.put("state", state);
            cache.put("reason", note.reason());
            Map<String, Object> object = new LinkedHashMap<>();
            object.put("plan", plan);
            object.put("resultCache", cache);
            Json.print(object, invocation.out());
        } else {
            invocation.out().println(plan);
            invocation.out().printf("Result cache: %s, %s.%n", state, note.reason());
        }
        return DONE;
    }
}
