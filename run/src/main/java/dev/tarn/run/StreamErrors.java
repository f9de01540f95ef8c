package dev.tarn.run;

import dev.tarn.model.ErrorCode;
import dev.tarn.model.Place;
import dev.tarn.model.Problem;
import dev.tarn.model.Suggestion;
import dev.tarn.model.TableName;
import dev.tarn.model.TarnException;
import dev.tarn.model.graph.Node;
import dev.tarn.model.table.Schema;
import dev.tarn.model.table.Type;
import dev.tarn.sql.statement.WindowCall;
import java.util.Locale;

/** What streams say when they refuse. */
final class StreamErrors {
    private StreamErrors() {}

    static TarnException followsNothing(Node.Model model) {
        return at(
                ErrorCode.CONFIG_INVALID,
                model.common().place(),
                "Stream '%s' follows no table. Name one as stream(...), such as: from tumble(stream({{ ref('clicks') }}), ts, interval '5 minutes')."
                        .formatted(model.name()));
    }

    static TarnException notATable(Node.Model model, WindowCall call, String what) {
        return at(
                ErrorCode.UNSUPPORTED,
                place(model, call),
                "Stream '%s' follows %s, which is %s. A stream follows the rows of a table: make it one."
                        .formatted(model.name(), call.input().sql(), what));
    }

    static TarnException missing(Node.Model model, WindowCall call) {
        return at(
                ErrorCode.TABLE_NOT_FOUND,
                place(model, call),
                "%s does not exist yet, and stream '%s' follows it. Build it first: `tarn build --select +%s`."
                        .formatted(call.input().sql(), model.name(), model.name()));
    }

    static TarnException noColumn(
            Node.Model model, WindowCall call, String column, Schema columns) {
        return at(
                ErrorCode.COLUMN_NOT_FOUND,
                place(model, call),
                "Column '%s' does not exist in %s, which stream '%s' follows.%s"
                        .formatted(
                                column,
                                call.input().sql(),
                                model.name(),
                                Suggestion.hint(column, columns.names())));
    }

    static TarnException notTime(Node.Model model, WindowCall call, String column, Type type) {
        return at(
                ErrorCode.TYPE_MISMATCH,
                place(model, call),
                "Column '%s' of %s is a %s, and the time of events is a TIMESTAMP or TIMESTAMP WITH TIME ZONE. Cast it in a model before stream '%s'."
                        .formatted(column, call.input().sql(), type.sql(), model.name()));
    }

    static TarnException noTime(Node.Model model, WindowCall call) {
        return at(
                ErrorCode.CONFIG_INVALID,
                place(model, call),
                "Stream '%s' joins %s, and nobody says which column tells the time of its events. Name it: stream(%s, ts)."
                        .formatted(model.name(), call.input().sql(), call.input().sql()));
    }

    static TarnException unbounded(Node.Model model, String reason) {
        return at(
                ErrorCode.UNSUPPORTED,
                model.common().place(),
                "Stream '%s' cannot go on from batch to batch with bounded state: it %s. Group by window_start or window_end of tumble, hop or session, keep what compares all rows in a table or view over the stream, or materialise it as a materialized_view."
                        .formatted(model.name(), reason));
    }

    static TarnException groupsWithoutWindow(Node.Model model) {
        return unbounded(model, "groups rows without a window, so that no group is ever done");
    }

    static TarnException groupsAcrossSessions(Node.Model model, String key) {
        return unbounded(
                model,
                "does not group by '%s', which tells its sessions apart, so that sessions of several keys would be one group"
                        .formatted(key));
    }

    static TarnException joinWithoutInterval(
            Node.Model model, WindowCall first, WindowCall second) {
        return at(
                ErrorCode.UNSUPPORTED,
                place(model, second),
                "Stream '%1$s' joins two streams without saying how far apart in time their rows may be, so that every row would have to be kept. Add to its condition, beside no OR: %3$s.%4$s between %2$s.%5$s and %2$s.%5$s + interval '1 hour'."
                        .formatted(
                                model.name(),
                                first.alias(),
                                second.alias(),
                                second.time().orElse("ts"),
                                first.time().orElse("ts")));
    }

    static TarnException several(Node.Model model, WindowCall call) {
        return at(
                ErrorCode.UNSUPPORTED,
                place(model, call),
                "Stream '%s' has %s beside another stream. Two plain streams can be joined, any number united; windows and deduplication take one: make a stream of each, and follow their tables."
                        .formatted(model.name(), call.kind().word().toUpperCase(Locale.ROOT)));
    }

    static TarnException updatesNeedColumns(Node.Model model, String column) {
        return at(
                ErrorCode.CONFIG_INVALID,
                model.common().place(),
                "Stream '%s' has allowed_lateness, so rows that it told are made again, and it must show '%s' to find them. Add it to the query."
                        .formatted(model.name(), column));
    }

    static TarnException latenessWithoutWindow(Node.Model model) {
        return at(
                ErrorCode.CONFIG_INVALID,
                model.common().place(),
                "Stream '%s' has allowed_lateness and no window whose result could be made again. Remove it, or wait longer with 'watermark'."
                        .formatted(model.name()));
    }

    static TarnException otherDefinition(Node.Model model, String before, String now) {
        return at(
                ErrorCode.SCHEMA_CHANGE_REFUSED,
                model.common().place(),
                "The windows of stream '%s' changed from %s to %s, and what it keeps was kept for those before. Build it anew with --full-refresh."
                        .formatted(model.name(), before, now));
    }

    static TarnException otherInput(Node.Model model, TableName table, String what) {
        return at(
                ErrorCode.UNSUPPORTED,
                model.common().place(),
                "%s, which stream '%s' follows, %s. A stream takes rows that are added. Build it anew with --full-refresh%s."
                        .formatted(
                                table,
                                model.name(),
                                what,
                                what.startsWith("was made anew")
                                        ? ""
                                        : ", or pass such changes over with input_changes='ignore'"));
    }

    static TarnException partOfInputs(Node.Model model) {
        return at(
                ErrorCode.UNSUPPORTED,
                model.common().place(),
                "Stream '%s' cannot be built of a sample: it would take the rows it does not see for rows it has seen. Leave it out: --exclude %s."
                        .formatted(model.name(), model.name()));
    }

    private static Place place(Node.Model model, WindowCall call) {
        return call.written().locate(0).orElse(model.common().place());
    }

    private static TarnException at(ErrorCode code, Place place, String message) {
        return new TarnException(Problem.at(code, place, message));
    }
}
